// SPDX-License-Identifier: MIT
#include "tui/app/sheet.h"

#include "tui/app/app.h"
#include "tui/app/ask.h"
#include "tui/glyph.h"

#define LIT_COLS 24
#define LABEL_COLS 5 /* "from" */

static const struct sheet_ops *ops_of(enum pane_id pane)
{
	return app_pane(pane)->sheet;
}

static const struct sheet *shown(const struct app *app)
{
	return &app->sheets[app->focus - SHEET_FIRST];
}

struct sheet *sheet_here(struct app *app)
{
	return app->focus >= SHEET_FIRST ? &app->sheets[app->focus - SHEET_FIRST] : NULL;
}

size_t sheet_cursor(const struct sheet *sheet)
{
	size_t i = sheet->list.cursor;
	bool is_here = i >= sheet->first && i < sheet->first + sheet->n_here;
	return is_here ? i - sheet->first : SIZE_MAX;
}

/* Rows that the application has of itself are all here. */
static void count(struct app *app, enum pane_id pane)
{
	struct sheet *sheet = &app->sheets[pane - SHEET_FIRST];
	size_t n = ops_of(pane)->count(app);
	if (n != sheet->list.n)
		list_replace(&sheet->list, n, sheet->list.cursor);
	sheet->n_here = n;
}

/* A window more on both sides, so that the next step does not ask again. */
static void ask(struct app *app, enum pane_id pane, struct effects *out)
{
	struct sheet *sheet = &app->sheets[pane - SHEET_FIRST];
	size_t rows = sheet->list.rows ? sheet->list.rows : 1, top = sheet->list.top;
	if (ops_of(pane)->count) {
		count(app, pane);
		return;
	}
	struct request *request = ops_of(pane)->ask(app, top > rows ? top - rows : 0, 3 * rows);
	sheet->serial = request->serial;
	sheet->is_waiting = true;
	sheet->is_stale = false;
	effects_send(out, request);
}

void sheet_open(struct app *app, enum pane_id pane, struct effects *out)
{
	struct sheet *sheet = &app->sheets[pane - SHEET_FIRST];
	event_destroy(sheet->event);
	*sheet = (struct sheet){ 0 };
	app_open(app, pane);
	ask(app, pane, out);
}

/* What is on its way already is asked for once more when it is here: never two at a time. */
static void renew(struct app *app, enum pane_id pane, struct effects *out)
{
	struct sheet *sheet = &app->sheets[pane - SHEET_FIRST];
	if (sheet->is_waiting)
		sheet->is_stale = true;
	else
		ask(app, pane, out);
}

void sheet_ask_again(struct app *app, struct effects *out)
{
	for (size_t i = 0; i < app->n_below; i++)
		if (app->below[i] >= SHEET_FIRST)
			renew(app, app->below[i], out);
	if (app->focus >= SHEET_FIRST)
		renew(app, app->focus, out);
}

void sheet_reopened(struct app *app, struct effects *out)
{
	for (size_t i = 0; i < SHEET_COUNT; i++)
		app->sheets[i].is_waiting = false;
	sheet_ask_again(app, out);
}

void sheet_ask_rows(struct app *app, struct effects *out)
{
	const struct sheet *sheet = sheet_here(app);
	if (sheet && ops_of(app->focus)->count)
		count(app, app->focus);
	if (!sheet || sheet->is_waiting || sheet->list.n == 0)
		return;
	size_t top = sheet->list.top, end = top + sheet->list.rows;
	end = end < sheet->list.n ? end : sheet->list.n;
	if (top >= sheet->first && end <= sheet->first + sheet->n_here)
		return;
	app->hold_until_ms = app->now_ms + HOLD_MS;
	ask(app, app->focus, out);
}

/* Where the row under the cursor is now; where it was when it is not among those that came. */
static size_t follow(const struct sheet *sheet, const struct sheet_ops *ops,
		     const struct event *event, struct sheet_window window)
{
	size_t here = sheet_cursor(sheet);
	if (!ops->key || here == SIZE_MAX)
		return sheet->list.cursor;
	int64_t key = ops->key(sheet->event, here);
	for (size_t i = 0; i < window.n; i++)
		if (ops->key(event, i) == key)
			return window.first + i;
	return sheet->list.cursor;
}

static void take(struct app *app, struct sheet *sheet, const struct sheet_ops *ops,
		 struct event *event)
{
	struct sheet_window window = ops->window(event);
	list_replace(&sheet->list, window.n_all, follow(sheet, ops, event, window));
	event_destroy(sheet->event);
	sheet->event = event;
	sheet->first = window.first;
	sheet->n_here = window.n;
	sheet->is_waiting = false;
	app->hold_until_ms = 0;
	app->dirty = true;
}

