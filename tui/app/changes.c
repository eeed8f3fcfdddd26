// SPDX-License-Identifier: MIT
#include "tui/app/changes.h"

#include "storage/library.h"
#include "tui/app/ask.h"
#include "tui/panes/models.h"
#include "tui/panes/plan.h"
#include "tui/panes/prompt.h"
#include "tui/sheets/history.h"

bool changes_may_write(struct app *app)
{
	if (!app->can_write)
		app_tell(app, STYLE_MISTAKE, "read-only: %s",
			 app->holder_pid == LIBRARY_NOBODY
				 ? "the data folder cannot be written"
				 : "another lorarium is changing this library");
	return app->can_write;
}

bool changes_may_edit(struct app *app, const char *what)
{
	if (!changes_may_write(app))
		return false;
	models_end_range(app);
	if (!app->marks.ids.len && !app->models.cursor_id) {
		app_tell(app, STYLE_MISTAKE, "there is no model here to %s", what);
		return false;
	}
	return true;
}

struct selection changes_selection(const struct app *app, struct arena *arena)
{
	size_t n = app->marks.ids.len;
	uint32_t *ids = n ? array_to_arena(&app->marks.ids, arena) : ARENA_NEW(arena, uint32_t);
	if (!n)
		ids[0] = app->models.cursor_id;
	return (struct selection){ .ids = ids, .n_ids = n ? n : 1 };
}

void changes_send(struct app *app, struct request *request, const char *done, struct effects *out)
{
	app->news.edit_serial = request->serial;
	app->news.edit_done = done;
	effects_send(out, request);
}

static void send_words(struct app *app, enum words_type type, int number, struct str note,
		       struct effects *out)
{
	static const char *const done[] = {
		[WORDS_NOTE] = "noted",
		[WORDS_RATING] = "rated",
		[WORDS_FAVOURITE] = "marked as favourite",
	};
	if (!changes_may_edit(app, "change"))
		return;
	struct request *request = ask_new(app, REQUEST_WORDS);
	request->as.words.type = type;
	request->as.words.number = number;
	request->as.words.note = note.len > 0 ? arena_str(&request->arena, note) : STR_NULL;
	request->as.words.models = changes_selection(app, &request->arena);
	bool is_off = type == WORDS_FAVOURITE && number == 0;
	changes_send(app, request, is_off ? "no favourites any more" : done[type], out);
}

static const struct row *row_here(const struct app *app)
{
	return rows_at(&app->models.rows, rows_find(&app->models.rows, app->models.cursor_id));
}

/* As the model under the cursor is not: pressing twice is as before. */
static void toggle_favourite(struct app *app, struct effects *out)
{
	const struct row *row = row_here(app);
	send_words(app, WORDS_FAVOURITE, !row || !row->is_favourite, STR_NULL, out);
}

static void note(struct app *app, struct str argument, struct effects *out)
{
	if (argument.ptr)
		send_words(app, WORDS_NOTE, 0, argument, out);
	else if (changes_may_edit(app, "note"))
		prompt_open(app, PROMPT_NOTE);
}

/* After a failure the person may mean what failed: it is told first what would be taken back. */
static void revert(struct app *app, enum operation_way way, struct effects *out)
{
	if (!changes_may_write(app))
		return;
	if (way == OPERATION_UNDO && app->news.has_failed)
		history_ask_newest(app, out);
	else
		history_revert(app, way, 0, 1, out);
}

/* Of what is marked, without what was left out. @return false when nothing is left */
static bool send_plan(struct app *app, struct effects *out)
{
	struct plan_shown *plan = &app->plan;
	struct request *request = ask_new(app, REQUEST_PLAN);
	struct selection all = changes_selection(app, &request->arena);
	uint32_t *ids = ARENA_NEW_N(&request->arena, uint32_t, all.n_ids);
	size_t n = 0;
	for (size_t i = 0; i < all.n_ids; i++)
		if (!marks_has(&plan->left_out, all.ids[i]))
			ids[n++] = all.ids[i];
	if (n == 0) {
		request_destroy(request);
		return false;
	}
	request->as.plan.wish = plan->wish;
	request->as.plan.text = arena_str(&request->arena, bytes_str(&plan->text));
	request->as.plan.models = (struct selection){ .ids = ids, .n_ids = n };
	plan->serial = plan->marked_serial = request->serial;
	effects_send(out, request);
	return true;
}

static void plan(struct app *app, enum plan_wish wish, struct str text, struct effects *out)
{
	struct plan_shown *plan = &app->plan;
	if (!changes_may_edit(app, "move"))
		return;
	plan->wish = wish;
	bytes_clear(&plan->text);
	bytes_append_str(&plan->text, text);
	marks_clear(&plan->left_out);
	(void)send_plan(app, out); /* nothing is left out yet */
}

