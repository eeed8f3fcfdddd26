-- An undo or redo that was cut short: part of what the operation did stands, and part is taken back.
ALTER TABLE operation ADD COLUMN is_partly INTEGER NOT NULL DEFAULT 0;
