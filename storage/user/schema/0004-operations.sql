-- Every change that a person asked for, and its way back. Never erased but by the person.

-- `id` and `undone` count on from one another: whatever happened later has the greater number.
CREATE TABLE operation (
	id INTEGER PRIMARY KEY,
	at_s INTEGER NOT NULL,
	what TEXT NOT NULL,		-- 'tag', 'move', ...: the command
	words TEXT NOT NULL,		-- the rest, for people
	is_asked INTEGER NOT NULL,	-- by a person; else 'relink' of a scan, or an undo of files
	reverts INTEGER REFERENCES operation (id),	-- the files of that one go back, or forth again
	state TEXT NOT NULL
		CHECK (state IN ('planned', 'running', 'done', 'rolled-back', 'conflict')),
	n_changed INTEGER NOT NULL,	-- models, sets or files
	changes BLOB,			-- of user.db, as SQLite's changeset; NULL: none
	undone INTEGER			-- when, by the same count; NULL: it stands
) STRICT;

CREATE INDEX operation_undone ON operation (undone) WHERE undone IS NOT NULL;

-- What an operation does to files, in order.
CREATE TABLE step (
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
	state TEXT NOT NULL CHECK (state IN ('planned', 'copied', 'done', 'rolled-back', 'conflict')),
	PRIMARY KEY (operation_id, place)
) STRICT, WITHOUT ROWID;

-- Folders that an operation makes: undo takes those away that are empty again.
CREATE TABLE made_folder (
	operation_id INTEGER NOT NULL REFERENCES operation (id) ON DELETE CASCADE,
	path BLOB NOT NULL,
	PRIMARY KEY (operation_id, path)
) STRICT, WITHOUT ROWID;

INSERT INTO operation (id, at_s, what, words, is_asked, state, n_changed)
SELECT id, at_s, 'relink', CAST(new_path AS TEXT), 0, 'done', 1 FROM relink;

DROP TABLE relink;