static void add_conflicting(struct marks *marks, const struct plan *plan)
{
	struct array ids = ARRAY_OF(uint32_t);
	for (size_t i = 0; i < plan->n_steps; i++)
		if (plan->steps[i].conflict.ptr)
			*ARRAY_PUSH(&ids, uint32_t) = plan->steps[i].model;
	marks_add(marks, ids.ptr, ids.len);
	array_finish(&ids);
}

bool changes_can_leave_out(const struct app *app)
{
	return app->plan.serial == app->plan.marked_serial;
}

void changes_leave_out(struct app *app, struct effects *out)
{
	struct plan_shown *shown = &app->plan;
	const struct plan *plan = shown->event ? &shown->event->as.plan.plan : NULL;
	if (!plan || plan->n_conflicts == 0) {
		app_tell(app, STYLE_NORMAL, "nothing conflicts");
		return;
	}
	if (!changes_can_leave_out(app)) {
		app_tell(app, STYLE_MISTAKE, "leave them out where they were marked");
		return;
	}
	add_conflicting(&shown->left_out, plan);
	if (!send_plan(app, out))
		app_tell(app, STYLE_MISTAKE, "all of them conflict: nothing would be left");
}

/* Templates stay below the model's own root: what begins like this is a folder, on any disk. */
bool changes_is_folder(struct str text)
{
	return text.len > 0 && (text.ptr[0] == '/' || text.ptr[0] == '~');
}

static void move(struct app *app, struct str folder, struct effects *out)
{
	struct arena arena = { 0 };
	struct str path = app_home_path(app, folder, &arena);
	while (path.len > 1 && str_cut_suffix(&path, STR("/")))
		;
	plan(app, WISH_MOVE, path, out);
	arena_finish(&arena);
}

static void organise(struct app *app, struct str argument, struct effects *out)
{
	if (changes_is_folder(argument))
		move(app, argument, out);
	else if (argument.len > 0)
		plan(app, WISH_ORGANISE, argument, out);
	else if (changes_may_edit(app, "move"))
		prompt_open_with(app, PROMPT_ORGANISE, bytes_str(&app->template));
}

static void rename_one(struct app *app, struct str argument, struct effects *out)
{
	const struct row *row = row_here(app);
	if (app->marks.ids.len > 1)
		app_tell(app, STYLE_MISTAKE, "one model is renamed at a time; m moves many");
	else if (argument.len > 0)
		plan(app, WISH_RENAME, argument, out);
	else if (changes_may_edit(app, "rename"))
		prompt_open_with(app, PROMPT_RENAME, row ? row->name : STR(""));
}

void changes_run(struct app *app, enum command command, struct str argument, struct effects *out)
{
	if (command >= COMMAND_RATE_0 && command <= COMMAND_RATE_5)
		send_words(app, WORDS_RATING, (int)(command - COMMAND_RATE_0), STR_NULL, out);
	else if (command == COMMAND_FAVOURITE)
		toggle_favourite(app, out);
	else if (command == COMMAND_NOTE)
		note(app, argument, out);
	else if (command == COMMAND_UNDO || command == COMMAND_REDO)
		revert(app, command == COMMAND_UNDO ? OPERATION_UNDO : OPERATION_REDO, out);
	else if (command == COMMAND_ORGANISE)
		organise(app, argument, out);
	else if (command == COMMAND_RENAME)
		rename_one(app, argument, out);
	else if (command == COMMAND_TRASH)
		plan(app, WISH_TRASH, STR(""), out);
}

bool changes_take_plan(struct app *app, struct event *event)
{
	if (event->serial != app->plan.serial)
		return false;
	if (app->focus == PANE_PLAN)
		plan_close(app);
	event_destroy(app->plan.event);
	app->plan.event = event;
	if (event->as.plan.plan.n_steps == 0)
		app_tell(app, STYLE_NORMAL,
			 app->focus == PANE_DUPLICATES ? "no copy need go"
						       : "all of it is where it would go");
	else
		plan_open(app);
	app->dirty = true;
	return true;
}

void changes_apply(struct app *app, struct effects *out)
{
	if (!app->plan.event || !changes_may_write(app))
		return;
	const struct plan *shown = &app->plan.event->as.plan.plan;
	if (shown->n_conflicts > 0) {
		app_tell(app, STYLE_MISTAKE, "there are conflicts, marked !: nothing is done");
		return;
	}
	struct request *request = ask_new(app, REQUEST_APPLY);
	plan_copy(shown, &request->arena, &request->as.apply);
	jobs_begin(app, request->serial, shown->what);
	changes_send(app, request, "done; u takes it back", out);
	marks_clear(&app->marks);
	/* What still has to be looked at. */
	if (changes_can_leave_out(app))
		marks_add(&app->marks, app->plan.left_out.ids.ptr, app->plan.left_out.ids.len);
	plan_close(app);
}
