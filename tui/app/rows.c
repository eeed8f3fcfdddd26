// SPDX-License-Identifier: MIT
#include "tui/app/rows.h"

#include <string.h>

static void drop_windows(struct rows *rows)
{
	for (size_t i = 0; i < ROWS_WINDOWS; i++) {
		event_destroy(rows->windows[i]);
		rows->windows[i] = NULL;
	}
}

void rows_finish(struct rows *rows)
{
	if (!rows)
		return;
	drop_windows(rows);
	event_destroy(rows->result);
	*rows = (struct rows){ 0 };
}

void rows_take_window(struct rows *rows, struct event *event)
{
	event_destroy(rows->windows[ROWS_WINDOWS - 1]);
	memmove(rows->windows + 1, rows->windows, (ROWS_WINDOWS - 1) * sizeof(*rows->windows));
	rows->windows[0] = event;
}

void rows_take_result(struct rows *rows, struct event *event, bool is_more)
{
	if (is_more && rows->result) {
		rows_take_window(rows, rows->result);
	} else {
		drop_windows(rows);
		event_destroy(rows->result);
	}
	rows->result = event;
	rows->n = (size_t)event->as.result.n;
}

bool rows_has_ids(const struct rows *rows)
{
	return rows->result && (rows->result->as.result.ids || rows->n == 0);
}

bool rows_is_part(const struct rows *rows)
{
	return rows->result && rows->result->as.result.is_part;
}

/* The rows that came along with the result, by place. */
static const struct row *row_of_result(const struct rows *rows, size_t i)
{
	if (!rows->result)
		return NULL;
	size_t first = rows->result->as.result.first;
	if (i < first || i - first >= rows->result->as.result.n_rows)
		return NULL;
	return &rows->result->as.result.rows[i - first];
}

uint32_t rows_id(const struct rows *rows, size_t i)
{
	if (i >= rows->n)
		return 0;
	if (rows->result->as.result.ids)
		return rows->result->as.result.ids[i];
	const struct row *row = row_of_result(rows, i);
	return row ? row->id : 0;
}

static const struct row *find_in(const struct event *event, uint32_t id)
{
	bool is_result = event->type == EVENT_RESULT;
	const struct row *list = is_result ? event->as.result.rows : event->as.rows.rows;
	size_t n = is_result ? event->as.result.n_rows : event->as.rows.n;
	for (size_t i = 0; i < n; i++)
		if (list[i].id == id)
			return &list[i];
	return NULL;
}

static const struct row *row_by_id(const struct rows *rows, uint32_t id)
{
	for (size_t i = 0; id && i < ROWS_WINDOWS && rows->windows[i]; i++) {
		const struct row *row = find_in(rows->windows[i], id);
		if (row)
			return row;
	}
	return NULL;
}

const struct row *rows_at(const struct rows *rows, size_t i)
{
	uint32_t id = rows_id(rows, i);
	const struct row *row = id ? row_of_result(rows, i) : NULL;
	return row && row->id == id ? row : row_by_id(rows, id);
}

size_t rows_find(const struct rows *rows, uint32_t id)
{
	if (!rows->result || !id)
		return rows->n;
	const uint32_t *ids = rows->result->as.result.ids;
	if (ids) {
		for (size_t i = 0; i < rows->n; i++)
			if (ids[i] == id)
				return i;
		return rows->n;
	}
	size_t first = rows->result->as.result.first;
	for (size_t i = 0; i < rows->result->as.result.n_rows; i++)
		if (rows->result->as.result.rows[i].id == id)
			return first + i;
	return rows->n;
}

struct request *rows_request(const struct rows *rows, size_t from, size_t to, uint32_t checkpoint)
{
	if (to > rows->n)
		to = rows->n;
	if (from >= to || !rows_has_ids(rows))
		return NULL;
	struct request *request = request_create(REQUEST_ROWS);
	uint32_t *ids = ARENA_NEW_N(&request->arena, uint32_t, to - from);
	size_t n = 0;
	for (size_t i = from; i < to; i++)
		if (!rows_at(rows, i))
			ids[n++] = rows_id(rows, i);
	request->as.rows.ids = ids;
	request->as.rows.n = n;
	request->as.rows.checkpoint = checkpoint;
	if (n)
		return request;
	request_destroy(request);
	return NULL;
}
