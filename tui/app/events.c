// SPDX-License-Identifier: MIT
#include "tui/app/events.h"

#include <inttypes.h>
#include <string.h>

#include "tui/app/ask.h"
#include "tui/app/changes.h"
#include "tui/app/tray_sets.h"
#include "tui/panes/details.h"
#include "tui/panes/groups.h"
#include "tui/panes/models.h"
#include "tui/sheets/cell.h"
#include "tui/sheets/history.h"
#include "tui/words.h"

static void tell_raw(struct app *app, enum style style, const char *before, struct str raw)
{
	struct arena arena = { 0 };
	struct str text = app_clean(app, &arena, raw);
	app_tell(app, style, "%s%.*s", before, STR_ARG(text));
	arena_finish(&arena);
}

static void set_mistake(struct app *app, size_t column, struct str text)
{
	app->mistake.column = column;
	bytes_clear(&app->mistake.text);
	text_clean(&app->mistake.text, text, app->charset);
	app->dirty = true;
}

/* @return true when the event is kept */
static bool take_result(struct app *app, struct event *event, struct effects *out)
{
	struct models *models = &app->models;
	if (event->serial != models->serial)
		return false;
	set_mistake(app, event->as.result.mistake_column, event->as.result.mistake);
	if (event->as.result.mistake_column)
		return false;
	return models_take_result(app, event, out);
}

static void take_matrix(struct app *app, const struct event *event)
{
	struct checkpoint *checkpoint = &app->checkpoint;
	if (event->serial != checkpoint->serial || event->as.matrix.n != 1)
		return;
	checkpoint->has_counts = event->as.matrix.lines[0].id == checkpoint->id;
	memcpy(checkpoint->counts, event->as.matrix.lines[0].n, sizeof checkpoint->counts);
	app->dirty = true;
}

static void take_progress(struct app *app, const struct event *event)
{
	struct news *news = &app->news;
	if (event->serial != news->scan_serial)
		return;
	news->seen = event->as.progress.seen;
	news->total = event->as.progress.total_guess;
	news->read = event->as.progress.read;
	news->seconds = event->as.progress.seconds;
	if (!app->progress_due_ms)
		app->progress_due_ms = app->now_ms + PROGRESS_MS;
}

static void add_count(struct bytes *out, uint64_t n, const char *word)
{
	char digits[WORDS_BYTES];
	if (!n)
		return;
	bytes_printf(out, "%s%.*s %s", out->len ? ", " : "", STR_ARG(words_count(digits, n)), word);
}

static void summarise(struct app *app, const struct scan_summary *scan)
{
	struct bytes *out = &app->news.summary;
	bytes_clear(out);
	add_count(out, scan->new, "new");
	add_count(out, scan->changed, "changed");
	add_count(out, scan->moved, "moved");
	add_count(out, scan->brake ? 0 : scan->gone, "gone");
	add_count(out, scan->damaged, "damaged: /status:damaged");
	add_count(out, scan->offline, scan->offline == 1 ? "root offline" : "roots offline");
	if (!out->len)
		bytes_append_str(out, STR("nothing new"));
	if (scan->cancelled)
		bytes_append_str(out, STR(" (stopped)"));
	app->news.summary_style = scan->damaged || scan->offline ? STYLE_WARNING : STYLE_DIM;
}

static void take_scanned(struct app *app, const struct event *event, struct effects *out)
{
	const struct scan_summary *scan = &event->as.scanned;
	char digits[WORDS_BYTES];
	if (event->serial == app->news.scan_serial)
		app->news.is_scanning = false;
	app->progress_due_ms = 0;
	summarise(app, scan);
	if (scan->brake)
		app_tell(app, STYLE_WARNING,
			 "%.*s models seem gone, none marked missing; "
			 "if so: :rescan accept-missing",
			 STR_ARG(words_count(digits, scan->n_withheld)));
	ask_models(app, true, out);
	ask_groups(app, out);
	ask_roots(app, out);
	app->dirty = true;
}

static void tell_undone(struct app *app, const struct event *event)
{
	struct arena arena = { 0 };
	const struct operation operation = { .what = event->as.done.what,
					     .words = event->as.done.words };
	struct str name = history_words(app, &operation, &arena);
	app_tell(app, STYLE_NORMAL, "operation %lld%s%.*s: %s", (long long)event->as.done.operation,
		 name.len > 0 ? ", " : "", STR_ARG(name),
		 app->news.is_redo ? "made again" : "taken back; U makes it again");
	arena_finish(&arena);
}

