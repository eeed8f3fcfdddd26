// SPDX-License-Identifier: MIT
#include "tui/sheets/history.h"

#include "tui/app/ask.h"
#include "tui/app/changes.h"
#include "tui/words.h"

enum { AGE_COLS = 4, STATE_COLS = 9, COUNT_COLS = 8 };

/* Among so many the one that `u` takes back is found, unless more than that failed. */
enum { NEWEST_ASKED = 100 };

static const struct {
	const char *state, *word;
	enum style style;
} states[] = {
	{ "planned", "cut short", STYLE_WARNING }, { "running", "cut short", STYLE_WARNING },
	{ "conflict", "conflict", STYLE_WARNING }, { "rolled-back", "not done", STYLE_DIM },
	{ "done", "done", STYLE_NORMAL },
};

const char *history_state(const struct operation *operation, enum style *style)
{
	*style = STYLE_DIM;
	if (operation->stands == OPERATION_UNDONE)
		return "undone";
	if (operation->stands == OPERATION_STANDS_PARTLY) {
		*style = STYLE_WARNING;
		return "partly";
	}
	if (!operation->is_asked && str_equal(operation->what, STR("relink")))
		return "re-linked";
	for (size_t i = 0; i < sizeof states / sizeof *states; i++)
		if (str_equal(operation->state, str_from(states[i].state))) {
			*style = states[i].style;
			return states[i].word;
		}
	return "";
}

struct str history_words(const struct app *app, const struct operation *operation,
			 struct arena *arena)
{
	struct str what = app_clean(app, arena, operation->what);
	struct str words = app_clean(app, arena, operation->words);
	return arena_strf(arena, "%.*s%s%.*s", STR_ARG(what), words.len > 0 ? " " : "",
			  STR_ARG(words));
}

static struct request *ask(struct app *app, size_t first, size_t n)
{
	struct request *request = ask_new(app, REQUEST_HISTORY);
	request->as.history.first = first;
	request->as.history.n = n;
	return request;
}

static struct sheet_window window(const struct event *event)
{
	return (struct sheet_window){ event->as.history.n_all, event->as.history.first,
				      event->as.history.n };
}

static int64_t key(const struct event *event, size_t i)
{
	return event->as.history.lines[i].id;
}

static const struct operation *operation_here(struct app *app)
{
	const struct sheet *sheet = sheet_here(app);
	size_t i = sheet_cursor(sheet);
	return i == SIZE_MAX ? NULL : &sheet->event->as.history.lines[i];
}

void history_revert(struct app *app, enum operation_way way, int64_t id, unsigned n,
		    struct effects *out)
{
	struct request *request = ask_new(app, REQUEST_UNDO);
	request->as.undo.way = way;
	request->as.undo.id = id;
	request->as.undo.n = n;
	app->history.serial = id && way == OPERATION_UNDO ? request->serial : 0;
	app->news.undo_serial = request->serial;
	app->news.is_redo = way == OPERATION_REDO;
	jobs_begin(app, request->serial, way == OPERATION_REDO ? STR("redo") : STR("undo"));
	effects_send(out, request);
}

static void undo_one(struct app *app, struct effects *out)
{
	history_revert(app, OPERATION_UNDO, app->history.asked, 1, out);
}

static void undo_down_to_it(struct app *app, struct effects *out)
{
	history_revert(app, OPERATION_UNDO, 0, (unsigned)app->history.n_undo, out);
}

bool history_take_failed(struct app *app, const struct event *event)
{
	char digits[WORDS_BYTES];
	if (!app->history.serial || event->serial != app->history.serial)
		return false;
	app->history.serial = 0;
	if (event->as.failed.code != ERROR_CHANGED || app->history.n_undo < 2)
		return false;
	question_ask(app, undo_down_to_it,
		     "changed again since: take back the last %.*s, down to this one?",
		     STR_ARG(words_count(digits, app->history.n_undo)));
	return true;
}

/* What was done, which is less than was planned where it was stopped or the program was killed. */
static struct str count_words(const struct operation *operation, struct arena *arena)
{
	char digits[WORDS_BYTES];
	uint64_t n = operation->n_changed;
	return arena_strf(arena, "%.*s %s%s", STR_ARG(words_count(digits, n)),
			  operation->n_steps > 0 ? "model" : "change", n == 1 ? "" : "s");
}

