// SPDX-License-Identifier: MIT
#include "tui/app/ignore.h"

#include "core/base/path.h"
#include "tui/app/app.h"
#include "tui/app/ask.h"
#include "tui/app/changes.h"
#include "tui/words.h"

static void send(struct app *app, struct request *request, struct effects *out)
{
	app->ignoring.serial = request->serial;
	effects_send(out, request);
}

static void set_folder(struct app *app, struct str folder, struct effects *out)
{
	while (folder.len > 1 && folder.ptr[folder.len - 1] == '/')
		folder.len--;
	bytes_clear(&app->ignoring.folder);
	bytes_append_str(&app->ignoring.folder, folder);
	send(app, ask_new(app, REQUEST_ROOTS), out);
}

void ignore_begin(struct app *app, struct str folder, struct effects *out)
{
	if (!changes_may_write(app))
		return;
	if (app->news.is_scanning || app->job.is_told) {
		app_tell(app, STYLE_MISTAKE, "something is running; w shows it");
	} else if (folder.ptr) {
		set_folder(app, folder, out);
	} else if (!app->models.cursor_id) {
		app_tell(app, STYLE_MISTAKE, "there is no model here whose folder is meant");
	} else {
		struct request *request = ask_new(app, REQUEST_DETAILS);
		request->as.details.id = app->models.cursor_id;
		send(app, request, out);
	}
}

/* Below a root, and none itself. */
static bool check(struct app *app, const struct event *event)
{
	struct str folder = bytes_str(&app->ignoring.folder), rest;
	bool is_below = false;
	for (size_t i = 0; i < event->as.roots.n; i++) {
		struct str root = event->as.roots.roots[i].path;
		if (str_equal(root, folder)) {
			app_tell(app, STYLE_MISTAKE,
				 "this is a whole root; root remove lets go of it");
			return false;
		}
		is_below |= path_is_below(folder, root, &rest);
	}
	if (!is_below)
		app_tell(app, STYLE_MISTAKE, "that folder lies in no root");
	return is_below;
}

/* path:"/models/old/" with what the query language would take for a sign kept as it is. */
static void count(struct app *app, struct effects *out)
{
	struct request *request = ask_new(app, REQUEST_GROUPS);
	struct str folder = bytes_str(&app->ignoring.folder);
	struct bytes text = { 0 };
	bytes_append_str(&text, STR("path:\""));
	for (size_t i = 0; i < folder.len; i++) {
		if (folder.ptr[i] == '"' || folder.ptr[i] == '\\')
			bytes_append_byte(&text, '\\');
		bytes_append_byte(&text, folder.ptr[i]);
	}
	bytes_append_str(&text, STR("/\""));
	request->as.groups.text = arena_str(&request->arena, bytes_str(&text));
	bytes_finish(&text);
	send(app, request, out);
}

static void yes(struct app *app, struct effects *out)
{
	out->ignores = arena_str(&out->arena, bytes_str(&app->ignoring.folder));
}

static void ask(struct app *app, uint64_t n)
{
	char digits[WORDS_BYTES];
	struct arena arena = { 0 };
	struct str folder = app_clean(app, &arena, bytes_str(&app->ignoring.folder));
	question_ask(app, yes, "ignore %.*s? It hides %.*s model%s",
		     STR_ARG(text_cut_middle(&arena, folder, 200, app->signs)),
		     STR_ARG(words_count(digits, n)), n == 1 ? "" : "s");
	arena_finish(&arena);
}

bool ignore_take(struct app *app, struct event *event, struct effects *out)
{
	if (!event->serial || event->serial != app->ignoring.serial || event->type == EVENT_FAILED)
		return false;
	app->ignoring.serial = 0;
	app->dirty = true;
	if (event->type == EVENT_DETAILS && event->as.details.found)
		set_folder(app, path_folder(event->as.details.entry.path), out);
	else if (event->type == EVENT_ROOTS && check(app, event))
		count(app, out);
	else if (event->type == EVENT_GROUPS)
		ask(app, event->as.groups.n_models);
	event_destroy(event);
	return true;
}

void ignore_end(struct app *app, const struct msg *msg, struct effects *out)
{
	struct arena arena = { 0 };
	struct str why = str_from(msg->as.reopened.not_ignored);
	struct str folder = app_clean(app, &arena, bytes_str(&app->ignoring.folder));
	if (why.len > 0)
		app_tell(app, STYLE_MISTAKE, "not ignored: %.*s",
			 STR_ARG(app_clean(app, &arena, why)));
	else
		app_tell(app, STYLE_NORMAL,
			 "ignored: %.*s; out of scan.ignore in config.ini it comes back",
			 STR_ARG(text_cut_middle(&arena, folder, 200, app->signs)));
	if (why.len == 0)
		ask_scan(app, STR_NULL, out);
	arena_finish(&arena);
}
