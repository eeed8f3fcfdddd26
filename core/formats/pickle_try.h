// SPDX-License-Identifier: MIT
/**
 * Bytes that may be pickles: behind a pickle, inside of its bytes, in other members of an archive.
 */
#ifndef CORE_FORMATS_PICKLE_TRY_H
#define CORE_FORMATS_PICKLE_TRY_H

#include "core/formats/pickle.h"

#define PICKLE_NESTING_MAX 3u

/** How much speaks for a pickle. */
enum pickle_promise {
	PROMISE_NONE, /* nothing does: a whole one counts, and one with a protocol */
	PROMISE_NAME, /* its name does: what is broken in it is broken in the file */
};

/** Does it begin with a protocol that Python reads? */
bool pickle_has_magic(const struct blob *blob, uint64_t at, uint64_t end);

/**
 * Reads one pickle from `*at`, and those inside of its bytes, and adds what is found.
 *
 * @at      moved behind the pickle
 * @return  false when it is none: nothing is added then
 */
bool pickle_try(const struct blob *blob, uint64_t *at, uint64_t end, enum pickle_promise promise,
		struct pickle_budget *budget, struct pickle_findings *findings);

/** Tries all that follows; returns how many pickles did. */
unsigned pickle_try_all(const struct blob *blob, uint64_t at, uint64_t end,
			struct pickle_budget *budget, struct pickle_findings *findings);

/**
 * Reads the pickles in the bytes that are handed to functions, and gives those that made a storage
 * of torch.storage._load_from_bytes its persistent id as state.
 */
void pickle_read_nested(struct pickle *pickle, unsigned depth);

#endif
