// SPDX-License-Identifier: MIT
/**
 * Sheets: pages of rows that take the place of the list. Each is a row of one table: what it asks of
 * the library, how its rows look, what its keys do. Cursor, scroll, mouse, the window of rows that is
 * here, asking again after a change, all that is one and the same.
 */
#ifndef TUI_APP_SHEET_H
#define TUI_APP_SHEET_H

#include "tui/app/effects.h"
#include "tui/layout.h"
#include "tui/widgets/list.h"

#define SHEET_FIRST PANE_HISTORY
#define SHEET_COUNT (PANE_COUNT - SHEET_FIRST)

struct app;

struct sheet {
	struct event *event; /* what its rows are from, owned; or NULL */
	struct list list;
	size_t first, n_here; /* the window of rows that `event` holds */
	uint32_t serial;      /* of what it asked for last */
	bool is_waiting;      /* for the answer */
	bool is_stale;        /* something has changed since it was asked for */
};

/** Rows of an answer: how many there are of all, and which of them it holds. */
struct sheet_window {
	size_t n_all, first, n;
};

struct sheet_ops {
	/** How many rows the application has of itself; NULL: the library is asked. */
	size_t (*count)(const struct app *app);
	/** A request for rows [first, first + n), its serial given by ask_new(). */
	struct request *(*ask)(struct app *app, size_t first, size_t n);
	struct sheet_window (*window)(const struct event *event);
	/** What is the same row in another answer, by its place in `event`. NULL: rows are places. */
	int64_t (*key)(const struct event *event, size_t i);
	/** What is neither moving nor leaving. @return true: taken. NULL: nothing is */
	bool (*command)(struct app *app, enum command command, struct effects *out);
	/** Row `i` of `event`. */
	void (*paint_row)(const struct app *app, size_t i, struct surface *line);
	/** Above the rows, whatever they scroll to. NULL: nothing */
	void (*paint_head)(const struct app *app, struct surface *head);
	int head_rows; /* where there is room for them; else one */
	/** What the row under the cursor has no room for. NULL: nothing */
	void (*paint_foot)(const struct app *app, size_t i, struct surface *foot);
	int foot_rows; /* where there is room for them; else half of them */
	struct str (*title)(const struct app *app, struct arena *arena);
	bool lights_itself; /* paint_row shows where the cursor is */
	const char *empty;  /* what is told when there are no rows */
};

/** The functions of struct pane_ops; `.sheet` tells what it is a sheet of. */
bool sheet_command(struct app *app, enum command command, struct effects *out);
void sheet_press(struct app *app, int line, struct effects *out);
void sheet_scroll(struct app *app, int lines, struct effects *out);
void sheet_resize(struct app *app, struct rect rect);
void sheet_paint(const struct app *app, struct surface *area);
void sheet_paint_title(const struct app *app, struct surface *line);
#define SHEET_PANE(NAME, WHERE, OPS)                                                          \
	{                                                                                     \
		.name = NAME, .where = WHERE, .command = sheet_command, .press = sheet_press, \
		.scroll = sheet_scroll, .resize = sheet_resize, .paint = sheet_paint,         \
		.paint_title = sheet_paint_title, .sheet = OPS,                               \
	}

/**
 * A label and a text, raw, on as many lines of a foot as `room` has; cut in the middle if need be.
 * @room  its x, y and rows; it reaches to the right edge
 */
void sheet_paint_text(const struct app *app, struct surface *foot, struct rect room,
		      const char *label, struct str raw);

/** Shows a sheet with the cursor at its top, and asks for its rows. */
void sheet_open(struct app *app, enum pane_id pane, struct effects *out);
/** Of the pane with the focus; NULL when that is no sheet. */
struct sheet *sheet_here(struct app *app);
/** The place in `event` of the row under the cursor; SIZE_MAX when it is not here. */
size_t sheet_cursor(const struct sheet *sheet);
/** Keeps an answer to a sheet. @return false: it was not asked for by one */
bool sheet_take(struct app *app, struct event *event, struct effects *out);
/** The rows in sight of the open sheets are asked for again: something has changed. */
void sheet_ask_again(struct app *app, struct effects *out);
/** Another library: what was asked of the old one is not answered any more. */
void sheet_reopened(struct app *app, struct effects *out);
/** Asks for the rows in sight that are not here. */
void sheet_ask_rows(struct app *app, struct effects *out);

#endif
