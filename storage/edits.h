// SPDX-License-Identifier: MIT
/**
 * What people change about models, as the writer carries it out: in user.db, then told.
 */
#ifndef STORAGE_EDITS_H
#define STORAGE_EDITS_H

#include "storage/store.h"

/** What came of an edit. */
struct edit_result {
	uint64_t n_changed; /* models or sets */
	int64_t operation;  /* its id; 0: nothing was changed */
};

/** @request  a REQUEST_TAG with its ids. @err USAGE for a text that cannot be a tag */
NODISCARD bool edits_tag(struct store *store, struct request *request, struct edit_result *result,
			 struct error *err);
/** @request  a REQUEST_WORDS with its ids. @err USAGE for what cannot be */
NODISCARD bool edits_words(struct store *store, struct request *request, struct edit_result *result,
			   struct error *err);
/** @request  a REQUEST_RESTORE. All or nothing, as one operation. @err FORMAT with the line */
NODISCARD bool edits_restore(struct store *store, struct request *request,
			     struct edit_result *result, struct error *err);
/** @request  a REQUEST_CORRECT with its ids. The index follows at once; no file is read again. */
NODISCARD bool edits_correct(struct store *store, struct request *request,
			     struct edit_result *result, struct error *err);

#endif
