-- What was read of models, so that knowledge can change without reading their files again.

-- Names, types and shapes of all tensors, one row for each distinct layout: see layout.h.
CREATE TABLE layout (
	id INTEGER PRIMARY KEY,
	key BLOB NOT NULL UNIQUE,
	flat BLOB NOT NULL
) STRICT;

-- All else: see facts.h. Without a layout where the file has no tensors.
CREATE TABLE facts (
	model_id INTEGER PRIMARY KEY REFERENCES model (id) ON DELETE CASCADE,
	layout_id INTEGER,		-- no reference: forgetting a layout would look through all of these
	flat BLOB NOT NULL
) STRICT;

-- Is every model that has facts concluded under this version? At most one is settled.
ALTER TABLE knowledge ADD COLUMN is_settled INTEGER NOT NULL DEFAULT 0;
