// SPDX-License-Identifier: MIT
/**
 * What is known of the matching models: their ids in order, and the rows near the window.
 *
 * Never all rows: 8 bytes a model, and the last few windows. Events are kept whole, so nothing
 * that they carry is copied.
 */
#ifndef TUI_APP_ROWS_H
#define TUI_APP_ROWS_H

#include "storage/messages.h"

#define ROWS_WINDOWS 6

struct rows {
	struct event *result;                /* owned; NULL before the first */
	struct event *windows[ROWS_WINDOWS]; /* owned; RESULT without ids or ROWS, newest first */
	size_t n;
};

void rows_finish(struct rows *rows);
/** Takes an EVENT_RESULT that has no mistake. `is_more`: of the same query as the one before. */
void rows_take_result(struct rows *rows, struct event *event, bool is_more);
/** Takes an EVENT_ROWS. */
void rows_take_window(struct rows *rows, struct event *event);
/** The id at `i`; 0 while it is not known. */
uint32_t rows_id(const struct rows *rows, size_t i);
/** The row at `i`; NULL while it is not here. */
const struct row *rows_at(const struct rows *rows, size_t i);
/** Where the model is; `n` when it is not there or not known. */
size_t rows_find(const struct rows *rows, uint32_t id);
bool rows_has_ids(const struct rows *rows);
/** Are there more matches than are counted so far? */
bool rows_is_part(const struct rows *rows);
/** A REQUEST_ROWS for what is missing in [from, to), or NULL when nothing is. */
struct request *rows_request(const struct rows *rows, size_t from, size_t to, uint32_t checkpoint);

#endif
