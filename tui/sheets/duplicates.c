// SPDX-License-Identifier: MIT
#include "tui/sheets/duplicates.h"

#include "tui/app/ask.h"
#include "tui/app/changes.h"
#include "tui/glyph.h"
#include "tui/panes/prompt.h"
#include "tui/words.h"

#define USUAL_RULES STR("tagged,oldest")

enum { SIZE_COLS = 5, FREED_FROM_COLS = 60 };

static const struct event *event_of(const struct app *app)
{
	return app->sheets[PANE_DUPLICATES - SHEET_FIRST].event;
}

static struct request *ask(struct app *app, size_t first, size_t n)
{
	struct request *request = ask_new(app, REQUEST_DUPLICATES);
	request->as.duplicates.text = STR("");
	request->as.duplicates.first = first;
	request->as.duplicates.n = n;
	return request;
}

static struct sheet_window window(const struct event *event)
{
	size_t n = 0;
	for (size_t i = 0; i < event->as.duplicates.n; i++)
		n += event->as.duplicates.list[i].n_paths;
	return (struct sheet_window){ event->as.duplicates.n_all, event->as.duplicates.first, n };
}

/* The content of a row, and which of its copies the row is. */
static const struct duplicate *content_at(const struct event *event, size_t row, size_t *copy)
{
	const struct duplicate *one = event->as.duplicates.list;
	while (row >= one->n_paths)
		row -= (one++)->n_paths;
	*copy = row;
	return one;
}

/* Which of the copies of a content is to stay; NULL while nobody has said. */
static struct kept *kept_of(const struct app *app, const struct duplicate *one)
{
	for (size_t i = 0; i < app->duplicates.kept.len; i++) {
		struct kept *kept = ARRAY_AT(&app->duplicates.kept, struct kept, i);
		if (str_equal(kept->sha256, one->sha256))
			return kept;
	}
	return NULL;
}

static void forget(struct app *app)
{
	array_finish(&app->duplicates.kept);
	arena_finish(&app->duplicates.arena);
	app->duplicates = (struct duplicates_shown){ .kept = ARRAY_OF(struct kept) };
}

/* One of each content: another one takes its place, the same one again takes it back. */
static void keep(struct app *app)
{
	size_t row = sheet_cursor(sheet_here(app)), copy;
	if (row == SIZE_MAX)
		return;
	const struct duplicate *one = content_at(event_of(app), row, &copy);
	struct kept *kept = kept_of(app, one);
	struct arena *arena = &app->duplicates.arena;
	if (!kept) {
		kept = ARRAY_PUSH(&app->duplicates.kept, struct kept);
		*kept = (struct kept){ .sha256 = arena_str(arena, one->sha256) };
	}
	bool is_same = kept->path.ptr && str_equal(kept->path, one->paths[copy]);
	kept->path = is_same ? STR_NULL : arena_str(arena, one->paths[copy]);
	list_command(&sheet_here(app)->list, COMMAND_DOWN);
}

static size_t n_kept(const struct app *app)
{
	size_t n = 0;
	for (size_t i = 0; i < app->duplicates.kept.len; i++)
		n += ARRAY_AT(&app->duplicates.kept, struct kept, i)->path.ptr != NULL;
	return n;
}

void duplicates_plan(struct app *app, struct str rules, struct effects *out)
{
	if (!changes_may_write(app))
		return;
	struct request *request = ask_new(app, REQUEST_PLAN);
	struct arena *arena = &request->arena;
	struct str *paths = ARENA_NEW_N(arena, struct str, app->duplicates.kept.len + 1);
	size_t n = 0;
	for (size_t i = 0; i < app->duplicates.kept.len; i++) {
		struct str path = ARRAY_AT(&app->duplicates.kept, struct kept, i)->path;
		if (path.ptr)
			paths[n++] = arena_str(arena, path);
	}
	request->as.plan.wish = WISH_SPARE;
	request->as.plan.links = str_cut_suffix(&rules, STR(" link"));
	request->as.plan.text = arena_str(arena, str_trim(rules));
	request->as.plan.models.query = STR("");
	request->as.plan.paths = paths;
	request->as.plan.n_paths = n;
	app->plan.serial = request->serial;
	effects_send(out, request);
}

static void plan_marked(struct app *app, struct effects *out)
{
	if (n_kept(app) == 0)
		app_tell(app, STYLE_MISTAKE, "space marks a copy that stays; r keeps by rules");
	else
		duplicates_plan(app, STR(""), out);
}

