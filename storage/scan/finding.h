// SPDX-License-Identifier: MIT
/**
 * What the scanner found out about one candidate, and a model as one flat buffer without pointers.
 *
 * The flat form is what index.db stores and what crosses a process wall: it carries its
 * own length checks and a version, and decoding treats it as hostile.
 */
#ifndef STORAGE_SCAN_FINDING_H
#define STORAGE_SCAN_FINDING_H

#include "core/identify/model.h"
#include "core/base/array.h"

/** Identity of a file on disk: contract.md, "Unchanged means". */
struct file_state {
	uint64_t inode, size_bytes;
	int64_t mtime_ns, ctime_ns;
};

/** A file that the index knows, loaded once per root before its walk. */
struct known_file {
	struct str path; /* relative to the root, raw bytes */
	struct file_state state;
	uint64_t context; /* hash of the states of its sidecars and neighbours */
	uint32_t id;
	bool is_missing;
	bool is_damaged; /* its stored status: counted again while it is unchanged */
};

/** What was read of one model, without pointers: as it is stored, as it crosses a process wall. */
struct flat {
	struct str model;  /* model_encode(); STR_NULL: not read */
	struct str facts;  /* facts_encode(): what the model was concluded from */
	struct str layout; /* layout_squeeze(), once a reader: later models name its key. It crosses
				the wall with a model and goes its own way from there */
};

enum finding_type {
	FINDING_MODEL,     /* new (id 0) or changed: `model` and `flat` are filled */
	FINDING_MOVED,     /* id is now at `path`, same content; where its name or its folder's
				   changed it was read again, since names are evidence: `model` and
				   `flat` are filled then, else `flat` is empty */
	FINDING_SEEN,      /* was marked missing, is back unchanged */
	FINDING_GONE,      /* missing since now; only `id` and `path` are filled */
	FINDING_PASSED_BY, /* the person wants it to be ignored since now; as GONE */
};

struct finding {
	enum finding_type type;
	uint32_t id;
	int64_t root_id;
	struct str path; /* relative to the root */
	struct file_state state;
	uint64_t context;
	struct str target;            /* of a link: the real path that it leads to; else STR_NULL */
	struct model model;           /* borrows from `flat` and the batch */
	struct flat flat;             /* the same, as it is to be stored */
	const struct str *companions; /* names in the same folder */
	size_t n_companions;
};

/* The first byte. What the first version wrote is read as well: it knew of no aliases. */
#define MODEL_FLAT_VERSION 2u

/** Appends the flat form to `out`. */
void model_encode(const struct model *model, struct bytes *out);
/** @err FORMAT when the buffer is not one of ours; slices borrow from `flat` or live in `arena`. */
NODISCARD bool model_decode(struct str flat, struct arena *arena, struct model *out,
			    struct error *err);

#endif
