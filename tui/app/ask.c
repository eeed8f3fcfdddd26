// SPDX-License-Identifier: MIT
#include "tui/app/ask.h"

struct request *ask_new(struct app *app, enum request_type type)
{
	struct request *request = request_create(type);
	request->serial = ++app->serial;
	return request;
}

static struct request *new_query(struct app *app)
{
	struct request *request = ask_new(app, REQUEST_QUERY);
	request->as.query.text = arena_str(&request->arena, bytes_str(&app->wishes.query));
	request->as.query.sort = app->wishes.sort;
	request->as.query.descending = app->wishes.descending;
	request->as.query.checkpoint = app->checkpoint.id;
	request->as.query.filter = app->wishes.filter;
	return request;
}

/* Behind the list, which is not to wait for them. */
static void ask_counts(struct app *app, struct effects *out)
{
	if (!app->checkpoint.id)
		return;
	struct request *request = ask_new(app, REQUEST_MATRIX);
	uint32_t *id = ARENA_NEW(&request->arena, uint32_t);
	*id = app->checkpoint.id;
	request->as.matrix.checkpoints = id;
	request->as.matrix.n = 1;
	request->as.matrix.text = arena_str(&request->arena, bytes_str(&app->wishes.query));
	app->checkpoint.serial = request->serial;
	effects_send(out, request);
}

static void send_query(struct app *app, size_t first, size_t n_rows, bool is_same,
		       struct effects *out)
{
	struct request *request = new_query(app);
	request->as.query.first = first;
	request->as.query.n_rows = n_rows;
	app->models.serial = request->serial;
	app->models.is_requery = is_same && app->models.is_loaded;
	if (!app->models.is_requery) {
		app->models.is_awaited = true;
		app->models.marks_later = COMMAND_NONE;
	}
	app->requery_due_ms = 0;
	app->requery_last_ms = app->now_ms;
	effects_send(out, request);
	ask_counts(app, out);
}

void ask_models(struct app *app, bool is_same, struct effects *out)
{
	const struct list *list = &app->models.list;
	size_t rows = list->rows ? list->rows : 1;
	size_t first = is_same && list->top > rows ? list->top - rows : 0;
	/* What a new filter finds is looked at from its top: the fewer rows, the sooner they are here. */
	send_query(app, first, (is_same ? 4 : 2) * rows, is_same, out);
}

void ask_verdicts(struct app *app, struct effects *out)
{
	const struct list *list = &app->models.list;
	/* Layouts that are met for the first time take a while: those in sight come first. */
	send_query(app, list->top, list->rows ? list->rows : 1, true, out);
}

static bool is_missing(const struct rows *rows, size_t from, size_t to)
{
	for (size_t i = from; i < to && i < rows->n; i++)
		if (!rows_at(rows, i))
			return true;
	return false;
}

void ask_rows(struct app *app, struct effects *out)
{
	struct models *models = &app->models;
	const struct list *list = &models->list;
	size_t top = list->top, rows = list->rows ? list->rows : 1;
	bool is_near = is_missing(&models->rows, top > rows ? top - rows : 0, top + 2 * rows);
	/* What did not come for this window will not come by asking again. */
	if (!is_near || models->asked_top == top)
		return;
	/* A page more than is looked for, so that the next step does not ask again. */
	struct request *request = rows_request(&models->rows, top > 2 * rows ? top - 2 * rows : 0,
					       top + 3 * rows, app->checkpoint.id);
	if (!request)
		return;
	request->serial = ++app->serial;
	models->asked_top = top;
	if (is_missing(&models->rows, top, top + rows))
		app->hold_until_ms = app->now_ms + HOLD_MS;
	effects_send(out, request);
}

void ask_details(struct app *app, struct effects *out)
{
	struct details *details = &app->details;
	uint32_t id = app->models.cursor_id;
	app->details_due_ms = 0;
	if (!id || details->asked_id == id || !app_shows(app, PANE_DETAILS))
		return;
	struct request *request = ask_new(app, REQUEST_DETAILS);
	request->as.details.id = id;
	request->as.details.checkpoint = app->checkpoint.id;
	details->serial = request->serial;
	details->asked_id = id;
	effects_send(out, request);
}

void ask_groups(struct app *app, struct effects *out)
{
	struct request *request = ask_new(app, REQUEST_GROUPS);
	app->groups.serial = request->serial;
	effects_send(out, request);
}

void ask_roots(struct app *app, struct effects *out)
{
	effects_send(out, ask_new(app, REQUEST_ROOTS));
}

void ask_scan(struct app *app, struct str mode, struct effects *out)
{
	struct request *request = ask_new(app, REQUEST_SCAN);
	request->as.scan.full = str_equal(mode, STR("full"));
	request->as.scan.accept_missing = str_equal(mode, STR("accept-missing"));
	app->news.scan_serial = request->serial;
	app->news.is_scanning = true;
	app->news.seen = app->news.total = app->news.read = 0;
	bytes_clear(&app->news.summary);
	effects_send(out, request);
	app->dirty = true;
}