/* @format  takes its words and how much it did */
static void ask_about(struct app *app, const struct operation *operation, const char *format)
{
	struct arena arena = { 0 };
	app->history.asked = operation->id;
	app->history.n_undo = operation->n_undo;
	question_ask(app, undo_one, format, STR_ARG(history_words(app, operation, &arena)),
		     STR_ARG(count_words(operation, &arena)));
	arena_finish(&arena);
}

void history_ask_newest(struct app *app, struct effects *out)
{
	struct request *request = ask(app, 0, NEWEST_ASKED);
	app->history.newest_serial = request->serial;
	effects_send(out, request);
}

void history_take_newest(struct app *app, const struct event *event)
{
	if (!app->history.newest_serial || event->serial != app->history.newest_serial)
		return;
	app->history.newest_serial = 0;
	for (size_t i = 0; i < event->as.history.n; i++) {
		const struct operation *operation = &event->as.history.lines[i];
		if (operation->n_undo != 1)
			continue;
		ask_about(app, operation,
			  "the last change failed; done last was %.*s (%.*s): take it back?");
		return;
	}
	app_tell(app, STYLE_MISTAKE, "the last change failed, and there is nothing else to undo");
}

static void undo(struct app *app)
{
	const struct operation *operation = operation_here(app);
	if (!operation || !changes_may_write(app))
		return;
	if (operation->stands == OPERATION_UNDONE) {
		app_tell(app, STYLE_MISTAKE, "this is undone already; U makes it again");
		return;
	}
	ask_about(app, operation, "take back %.*s (%.*s)?");
}

static void redo(struct app *app, struct effects *out)
{
	const struct operation *operation = operation_here(app);
	if (!operation || !changes_may_write(app))
		return;
	if (operation->stands != OPERATION_STANDS)
		history_revert(app, OPERATION_REDO, operation->id, 1, out);
	else
		app_tell(app, STYLE_MISTAKE, "this stands; u takes it back");
}

static void open_steps(struct app *app, struct effects *out)
{
	const struct operation *operation = operation_here(app);
	if (!operation)
		return;
	if (operation->n_steps == 0) {
		app_tell(app, STYLE_DIM, "it changed what you made, and no file");
		return;
	}
	app->history.steps_of = operation->id;
	sheet_open(app, PANE_STEPS, out);
}

static bool command(struct app *app, enum command command, struct effects *out)
{
	if (command == COMMAND_IN)
		open_steps(app, out);
	else if (command == COMMAND_UNDO)
		undo(app);
	else if (command == COMMAND_REDO)
		redo(app, out);
	else
		return false;
	return true;
}

static void paint_row(const struct app *app, size_t i, struct surface *line)
{
	const struct event *event = app->sheets[PANE_HISTORY - SHEET_FIRST].event;
	const struct operation *operation = &event->as.history.lines[i];
	char age[WORDS_BYTES], digits[WORDS_BYTES];
	enum style style;
	const char *state = history_state(operation, &style);
	bool is_quiet = style == STYLE_DIM;
	int cols = line->rect.cols, x = 1 + AGE_COLS + 2;
	struct str count = count_words(operation, line->scratch);
	if (cols < 60)
		count = words_count(digits, operation->n_changed);
	surface_text_right(line, 1 + AGE_COLS, 0, STYLE_DIM,
			   words_age(age, operation->at_s, app->now_s));
	surface_text(line, x, 0, style, str_from(state), STATE_COLS);
	x += STATE_COLS + 2;
	int end = cols - 1 - (int)text_cols(count);
	surface_text_cut(line, x, 0, is_quiet ? STYLE_DIM : STYLE_NORMAL,
			 history_words(app, operation, line->scratch), end - 1 - x);
	surface_text_right(line, cols - 1, 0, STYLE_DIM, count);
}

static struct str title(const struct app *app, struct arena *arena)
{
	char digits[WORDS_BYTES];
	size_t n = app->sheets[PANE_HISTORY - SHEET_FIRST].list.n;
	return arena_strf(arena, "history: %.*s change%s, the newest first",
			  STR_ARG(words_count(digits, n)), n == 1 ? "" : "s");
}

static const struct sheet_ops ops = {
	.ask = ask,
	.window = window,
	.key = key,
	.command = command,
	.paint_row = paint_row,
	.title = title,
	.empty = "Nothing was changed yet.",
};

const struct pane_ops history_pane = SHEET_PANE("the history", WHERE_HISTORY, &ops);
