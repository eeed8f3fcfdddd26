-- Sets: one checkpoint, LoRAs with weights, in order. Names that differ by case only are one name;
-- `name` is as the person wrote it.
CREATE TABLE model_set (
	id INTEGER PRIMARY KEY,
	folded TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL,
	note TEXT,
	checkpoint_id INTEGER REFERENCES subject (id) ON DELETE SET NULL
) STRICT;

CREATE INDEX set_checkpoint ON model_set (checkpoint_id);

CREATE TABLE set_lora (
	set_id INTEGER NOT NULL REFERENCES model_set (id) ON DELETE CASCADE,
	subject_id INTEGER NOT NULL REFERENCES subject (id) ON DELETE CASCADE,
	place INTEGER NOT NULL,		-- rising; gaps mean nothing
	weight REAL NOT NULL,
	weight_te REAL,			-- of the text encoders; NULL: the same
	PRIMARY KEY (set_id, subject_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX set_lora_subject ON set_lora (subject_id);

CREATE TABLE set_tag (
	set_id INTEGER NOT NULL REFERENCES model_set (id) ON DELETE CASCADE,
	folded TEXT NOT NULL,
	name TEXT NOT NULL,
	PRIMARY KEY (set_id, folded)
) STRICT, WITHOUT ROWID;
