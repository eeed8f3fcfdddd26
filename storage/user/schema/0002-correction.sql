-- What a person knows better than the file: it wins over everything that was found. NULL: what was
-- found counts.
CREATE TABLE correction (
	subject_id INTEGER PRIMARY KEY REFERENCES subject (id) ON DELETE CASCADE,
	kind TEXT,
	base_model TEXT,
	set_s INTEGER NOT NULL,
	CHECK (kind IS NOT NULL OR base_model IS NOT NULL)
) STRICT;
