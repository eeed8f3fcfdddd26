// SPDX-License-Identifier: MIT
/**
 * Edits the text of a query by whole terms, so that a key can do what one could have typed.
 *
 * Knows only spaces, quotes and parentheses of the language; what terms mean is storage's.
 */
#ifndef TUI_APP_TERMS_H
#define TUI_APP_TERMS_H

#include "core/base/array.h"

/** Is `term` one of the top-level terms of `query`? */
bool terms_has(struct str query, struct str term);

/**
 * Writes `query` without its top-level terms that begin with one of `dropped`, and with `added` in
 * front (empty: none). What is left goes into parentheses when it holds an "or" beside `added`.
 */
void terms_edit(struct str query, const struct str *dropped, size_t n_dropped, struct str added,
		struct bytes *out);

#endif
