// SPDX-License-Identifier: MIT
/**
 * Models in index.db, as the writer keeps them: findings in, known files out.
 *
 * Never deletes a row because of a scan. Speaks to index.db alone.
 */
#ifndef STORAGE_INDEX_MODELS_H
#define STORAGE_INDEX_MODELS_H

#include "core/identify/correction.h"
#include "storage/index/class.h"
#include "storage/scan/changes.h"
#include "storage/scan/finding.h"

struct models {
	struct db *db;                     /* borrowed: index.db, writing */
	const struct knowledge *knowledge; /* borrowed */
	struct classes classes;
	/* Of the running knowledge. `seen` holds that of each model; below 0 when the file is to be
	   read again where the knowledge is another, 0 when it is in any case. */
	int64_t knowledge_id;
	struct bytes scratch;
	/* Models come folder by folder, so the last number is mostly the next. 0: none yet. */
	struct {
		int64_t id, root_id;
		struct bytes path;
	} folder;
	struct {
		int64_t id;
		struct bytes name;
	} trained;
	/* The last that was moved, and whether that told anything new of it: the next mostly goes along. */
	struct {
		struct bytes before, now;
		bool is_known;
		enum names_change names;
	} passage;
};

/** @knowledge  borrowed; models without facts that were concluded under another one are read again */
NODISCARD bool models_init(struct models *models, struct db *db, const struct knowledge *knowledge,
			   struct error *err);
void models_finish(struct models *models);

/**
 * Stores what was found. Inside a transaction.
 * @correction  what a person set at this place
 * @changed     of uint32_t: ids of the rows that are not as they were are appended
 */
NODISCARD bool models_store(struct models *models, const struct finding *finding,
			    const struct correction *correction, int64_t now_s,
			    struct array *changed, struct error *err);
/** A model that was concluded anew from its facts. */
struct reconclusion {
	uint32_t id;
	int64_t root_id;
	struct str path;
	const struct model *model;
	struct str flat; /* the same, encoded */
	const struct correction *correction;
};

/** Stores it. Inside a transaction. */
NODISCARD bool models_reconclude(struct models *models, const struct reconclusion *reconclusion,
				 struct error *err);
/** What is stored is what the running knowledge concludes (or, `again`, the file is to be read). */
NODISCARD bool models_settle(struct models *models, int64_t root_id, struct str path, bool again,
			     struct error *err);
/** Concludes a model anew from the file's own answer and a correction. Inside a transaction. */
NODISCARD bool models_correct(struct models *models, uint32_t id,
			      const struct correction *correction, struct error *err);
/** After a rollback: what was learned inside the transaction is forgotten. */
NODISCARD bool models_reload(struct models *models, struct error *err);

/**
 * The files that the index knows of a root, by path.
 *
 * One that has to be read again gets another `context`, so that it does not count as unchanged.
 * @arena  owns the paths
 * @files  of struct known_file: they are appended
 */
NODISCARD bool models_known(struct models *models, int64_t root_id, struct arena *arena,
			    struct array *files, struct error *err);

/** A file that we moved, and what it was before and after that: all 0 where nobody looked. */
struct relocation {
	int64_t old_root_id, root_id;
	struct str old_path, path;
	struct file_state before, after;
	bool may_conclude; /* who asks does so where it is needed, else it is to be read */
};

/** What is to be done until all that is told of it counts. */
enum relocated_need {
	RELOCATED_NOTHING, /* the file is the one that was read, and its new place says nothing else of it */
	RELOCATED_CONCLUDE, /* the file is, but its new folder says something else: see reconcluder */
	RELOCATED_READ,     /* it counts as changed until the next scan has read it */
};

/** What the index made of it. */
struct relocated {
	uint32_t id; /* 0: it is no model */
	enum relocated_need need;
	bool is_alone; /* nothing else belonged to it where it was */
};

/** If it is a model, that lies there from now on. Inside a transaction. */
NODISCARD bool models_relocate(struct models *models, const struct relocation *relocation,
			       struct relocated *out, struct error *err);
/**
 * Its file left the library. Where it comes back as it was, it has its id again. Inside a
 * transaction.
 */
NODISCARD bool models_forget(struct models *models, uint32_t id, struct error *err);

/** Takes out everything about a root that the person removed. */
NODISCARD bool models_forget_root(struct models *models, int64_t root_id, struct error *err);

/** A part of a root: what lies below one of its folders. */
struct models_part {
	int64_t root_id;
	struct str below; /* the folder with a slash behind, relative to the root */
	struct str end;   /* the same with the byte behind the slash: all paths are before */
};

/**
 * Gives a part of a root to another root, whose folder it is. What that root knows already is only
 * taken out. Inside a transaction.
 */
NODISCARD bool models_hand_over(struct models *models, const struct models_part *part,
				int64_t to_root_id, struct error *err);

/** Where a model is and how large. False without error when there is no such model. */
struct model_place {
	int64_t root_id;
	struct str path;
	uint64_t size_bytes;
};
NODISCARD bool models_place(struct models *models, uint32_t id, struct arena *arena,
			    struct model_place *out, struct error *err);

#endif
