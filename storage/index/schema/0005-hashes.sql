-- Full hashes, and of which state of the file: inode, size and mtime, as `seen` begins.
CREATE TABLE hash (
	model_id INTEGER PRIMARY KEY REFERENCES model (id) ON DELETE CASCADE,
	state BLOB NOT NULL,
	sha256 TEXT NOT NULL,
	tensors TEXT			-- of a safetensors behind its header; NULL: not asked for
) STRICT;

CREATE INDEX hash_sha256 ON hash (sha256);
