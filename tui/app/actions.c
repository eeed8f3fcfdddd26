// SPDX-License-Identifier: MIT
#include "tui/app/actions.h"

#include <string.h>

#include "storage/library.h"
#include "tui/app/ask.h"
#include "tui/app/changes.h"
#include "tui/app/hand.h"
#include "tui/app/line.h"
#include "tui/app/run.h"
#include "tui/app/terms.h"
#include "tui/app/tray_sets.h"
#include "tui/panes/help.h"
#include "tui/panes/models.h"
#include "tui/panes/prompt.h"
#include "tui/sheets/duplicates.h"
#include "tui/sheets/jobs.h"
#include "tui/sheets/trash.h"
#include "tui/theme.h"

#define WEIGHT_STEP 0.05
#define TERM_ABSENT STR("(is:missing|is:offline)")

typedef void (*action_fn)(struct app *app, struct str argument, struct effects *out);

static void go_back(struct app *app, struct str argument, struct effects *out)
{
	(void)argument;
	if (app->focus != PANE_MODELS)
		app_close(app);
	else if (app_shows(app, PANE_GROUPS))
		app_focus(app, PANE_GROUPS);
	else if (app->wishes.query.len)
		actions_filter(app, STR(""), out);
}

static void quit(struct app *app, struct str argument, struct effects *out)
{
	(void)argument;
	if (app->focus == PANE_MODELS)
		out->quit = true;
	else
		app_close(app);
}

static void leave(struct app *app, struct str argument, struct effects *out)
{
	(void)app;
	(void)argument;
	out->quit = true;
}

static void next_pane(struct app *app, struct str argument, struct effects *out)
{
	(void)argument;
	enum pane_id next = app->focus;
	do
		next = (enum pane_id)((next + 1) % PANE_HELP);
	while (app->layout.is_side_by_side && !app_shows(app, next));
	app_focus(app, next);
	ask_details(app, out);
}

static void toggle_groups(struct app *app, struct str argument, struct effects *out)
{
	(void)argument;
	bool closes = app->focus == PANE_GROUPS || app->groups_open;
	app->groups_open = !closes;
	app_focus(app, closes ? PANE_MODELS : PANE_GROUPS);
	ask_groups(app, out);
	ask_rows(app, out);
}

void actions_filter(struct app *app, struct str query, struct effects *out)
{
	struct bytes text = { 0 }; /* `query` may be a part of what is replaced */
	bytes_append_str(&text, query);
	bytes_clear(&app->wishes.query);
	bytes_append_str(&app->wishes.query, bytes_str(&text));
	bytes_finish(&text);
	ask_models(app, false, out);
	app->dirty = true;
}

static void filter(struct app *app, struct str argument, struct effects *out)
{
	if (argument.ptr)
		actions_filter(app, argument, out);
	else
		prompt_open(app, PROMPT_FILTER);
}

static void sort(struct app *app, struct str argument, struct effects *out)
{
	struct wishes *wishes = &app->wishes;
	enum sort_key key = argument.ptr ? sort_find(argument)
					 : (enum sort_key)((wishes->sort + 1) % SORT_COUNT);
	if (key == SORT_COUNT) {
		app_tell(app, STYLE_MISTAKE,
			 "sort by name, size, added, modified, base, kind, rank, path");
		return;
	}
	bool is_same = argument.ptr && key == wishes->sort;
	wishes->descending = is_same ? !wishes->descending : models_sort_descends(key);
	wishes->sort = key;
	ask_models(app, false, out);
	app_tell(app, STYLE_DIM, "sorted by %s", sort_word(key));
}

static void show_absent(struct app *app, struct str argument, struct effects *out)
{
	(void)argument;
	struct bytes query = { 0 };
	struct str term = TERM_ABSENT;
	bool is_on = terms_has(bytes_str(&app->wishes.query), term);
	terms_edit(bytes_str(&app->wishes.query), &term, 1, is_on ? STR("") : term, &query);
	actions_filter(app, bytes_str(&query), out);
	bytes_finish(&query);
}

static void choose(struct app *app, struct str argument, struct effects *out)
{
	(void)argument;
	models_choose(app, out);
}

