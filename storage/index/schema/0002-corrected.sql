-- Models whose class is as a person corrected it, and how. `finding` keeps the file's own answer.
CREATE TABLE corrected (
	model_id INTEGER PRIMARY KEY REFERENCES model (id) ON DELETE CASCADE,
	kind TEXT,
	base_model TEXT
) STRICT;
