// SPDX-License-Identifier: MIT
/**
 * A plan: what an operation is going to do to files, step by step, before it does anything.
 *
 * One type for organise, move, rename, trash, duplicates and import: whoever shows, amends, keeps or
 * carries out a plan need not know which of them made it.
 */
#ifndef CORE_ORGANISE_PLAN_H
#define CORE_ORGANISE_PLAN_H

#include <stdint.h>

#include "core/identify/model.h"

enum plan_action {
	PLAN_MOVE,    /* the old name goes and the new one comes; also a rename */
	PLAN_COPY,    /* a companion that a model which stays needs as well */
	PLAN_TRASH,   /* into the trash; where exactly is known when it is done */
	PLAN_RESTORE, /* out of the trash: `old` lies in its files folder */
	PLAN_LINK,    /* `new` becomes another name of the file `old`, which has the same content */
	PLAN_EXTRACT, /* out of an archive: `old` is the archive, `member` the path in it */
	PLAN_WRITE,   /* a sidecar with `says` in it; `old` and `new` are its path, which a TRASH
			 before it in its group makes free */
	PLAN_ACTION_COUNT
};
const char *plan_action_word(enum plan_action action); /* "move" */
enum plan_action plan_action_find(struct str word);    /* PLAN_ACTION_COUNT when there is none */

/** A file as it was when the plan was made: what is another now is not touched. Folders have neither
 *  size nor time. */
struct plan_file {
	uint64_t dev, ino, size_bytes;
	int64_t mtime_ns;
};

struct plan_step {
	uint32_t model; /* id in the index; 0: none */
	uint32_t group; /* steps with one number are done all or none */
	enum plan_action action;
	bool is_companion;
	bool is_folder;          /* `old` is a folder that moves whole */
	bool is_seen;            /* `source` is of a plain file that was looked at for this plan */
	struct str old, new;     /* absolute, raw bytes; TRASH: `new` is STR_NULL */
	struct str other;        /* EXTRACT: the member of the archive; TRASH: the file of the same
					   content that stays instead; else empty */
	int64_t mtime_ns;        /* MOVE: its time when it is copied; 0: as it is. The way back from
					   a disk that keeps less of a time */
	struct plan_file source; /* `old`; EXTRACT: the archive, but the size of the member, and
					   the device that it goes to */
	struct str says, said;   /* WRITE: what comes to stand in it, and what stood there of that
				  (core/organise/sidecar_tell.h); else STR_NULL */
	struct str sha256;   /* EXTRACT: what its bytes must have; STR_NULL: whatever they have */
	struct str found;    /* EXTRACT: what the model is, by plan_found; else STR_NULL */
	struct str conflict; /* why it cannot be done, in one line; STR_NULL: it can */
	struct str note; /* what is worth knowing and hinders nothing, in one line; or STR_NULL */
};

struct plan {
	struct str what;  /* the command: "organise" */
	struct str words; /* the rest, for people: the template, the folder, ... */
	struct plan_step *steps;
	size_t n_steps;        /* a model's companions after it */
	size_t n_conflicts;    /* while there is one, nothing at all is done */
	size_t n_notes;        /* steps that have one */
	uint64_t bytes;        /* of all files that it is about */
	uint64_t bytes_copied; /* of these, what goes to another device */
	uint64_t free_bytes;   /* on the fullest device that something is copied to */
	int64_t surveyed_ms; /* monotonic: when the disk was looked at for all of it; 0: who knows */
};

/** What a model is, in as few words as tell it from another: "lora sdxl-pony". On `arena`. */
struct str plan_found(const struct model *model, struct arena *arena);

/** A copy that owns nothing of the original. Conflicts and notes are left out: they are found anew,
 * since a copy is kept, or amended. */
void plan_copy(const struct plan *plan, struct arena *arena, struct plan *out);

#endif