static void cycle_fit(struct app *app, struct str argument, struct effects *out)
{
	static const char *const words[] = {
		[FILTER_ALL] = "all models",
		[FILTER_COMPATIBLE] = "what fits",
		[FILTER_CAUTION] = "what fits with caution",
		[FILTER_NOT] = "what does not fit",
	};
	(void)argument;
	if (!app->checkpoint.id) {
		app_tell(app, STYLE_MISTAKE, "choose a checkpoint first: c on one of them");
		return;
	}
	app->wishes.filter = (enum fit_filter)((app->wishes.filter + 1) % (FILTER_NOT + 1));
	ask_models(app, false, out);
	app_tell(app, STYLE_NORMAL, "showing %s", words[app->wishes.filter]);
}

static void evidence(struct app *app, struct str argument, struct effects *out)
{
	(void)argument;
	app->details.wants_evidence = true;
	app_focus(app, PANE_DETAILS);
	ask_details(app, out);
}

static void take(struct app *app, struct str argument, struct effects *out)
{
	(void)argument;
	tray_toggle(app, out);
}

static void heavier(struct app *app, struct str argument, struct effects *out)
{
	(void)argument;
	tray_weigh(app, WEIGHT_STEP, out);
}

static void lighter(struct app *app, struct str argument, struct effects *out)
{
	(void)argument;
	tray_weigh(app, -WEIGHT_STEP, out);
}

static void earlier(struct app *app, struct str argument, struct effects *out)
{
	(void)argument;
	tray_shift(app, false, out);
}

static void later(struct app *app, struct str argument, struct effects *out)
{
	(void)argument;
	tray_shift(app, true, out);
}

static void set(struct app *app, struct str argument, struct effects *out)
{
	if (argument.ptr)
		tray_command(app, argument, out);
	else
		prompt_open(app, PROMPT_SET);
}

static void copy(struct app *app, struct str argument, struct effects *out)
{
	(void)argument;
	(void)out;
	copy_begin(app);
}

static bool is_tag(struct str word)
{
	return word.len > 1 && (word.ptr[0] == '+' || word.ptr[0] == '-');
}

/* "+new -old", or with a QUERY as the first word. */
static bool parse_tags(struct str argument, struct request *request)
{
	struct line line;
	if (!line_split(argument, &request->arena, &line) || line.n == 0)
		return false;
	struct str *add = ARENA_NEW_N(&request->arena, struct str, line.n);
	struct str *remove = ARENA_NEW_N(&request->arena, struct str, line.n);
	bool has_query = !is_tag(line.words[0]);
	request->as.tag.models.query = has_query ? line.words[0] : STR_NULL;
	request->as.tag.add = add;
	request->as.tag.remove = remove;
	for (size_t i = has_query; i < line.n; i++) {
		struct str name = str_slice(line.words[i], 1, line.words[i].len);
		if (!is_tag(line.words[i]))
			return false;
		if (line.words[i].ptr[0] == '+')
			add[request->as.tag.n_add++] = name;
		else
			remove[request->as.tag.n_remove++] = name;
	}
	return request->as.tag.n_add + request->as.tag.n_remove > 0;
}

/* At its query, or at models here when it has none. */
static bool aim(const struct app *app, struct request *request)
{
	struct str query = request_selection(request)->query;
	if (query.ptr)
		return str_trim(query).len > 0;
	if (!app->marks.ids.len && !app->models.cursor_id)
		return false;
	*request_selection(request) = changes_selection(app, &request->arena);
	return true;
}

static void tag(struct app *app, struct str argument, struct effects *out)
{
	if (!argument.ptr) {
		if (changes_may_edit(app, "tag"))
			prompt_open(app, PROMPT_TAG);
		return;
	}
	if (!changes_may_write(app))
		return;
	models_end_range(app);
	struct request *request = ask_new(app, REQUEST_TAG);
	bool is_understood = parse_tags(argument, request);
	if (!is_understood || !aim(app, request)) {
		request_destroy(request);
		app_tell(app, STYLE_MISTAKE,
			 is_understood ? "that names no model to tag"
				       : "tags are written +new -old, spaces between");
		return;
	}
	changes_send(app, request, "tagged", out);
}

