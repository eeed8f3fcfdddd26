-- SPDX-License-Identifier: MIT
-- Every statement: a line "-- NAME: what it does" above each. The build makes statements.h of it.
-- Tables of user.db are named without a schema, so that a statement works on a connection to
-- user.db itself and on one that has it attached.

-- BEGIN: starts writing at once, so that no transaction ever has to give up half-way
BEGIN IMMEDIATE;

-- BEGIN_READING: what is read until the end is of one state, and locks are taken once
BEGIN DEFERRED;

-- COMMIT: ends a transaction
COMMIT;

-- ROLLBACK: gives a transaction up
ROLLBACK;

-- DATA_VERSION: changes when another connection has committed
PRAGMA data_version;

-- USER_DATA_VERSION: of user.db, where that is attached
PRAGMA user.data_version;

-- CACHE_LARGE: rows come in the order of the disk and go into trees ordered by name: keep those near
PRAGMA cache_size = -8000;

-- CACHE_SMALL: reading everything once gains nothing from a cache
PRAGMA cache_size = -1000;

-- CLASSES: classes that came after ?1
SELECT id, kind, architecture, base_model, lineage_known, confidence, variants, prediction,
	precision, status, safety, format, adapter
FROM class WHERE id > ?1 ORDER BY id;

-- CLASS_ADD: a combination of facets that was not there before
INSERT INTO class (kind, architecture, base_model, lineage_known, confidence, variants, prediction,
	precision, status, safety, format, adapter)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12);

-- KNOWLEDGE_ADD: a version of the knowledge
INSERT INTO knowledge (version) VALUES (?1) ON CONFLICT DO NOTHING;

-- KNOWLEDGE_FIND: its number
SELECT id FROM knowledge WHERE version = ?1;

-- KNOWLEDGE_IS_SETTLED: is all concluded under it?
SELECT is_settled FROM knowledge WHERE id = ?1;

-- KNOWLEDGE_SETTLE: all is (0: nothing is) concluded under this one
UPDATE knowledge SET is_settled = id = ?1;

-- MODEL_PUT: a new model (?1 is NULL) or what a changed one is now; it keeps the time it was added.
-- No id is given twice. Here and below: what is as it was is not written again.
INSERT INTO model (id, root_id, class_id, rank_min, rank_max, size_bytes, parameters, modified_s,
	added_s, path, name, listing, folder_id, trained_id, alias)
VALUES (coalesce(?1, 1 + max((SELECT coalesce(max(id), 0) FROM model),
	(SELECT coalesce(max(model_id), 0) FROM departed))),
	?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
ON CONFLICT (id) DO UPDATE SET root_id = ?2, class_id = ?3, rank_min = ?4, rank_max = ?5,
	size_bytes = ?6, parameters = ?7, modified_s = ?8, missing_since_s = NULL, path = ?10,
	name = ?11, listing = ?12, folder_id = ?13, trained_id = ?14, alias = ?15
WHERE (root_id, class_id, rank_min, rank_max, size_bytes, parameters, modified_s, missing_since_s,
	path, name, listing, folder_id, trained_id, alias)
	IS NOT (?2, ?3, ?4, ?5, ?6, ?7, ?8, NULL, ?10, ?11, ?12, ?13, ?14, ?15);

-- DEPARTED_TAKE: the model that was at that place before it left, as large and as old as now
DELETE FROM departed WHERE model_id = (SELECT max(model_id) FROM departed
	WHERE root_id = ?1 AND path = ?2 AND size_bytes = ?3 AND modified_s = ?4)
RETURNING model_id, added_s;

-- DEPARTED_HAND_OVER: of what lies below folder ?2 of root ?1 (?3 is where such paths end) to root ?4
UPDATE departed SET root_id = ?4, path = substr(path, length(?2) + 1)
WHERE root_id = ?1 AND path > ?2 AND path < ?3;

-- MODEL_MOVE: the same file in another folder
UPDATE model SET root_id = ?2, path = ?3, folder_id = ?4, missing_since_s = NULL WHERE id = ?1;

-- MODEL_MOVE_WITHIN: one that is there, in another folder of its root: no index and no count has that
UPDATE model SET path = ?2, folder_id = ?3 WHERE id = ?1;

-- MODEL_MISSING: missing since ?2, or back when that is NULL
UPDATE model SET missing_since_s = ?2 WHERE id = ?1;

-- MODEL_BRIEF: what a plan asks of a model
SELECT root_id, path, name, class_id, rank_max, modified_s FROM model WHERE id = ?1;

-- MODEL_PLACE: where a model is
SELECT root_id, path, size_bytes FROM model WHERE id = ?1;

-- MODEL_IF_MISSING: where a model is that is missing
SELECT root_id, path FROM model WHERE id = ?1 AND missing_since_s IS NOT NULL;

-- MODEL_FORGET: a missing model whose place another one took
DELETE FROM model WHERE id = ?1;

-- MODELS_FORGET: takes out the models of a root; what was found goes along
DELETE FROM model WHERE root_id = ?1;

-- SEEN_PUT: the state of a file as it was read
INSERT INTO seen (root_id, path, model_id, state, knowledge_id, target, is_missing)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0)
ON CONFLICT DO UPDATE SET model_id = ?3, state = ?4, knowledge_id = ?5, target = ?6, is_missing = 0;

-- SEEN_LINKS: the models that are links, by where they lead to
SELECT root_id, path, target FROM seen
WHERE target IS NOT NULL AND NOT is_missing ORDER BY target;

-- ANY_LINK: is any model a link, or may it be one that leads nowhere?
SELECT EXISTS (SELECT 1 FROM seen WHERE target IS NOT NULL) OR EXISTS (
	SELECT 1 FROM class JOIN census ON census.class_id = class.id
	WHERE class.status = 'unreadable' AND census.n > 0);

-- SEEN_FIND: the model at a place
SELECT model_id, is_missing FROM seen WHERE root_id = ?1 AND path = ?2;

-- SEEN_STATE: the same with the state of its file
SELECT model_id, is_missing, state FROM seen WHERE root_id = ?1 AND path = ?2;

-- SEEN_MOVE_FREE: it lies elsewhere now, unless something is known to be there
UPDATE OR IGNORE seen SET root_id = ?3, path = ?4, state = ?5, is_missing = 0
WHERE root_id = ?1 AND path = ?2;

-- SEEN_MOVE: it lies elsewhere now
UPDATE OR REPLACE seen SET root_id = ?3, path = ?4, state = ?5, is_missing = 0
WHERE root_id = ?1 AND path = ?2;