static void take_done(struct app *app, const struct event *event, struct effects *out)
{
	char digits[WORDS_BYTES];
	uint64_t n = event->as.done.n_changed;
	bool is_undo = event->serial == app->news.undo_serial;
	jobs_end(app, event->serial);
	sheet_ask_again(app, out);
	app->news.has_failed = false;
	if (is_undo || event->serial == app->news.edit_serial) {
		if (is_undo)
			tell_undone(app, event);
		else
			app_tell(app, STYLE_NORMAL, "%.*s model%s %s",
				 STR_ARG(words_count(digits, n)), n == 1 ? "" : "s",
				 app->news.edit_done);
		app->details.asked_id = 0;
		ask_models(app, true, out);
		ask_groups(app, out);
		ask_details(app, out);
	} else if (event->serial == app->tray.save_serial ||
		   event->serial == app->tray.delete_serial) {
		app_tell(app, STYLE_NORMAL, "done");
		app->details.asked_id = 0;
		ask_details(app, out);
	} else if (event->serial == app->news.root_serial) {
		ask_roots(app, out);
		ask_scan(app, STR_NULL, out);
	}
}

/* Some of it may have been done. */
static bool is_change(const struct app *app, uint32_t serial)
{
	return serial && (serial == app->news.edit_serial || serial == app->news.undo_serial ||
			  serial == app->job.serial);
}

static void take_failed(struct app *app, const struct event *event, struct effects *out)
{
	bool is_asked = false;
	if (event->serial && event->serial == app->news.scan_serial) {
		app->news.is_scanning = false;
		app->progress_due_ms = 0;
	}
	if (event->serial && event->serial == app->tray.save_serial)
		is_asked = tray_save_failed(app, &event->as.failed);
	if (is_change(app, event->serial)) {
		sheet_ask_again(app, out);
		app->news.has_failed = event->serial != app->news.undo_serial;
	}
	jobs_end(app, event->serial);
	if (!is_asked && !history_take_failed(app, event))
		tell_raw(app, STYLE_MISTAKE, "", str_from(event->as.failed.text));
}

static void take_changed(struct app *app)
{
	int64_t due_ms = app->requery_last_ms + REQUERY_MS;
	if (!app->requery_due_ms)
		app->requery_due_ms = due_ms > app->now_ms ? due_ms : app->now_ms;
}

static void take_concluding(struct app *app, const struct event *event, struct effects *out)
{
	bool is_done = event->as.concluding.n_done >= event->as.concluding.n;
	app->news.n_concluded = is_done ? 0 : event->as.concluding.n_done;
	app->news.n_to_conclude = is_done ? 0 : event->as.concluding.n;
	app->dirty = true;
	if (!is_done)
		return;
	app->details.asked_id = 0;
	take_changed(app);
	ask_details(app, out);
}

static void take_roots(struct app *app, const struct event *event)
{
	app->news.knows_roots = true;
	app->news.has_roots = event->as.roots.n > 0;
	app->dirty = true;
}

void events_take(struct app *app, struct event *event, struct effects *out)
{
	if (cell_take(app, event) || sheet_take(app, event, out) || ignore_take(app, event, out))
		return;
	bool is_kept = false;
	switch (event->type) {
	case EVENT_PLAN: is_kept = changes_take_plan(app, event); break;
	case EVENT_FILES: jobs_take_files(app, event); break;
	case EVENT_RESULT: is_kept = take_result(app, event, out); break;
	case EVENT_ROWS:
		rows_take_window(&app->models.rows, event);
		app->dirty = is_kept = true;
		app->hold_until_ms = 0;
		break;
	case EVENT_DETAILS:
		is_kept = !copy_take(app, event, out) && details_take(app, event);
		break;
	case EVENT_COMPOSED:
		is_kept = !copy_take(app, event, out) && tray_take_fit(app, event);
		break;
	case EVENT_SETS: tray_take_sets(app, event, out); break;
	case EVENT_GROUPS: is_kept = groups_take(app, event); break;
	case EVENT_ROOTS: take_roots(app, event); break;
	case EVENT_MATRIX: take_matrix(app, event); break;
	case EVENT_DONE: take_done(app, event, out); break;
	case EVENT_PROGRESS: take_progress(app, event); break;
	case EVENT_CONCLUDING: take_concluding(app, event, out); break;
	case EVENT_CHANGED: take_changed(app); break;
	case EVENT_SCANNED: take_scanned(app, event, out); break;
	case EVENT_TOLD: tell_raw(app, STYLE_WARNING, "", event->as.told.text); break;
	case EVENT_FAILED: take_failed(app, event, out); break;
	case EVENT_HISTORY: history_take_newest(app, event); break;
	case EVENT_TAGS:
	case EVENT_FOUND:
	case EVENT_LAYOUT:
	case EVENT_FITS:
	case EVENT_CHECKS:
	case EVENT_STRAYS:
	case EVENT_TRASHED:
	case EVENT_HASHED:
	case EVENT_DUPLICATES:
	case EVENT_DUMP: break; /* never asked for here */
	}
	if (!is_kept)
		event_destroy(event);
}
