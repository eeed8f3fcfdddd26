// SPDX-License-Identifier: MIT
#include "tui/panes/models.h"

#include "tui/app/ask.h"
#include "tui/panes/models_paint.h"
#include "tui/words.h"

bool models_sort_descends(enum sort_key key)
{
	return key == SORT_SIZE || key == SORT_ADDED || key == SORT_MODIFIED || key == SORT_RANK;
}

const struct row *models_row(const struct app *app)
{
	const struct models *models = &app->models;
	return models->list.n ? rows_at(&models->rows, models->list.cursor) : NULL;
}

/* The cursor stands elsewhere or the list is another: what depends on it follows. */
static void moved(struct app *app, struct effects *out)
{
	struct models *models = &app->models;
	models->cursor_id = rows_id(&models->rows, models->list.cursor);
	ask_rows(app, out);
	if (models->cursor_id && models->cursor_id != app->details.asked_id &&
	    app_shows(app, PANE_DETAILS))
		app->details_due_ms = app->now_ms + DETAILS_REST_MS;
	app->dirty = true;
}

bool models_move(struct app *app, enum command command, struct effects *out)
{
	if (!list_command(&app->models.list, command))
		return false;
	moved(app, out);
	return true;
}

/* Until somebody is there, a list that fills shows its beginning. */
static void place_cursor(struct models *models, bool is_requery)
{
	size_t found = models->is_touched ? rows_find(&models->rows, models->cursor_id) : 0;
	if (models->is_touched && found == models->rows.n)
		found = is_requery ? models->list.cursor : 0;
	list_replace(&models->list, models->rows.n, found);
}

static void mark_shown(struct app *app, bool inverts)
{
	const struct rows *rows = &app->models.rows;
	const uint32_t *ids = rows->n ? rows->result->as.result.ids : NULL;
	if (inverts)
		marks_invert(&app->marks, ids, rows->n);
	else
		marks_add(&app->marks, ids, rows->n);
}

/* All that the filter finds is here. */
static void settle(struct app *app)
{
	struct models *models = &app->models;
	enum command command = models->marks_later;
	models->is_awaited = false;
	models->marks_later = COMMAND_NONE;
	if (command != COMMAND_NONE)
		mark_shown(app, command == COMMAND_INVERT);
}

bool models_take_result(struct app *app, struct event *event, struct effects *out)
{
	struct models *models = &app->models;
	bool has_ids = event->as.result.ids || event->as.result.n == 0;
	bool is_more = models->rows.result && models->rows.result->serial == event->serial;
	bool is_first = !models->is_loaded;
	models->n_library = event->as.result.n_library;
	if (models->is_requery && !has_ids)
		return false;
	rows_take_result(&models->rows, event, is_more);
	place_cursor(models, models->is_requery || is_more);
	models->is_loaded = true;
	models->asked_top = SIZE_MAX;
	if (models->is_requery && !is_more)
		app->details.asked_id = 0; /* what is said there may be old */
	moved(app, out);
	if (is_first)
		ask_details(app, out);
	if (has_ids && !rows_is_part(&models->rows))
		settle(app);
	return true;
}

void models_choose(struct app *app, struct effects *out)
{
	const struct row *row = models_row(app);
	struct checkpoint *chosen = &app->checkpoint;
	if (!row)
		return;
	if (row->id != chosen->id && row->kind != KIND_CHECKPOINT &&
	    row->kind != KIND_DIFFUSION_MODEL) {
		app_tell(app, STYLE_MISTAKE,
			 "only checkpoints can be chosen, not: %s; / kind:checkpoint finds them",
			 kind_name(row->kind));
		return;
	}
	bool lets_go = row->id == chosen->id;
	chosen->id = lets_go ? 0 : row->id;
	chosen->has_counts = false;
	bytes_clear(&chosen->name);
	bytes_clear(&chosen->base_model);
	if (lets_go) {
		app->wishes.filter = FILTER_ALL;
	} else {
		bytes_append_str(&chosen->name, row->name);
		bytes_append_str(&chosen->base_model, row->base_model);
		app_tell(app, STYLE_NORMAL,
			 app->wishes.query.len ? "chosen; Esc drops the filter, f shows what fits"
					       : "chosen; f shows what fits, a takes a LoRA");
	}
	app->details.asked_id = 0;
	ask_verdicts(app, out);
	tray_ask(app, out);
	app->dirty = true;
}

static void mark(struct app *app, struct effects *out)
{
	struct models *models = &app->models;
	if (models->has_range) {
		models_end_range(app);
		return;
	}
	if (!models->cursor_id)
		return;
	marks_toggle(&app->marks, models->cursor_id);
	models_move(app, COMMAND_DOWN, out);
}

void models_end_range(struct app *app)
{
	struct models *models = &app->models;
	if (!models->has_range)
		return;
	size_t from, to;
	models_range(app, &from, &to);
	if (rows_has_ids(&models->rows) && to > from)
		marks_add(&app->marks, models->rows.result->as.result.ids + from, to - from);
	models->has_range = false;
	app->dirty = true;
}

static void toggle_range(struct app *app)
{
	struct models *models = &app->models;
	if (models->has_range) {
		models_end_range(app);
	} else if (models->cursor_id) {
		models->has_range = true;
		models->range_id = models->cursor_id;
	}
}

/* Whoever types ahead means what the filter finds, and not what still stands there. */
static void mark_all(struct app *app, enum command command)
{
	models_end_range(app);
	app->models.marks_later = app->models.is_awaited ? command : COMMAND_NONE;
	if (!app->models.is_awaited)
		mark_shown(app, command == COMMAND_INVERT);
}

static void open_details(struct app *app, struct effects *out)
{
	if (!app->models.list.n)
		return;
	app_focus(app, PANE_DETAILS);
	ask_details(app, out);
}

static bool command(struct app *app, enum command command, struct effects *out)
{
	if (models_move(app, command, out))
		return true;
	if (command == COMMAND_IN)
		open_details(app, out);
	else if (command == COMMAND_MARK)
		mark(app, out);
	else if (command == COMMAND_RANGE)
		toggle_range(app);
	else if (command == COMMAND_MARK_ALL || command == COMMAND_INVERT)
		mark_all(app, command);
	else if (command == COMMAND_BACK && app->models.has_range)
		app->models.has_range = false;
	else
		return false;
	return true;
}

static void press(struct app *app, int line, struct effects *out)
{
	size_t i = list_at_line(&app->models.list, (size_t)line);
	if (i == app->models.list.n)
		return;
	list_to(&app->models.list, i);
	moved(app, out);
}

static void scroll(struct app *app, int lines, struct effects *out)
{
	list_scroll(&app->models.list, lines);
	moved(app, out);
}

static void resize(struct app *app, struct rect rect)
{
	list_resize(&app->models.list, (size_t)rect.rows);
}

const struct pane_ops models_pane = {
	.name = "the list",
	.where = WHERE_MODELS,
	.command = command,
	.press = press,
	.scroll = scroll,
	.resize = resize,
	.paint = models_paint,
	.paint_title = models_paint_title,
};