-- SEEN_KNOWLEDGE: under which knowledge a model was concluded
SELECT knowledge_id FROM seen
WHERE (root_id, path) = (SELECT root_id, path FROM model WHERE id = ?1);

-- SEEN_CONCLUDED: under which knowledge a model is concluded now
UPDATE seen SET knowledge_id = ?3 WHERE root_id = ?1 AND path = ?2 AND knowledge_id IS NOT ?3;

-- SEEN_FORGET: a model is about to be at ?3 of root ?2, or nowhere (both are NULL)
DELETE FROM seen WHERE model_id = ?1 AND (root_id, path) =
	(SELECT root_id, path FROM model WHERE id = ?1 AND (root_id, path) IS NOT (?2, ?3));

-- SEEN_FORGET_ROOT: the files of a root
DELETE FROM seen WHERE root_id = ?1;

-- SEEN_MISSING: a file went or came back
UPDATE seen SET is_missing = ?2
WHERE model_id = ?1 AND (root_id, path) = (SELECT root_id, path FROM model WHERE id = ?1);

-- SEEN_ANY: does the index know files of a root?
SELECT EXISTS (SELECT 1 FROM seen WHERE root_id = ?1);

-- SEEN_ANY_BELOW: does it know files of a root between two paths?
SELECT EXISTS (SELECT 1 FROM seen WHERE root_id = ?1 AND path > ?2 AND path < ?3);

-- MODELS_HAND_OVER: what lies below folder ?2 of root ?1 (?3 is where such paths end) goes to root ?4
UPDATE model SET root_id = ?4, path = substr(path, length(?2) + 1)
WHERE root_id = ?1 AND path > ?2 AND path < ?3;

-- FOLDERS_HAND_OVER: and the folders; the one at the top becomes the root itself
UPDATE folder SET root_id = ?4, path = substr(path, length(?2) + 1)
WHERE root_id = ?1 AND (path > ?2 AND path < ?3 OR path = substr(?2, 1, length(?2) - 1));

-- SEEN_HAND_OVER: and what was seen; files at the top lose their folder's name, which was evidence
UPDATE seen SET root_id = ?4, path = substr(path, length(?2) + 1), knowledge_id =
	CASE instr(substr(path, length(?2) + 1), x'2f') WHEN 0 THEN 0 ELSE knowledge_id END
WHERE root_id = ?1 AND path > ?2 AND path < ?3;

-- MODELS_FORGET_BELOW: takes out what another root knows already
DELETE FROM model WHERE root_id = ?1 AND path > ?2 AND path < ?3;

-- SEEN_FORGET_BELOW: and what was seen of it
DELETE FROM seen WHERE root_id = ?1 AND path > ?2 AND path < ?3;

-- SUBJECTS_HAND_OVER: what is attached goes along, unless something is attached there already
UPDATE OR IGNORE subject SET root_id = ?4, path = substr(path, length(?2) + 1)
WHERE root_id = ?1 AND path > ?2 AND path < ?3;

-- SEEN_OF_ROOT: what a scan compares with
SELECT path, model_id, state, knowledge_id, is_missing FROM seen WHERE root_id = ?1 ORDER BY path;

-- FINDING_PUT: all that was found out about a model
INSERT INTO finding (model_id, flat, companions) VALUES (?1, ?2, ?3)
ON CONFLICT (model_id) DO UPDATE SET flat = ?2, companions = ?3
WHERE (flat, companions) IS NOT (?2, ?3);

-- FINDING_OF: the file's own answer
SELECT flat FROM finding WHERE model_id = ?1;

-- MODEL_CONCLUDE: what is concluded of it; where it is and how large stays
UPDATE model SET class_id = ?2, rank_min = ?3, rank_max = ?4, parameters = ?5, listing = ?6,
	trained_id = ?7, alias = ?8
WHERE id = ?1 AND (class_id, rank_min, rank_max, parameters, listing, trained_id, alias)
	IS NOT (?2, ?3, ?4, ?5, ?6, ?7, ?8);

-- FINDING_CONCLUDE: the same in full
UPDATE finding SET flat = ?2 WHERE model_id = ?1;

-- LAYOUT_ADD: a layout that was not met before
INSERT INTO layout (key, flat) VALUES (?1, ?2) ON CONFLICT DO NOTHING;

-- LAYOUT_FIND: its number
SELECT id FROM layout WHERE key = ?1;

-- LAYOUT: a layout
SELECT flat FROM layout WHERE id = ?1;

-- LAYOUT_KEY: what tells it from others
SELECT key FROM layout WHERE id = ?1;

-- LAYOUTS_FORGET: those that no model has any more
DELETE FROM layout WHERE id NOT IN (SELECT layout_id FROM facts WHERE layout_id IS NOT NULL);

-- FACTS_PUT: what was read of a model
INSERT INTO facts (model_id, layout_id, flat) VALUES (?1, ?2, ?3)
ON CONFLICT (model_id) DO UPDATE SET layout_id = ?2, flat = ?3
WHERE (layout_id, flat) IS NOT (?2, ?3);

-- FACTS_REMOVE: nothing that could be kept
DELETE FROM facts WHERE model_id = ?1;

-- FACTS_LAYOUT: the layout of a model
SELECT layout_id FROM facts WHERE model_id = ?1;

-- PARTY: what a verdict needs of a model
SELECT class_id, layout_id, name, root_id, path
FROM model LEFT JOIN facts ON facts.model_id = model.id
WHERE model.id = ?1;

-- FACTS_STALE: models concluded under other knowledge than ?1 that need not be read again
SELECT seen.model_id, facts.layout_id FROM seen JOIN facts ON facts.model_id = seen.model_id
WHERE seen.knowledge_id > 0 AND seen.knowledge_id <> ?1;

-- FACTS_LOST: those whose facts are gone are to be read again
UPDATE seen SET knowledge_id = 0
WHERE knowledge_id > 0 AND knowledge_id <> ?1 AND model_id NOT IN (SELECT model_id FROM facts);

-- FACTS_OF: one with all that it takes to conclude it anew
SELECT model.root_id, model.path, model.name, facts.flat, finding.flat, hash.sha256,
	facts.layout_id, seen.knowledge_id
FROM model JOIN facts ON facts.model_id = model.id JOIN finding ON finding.model_id = model.id
	JOIN seen ON seen.root_id = model.root_id AND seen.path = model.path
	LEFT JOIN hash ON hash.model_id = model.id AND hash.state = substr(seen.state, 1, 24)
