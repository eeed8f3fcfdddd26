-- A person let go of a missing file: what is attached is put away since then. NULL: it is not.
ALTER TABLE subject ADD COLUMN purged_s INTEGER;
