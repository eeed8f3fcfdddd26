// SPDX-License-Identifier: MIT
#include "tui/sheets/trash.h"

#include "core/base/path.h"
#include "tui/app/ask.h"
#include "tui/app/changes.h"
#include "tui/glyph.h"
#include "tui/words.h"

enum { AGE_COLS = 4, SIZE_COLS = 8, FOLDER_FROM_COLS = 60 };

static const struct event *event_of(const struct app *app)
{
	return app->sheets[PANE_TRASH - SHEET_FIRST].event;
}

/* All of it: a window would read every info again. */
static struct request *ask(struct app *app, size_t first, size_t n)
{
	(void)first;
	(void)n;
	return ask_new(app, REQUEST_TRASHED);
}

static struct sheet_window window(const struct event *event)
{
	return (struct sheet_window){ event->as.trashed.n, 0, event->as.trashed.n };
}

static int64_t key(const struct event *event, size_t i)
{
	return (int64_t)str_hash(event->as.trashed.list[i].files->path);
}

static bool is_marked(const struct app *app, const struct trashed *one)
{
	return map_find(&app->trash.marked, one->files->path) != NULL;
}

/* What was marked and is not there any more counts no longer. */
static size_t n_marked(const struct app *app)
{
	const struct event *event = event_of(app);
	size_t n = 0;
	for (size_t i = 0; app->trash.marked.n > 0 && i < event->as.trashed.n; i++)
		n += is_marked(app, &event->as.trashed.list[i]);
	return n;
}

void trash_init(struct app *app)
{
	map_init(&app->trash.marked, &app->trash.arena, 16);
}

void trash_open_page(struct app *app, struct effects *out)
{
	arena_finish(&app->trash.arena);
	trash_init(app);
	sheet_open(app, PANE_TRASH, out);
}

static void mark(struct app *app, const struct trashed *one, bool is_on)
{
	struct arena *arena = &app->trash.arena;
	void **place = map_place(&app->trash.marked, arena_str(arena, one->files->path));
	*place = is_on ? app : NULL;
}

static void mark_one(struct app *app)
{
	size_t row = sheet_cursor(sheet_here(app));
	if (row == SIZE_MAX)
		return;
	const struct trashed *one = &event_of(app)->as.trashed.list[row];
	mark(app, one, !is_marked(app, one));
	list_command(&sheet_here(app)->list, COMMAND_DOWN);
}

/* All, and when all are: none. */
static void mark_all(struct app *app)
{
	const struct event *event = event_of(app);
	if (sheet_cursor(sheet_here(app)) == SIZE_MAX)
		return;
	bool is_on = n_marked(app) < event->as.trashed.n;
	for (size_t i = 0; i < event->as.trashed.n; i++)
		mark(app, &event->as.trashed.list[i], is_on);
}

/* Of what is marked, else of what is under the cursor. */
static void plan(struct app *app, struct effects *out)
{
	size_t row = sheet_cursor(sheet_here(app)), n = 0, n_wanted = n_marked(app);
	if (row == SIZE_MAX || !changes_may_write(app))
		return;
	const struct event *event = event_of(app);
	struct request *request = ask_new(app, REQUEST_PLAN);
	struct str *paths = ARENA_NEW_N(&request->arena, struct str, n_wanted + 1);
	for (size_t i = 0; i < event->as.trashed.n; i++) {
		const struct trashed *one = &event->as.trashed.list[i];
		if (n_wanted > 0 ? is_marked(app, one) : i == row)
			paths[n++] = arena_str(&request->arena, one->files->path);
	}
	request->as.plan.wish = WISH_RESTORE;
	request->as.plan.paths = paths;
	request->as.plan.n_paths = n;
	app->plan.serial = request->serial;
	effects_send(out, request);
}

static bool command(struct app *app, enum command command, struct effects *out)
{
	if (command == COMMAND_MARK)
		mark_one(app);
	else if (command == COMMAND_MARK_ALL)
		mark_all(app);
	else if (command == COMMAND_IN || command == COMMAND_BRING_BACK)
		plan(app, out);
	else
		return false;
	return true;
}

static struct str name_words(const struct app *app, const struct trashed *one, struct arena *arena)
{
	struct str name = app_clean(app, arena, str_after_last(one->files->old, '/'));
	return one->n_files > 1 ? arena_strf(arena, "%.*s +%zu", STR_ARG(name), one->n_files - 1)
				: name;
}

static void paint_row(const struct app *app, size_t row, struct surface *line)
{
	const struct trashed *one = &event_of(app)->as.trashed.list[row];
	char words[WORDS_BYTES];
	struct arena *arena = line->scratch;
	int x = 3 + AGE_COLS + SIZE_COLS + 2, end = line->rect.cols - 1;
	int folder_x = line->rect.cols >= FOLDER_FROM_COLS ? x + (end - x) / 2 + 1 : end;
	bool has_mark = is_marked(app, one);
	if (has_mark)
		surface_text(line, 1, 0, STYLE_MARK, glyph_str(GLYPH_MARK, line->signs), 1);
	surface_text_right(line, 3 + AGE_COLS, 0, STYLE_DIM,
			   one->at_s > 0 ? words_age(words, one->at_s, app->now_s) : STR("?"));
	surface_text_right(line, 3 + AGE_COLS + SIZE_COLS, 0, STYLE_DIM,
			   one->files->is_folder ? STR("folder")
						 : words_size(words, one->size_bytes));
	struct str name = name_words(app, one, arena);
	name = text_cut_middle(arena, name, (size_t)(folder_x > x ? folder_x - 1 - x : 0),
			       app->signs);
	surface_text(line, x, 0, has_mark ? STYLE_MARK : STYLE_NORMAL, name, folder_x - x);
	if (folder_x == end)
		return;
	struct str folder = app_clean(app, arena, path_folder(one->files->old));
	folder = text_cut_middle(arena, folder, (size_t)(end - folder_x), app->signs);
	surface_text(line, folder_x, 0, STYLE_DIM, folder, end - folder_x);
}

static void paint_foot(const struct app *app, size_t row, struct surface *foot)
{
	const struct trashed *one = &event_of(app)->as.trashed.list[row];
	sheet_paint_text(app, foot, (struct rect){ 1, 0, 0, foot->rect.rows }, "from",
			 one->files->old);
}

static struct str title(const struct app *app, struct arena *arena)
{
	const struct event *event = event_of(app);
	char digits[WORDS_BYTES];
	if (!event)
		return STR("trash");
	size_t n = n_marked(app), n_left_out = event->as.trashed.n_left_out;
	struct str marked = STR(""), left_out = STR("");
	if (n > 0)
		marked = arena_strf(arena, ", %.*s marked", STR_ARG(words_count(digits, n)));
	if (n_left_out > 0)
		left_out = arena_strf(arena, "; of %.*s more nobody can tell where they were",
				      STR_ARG(words_count(digits, n_left_out)));
	return arena_strf(arena, "trash: %.*s can come back%.*s%.*s",
			  STR_ARG(words_count(digits, event->as.trashed.n)), STR_ARG(marked),
			  STR_ARG(left_out));
}

static const struct sheet_ops ops = {
	.ask = ask,
	.window = window,
	.key = key,
	.command = command,
	.paint_row = paint_row,
	.paint_foot = paint_foot,
	.foot_rows = 2,
	.title = title,
	.empty = "Nothing of your folders lies in the trash.",
};

const struct pane_ops trash_pane = SHEET_PANE("the trash", WHERE_TRASH, &ops);
