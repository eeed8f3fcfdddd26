-- Steps come and change by the ten thousand, and SQLite makes a table of its own of the list behind an IN,
-- anew for every row: that took two thirds of the time of a journal's row.
CREATE TABLE step_rebuilt (
	operation_id INTEGER NOT NULL REFERENCES operation (id) ON DELETE CASCADE,
	place INTEGER NOT NULL,
	model INTEGER NOT NULL,		-- steps with one number belong to one model: all or none
	action TEXT NOT NULL,
	is_companion INTEGER NOT NULL,
	is_folder INTEGER NOT NULL,
	member BLOB,			-- of an archive
	old BLOB NOT NULL,		-- absolute paths
	new BLOB NOT NULL,
	dev INTEGER NOT NULL,		-- of the source, when it was planned
	ino INTEGER NOT NULL,
	size_bytes INTEGER NOT NULL,
	mtime_ns INTEGER NOT NULL,
	sha256 TEXT,			-- where the bytes were copied
	state TEXT NOT NULL CHECK (state = 'planned' OR state = 'copied' OR state = 'done' OR
		state = 'rolled-back' OR state = 'conflict'),
	PRIMARY KEY (operation_id, place)
) STRICT, WITHOUT ROWID;

INSERT INTO step_rebuilt (operation_id, place, model, action, is_companion, is_folder, member, old, new,
	dev, ino, size_bytes, mtime_ns, sha256, state)
SELECT operation_id, place, model, action, is_companion, is_folder, member, old, new,
	dev, ino, size_bytes, mtime_ns, sha256, state
FROM step ORDER BY operation_id, place;

DROP TABLE step;
ALTER TABLE step_rebuilt RENAME TO step;