WHERE model.id = ?1 AND seen.knowledge_id > 0;

-- MODEL_CLASS: the same model, concluded otherwise
UPDATE model SET class_id = ?2 WHERE id = ?1;

-- CORRECTED: what of the index is as a person corrected it
SELECT model_id, kind, base_model FROM corrected ORDER BY model_id;

-- CORRECTED_PUT: this model is
INSERT INTO corrected (model_id, kind, base_model) VALUES (?1, ?2, ?3)
ON CONFLICT (model_id) DO UPDATE SET kind = ?2, base_model = ?3;

-- CORRECTED_REMOVE: it is the file's own answer again
DELETE FROM corrected WHERE model_id = ?1;

-- CENSUS_FORGET: the counts of a root
DELETE FROM census WHERE root_id = ?1;

-- ROOT_STATES: what scans concluded about roots
SELECT root_id, path, fingerprint, is_online, last_scan_s FROM root_state;

-- ROOT_STATE_PUT: what a scan concluded about a root
INSERT INTO root_state (root_id, path, fingerprint, is_online, last_scan_s)
VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (root_id) DO UPDATE SET path = ?2, fingerprint = ?3, is_online = ?4, last_scan_s = ?5;

-- ROOT_STATE_FORGET: a root was removed
DELETE FROM root_state WHERE root_id = ?1;

-- ROOTS: the roots, in the order in which they were added
SELECT id, name, path FROM root WHERE removed_s IS NULL ORDER BY id;

-- ROOT_BY_NAME: is the name taken?
SELECT id FROM root WHERE name = ?1 AND removed_s IS NULL;

-- ROOT_PUT: a new root, or one that comes back
INSERT INTO root (name, path, added_s) VALUES (?1, ?2, ?3)
ON CONFLICT (path) DO UPDATE SET name = ?1, removed_s = NULL;

-- ROOT_REMOVE: its subjects stay
UPDATE root SET removed_s = ?2 WHERE id = ?1;

-- ROOT_RELOCATE: it is elsewhere now
UPDATE root SET path = ?2 WHERE id = ?1;

-- ROOT_ERASE: a root that was removed and whose subjects are another's now
DELETE FROM root WHERE id = ?1;

-- SUBJECTS_OF_ROOT: where they are
SELECT path FROM subject WHERE root_id = ?1;

-- SUBJECT_FIND: what people attached something to at a place
SELECT id, quick_hash IS NOT NULL FROM subject WHERE root_id = ?1 AND path = ?2;

-- SUBJECTS_WITH_CONTENT: those whose file can be known by its content; whose copy went for another's sake
SELECT root_id, subject.path, size_bytes, quick_hash,
	CAST(root.path || x'2f' || subject.path AS BLOB) IN (
		SELECT step.old FROM step JOIN operation ON operation.id = step.operation_id
			JOIN operation AS asked ON asked.id = coalesce(operation.reverts, operation.id)
		WHERE step.action = 'trash' AND step.state = 'done' AND length(step.member) > 0
			AND (asked.undone IS NULL OR (asked.is_partly AND step.old NOT IN (
				SELECT back.new FROM step AS back
					JOIN operation AS undo ON undo.id = back.operation_id
					JOIN operation AS part ON part.id = undo.reverts
				WHERE part.is_partly AND back.action = 'restore'
					AND back.state = 'done')))),
	(rating > 0 OR is_favourite OR note IS NOT NULL
	OR EXISTS (SELECT 1 FROM correction WHERE correction.subject_id = subject.id)
	OR EXISTS (SELECT 1 FROM tag WHERE tag.subject_id = subject.id)
	OR EXISTS (SELECT 1 FROM set_lora WHERE set_lora.subject_id = subject.id)
	OR EXISTS (SELECT 1 FROM model_set WHERE checkpoint_id = subject.id))
FROM subject JOIN root ON root.id = root_id WHERE quick_hash IS NOT NULL;

-- MODELS_BY_SIZE: all that are there
SELECT id, size_bytes FROM model WHERE missing_since_s IS NULL ORDER BY size_bytes, id;

-- SUBJECT_CHANGE: the file that something is attached to has other content now
UPDATE subject SET size_bytes = ?3, quick_hash = ?4, sha256 = NULL WHERE root_id = ?1 AND path = ?2;

-- SUBJECT_COPY_CONTENT: the file of ?1 lies where that of ?2 lay
UPDATE subject SET (size_bytes, quick_hash, sha256) =
	(SELECT size_bytes, quick_hash, sha256 FROM subject WHERE id = ?1)
WHERE id = ?2 AND (SELECT quick_hash FROM subject WHERE id = ?1) IS NOT NULL;

-- SUBJECT_CONTENT: by which the file at a place is known, and then what it was before
SELECT quick_hash, size_bytes, 0 AS age FROM subject
WHERE root_id = ?1 AND path = ?2 AND quick_hash IS NOT NULL
UNION ALL SELECT former.quick_hash, former.size_bytes, 1
FROM former JOIN subject ON subject.id = subject_id WHERE root_id = ?1 AND path = ?2
ORDER BY age;

-- FORMER_KEEP: what lay there before the content ?3 came there
INSERT OR REPLACE INTO former (subject_id, size_bytes, quick_hash)
SELECT id, size_bytes, quick_hash FROM subject
WHERE root_id = ?1 AND path = ?2 AND quick_hash IS NOT NULL AND quick_hash != ?3;

-- FORMER_MERGE: the file of ?1 lies where that of ?2 lay: what both were before, and what ?2 was until now
INSERT OR REPLACE INTO former (subject_id, size_bytes, quick_hash)
SELECT ?2, size_bytes, quick_hash FROM former WHERE subject_id = ?1
UNION SELECT id, size_bytes, quick_hash FROM subject WHERE id = ?2 AND quick_hash IS NOT NULL
	AND quick_hash != (SELECT quick_hash FROM subject WHERE id = ?1);

-- FORMER_TRIM: the last ?3 of them
DELETE FROM former WHERE subject_id IN (SELECT id FROM subject WHERE root_id = ?1 AND path = ?2)
	AND id NOT IN (SELECT id FROM former AS other WHERE other.subject_id = former.subject_id
		ORDER BY id DESC LIMIT ?3);

-- FORMERS: what the file was before
SELECT former.size_bytes, former.quick_hash
FROM former JOIN subject ON subject.id = subject_id WHERE root_id = ?1 AND path = ?2;

