// SPDX-License-Identifier: MIT
/**
 * Sets, as the library tells of them and as they are changed.
 */
#ifndef STORAGE_SET_INFO_H
#define STORAGE_SET_INFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/str.h"

/** A LoRA as it stands in a set. */
struct set_weights {
	double weight;
	bool has_weight_te; /* else the text encoders get the same */
	double weight_te;
};

#define SET_IS_THERE "set-is-there" /* slug of a failed change: another set has that name */

enum set_action { SET_NEW, SET_COPY, SET_RENAME, SET_DELETE, SET_PUT, SET_TAKE, SET_NOTE, SET_TAG };

/** A LoRA that goes into a set: a model of the index, or a subject that is in the set already. */
struct set_put {
	uint32_t id;
	int64_t subject;
	struct set_weights weights;
};

/** What is to become of a set. */
struct set_change {
	enum set_action action;
	struct str name;  /* which */
	struct str other; /* COPY, RENAME: the other name; NEW, NOTE: the text, STR_NULL for none */
	uint32_t checkpoint;        /* NEW, PUT: id; 0: as it is */
	int64_t checkpoint_subject; /* instead: one that is in the set already; 0: none */
	const struct set_put *loras;
	size_t n_loras; /* NEW, PUT: last ones last */
	bool is_all;    /* PUT: and nothing else; the set is made when there is none */
	const int64_t *subjects;
	size_t n_subjects; /* TAKE */
	const struct str *add;
	size_t n_add; /* NEW, TAG */
	const struct str *remove;
	size_t n_remove;
};

/** A model of a set, by where it was last. */
struct set_part {
	int64_t subject;
	uint32_t id;                /* 0: the index has it no more */
	struct str path;            /* absolute */
	struct set_weights weights; /* of a LoRA */
};

struct set_info {
	struct str name, note; /* note STR_NULL: none */
	const struct str *tags;
	size_t n_tags;
	bool has_checkpoint;
	struct set_part checkpoint;
	const struct set_part *loras;
	size_t n_loras;
};

#endif
