// SPDX-License-Identifier: MIT
#include "tui/app/app.h"

#include <stdarg.h>
#include <stdio.h>

#include "tui/panes/details.h"
#include "tui/panes/groups.h"
#include "tui/panes/help.h"
#include "tui/panes/plan.h"
#include "tui/panes/models.h"
#include "tui/sheets/cell.h"
#include "tui/sheets/duplicates.h"
#include "tui/sheets/history.h"
#include "tui/sheets/jobs.h"
#include "tui/sheets/matrix.h"
#include "tui/sheets/steps.h"
#include "tui/sheets/trash.h"

static const struct pane_ops *const panes[PANE_COUNT] = {
	[PANE_GROUPS] = &groups_pane,
	[PANE_MODELS] = &models_pane,
	[PANE_DETAILS] = &details_pane,
	[PANE_HELP] = &help_pane,
	[PANE_PLAN] = &plan_pane,
	[PANE_HISTORY] = &history_pane,
	[PANE_STEPS] = &steps_pane,
	[PANE_CELL] = &cell_pane,
	[PANE_MATRIX] = &matrix_pane,
	[PANE_JOBS] = &jobs_pane,
	[PANE_DUPLICATES] = &duplicates_pane,
	[PANE_TRASH] = &trash_pane,
};

/* Mistakes quote what stands in a file. */
static void tell_raw(struct app *app, const char *text)
{
	struct arena arena = { 0 };
	app_tell(app, STYLE_MISTAKE, "%.*s", STR_ARG(app_clean(app, &arena, str_from(text))));
	arena_finish(&arena);
}

static void read_settings(struct app *app, const struct settings *settings, const char *message)
{
	struct error mistake;
	keymap_init(&app->keymap, settings, &mistake);
	if (message)
		tell_raw(app, message);
	else if (mistake.code != ERROR_NONE)
		tell_raw(app, mistake.text);
	bytes_append_str(&app->template, settings ? settings->values[SETTING_ORGANISE_TEMPLATE].text
						  : STR("{kind}/{base}/{name}"));
	if (!settings)
		return;
	enum sort_key sort = sort_find(settings->values[SETTING_UI_SORT].text);
	app->wishes.sort = sort < SORT_COUNT ? sort : SORT_NAME;
	app->wishes.descending = models_sort_descends(app->wishes.sort);
	app->mouse_is_on = settings->values[SETTING_UI_MOUSE].number != 0;
}

void app_init(struct app *app, const struct app_options *options)
{
	*app = (struct app){
		.knowledge = options->knowledge,
		.subcommands = options->subcommands,
		.charset = options->charset,
		.signs = options->signs,
		.home = options->home,
		.can_write = options->can_write,
		.scan_at_start = options->scan_at_start,
		.has_clipboard = options->has_clipboard,
		.in_tmux = options->in_tmux,
		.holder_pid = options->holder_pid,
		.focus = PANE_MODELS,
		.dirty = true,
	};
	app->models.asked_top = SIZE_MAX;
	marks_init(&app->marks);
	app->duplicates.kept = ARRAY_OF(struct kept);
	trash_init(app);
	tray_init(&app->tray);
	page_init(&app->details.page);
	page_init(&app->help);
	page_init(&app->plan.page);
	marks_init(&app->plan.left_out);
	page_init(&app->cell.page);
	read_settings(app, options->settings, options->message);
}

void app_finish(struct app *app)
{
	keymap_finish(&app->keymap);
	marks_finish(&app->marks);
	rows_finish(&app->models.rows);
	event_destroy(app->groups.event);
	event_destroy(app->details.event);
	page_finish(&app->details.page);
	page_finish(&app->help);
	page_finish(&app->plan.page);
	page_finish(&app->cell.page);
	event_destroy(app->cell.event);
	event_destroy(app->plan.event);
	bytes_finish(&app->plan.text);
	marks_finish(&app->plan.left_out);
	for (size_t i = 0; i < SHEET_COUNT; i++)
		event_destroy(app->sheets[i].event);
	bytes_finish(&app->template);
	input_finish(&app->prompt.input);
	tray_finish(&app->tray);
	copy_finish(&app->copy);
	jobs_finish(app);
	array_finish(&app->duplicates.kept);
	arena_finish(&app->duplicates.arena);
	arena_finish(&app->trash.arena);
	struct bytes *texts[] = {
		&app->ignoring.folder,       &app->wishes.query,    &app->checkpoint.name,
		&app->checkpoint.base_model, &app->mistake.text,    &app->prompt.before,
		&app->prompt.note,           &app->news.message,    &app->news.summary,
		&app->question.text,         &app->cell.checkpoint,
	};
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		bytes_finish(texts[i]);
}

const struct pane_ops *app_pane(enum pane_id pane)
{
	return panes[pane];
}

bool app_shows(const struct app *app, enum pane_id pane)
{
	return app->layout.panes[pane].cols > 0;
}

void app_lay_out(struct app *app)
{
	app->layout = layout_frame(app->cols, app->rows,
				   (struct layout_wish){
					   .focus = app->focus,
					   .groups = app->groups_open,
					   .banner = !app->can_write,
					   .dock_rows = tray_dock_rows(app),
				   });
	app->models.list.jumps = app->layout.is_side_by_side;
	for (size_t i = 0; i < PANE_COUNT; i++)
		if (app->layout.panes[i].cols > 0)
			panes[i]->resize(app, app->layout.panes[i]);
	app->dirty = true;
}

void app_focus(struct app *app, enum pane_id pane)
{
	app->focus = pane;
	app->n_below = 0;
	app_lay_out(app);
}

void app_open(struct app *app, enum pane_id page)
{
	size_t i = 0;
	if (app->focus == page)
		return;
	while (i < app->n_below && app->below[i] != page)
		i++;
	if (i == app->n_below)
		app->below[app->n_below++] = app->focus;
	else
		app->n_below = i;
	app->focus = page;
	app_lay_out(app);
}

enum pane_id app_below(const struct app *app)
{
	return app->n_below > 0 ? app->below[app->n_below - 1] : app->focus;
}

void app_close(struct app *app)
{
	app->focus = app->n_below > 0 ? app->below[--app->n_below] : PANE_MODELS;
	app_lay_out(app);
}

void app_tell(struct app *app, enum style style, const char *format, ...)
{
	char line[4096]; /* a screen of text: what was copied is shown whole */
	va_list args;
	va_start(args, format);
	int len = vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	bytes_clear(&app->news.message);
	if (len > 0)
		bytes_append_str(&app->news.message, str_from(line));
	app->news.style = style;
	app->dirty = true;
}

struct str app_home_path(const struct app *app, struct str path, struct arena *arena)
{
	if (app->home && (str_equal(path, STR("~")) || str_has_prefix(path, STR("~/"))))
		return arena_strf(arena, "%s%.*s", app->home,
				  STR_ARG(str_slice(path, 1, path.len)));
	return arena_str(arena, path);
}

struct str app_clean(const struct app *app, struct arena *arena, struct str raw)
{
	return text_clean_copy(arena, raw, app->charset);
}
