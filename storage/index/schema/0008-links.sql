-- Where a model that is a link to a file leads: its real path. Few are links, so what leads to a file is
-- asked of the index below alone.
ALTER TABLE seen ADD COLUMN target BLOB;

CREATE INDEX seen_target ON seen (target) WHERE target IS NOT NULL;

-- Which rows are links is not known yet. A link has the state of its target: whatever shares its state
-- is read again by the next scan.
UPDATE seen SET knowledge_id = 0 WHERE substr(state, 1, 24) IN
	(SELECT substr(state, 1, 24) FROM seen GROUP BY 1 HAVING count(*) > 1);
