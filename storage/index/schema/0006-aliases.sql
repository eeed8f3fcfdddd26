-- How prompts may name a LoRA beside its stem. Models get theirs when they are concluded anew, out of
-- their facts: the knowledge that tells of aliases is another than any before.
ALTER TABLE model ADD COLUMN alias BLOB;

CREATE INDEX model_alias ON model (alias) WHERE alias IS NOT NULL;