-- FORMERS_OF: the last ?2 things that a subject's file was before, the oldest first
SELECT size_bytes, quick_hash FROM (SELECT id, size_bytes, quick_hash FROM former
	WHERE subject_id = ?1 ORDER BY id DESC LIMIT ?2) ORDER BY id;

-- FORMER_RESTORE: what it was before as a dump tells, unless ?4 of these are known
INSERT OR IGNORE INTO former (subject_id, size_bytes, quick_hash) SELECT ?1, ?2, ?3
WHERE (SELECT count(*) FROM former WHERE subject_id = ?1) < ?4;

-- STRAYS: what people attached to files that are gone, and models of that size that came since, or not more than ?1 seconds before, or of a size that they had before they were written over; what our own operations took away is no stray
WITH content AS (
	SELECT id AS subject_id, size_bytes, quick_hash, 0 AS is_former
	FROM subject WHERE quick_hash IS NOT NULL
	UNION ALL SELECT subject_id, former.size_bytes, former.quick_hash, 1
	FROM former JOIN subject AS now ON now.id = subject_id
	WHERE former.quick_hash IS NOT now.quick_hash
)
SELECT root.path, subject.path, content.quick_hash, at.path, other.path
FROM content JOIN subject ON subject.id = content.subject_id
	JOIN root ON root.id = subject.root_id
	JOIN root_state ON root_state.root_id = root.id AND root_state.is_online
	LEFT JOIN seen ON seen.root_id = subject.root_id AND seen.path = subject.path
	LEFT JOIN model ON model.id = seen.model_id
	JOIN model AS other ON other.size_bytes = content.size_bytes
		AND other.missing_since_s IS NULL
		AND (is_former OR other.added_s >= coalesce(model.missing_since_s, 0) - ?1)
	JOIN root AS at ON at.id = other.root_id
WHERE root.removed_s IS NULL
	AND (seen.model_id IS NULL OR seen.is_missing)
	AND (subject.rating > 0 OR is_favourite OR note IS NOT NULL
	OR EXISTS (SELECT 1 FROM correction WHERE correction.subject_id = subject.id)
	OR EXISTS (SELECT 1 FROM tag WHERE tag.subject_id = subject.id)
	OR EXISTS (SELECT 1 FROM set_lora WHERE set_lora.subject_id = subject.id)
	OR EXISTS (SELECT 1 FROM model_set WHERE checkpoint_id = subject.id))
	AND CAST(root.path || x'2f' || subject.path AS BLOB) NOT IN (
		SELECT step.old FROM step JOIN operation ON operation.id = step.operation_id
			JOIN operation AS asked ON asked.id = coalesce(operation.reverts, operation.id)
		WHERE step.action = 'trash' AND step.state = 'done' AND (asked.undone IS NULL OR (asked.is_partly AND step.old NOT IN (
				SELECT back.new FROM step AS back
					JOIN operation AS undo ON undo.id = back.operation_id
					JOIN operation AS part ON part.id = undo.reverts
				WHERE part.is_partly AND back.action = 'restore'
					AND back.state = 'done'))))
ORDER BY root.path, subject.path, at.path, other.path;

-- SUBJECT_ADD: somebody attaches something for the first time
INSERT INTO subject (root_id, path, size_bytes, quick_hash) VALUES (?1, ?2, ?3, ?4);

-- SUBJECT_MOVE: what was attached goes along with its file
UPDATE subject SET root_id = ?2, path = ?3, purged_s = NULL WHERE id = ?1;

-- SUBJECT_LIFT: out of the way while several subjects change places; no path holds a NUL
UPDATE subject SET path = CAST(x'00' || CAST(id AS TEXT) AS BLOB) WHERE id = ?1;

-- SUBJECT_REMOVE: its tags were given to another
DELETE FROM subject WHERE id = ?1;

-- SUBJECT_MERGE: what is attached to ?1 is given to ?2, which keeps what it has; of two notes it has both
UPDATE subject SET
	rating = CASE WHEN rating > 0 THEN rating ELSE (SELECT rating FROM subject WHERE id = ?1) END,
	is_favourite = max(is_favourite, (SELECT is_favourite FROM subject WHERE id = ?1)),
	note = (SELECT CASE WHEN subject.note IS NULL THEN from_.note
		WHEN from_.note IS NULL OR instr(subject.note, from_.note) THEN subject.note
		ELSE subject.note || char(10) || from_.note END FROM subject AS from_ WHERE from_.id = ?1)
WHERE id = ?2;

-- SUBJECT_PURGE: put away, unless it is already
UPDATE subject SET purged_s = ?2 WHERE id = ?1 AND purged_s IS NULL;

-- SUBJECT_KEEP: no longer put away
UPDATE subject SET purged_s = NULL WHERE id = ?1;

-- SUBJECTS_PURGED: those put away before ?1 that no set has
SELECT id, root_id, path FROM subject
WHERE purged_s < ?1 AND id NOT IN (SELECT subject_id FROM set_lora)
	AND id NOT IN (SELECT checkpoint_id FROM model_set WHERE checkpoint_id IS NOT NULL);

-- TAGS_OF_SUBJECT: as people wrote them
SELECT name FROM tag WHERE subject_id = ?1 ORDER BY folded;

-- DUMP_ROOTS: all that ever were, in the order in which they were added
SELECT name, path, added_s, removed_s FROM root ORDER BY id;

-- DUMP_MODELS: all that something is attached to, or that a set has
SELECT subject.id, root.path, subject.path, size_bytes, quick_hash, sha256, rating, is_favourite,
	note, kind, base_model, set_s
FROM subject JOIN root ON root.id = root_id
	LEFT JOIN correction ON correction.subject_id = subject.id
WHERE rating > 0 OR is_favourite OR note IS NOT NULL OR correction.subject_id IS NOT NULL
	OR EXISTS (SELECT 1 FROM tag WHERE tag.subject_id = subject.id)
	OR EXISTS (SELECT 1 FROM set_lora WHERE set_lora.subject_id = subject.id)
	OR EXISTS (SELECT 1 FROM model_set WHERE checkpoint_id = subject.id)
ORDER BY root.path, subject.path;

-- DUMP_CHECKPOINT: where the checkpoint of a set was last
SELECT root.path, subject.path
FROM model_set JOIN subject ON subject.id = checkpoint_id JOIN root ON root.id = root_id
WHERE model_set.id = ?1;

