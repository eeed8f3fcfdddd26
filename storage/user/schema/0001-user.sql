-- The truth: what people made. Nothing in here can be made again by a scan.

-- A root that was removed stays, so that it finds its subjects when it comes back.
CREATE TABLE root (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	name TEXT NOT NULL,
	path BLOB NOT NULL UNIQUE,
	added_s INTEGER NOT NULL,
	removed_s INTEGER
) STRICT;

CREATE UNIQUE INDEX root_name ON root (name) WHERE removed_s IS NULL;

-- A file that somebody attached something to, by its last known place and by its content.
-- Never by an id of index.db.
CREATE TABLE subject (
	id INTEGER PRIMARY KEY,
	root_id INTEGER NOT NULL REFERENCES root (id),
	path BLOB NOT NULL,
	size_bytes INTEGER NOT NULL,
	quick_hash TEXT,		-- SHA-256 of size, first and last 64 KiB
	sha256 TEXT,
	rating INTEGER NOT NULL DEFAULT 0 CHECK (rating BETWEEN 0 AND 5),
	is_favourite INTEGER NOT NULL DEFAULT 0,
	note TEXT,
	UNIQUE (root_id, path)
) STRICT;

CREATE INDEX subject_content ON subject (size_bytes, quick_hash);

-- Tags that differ by case only are one tag; `name` is as the first person wrote it.
CREATE TABLE tag (
	subject_id INTEGER NOT NULL REFERENCES subject (id) ON DELETE CASCADE,
	folded TEXT NOT NULL,
	name TEXT NOT NULL,
	PRIMARY KEY (subject_id, folded)
) STRICT, WITHOUT ROWID;

CREATE INDEX tag_folded ON tag (folded, name);

-- What was attached went along with a file that another program moved.
CREATE TABLE relink (
	id INTEGER PRIMARY KEY,
	at_s INTEGER NOT NULL,
	old_root_id INTEGER NOT NULL REFERENCES root (id),
	old_path BLOB NOT NULL,
	new_root_id INTEGER NOT NULL REFERENCES root (id),
	new_path BLOB NOT NULL
) STRICT;