static void correct(struct app *app, struct str argument, struct effects *out)
{
	struct correction_change change;
	struct error err;
	if (!changes_may_edit(app, "correct"))
		return;
	if (!argument.ptr) {
		prompt_open(app, PROMPT_CORRECT);
		return;
	}
	if (!hand_read(app->knowledge, argument, &change, &err)) {
		struct arena arena = { 0 };
		app_tell(app, STYLE_MISTAKE, "%.*s",
			 STR_ARG(app_clean(app, &arena, str_from(err.text))));
		arena_finish(&arena);
		return;
	}
	struct request *request = ask_new(app, REQUEST_CORRECT);
	request->as.correct.change = change; /* its id is the knowledge's own */
	request->as.correct.models = changes_selection(app, &request->arena);
	changes_send(app, request, "corrected", out);
}

static void cancel(struct app *app, struct str argument, struct effects *out)
{
	(void)argument;
	(void)out;
	jobs_ask_stop(app);
}

static void jobs(struct app *app, struct str argument, struct effects *out)
{
	(void)argument;
	sheet_open(app, PANE_JOBS, out);
}

/* A name with blanks need not stand in quotes: only one folder is named. */
static struct str only_path(const struct app *app, struct str argument, struct arena *arena)
{
	struct line line;
	bool is_quoted = argument.len && strchr("'\"", argument.ptr[0]);
	if (is_quoted && line_split(argument, arena, &line) && line.n == 1)
		argument = line.words[0];
	return app_home_path(app, argument, arena);
}

static void change_root(struct app *app, enum request_type type, struct str argument,
			struct effects *out)
{
	struct request *request = ask_new(app, type);
	request->as.root.path = only_path(app, str_trim(argument), &request->arena);
	if (type == REQUEST_ROOT_REMOVE)
		request->as.root.name = request->as.root.path;
	app->news.root_serial = request->serial;
	effects_send(out, request);
}

static void root(struct app *app, struct str argument, struct effects *out)
{
	bool adds = str_cut_prefix(&argument, STR("add "));
	if (!adds && !str_cut_prefix(&argument, STR("remove ")))
		app_tell(app, STYLE_MISTAKE, "root add FOLDER, or root remove FOLDER");
	else if (changes_may_write(app))
		change_root(app, adds ? REQUEST_ROOT_ADD : REQUEST_ROOT_REMOVE, argument, out);
}

/* A folder is looked after first; the scan follows by itself. */
static void rescan(struct app *app, struct str argument, struct effects *out)
{
	bool is_option = str_cut_prefix(&argument, STR("--"));
	bool is_known = !argument.len || str_equal(argument, STR("full")) ||
			str_equal(argument, STR("accept-missing"));
	if (is_option && !is_known)
		app_tell(app, STYLE_MISTAKE,
			 "rescan takes nothing, full, accept-missing or a folder");
	else if (app->news.is_scanning)
		app_tell(app, STYLE_MISTAKE, "a scan is running; w shows it");
	else if (changes_may_write(app) && is_known)
		ask_scan(app, argument, out);
	else if (app->can_write)
		change_root(app, REQUEST_ROOT_ADD, argument, out);
}

static void ignore(struct app *app, struct str argument, struct effects *out)
{
	struct arena arena = { 0 };
	bool is_named = argument.len > 0;
	ignore_begin(app, is_named ? only_path(app, str_trim(argument), &arena) : STR_NULL, out);
	arena_finish(&arena);
}

static void open_prompt(struct app *app, struct str argument, struct effects *out)
{
	(void)argument;
	(void)out;
	prompt_open(app, PROMPT_COMMAND);
}

static void help(struct app *app, struct str argument, struct effects *out)
{
	(void)argument;
	(void)out;
	if (app->focus == PANE_HELP)
		app_close(app);
	else
		help_open(app);
}

static void toggle_mouse(struct app *app, struct str argument, struct effects *out)
{
	(void)argument;
	app->mouse_is_on = !app->mouse_is_on;
	out->mouse_changed = true;
	out->mouse_is_on = app->mouse_is_on;
	app_tell(app, STYLE_NORMAL,
		 app->mouse_is_on ? "mouse on" : "mouse off: select text as your terminal does");
}