-- DUMP_LORAS: and its LoRAs, in their order
SELECT root.path, subject.path, weight, weight_te
FROM set_lora JOIN subject ON subject.id = subject_id JOIN root ON root.id = root_id
WHERE set_id = ?1 ORDER BY place, subject.id;

-- ROOT_AT: the root at a path, removed or not
SELECT id FROM root WHERE path = ?1;

-- ROOT_RESTORE: a root of a dump
INSERT INTO root (name, path, added_s, removed_s) VALUES (?1, ?2, ?3, ?4);

-- SUBJECT_RESTORE: a file of a dump
INSERT INTO subject (root_id, path, size_bytes, quick_hash, sha256) VALUES (?1, ?2, ?3, ?4, ?5);

-- SUBJECT_LEARN: the same content, of which the dump knows more
UPDATE subject SET quick_hash = coalesce(quick_hash, ?3), sha256 = coalesce(sha256, ?4)
WHERE id = ?1 AND size_bytes = ?2;

-- SUBJECT_WORDS: what is attached that cannot stand beside another
SELECT rating, note FROM subject WHERE id = ?1;

-- CORRECTION_RESTORE: what is set by hand, where nothing else is
INSERT INTO correction (subject_id, kind, base_model, set_s) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT DO UPDATE SET kind = coalesce(kind, excluded.kind),
	base_model = coalesce(base_model, excluded.base_model)
WHERE (kind IS NULL AND excluded.kind IS NOT NULL)
	OR (base_model IS NULL AND excluded.base_model IS NOT NULL);

-- SET_NOTE_OF: what is noted of a set
SELECT note FROM model_set WHERE id = ?1;

-- SUBJECT_NOTE: what somebody wrote about it
UPDATE subject SET note = ?2 WHERE id = ?1 AND note IS NOT ?2;

-- SUBJECT_RATE: how good it is
UPDATE subject SET rating = ?2 WHERE id = ?1 AND rating != ?2;

-- SUBJECT_FAVOUR: a favourite, or not
UPDATE subject SET is_favourite = ?2 WHERE id = ?1 AND is_favourite != ?2;

-- FOREIGN_KEYS_OFF: deleting a row takes nothing along; outside of transactions only
PRAGMA foreign_keys = OFF;

-- FOREIGN_KEYS_ON: as it should be
PRAGMA foreign_keys = ON;

-- FOREIGN_KEYS_CHECK: rows that hang on nothing
PRAGMA main.foreign_key_check;

-- OPERATION_NUMBER: the next of the count that operations and undos share
SELECT 1 + max(coalesce((SELECT max(id) FROM operation), 0),
	coalesce((SELECT max(undone) FROM operation), 0));

-- OPERATION_ADD: what was changed, and its way back
INSERT INTO operation (id, at_s, what, words, is_asked, state, n_changed, changes)
VALUES (?1, ?2, ?3, ?4, ?5, 'done', ?6, ?7);

-- OPERATION_SETTLE: what it did to files stands, and so does what went along in user.db
UPDATE operation SET state = 'done', changes = ?2 WHERE id = ?1;

-- OPERATION_PLAN: what is going to be done to files, before anything is
INSERT INTO operation (id, at_s, what, words, is_asked, reverts, state, n_changed)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'planned', 0);

-- OPERATION_STATE: how far it came
UPDATE operation SET state = ?2, n_changed = ?3 WHERE id = ?1;

-- OPERATIONS_UNFINISHED: what was cut short
SELECT id, state FROM operation WHERE state IN ('planned', 'running') ORDER BY id;

-- STEPS_IN_DOUBT: what waits for a disk, or met somebody else's file; one file of each operation
SELECT operation.id, operation.state, min(step.old) FROM operation
JOIN step ON step.operation_id = operation.id
WHERE (operation.state = 'conflict' AND step.state = 'conflict')
	OR (operation.state IN ('planned', 'running') AND step.state IN ('planned', 'copied'))
GROUP BY operation.id ORDER BY operation.id;

-- RELINKED_SINCE: did a scan move what is attached to files after that operation?
SELECT EXISTS (SELECT 1 FROM operation WHERE id > ?1 AND what = 'relink');

-- OPERATION_REVERTERS: its undos and redos, in their order
SELECT id, what = 'undo' FROM operation WHERE reverts = ?1 ORDER BY id;

-- OPERATION_FORTHS: it and its redos since an undo took all of it back, the newest first
SELECT id FROM operation AS forth WHERE (id = ?1 OR (reverts = ?1 AND what = 'redo'))
	AND NOT EXISTS (SELECT 1 FROM operation AS back
		WHERE back.reverts = ?1 AND back.what = 'undo' AND back.id > forth.id AND back.state = 'done'
			AND NOT EXISTS (SELECT 1 FROM step
				WHERE operation_id = back.id AND state <> 'done'))
ORDER BY id DESC;

-- STEP_ADD: one file
INSERT INTO step (operation_id, place, model, action, is_companion, is_folder, member, old, new, dev,
	ino, size_bytes, mtime_ns, state)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 'planned');

-- STEPS: in order
SELECT place, model, action, is_companion, is_folder, member, old, new, dev, ino, size_bytes, mtime_ns,
	coalesce(sha256, ''), state
FROM step WHERE operation_id = ?1 ORDER BY place;

-- STEPS_STATE: how far those from ?2 to before ?3 came
UPDATE step SET state = ?4 WHERE operation_id = ?1 AND place >= ?2 AND place < ?3;

-- STEP_COPIED: its bytes are there under another name
UPDATE step SET state = 'copied', sha256 = ?3 WHERE operation_id = ?1 AND place = ?2;

-- STEP_NEW: another name than was planned
UPDATE step SET new = ?3 WHERE operation_id = ?1 AND place = ?2;

-- MADE_FOLDER_ADD: before it is made
INSERT INTO made_folder (operation_id, path) VALUES (?1, ?2) ON CONFLICT DO NOTHING;

-- MADE_FOLDERS: the deepest first
SELECT path FROM made_folder WHERE operation_id = ?1 ORDER BY path DESC;

-- OPERATIONS: all, newest first, or one; from the ?2-th at most ?3
SELECT id, at_s, what, words, is_asked, coalesce(reverts, 0), state, n_changed, undone IS NOT NULL, is_partly,
	(SELECT count(*) FROM step WHERE operation_id = counted.id), iif(stands, n_stand, 0)