void duplicates_open(struct app *app, struct effects *out)
{
	forget(app);
	sheet_open(app, PANE_DUPLICATES, out);
	if (!app->can_write)
		return; /* what is known is shown all the same */
	struct request *request = ask_new(app, REQUEST_HASH);
	request->as.hash.only_twins = true;
	request->as.hash.is_all = true;
	request->as.hash.models.query = STR("");
	jobs_begin(app, request->serial, STR("duplicates"));
	app->duplicates.serial = request->serial;
	effects_send(out, request);
}

static bool command(struct app *app, enum command command, struct effects *out)
{
	if (command == COMMAND_MARK)
		keep(app);
	else if (command == COMMAND_IN)
		plan_marked(app, out);
	else if (command == COMMAND_KEEP && changes_may_write(app))
		prompt_open_with(app, PROMPT_KEEP, USUAL_RULES);
	else
		return command == COMMAND_KEEP;
	return true;
}

static void paint_first(const struct duplicate *one, struct surface *line)
{
	char words[WORDS_BYTES];
	struct arena *arena = line->scratch;
	surface_text_right(line, 3 + SIZE_COLS, 0, STYLE_NORMAL,
			   words_size(words, one->size_bytes));
	if (line->rect.cols < FREED_FROM_COLS)
		return;
	struct str freed = words_size(words, one->wasted_bytes);
	surface_text_right(line, line->rect.cols - 1, 0, STYLE_DIM,
			   arena_strf(arena, "frees %.*s", STR_ARG(freed)));
}

static void paint_row(const struct app *app, size_t row, struct surface *line)
{
	size_t copy;
	const struct duplicate *one = content_at(event_of(app), row, &copy);
	const struct kept *kept = kept_of(app, one);
	bool has_kept = kept && kept->path.ptr,
	     stays = has_kept && str_equal(kept->path, one->paths[copy]);
	int x = 3 + SIZE_COLS + 2, end = line->rect.cols - 1;
	if (copy == 0)
		paint_first(one, line);
	if (line->rect.cols >= FREED_FROM_COLS)
		end -= (int)sizeof "frees 99.9G";
	if (stays)
		surface_text(line, 1, 0, STYLE_MARK, glyph_str(GLYPH_MARK, line->signs), 1);
	struct str path = app_clean(app, line->scratch, one->paths[copy]);
	path = text_cut_middle(line->scratch, path, (size_t)(end > x ? end - x : 0), app->signs);
	surface_text(line, x, 0,
		     stays      ? STYLE_MARK
		     : has_kept ? STYLE_DIM
				: STYLE_NORMAL,
		     path, end - x);
}

static void paint_foot(const struct app *app, size_t row, struct surface *foot)
{
	size_t copy;
	const struct duplicate *one = content_at(event_of(app), row, &copy);
	sheet_paint_text(app, foot, (struct rect){ 1, 0, 0, foot->rect.rows }, "path",
			 one->paths[copy]);
}

static struct str title(const struct app *app, struct arena *arena)
{
	const struct event *event = event_of(app);
	char n[WORDS_BYTES], freed[WORDS_BYTES], kept[WORDS_BYTES];
	bool is_reading = app->job.serial && app->job.serial == app->duplicates.serial;
	if (!event)
		return STR("duplicates");
	struct str marked = STR("");
	if (n_kept(app) > 0)
		marked =
			arena_strf(arena, ", %.*s marked", STR_ARG(words_count(kept, n_kept(app))));
	return arena_strf(arena,
			  "duplicates: %.*s content%s more than once, %.*s could be freed%.*s%s",
			  STR_ARG(words_count(n, event->as.duplicates.n_contents)),
			  event->as.duplicates.n_contents == 1 ? "" : "s",
			  STR_ARG(words_size(freed, event->as.duplicates.wasted_bytes)),
			  STR_ARG(marked), is_reading ? "; still reading" : "");
}

static const struct sheet_ops ops = {
	.ask = ask,
	.window = window,
	.command = command,
	.paint_row = paint_row,
	.paint_foot = paint_foot,
	.foot_rows = 2,
	.title = title,
	.empty = "No content is known to be there more than once.",
};

const struct pane_ops duplicates_pane = SHEET_PANE("the duplicates", WHERE_DUPLICATES, &ops);
