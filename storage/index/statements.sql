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

-- MODEL_PUT: a new model (?1 is NULL) or what a changed one is now; it keeps the time it was added
INSERT INTO model (id, root_id, class_id, rank_min, rank_max, size_bytes, parameters, modified_s,
	added_s, path, name, listing, folder_id, trained_id)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
ON CONFLICT (id) DO UPDATE SET root_id = ?2, class_id = ?3, rank_min = ?4, rank_max = ?5,
	size_bytes = ?6, parameters = ?7, modified_s = ?8, missing_since_s = NULL, path = ?10,
	name = ?11, listing = ?12, folder_id = ?13, trained_id = ?14;

-- MODEL_MOVE: the same file in another folder
UPDATE model SET root_id = ?2, path = ?3, folder_id = ?4, missing_since_s = NULL WHERE id = ?1;

-- MODEL_MISSING: missing since ?2, or back when that is NULL
UPDATE model SET missing_since_s = ?2 WHERE id = ?1;

-- MODEL_PLACE: where a model is
SELECT root_id, path, size_bytes FROM model WHERE id = ?1;

-- MODEL_FORGET: a missing model whose place another one took
DELETE FROM model WHERE id = ?1;

-- MODELS_FORGET: takes out the models of a root; what was found goes along
DELETE FROM model WHERE root_id = ?1;

-- SEEN_PUT: the state of a file as it was read
INSERT INTO seen (root_id, path, model_id, state, knowledge_id, is_missing)
VALUES (?1, ?2, ?3, ?4, ?5, 0)
ON CONFLICT DO UPDATE SET model_id = ?3, state = ?4, knowledge_id = ?5, is_missing = 0;

-- SEEN_FIND: the model at a place
SELECT model_id, is_missing FROM seen WHERE root_id = ?1 AND path = ?2;

-- SEEN_KNOWLEDGE: under which knowledge a model was concluded
SELECT knowledge_id FROM seen
WHERE (root_id, path) = (SELECT root_id, path FROM model WHERE id = ?1);

-- SEEN_FORGET: a model is about to be elsewhere
DELETE FROM seen
WHERE model_id = ?1 AND (root_id, path) = (SELECT root_id, path FROM model WHERE id = ?1);

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
ON CONFLICT (model_id) DO UPDATE SET flat = ?2, companions = ?3;

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

-- SUBJECT_FIND: what people attached something to at a place
SELECT id, quick_hash IS NOT NULL FROM subject WHERE root_id = ?1 AND path = ?2;

-- SUBJECTS_WITH_CONTENT: those whose file can be known by its content
SELECT root_id, path, size_bytes, quick_hash FROM subject WHERE quick_hash IS NOT NULL;

-- SUBJECT_ADD: somebody attaches something for the first time
INSERT INTO subject (root_id, path, size_bytes, quick_hash) VALUES (?1, ?2, ?3, ?4);

-- SUBJECT_MOVE: what was attached goes along with its file
UPDATE subject SET root_id = ?2, path = ?3 WHERE id = ?1;

-- SUBJECT_LIFT: out of the way while several subjects change places; no path holds a NUL
UPDATE subject SET path = CAST(x'00' || CAST(id AS TEXT) AS BLOB) WHERE id = ?1;

-- SUBJECT_REMOVE: its tags were given to another
DELETE FROM subject WHERE id = ?1;

-- SUBJECT_MERGE: what is attached to ?1 is given to ?2, which keeps what it has
UPDATE subject SET
	rating = CASE WHEN rating > 0 THEN rating ELSE (SELECT rating FROM subject WHERE id = ?1) END,
	is_favourite = max(is_favourite, (SELECT is_favourite FROM subject WHERE id = ?1)),
	note = coalesce(note, (SELECT note FROM subject WHERE id = ?1))
WHERE id = ?2;

-- RELINK_ADD: remembers that something attached followed a file
INSERT INTO relink (at_s, old_root_id, old_path, new_root_id, new_path)
VALUES (?1, ?2, ?3, ?4, ?5);

-- TAG_SPELLING: how a tag was written first
SELECT name FROM tag WHERE folded = ?1 LIMIT 1;

-- TAG_ADD: a tag more; 0 changes when it was there
INSERT INTO tag (subject_id, folded, name) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING;

-- TAG_REMOVE: a tag less
DELETE FROM tag WHERE subject_id = ?1 AND folded = ?2;

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
GROUP BY tag.folded ORDER BY tag.folded;

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
	coalesce(subject.is_favourite, 0), subject.note
FROM model JOIN finding ON finding.model_id = model.id
	LEFT JOIN subject ON subject.root_id = model.root_id AND subject.path = model.path
WHERE model.id = ?1;

-- MODELS_NAMED: models whose listing lies in a range; those that are missing are left out
SELECT id, root_id, path, name FROM model
WHERE listing >= ?1 AND listing < ?2 AND missing_since_s IS NULL ORDER BY listing, id;

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

-- FOLDERS: every folder that ever held a model
SELECT id, root_id, path FROM folder;

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

-- IDS_FAVOURITE: ids of favourites
SELECT seen.model_id
FROM subject JOIN seen ON seen.root_id = subject.root_id AND seen.path = subject.path
WHERE subject.is_favourite;

-- IDS_OFFLINE: ids whose root or file is not there
SELECT id FROM model
WHERE missing_since_s IS NOT NULL OR root_id IN (SELECT root_id FROM root_state WHERE NOT is_online);
