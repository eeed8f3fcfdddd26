-- The cache: everything here can be made again by a scan.

-- What a scan concluded about a root. `path` tells whose rows these are: ids live in user.db.
CREATE TABLE root_state (
	root_id INTEGER PRIMARY KEY,
	path BLOB NOT NULL,
	fingerprint BLOB NOT NULL,
	is_online INTEGER NOT NULL,
	last_scan_s INTEGER NOT NULL
) STRICT;

-- Versions of the knowledge under which models were concluded.
CREATE TABLE knowledge (
	id INTEGER PRIMARY KEY,
	version TEXT NOT NULL UNIQUE
) STRICT;

-- A class is one combination of all facets with a closed vocabulary. Libraries have few of them,
-- so that what is asked about facets is decided per class and not per model.
CREATE TABLE class (
	id INTEGER PRIMARY KEY,
	kind TEXT NOT NULL,
	architecture TEXT NOT NULL,	-- '' for unknown, here and below
	base_model TEXT NOT NULL,
	lineage_known INTEGER NOT NULL,
	confidence TEXT NOT NULL,
	variants TEXT NOT NULL,		-- words with spaces between
	prediction TEXT NOT NULL,
	precision TEXT NOT NULL,
	status TEXT NOT NULL,
	safety TEXT NOT NULL,
	format TEXT NOT NULL,
	adapter TEXT NOT NULL,
	UNIQUE (kind, architecture, base_model, lineage_known, confidence, variants, prediction,
		precision, status, safety, format, adapter)
) STRICT;

-- Folders that hold models, so that paths are searched once a folder. '' is the root itself.
CREATE TABLE folder (
	id INTEGER PRIMARY KEY,
	root_id INTEGER NOT NULL,
	path BLOB NOT NULL,
	UNIQUE (root_id, path)
) STRICT;

-- Names of what models were trained on, folded. Few names stand for many models.
CREATE TABLE trained (
	id INTEGER PRIMARY KEY,
	name BLOB NOT NULL UNIQUE
) STRICT;

-- `listing` is what the list is sorted and searched by: see shelf_text.h.
CREATE TABLE model (
	id INTEGER PRIMARY KEY,
	root_id INTEGER NOT NULL,
	folder_id INTEGER NOT NULL,
	class_id INTEGER NOT NULL REFERENCES class (id),
	trained_id INTEGER,
	rank_min INTEGER NOT NULL,
	rank_max INTEGER NOT NULL,
	size_bytes INTEGER NOT NULL,
	parameters INTEGER,
	modified_s INTEGER NOT NULL,
	added_s INTEGER NOT NULL,
	missing_since_s INTEGER,
	path BLOB NOT NULL,
	name BLOB NOT NULL,
	listing BLOB NOT NULL
) STRICT;

-- Covers a page of the list and the loading of all names: neither touches the table.
CREATE INDEX model_listing ON model (listing, id, class_id, missing_since_s, rank_max, size_bytes,
	modified_s, added_s, root_id, name);

-- Exactly what a scan compares a file with, in the order in which it is loaded. `state` is inode,
-- size, mtime, ctime and context, eight bytes each: one column, since all rows are read at once.
CREATE TABLE seen (
	root_id INTEGER NOT NULL,
	path BLOB NOT NULL,
	model_id INTEGER NOT NULL,
	state BLOB NOT NULL,
	knowledge_id INTEGER NOT NULL,
	is_missing INTEGER NOT NULL,
	PRIMARY KEY (root_id, path)
) STRICT, WITHOUT ROWID;

-- All that was found, as one flat buffer: see finding.h. Companions have NUL between.
CREATE TABLE finding (
	model_id INTEGER PRIMARY KEY REFERENCES model (id) ON DELETE CASCADE,
	flat BLOB NOT NULL,
	companions BLOB NOT NULL
) STRICT;

-- How many models are there, so that totals and groups never count models.
CREATE TABLE census (
	root_id INTEGER NOT NULL,
	class_id INTEGER NOT NULL,
	n INTEGER NOT NULL,
	PRIMARY KEY (root_id, class_id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER model_comes AFTER INSERT ON model WHEN new.missing_since_s IS NULL BEGIN
	INSERT INTO census (root_id, class_id, n) VALUES (new.root_id, new.class_id, 1)
	ON CONFLICT DO UPDATE SET n = n + 1;
END;

CREATE TRIGGER model_goes AFTER DELETE ON model WHEN old.missing_since_s IS NULL BEGIN
	UPDATE census SET n = n - 1 WHERE root_id = old.root_id AND class_id = old.class_id;
END;

CREATE TRIGGER model_changes AFTER UPDATE OF root_id, class_id, missing_since_s ON model
WHEN (old.root_id, old.class_id, old.missing_since_s IS NULL)
	IS NOT (new.root_id, new.class_id, new.missing_since_s IS NULL) BEGIN
	UPDATE census SET n = n - 1
	WHERE old.missing_since_s IS NULL AND root_id = old.root_id AND class_id = old.class_id;
	INSERT INTO census (root_id, class_id, n)
	SELECT new.root_id, new.class_id, 1 WHERE new.missing_since_s IS NULL
	ON CONFLICT DO UPDATE SET n = n + 1;
END;
