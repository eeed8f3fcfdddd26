-- Models that left, by whatever way: by us into the trash, purged, passed by, with their root. What comes
-- back to its place as it was gets its id and its time again; nothing else ever gets an id of these.
CREATE TABLE departed (
	model_id INTEGER PRIMARY KEY,
	root_id INTEGER NOT NULL,
	path BLOB NOT NULL,
	size_bytes INTEGER NOT NULL,
	modified_s INTEGER NOT NULL,
	added_s INTEGER NOT NULL
) STRICT;

CREATE INDEX departed_place ON departed (root_id, path);

CREATE TRIGGER model_departs AFTER DELETE ON model BEGIN
	INSERT INTO departed (model_id, root_id, path, size_bytes, modified_s, added_s)
	VALUES (old.id, old.root_id, old.path, old.size_bytes, old.modified_s, old.added_s);
END;