static void change_theme(struct app *app, struct str argument, struct effects *out)
{
	enum theme theme = theme_find(argument);
	if (theme == THEME_COUNT) {
		app_tell(app, STYLE_MISTAKE, "themes: %s", command_table[COMMAND_THEME].argument);
		return;
	}
	out->theme_changed = true;
	out->theme = theme;
	app->dirty = true;
}

static void redraw(struct app *app, struct str argument, struct effects *out)
{
	(void)argument;
	out->redraw = app->dirty = true;
}

static void suspend(struct app *app, struct str argument, struct effects *out)
{
	(void)argument;
	out->suspend = app->dirty = true;
}

static void history(struct app *app, struct str argument, struct effects *out)
{
	(void)argument;
	sheet_open(app, PANE_HISTORY, out);
}

static void matrix(struct app *app, struct str argument, struct effects *out)
{
	(void)argument;
	models_end_range(app);
	app->matrix = (struct matrix_shown){ 0 };
	sheet_open(app, PANE_MATRIX, out);
}

static void duplicates(struct app *app, struct str argument, struct effects *out)
{
	(void)argument;
	duplicates_open(app, out);
}

static void trashed(struct app *app, struct str argument, struct effects *out)
{
	(void)argument;
	trash_open_page(app, out);
}

static void keep(struct app *app, struct str argument, struct effects *out)
{
	duplicates_plan(app, argument, out);
}

/* What no pane takes for itself. */
static const action_fn actions[COMMAND_COUNT] = {
	[COMMAND_BACK] = go_back,
	[COMMAND_NEXT_PANE] = next_pane,
	[COMMAND_GROUPS] = toggle_groups,
	[COMMAND_FILTER] = filter,
	[COMMAND_SORT] = sort,
	[COMMAND_SHOW_ABSENT] = show_absent,
	[COMMAND_CHOOSE] = choose,
	[COMMAND_FIT] = cycle_fit,
	[COMMAND_EVIDENCE] = evidence,
	[COMMAND_MATRIX] = matrix,
	[COMMAND_TAKE] = take,
	[COMMAND_HEAVIER] = heavier,
	[COMMAND_LIGHTER] = lighter,
	[COMMAND_EARLIER] = earlier,
	[COMMAND_LATER] = later,
	[COMMAND_SET] = set,
	[COMMAND_COPY] = copy,
	[COMMAND_TAG] = tag,
	[COMMAND_CORRECT] = correct,
	[COMMAND_HISTORY] = history,
	[COMMAND_DUPLICATES] = duplicates,
	[COMMAND_KEEP] = keep,
	[COMMAND_TRASHED] = trashed,
	[COMMAND_RESCAN] = rescan,
	[COMMAND_CANCEL] = cancel,
	[COMMAND_JOBS] = jobs,
	[COMMAND_ROOT] = root,
	[COMMAND_IGNORE] = ignore,
	[COMMAND_PROMPT] = open_prompt,
	[COMMAND_HELP] = help,
	[COMMAND_MOUSE] = toggle_mouse,
	[COMMAND_THEME] = change_theme,
	[COMMAND_REDRAW] = redraw,
	[COMMAND_SUSPEND] = suspend,
	[COMMAND_QUIT] = quit,
	[COMMAND_EXIT] = leave,
};

static bool pane_takes(const struct pane_ops *pane, struct app *app, enum command command,
		       struct effects *out)
{
	return (pane->command && pane->command(app, command, out)) ||
	       (pane->page && page_command(pane->page(app), command));
}

void actions_run(struct app *app, enum command command, struct str argument, struct effects *out)
{
	const struct pane_ops *pane = app_pane(app->focus);
	if (!(command_table[command].where & pane->where)) {
		app_tell(app, STYLE_DIM, "%s: not here", command_table[command].name);
		return;
	}
	if (!argument.ptr && pane_takes(pane, app, command, out)) {
		app->dirty = true;
		return;
	}
	if (actions[command])
		actions[command](app, argument, out);
	else
		changes_run(app, command, argument, out);
}
