// SPDX-License-Identifier: MIT
#include "tui/sheets/steps.h"

#include "tui/app/ask.h"
#include "tui/sheets/history.h"
#include "tui/words.h"

#define INDENT_COLS 2 /* of companions, below their model */

static struct request *ask(struct app *app, size_t first, size_t n)
{
	struct request *request = ask_new(app, REQUEST_HISTORY);
	request->as.history.id = app->history.steps_of;
	request->as.history.first = first;
	request->as.history.n = n;
	return request;
}

static struct sheet_window window(const struct event *event)
{
	return (struct sheet_window){ event->as.history.n_all, event->as.history.first,
				      event->as.history.n_steps };
}

static const struct event *event_of(const struct app *app)
{
	return app->sheets[PANE_STEPS - SHEET_FIRST].event;
}

/* The folder that both have in common is told in the foot. */
static size_t common_len(struct str a, struct str b)
{
	size_t common = 0;
	for (size_t i = 0; i < a.len && i < b.len && a.ptr[i] == b.ptr[i]; i++)
		if (a.ptr[i] == '/')
			common = i + 1;
	return common;
}

static struct str base_name(struct str path)
{
	return str_slice(path, (size_t)(str_rfind_byte(path, '/') + 1), path.len);
}

static const char *mark_of(const struct operation_step *step, enum style *style)
{
	*style = step->is_companion ? STYLE_DIM : STYLE_NORMAL;
	if (str_equal(step->state, STR("done")))
		return "";
	*style = str_equal(step->state, STR("conflict")) ? STYLE_MISTAKE : STYLE_WARNING;
	return str_equal(step->state, STR("conflict")) ? "! " : "not done: ";
}

static void paint_row(const struct app *app, size_t i, struct surface *line)
{
	const struct operation_step *step = &event_of(app)->as.history.steps[i];
	struct arena *arena = line->scratch;
	bool has_new = step->new.len > 0 && step->action != PLAN_TRASH;
	size_t common = has_new ? common_len(step->old, step->new) : 0;
	struct str old =
		has_new ? str_slice(step->old, common, step->old.len) : base_name(step->old);
	struct str new = has_new ? str_slice(step->new, common, step->new.len) : STR("");
	const char *word = step->action == PLAN_MOVE ? "" : plan_action_word(step->action);
	int x = 1 + (step->is_companion ? INDENT_COLS : 0);
	enum style style;
	const char *mark = mark_of(step, &style);
	struct str text = arena_strf(arena, "%s%s%s%.*s%s%.*s", mark, word, *word ? " " : "",
				     STR_ARG(app_clean(app, arena, old)), has_new ? " -> " : "",
				     STR_ARG(app_clean(app, arena, new)));
	int room = line->rect.cols - 1 - x;
	text = text_cut_middle(arena, text, (size_t)(room > 0 ? room : 0), app->signs);
	surface_text(line, x, 0, style, text, room);
}

static void paint_foot(const struct app *app, size_t i, struct surface *foot)
{
	const struct operation_step *step = &event_of(app)->as.history.steps[i];
	int rows = foot->rect.rows / 2;
	sheet_paint_text(app, foot, (struct rect){ 1, 0, 0, rows }, "from", step->old);
	sheet_paint_text(app, foot, (struct rect){ 1, rows, 0, rows }, "to", step->new);
}

static struct str title(const struct app *app, struct arena *arena)
{
	char age[WORDS_BYTES];
	enum style style;
	if (!event_of(app) || event_of(app)->as.history.n == 0)
		return STR("");
	const struct operation *operation = &event_of(app)->as.history.lines[0];
	struct str words = history_words(app, operation, arena);
	return arena_strf(arena, "%.*s: %s, %.*s", STR_ARG(words), history_state(operation, &style),
			  STR_ARG(words_age(age, operation->at_s, app->now_s)));
}

static const struct sheet_ops ops = {
	.ask = ask,
	.window = window,
	.paint_row = paint_row,
	.paint_foot = paint_foot,
	.foot_rows = 4,
	.title = title,
	.empty = "It did nothing to files.",
};

const struct pane_ops steps_pane = SHEET_PANE("the steps", WHERE_STEPS, &ops);
