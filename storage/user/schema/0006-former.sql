-- What lay at a subject's place before others wrote it over. When its file is gone and one of these lies
-- elsewhere, a person is asked. No change that a person makes, so no operation records it.
CREATE TABLE former (
	id INTEGER PRIMARY KEY,
	subject_id INTEGER NOT NULL,	-- without a reference: the undo of an operation takes nothing along
	size_bytes INTEGER NOT NULL,
	quick_hash TEXT NOT NULL,
	UNIQUE (subject_id, quick_hash)
) STRICT;

CREATE TRIGGER subject_has_gone AFTER DELETE ON subject
BEGIN
	DELETE FROM former WHERE subject_id = OLD.id;
END;