bool sheet_take(struct app *app, struct event *event, struct effects *out)
{
	for (size_t i = 0; i < SHEET_COUNT; i++) {
		struct sheet *sheet = &app->sheets[i];
		if (!sheet->is_waiting || event->serial != sheet->serial)
			continue;
		if (event->type == EVENT_FAILED) {
			sheet->is_waiting = false;
			return false;
		}
		enum pane_id pane = (enum pane_id)(SHEET_FIRST + i);
		take(app, sheet, ops_of(pane), event);
		if (sheet->is_stale)
			ask(app, pane, out);
		return true;
	}
	return false;
}

bool sheet_command(struct app *app, enum command command, struct effects *out)
{
	const struct sheet_ops *ops = ops_of(app->focus);
	return list_command(&sheet_here(app)->list, command) ||
	       (ops->command && ops->command(app, command, out));
}

static int head_rows(const struct sheet_ops *ops, int rows)
{
	if (!ops->paint_head)
		return 0;
	return rows >= 4 * ops->head_rows ? ops->head_rows : 1;
}

void sheet_press(struct app *app, int line, struct effects *out)
{
	struct list *list = &sheet_here(app)->list;
	line -= head_rows(ops_of(app->focus), app->layout.panes[app->focus].rows);
	if (line < 0)
		return;
	size_t i = list_at_line(list, (size_t)line);
	bool is_again = i == list->cursor;
	if (i == list->n)
		return;
	list_to(list, i);
	if (is_again)
		sheet_command(app, COMMAND_IN, out);
}

void sheet_scroll(struct app *app, int lines, struct effects *out)
{
	(void)out;
	list_scroll(&sheet_here(app)->list, lines);
}

static int foot_rows(const struct sheet_ops *ops, int rows)
{
	if (!ops->paint_foot)
		return 0;
	return rows >= 4 * ops->foot_rows ? ops->foot_rows : ops->foot_rows / 2;
}

void sheet_resize(struct app *app, struct rect rect)
{
	const struct sheet_ops *ops = ops_of(app->focus);
	int rows = rect.rows - head_rows(ops, rect.rows) - foot_rows(ops, rect.rows);
	list_resize(&sheet_here(app)->list, rows > 0 ? (size_t)rows : 0);
}

static void paint_line(const struct app *app, size_t i, struct surface *line)
{
	const struct sheet *sheet = shown(app);
	if (i >= sheet->first && i < sheet->first + sheet->n_here)
		ops_of(app->focus)->paint_row(app, i - sheet->first, line);
	else
		surface_text(line, 1, 0, STYLE_DIM, glyph_str(GLYPH_ELLIPSIS, line->signs), 1);
	if (i != sheet->list.cursor || ops_of(app->focus)->lights_itself)
		return;
	/* As in the list: two whole rows a step would be too many bytes for a slow line. */
	surface_select(line, 0, 0, LIT_COLS);
	surface_put_cursor(line, 1, 0, false);
}

void sheet_paint(const struct app *app, struct surface *area)
{
	const struct sheet *sheet = shown(app);
	const struct sheet_ops *ops = ops_of(app->focus);
	int rows = (int)sheet->list.rows, cols = area->rect.cols;
	int y0 = head_rows(ops, area->rect.rows);
	if (sheet->list.n == 0) {
		const char *text = sheet->is_waiting && !sheet->event ? "looking" : ops->empty;
		surface_text_cut(area, 1, 0, STYLE_DIM, str_from(text), cols - 2);
		return;
	}
	struct surface head = surface_part(area, (struct rect){ 0, 0, cols, y0 });
	if (y0 > 0)
		ops->paint_head(app, &head);
	for (int y = 0; y < rows && sheet->list.top + (size_t)y < sheet->list.n; y++) {
		struct surface line = surface_part(area, (struct rect){ 0, y0 + y, cols, 1 });
		paint_line(app, sheet->list.top + (size_t)y, &line);
	}
	struct surface foot = surface_part(
		area, (struct rect){ 0, y0 + rows, cols, area->rect.rows - rows - y0 });
	if (foot.rect.rows > 0 && sheet_cursor(sheet) != SIZE_MAX)
		ops->paint_foot(app, sheet_cursor(sheet), &foot);
}

void sheet_paint_title(const struct app *app, struct surface *line)
{
	struct str title = ops_of(app->focus)->title(app, line->scratch);
	surface_text_cut(line, 1, 0, STYLE_TITLE, title, line->rect.cols - 2);
}

void sheet_paint_text(const struct app *app, struct surface *foot, struct rect room,
		      const char *label, struct str raw)
{
	int x = room.x + LABEL_COLS, cols = foot->rect.cols - x - 1;
	struct str text = app_clean(app, foot->scratch, raw);
	surface_text(foot, room.x, room.y, STYLE_LABEL, str_from(label), LABEL_COLS);
	if (cols <= 0)
		return;
	text = text_cut_middle(foot->scratch, text, (size_t)(room.rows * cols), app->signs);
	for (int i = 0; i < room.rows && text.len > 0; i++) {
		size_t part_cols, len = text_fit(text, (size_t)cols, &part_cols);
		surface_text(foot, x, room.y + i, STYLE_DIM, str_slice(text, 0, len), cols);
		text = str_slice(text, len, text.len);
	}
}