FROM (SELECT *, sum(stands) OVER (ORDER BY id DESC) AS n_stand
	FROM (SELECT id, at_s, what, words, is_asked, reverts, state, n_changed, undone, is_partly,
		is_asked AND (undone IS NULL OR is_partly) AND state IN ('done', 'conflict') AS stands FROM operation)) AS counted
WHERE ?1 = 0 OR id = ?1 ORDER BY id DESC LIMIT ?3 OFFSET ?2;

-- OPERATIONS_COUNT: how many there are
SELECT count(*) FROM operation;

-- OPERATION_STEPS: what it did to files, from the ?2-th at most ?3
SELECT action, is_companion, old, new, state
FROM step WHERE operation_id = ?1 AND place >= ?2 ORDER BY place LIMIT ?3;

-- STEPS_TRASHED: what operations put into a trash, the oldest first
SELECT operation_id, model, is_companion, old, new
FROM step WHERE action = 'trash' AND state = 'done' ORDER BY operation_id, place;

-- OPERATION_TO_UNDO: the last one that a person asked for and that stands
SELECT max(id) FROM operation
WHERE is_asked AND (undone IS NULL OR is_partly) AND state IN ('done', 'conflict');

-- OPERATION_TO_REDO: the one undone last, unless a person changed something since
SELECT id FROM operation WHERE is_asked AND undone > (SELECT max(id) FROM operation WHERE is_asked)
ORDER BY undone DESC LIMIT 1;

-- OPERATION_RECORD: what it changed in user.db
SELECT undone IS NOT NULL, changes FROM operation WHERE id = ?1;

-- OPERATION_UNDONE: it was undone, or (NULL) stands again; ?3: a part of it
UPDATE operation SET undone = ?2, is_partly = ?3 WHERE id = ?1;

-- OPERATION_PART_STAYS: of what it is partly undone, nothing more can be taken back (?2), or made again
UPDATE operation SET is_partly = 0, undone = iif(?2, undone, NULL) WHERE id = ?1 AND is_partly;

-- CORRECTION_MERGE: what was set on ?1 is set on ?2, where nothing else is
INSERT INTO correction (subject_id, kind, base_model, set_s)
SELECT ?2, kind, base_model, set_s FROM correction WHERE subject_id = ?1
ON CONFLICT DO UPDATE SET kind = coalesce(kind, excluded.kind),
	base_model = coalesce(base_model, excluded.base_model);

-- CORRECTIONS: all of them
SELECT root_id, path, kind, base_model FROM correction JOIN subject ON subject.id = subject_id;

-- CORRECTION_AT: what is set at a place
SELECT kind, base_model FROM correction JOIN subject ON subject.id = subject_id
WHERE root_id = ?1 AND path = ?2;

-- CORRECTION_OF: what is set on a subject
SELECT kind, base_model FROM correction WHERE subject_id = ?1;

-- CORRECTION_PUT: what a person knows better
INSERT INTO correction (subject_id, kind, base_model, set_s) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (subject_id) DO UPDATE SET kind = ?2, base_model = ?3, set_s = ?4;

-- CORRECTION_REMOVE: the file's own answer counts again
DELETE FROM correction WHERE subject_id = ?1;

-- SETS: all of them
SELECT id, name, note, checkpoint_id FROM model_set ORDER BY folded;

-- SET_FIND: by its folded name
SELECT id FROM model_set WHERE folded = ?1;

-- SET_ADD: a new one
INSERT INTO model_set (folded, name) VALUES (?1, ?2);

-- SET_RENAME: another name
UPDATE model_set SET folded = ?2, name = ?3 WHERE id = ?1;

-- SET_DELETE: its LoRAs and tags go along; the models stay
DELETE FROM model_set WHERE id = ?1;

-- SET_NOTE: what is noted of it
UPDATE model_set SET note = ?2 WHERE id = ?1 AND note IS NOT ?2;

-- SET_CHECKPOINT: which checkpoint it is for
UPDATE model_set SET checkpoint_id = ?2 WHERE id = ?1 AND checkpoint_id IS NOT ?2;

-- SET_CHECKPOINT_TAKE: no longer that one
UPDATE model_set SET checkpoint_id = NULL WHERE id = ?1 AND checkpoint_id = ?2;

-- SET_LORA_PUT: a LoRA more, or other weights of one
INSERT INTO set_lora (set_id, subject_id, place, weight, weight_te)
VALUES (?1, ?2, (SELECT coalesce(max(place), 0) + 1 FROM set_lora WHERE set_id = ?1), ?3, ?4)
ON CONFLICT (set_id, subject_id) DO UPDATE SET weight = ?3, weight_te = ?4
WHERE weight IS NOT ?3 OR weight_te IS NOT ?4;

-- SET_LORA_TAKE: a LoRA less
DELETE FROM set_lora WHERE set_id = ?1 AND subject_id = ?2;

-- SET_EMPTY: no LoRA at all
DELETE FROM set_lora WHERE set_id = ?1;

-- SET_COPY: checkpoint and note of ?1 into ?2
UPDATE model_set SET (note, checkpoint_id) =
	(SELECT note, checkpoint_id FROM model_set WHERE id = ?1) WHERE id = ?2;

-- SET_LORAS_COPY: and its LoRAs
INSERT INTO set_lora (set_id, subject_id, place, weight, weight_te)
SELECT ?2, subject_id, place, weight, weight_te FROM set_lora WHERE set_id = ?1;

-- SET_TAGS_COPY: and its tags
INSERT INTO set_tag (set_id, folded, name) SELECT ?2, folded, name FROM set_tag WHERE set_id = ?1;

-- SET_TAG_ADD: a tag more; 0 changes when it was there
INSERT INTO set_tag (set_id, folded, name) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING;

-- SET_TAG_REMOVE: a tag less
DELETE FROM set_tag WHERE set_id = ?1 AND folded = ?2;

-- SET_TAGS: as people wrote them
SELECT name FROM set_tag WHERE set_id = ?1 ORDER BY folded;

-- SET_LORAS: in their order, with where they were last; the model is 0 when the index has none
SELECT subject.id, root.path, subject.path, coalesce(seen.model_id, 0), weight, weight_te
FROM set_lora JOIN subject ON subject.id = subject_id JOIN root ON root.id = subject.root_id
	LEFT JOIN seen ON seen.root_id = subject.root_id AND seen.path = subject.path
WHERE set_id = ?1 ORDER BY place, subject.id;

-- SET_CHECKPOINT_OF: the same of its checkpoint
SELECT subject.id, root.path, subject.path, coalesce(seen.model_id, 0)
FROM model_set JOIN subject ON subject.id = checkpoint_id JOIN root ON root.id = subject.root_id
	LEFT JOIN seen ON seen.root_id = subject.root_id AND seen.path = subject.path
WHERE model_set.id = ?1;

-- SETS_OF_MODEL: the names of those that a model is in
SELECT model_set.name
FROM model JOIN subject ON subject.root_id = model.root_id AND subject.path = model.path
	JOIN model_set ON model_set.checkpoint_id = subject.id
		OR model_set.id IN (SELECT set_id FROM set_lora WHERE subject_id = subject.id)
WHERE model.id = ?1 ORDER BY model_set.folded;

-- SET_MEMBERS: every model that is in a set, with the folded name of that
SELECT seen.model_id, model_set.folded
FROM model_set JOIN subject ON subject.id = model_set.checkpoint_id
		OR subject.id IN (SELECT subject_id FROM set_lora WHERE set_id = model_set.id)
	JOIN seen ON seen.root_id = subject.root_id AND seen.path = subject.path;

-- SET_LORAS_MERGE: the sets of ?1 have ?2 instead, unless they have it already
UPDATE OR IGNORE set_lora SET subject_id = ?2 WHERE subject_id = ?1;

-- SET_CHECKPOINTS_MERGE: and where it is the checkpoint
UPDATE model_set SET checkpoint_id = ?2 WHERE checkpoint_id = ?1;

-- TAG_SPELLING: how a tag was written first
SELECT name FROM tag WHERE folded = ?1 LIMIT 1;

-- TAG_ADD: a tag more; 0 changes when it was there
INSERT INTO tag (subject_id, folded, name) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING;

-- TAG_REMOVE: a tag less
DELETE FROM tag WHERE subject_id = ?1 AND folded = ?2;

-- TAG_ANY: does any model or set have it?
SELECT EXISTS (SELECT 1 FROM tag WHERE folded = ?1) + EXISTS (SELECT 1 FROM set_tag WHERE folded = ?1);

-- TAG_RESPELL: the same tag, written otherwise
UPDATE tag SET name = ?2 WHERE folded = ?1 AND name <> ?2;

-- SET_TAG_RESPELL: on sets
UPDATE set_tag SET name = ?2 WHERE folded = ?1 AND name <> ?2;

-- TAG_ALSO: what has ?1 has ?2 too
INSERT INTO tag (subject_id, folded, name) SELECT subject_id, ?2, ?3 FROM tag WHERE folded = ?1
ON CONFLICT DO NOTHING;

-- SET_TAG_ALSO: on sets
INSERT INTO set_tag (set_id, folded, name) SELECT set_id, ?2, ?3 FROM set_tag WHERE folded = ?1
ON CONFLICT DO NOTHING;

-- TAG_FORGET: nothing has it any more
DELETE FROM tag WHERE folded = ?1;

-- SET_TAG_FORGET: on sets
DELETE FROM set_tag WHERE folded = ?1;

-- TAGS_MERGE: the tags of ?1 are given to ?2
INSERT INTO tag (subject_id, folded, name) SELECT ?2, folded, name FROM tag WHERE subject_id = ?1
ON CONFLICT DO NOTHING;

-- LISTING: all models in the order of their names, from the covering index alone
SELECT id, class_id, missing_since_s IS NOT NULL, listing FROM model ORDER BY listing, id;

-- LISTING_OF_MODEL: the same of one
SELECT id, class_id, missing_since_s IS NOT NULL, listing FROM model WHERE id = ?1;

-- TAGS_OF_ALL: the tags of every model that has some; CROSS keeps it from looking at all models
SELECT seen.model_id, tag.folded
FROM tag CROSS JOIN subject ON subject.id = tag.subject_id
	CROSS JOIN seen ON seen.root_id = subject.root_id AND seen.path = subject.path
ORDER BY seen.model_id, tag.folded;

-- TAGS_OF_MODEL: the tags of one
SELECT tag.folded
FROM model JOIN subject ON subject.root_id = model.root_id AND subject.path = model.path
	JOIN tag ON tag.subject_id = subject.id
WHERE model.id = ?1 ORDER BY tag.folded;

-- TAG_NAMES_OF_MODEL: as people wrote them
SELECT tag.name
FROM model JOIN subject ON subject.root_id = model.root_id AND subject.path = model.path
	JOIN tag ON tag.subject_id = subject.id
WHERE model.id = ?1 ORDER BY tag.folded;

-- TAG_COUNTS: every tag with how many models have it
SELECT min(tag.name), count(seen.model_id)
FROM tag JOIN subject ON subject.id = tag.subject_id
	LEFT JOIN seen ON seen.root_id = subject.root_id AND seen.path = subject.path
		AND seen.is_missing = 0
WHERE subject.purged_s IS NULL OR seen.model_id IS NOT NULL
GROUP BY tag.folded ORDER BY tag.folded;

-- ANYTHING: is there something that people made?
SELECT EXISTS (SELECT 1 FROM subject) OR EXISTS (SELECT 1 FROM model_set);

-- ANY_SUBJECT: did anybody ever attach anything?
SELECT 1 FROM subject LIMIT 1;

-- ROWS_FIRST: the first rows of the list, from the covering index alone
SELECT id, class_id, 0, rank_max, size_bytes, modified_s, added_s, root_id, name, 0, 0
FROM model INDEXED BY model_listing WHERE missing_since_s IS NULL ORDER BY listing, id LIMIT ?1;

-- ROW: one row of the list, with people's marks
SELECT model.id, class_id, missing_since_s IS NOT NULL, rank_max, model.size_bytes, modified_s,
	added_s, model.root_id, model.name, coalesce(subject.is_favourite, 0),
	EXISTS (SELECT 1 FROM tag WHERE tag.subject_id = subject.id)
FROM model LEFT JOIN subject ON subject.root_id = model.root_id AND subject.path = model.path
WHERE model.id = ?1;

-- DETAILS: everything about one model
SELECT model.id, model.root_id, model.path, missing_since_s IS NOT NULL, added_s, modified_s,
	finding.flat, finding.companions, coalesce(subject.rating, 0),
	coalesce(subject.is_favourite, 0), subject.note, corrected.kind, corrected.base_model,
	hash.sha256, hash.tensors, subject.id IS NOT NULL
FROM model JOIN finding ON finding.model_id = model.id
	LEFT JOIN seen ON seen.root_id = model.root_id AND seen.path = model.path
	LEFT JOIN hash ON hash.model_id = model.id AND hash.state = substr(seen.state, 1, 24)
	LEFT JOIN corrected ON corrected.model_id = model.id
	LEFT JOIN subject ON subject.root_id = model.root_id AND subject.path = model.path
WHERE model.id = ?1;

-- MODELS_NAMED: models whose listing lies in a range; those that are missing are left out
SELECT id, root_id, path, name FROM model
WHERE listing >= ?1 AND listing < ?2 AND missing_since_s IS NULL ORDER BY listing, id;

-- MODELS_ALIASED: models that prompts may name so beside their stems; without missing ones, too
SELECT id, root_id, path FROM model WHERE alias = ?1 AND missing_since_s IS NULL ORDER BY id;

-- CENSUS: how many models are there
SELECT coalesce(sum(n), 0) FROM census;

-- CENSUS_OF_CLASSES: by class
SELECT class_id, sum(n) FROM census GROUP BY class_id HAVING sum(n) > 0;

-- CENSUS_OF_DAMAGED: how many of a root cannot be read to their end; of one that is there
SELECT coalesce(sum(n), 0) FROM census JOIN class ON class.id = class_id
	JOIN root_state USING (root_id)
WHERE root_id = ?1 AND is_online AND status = 'damaged';

-- CENSUS_OF_ROOT: of one root
SELECT coalesce(sum(n), 0) FROM census WHERE root_id = ?1;

-- COLUMNS: single facts of all models: see columns.h
SELECT id, rank_min, rank_max, size_bytes, parameters, added_s, modified_s, folder_id, trained_id
FROM model;

-- COLUMNS_OF_MODEL: the same of one
SELECT id, rank_min, rank_max, size_bytes, parameters, added_s, modified_s, folder_id, trained_id
FROM model WHERE id = ?1;

-- LAYOUTS_OF_MODELS: of all that have one, layout by layout, from an index alone
SELECT layout_id, model_id FROM facts INDEXED BY facts_layout WHERE layout_id > 0
ORDER BY layout_id, model_id;

-- FOLDERS: every folder that ever held a model
SELECT id, root_id, path FROM folder;

-- FOLDERS_COUNT: how many
SELECT count(*) FROM folder;

-- FOLDER_ADD: another one
INSERT INTO folder (root_id, path) VALUES (?1, ?2) ON CONFLICT DO NOTHING;

-- FOLDER_FIND: its number
SELECT id FROM folder WHERE root_id = ?1 AND path = ?2;

-- FOLDERS_FORGET: those of a root
DELETE FROM folder WHERE root_id = ?1;

-- TRAINED: every name of what models were trained on
SELECT id, name FROM trained;

-- TRAINED_ADD: another one
INSERT INTO trained (name) VALUES (?1) ON CONFLICT DO NOTHING;

-- TRAINED_FIND: its number
SELECT id FROM trained WHERE name = ?1;

-- IDS_RATING: ids by people's rating
SELECT seen.model_id
FROM subject JOIN seen ON seen.root_id = subject.root_id AND seen.path = subject.path
WHERE subject.rating > 0 AND subject.rating BETWEEN ?1 AND ?2;

-- IDS_DUPLICATE: ids of models whose content another one has
SELECT hash.model_id FROM hash JOIN model ON model.id = hash.model_id AND missing_since_s IS NULL
WHERE sha256 IN (SELECT sha256 FROM hash JOIN model ON model.id = hash.model_id
	AND missing_since_s IS NULL GROUP BY sha256 HAVING count(*) > 1);

-- DUPLICATES: contents that are there more than once, the largest first
SELECT hash.sha256, model.root_id, model.path, hash.state, model.size_bytes, model.id
FROM hash JOIN model ON model.id = hash.model_id AND missing_since_s IS NULL
	JOIN seen ON seen.model_id = model.id AND substr(seen.state, 1, 24) = hash.state
WHERE hash.sha256 IN (SELECT sha256 FROM hash JOIN model ON model.id = hash.model_id
	AND missing_since_s IS NULL GROUP BY sha256 HAVING count(*) > 1)
ORDER BY model.size_bytes DESC, hash.sha256, model.root_id, model.path;

-- HASH_OF: where a model lies, and what is stored of its hash
SELECT model.root_id, model.path, coalesce(substr(seen.state, 1, 24) = hash.state, 0), hash.sha256,
	hash.tensors, hash.state, model.size_bytes
FROM model JOIN seen ON seen.model_id = model.id LEFT JOIN hash ON hash.model_id = model.id
WHERE model.id = ?1 AND NOT seen.is_missing;

-- HASH_WANTED: the next models behind ?1 whose hash is not known
SELECT model.id FROM model JOIN seen ON seen.model_id = model.id
	JOIN root_state ON root_state.root_id = model.root_id AND root_state.is_online
	LEFT JOIN hash ON hash.model_id = model.id
WHERE model.id > ?1 AND NOT seen.is_missing
	AND coalesce(hash.state != substr(seen.state, 1, 24), 1)
ORDER BY model.id LIMIT ?2;

-- ANY_HASH: is one known?
SELECT 1 FROM hash LIMIT 1;

-- HASH_HOLDS: is it of the file as it was scanned?
SELECT hash.state = substr(seen.state, 1, 24)
FROM hash JOIN model ON model.id = hash.model_id
	JOIN seen ON seen.root_id = model.root_id AND seen.path = model.path
WHERE hash.model_id = ?1;

-- HASH_TWINS: models whose size another one has
SELECT id FROM model WHERE missing_since_s IS NULL AND size_bytes > 0 AND size_bytes IN (
	SELECT size_bytes FROM model WHERE missing_since_s IS NULL
	GROUP BY size_bytes HAVING count(*) > 1);

-- HASH_PUT: what was read
INSERT INTO hash (model_id, state, sha256, tensors) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT DO UPDATE SET state = ?2, sha256 = ?3, tensors = coalesce(?4, tensors);

-- SUBJECT_SHA256: tags follow content that is known
UPDATE subject SET sha256 = ?3 WHERE root_id = ?1 AND path = ?2;

-- IDS_FAVOURITE: ids of favourites
SELECT seen.model_id
FROM subject JOIN seen ON seen.root_id = subject.root_id AND seen.path = subject.path
WHERE subject.is_favourite;

-- IDS_OFFLINE: ids whose root or file is not there
SELECT id FROM model
WHERE missing_since_s IS NOT NULL OR root_id IN (SELECT root_id FROM root_state WHERE NOT is_online);
