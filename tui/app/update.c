// SPDX-License-Identifier: MIT
#include "tui/app/update.h"

#include "tui/app/actions.h"
#include "tui/app/ask.h"
#include "tui/app/events.h"
#include "tui/app/tray_sets.h"
#include "tui/panes/prompt.h"

#define WHEEL_LINES 3

static void start(struct app *app, const struct msg *msg, struct effects *out)
{
	app->cols = msg->as.size.cols;
	app->rows = msg->as.size.rows;
	app_lay_out(app);
	ask_models(app, false, out);
	ask_roots(app, out);
	ask_groups(app, out);
}

/* The library is shown as it was first; looking for news comes after. */
static void painted(struct app *app, struct effects *out)
{
	if (app->scan_at_start && app->can_write)
		ask_scan(app, STR_NULL, out);
	app->scan_at_start = false;
}

static void resize(struct app *app, const struct msg *msg, struct effects *out)
{
	app->cols = msg->as.size.cols;
	app->rows = msg->as.size.rows;
	app_lay_out(app);
	ask_rows(app, out);
	ask_details(app, out);
}

static void take_key(struct app *app, struct key key, struct effects *out)
{
	if (app->news.message.len) {
		bytes_clear(&app->news.message);
		app->dirty = true;
	}
	if (app->question.yes) {
		question_key(app, key, out);
		return;
	}
	if (app->prompt.kind != PROMPT_NONE) {
		prompt_key(app, key, out);
		return;
	}
	if (app->copy.is_waiting) {
		copy_key(app, key, out);
		return;
	}
	enum command command = keymap_find(&app->keymap, key, app_pane(app->focus)->where);
	if (command != COMMAND_NONE)
		actions_run(app, command, STR_NULL, out);
}

static bool is_inside(struct rect rect, int x, int y)
{
	return x >= rect.x && x < rect.x + rect.cols && y >= rect.y && y < rect.y + rect.rows;
}

static void scroll(const struct pane_ops *pane, struct app *app, int lines, struct effects *out)
{
	if (pane->page)
		page_scroll(pane->page(app), lines);
	else
		pane->scroll(app, lines, out);
}

static void take_mouse(struct app *app, const struct msg *msg, struct effects *out)
{
	int x = msg->as.mouse.x, y = msg->as.mouse.y;
	for (size_t i = 0; i < PANE_COUNT; i++) {
		struct rect rect = app->layout.panes[i];
		if (!is_inside(rect, x, y))
			continue;
		const struct pane_ops *pane = app_pane((enum pane_id)i);
		if (msg->as.mouse.act != MOUSE_PRESS) {
			bool is_up = msg->as.mouse.act == MOUSE_WHEEL_UP;
			scroll(pane, app, is_up ? -WHEEL_LINES : WHEEL_LINES, out);
		} else {
			if (app->focus != (enum pane_id)i)
				app_focus(app, (enum pane_id)i);
			if (pane->press)
				pane->press(app, y - rect.y, out);
		}
		app->dirty = true;
		return;
	}
}

static void take_timer(struct app *app, struct effects *out)
{
	if (app->now_ms >= app->hold_until_ms)
		app->hold_until_ms = 0;
	if (app->details_due_ms && app->now_ms >= app->details_due_ms)
		ask_details(app, out);
	if (app->requery_due_ms && app->now_ms >= app->requery_due_ms) {
		ask_models(app, true, out);
		ask_groups(app, out);
		app->details.asked_id = 0;
		ask_details(app, out);
		tray_ask(app, out);
		sheet_ask_again(app, out);
	}
	if (app->progress_due_ms && app->now_ms >= app->progress_due_ms) {
		app->progress_due_ms = 0;
		app->dirty = true;
	}
}

/* Whatever was asked of the library before is not answered any more. */
static void reopened(struct app *app, const struct msg *msg, struct effects *out)
{
	app->can_write = msg->as.reopened.can_write;
	app->holder_pid = msg->as.reopened.holder_pid;
	jobs_end(app, app->job.serial);
	app->details.asked_id = 0;
	app->hold_until_ms = 0;
	app_lay_out(app);
	ask_models(app, true, out);
	ask_roots(app, out);
	ask_groups(app, out);
	ask_details(app, out);
	tray_ask(app, out);
	sheet_reopened(app, out);
	if (msg->as.reopened.has_ignored)
		ignore_end(app, msg, out);
}

void update(struct app *app, const struct msg *msg, struct effects *out)
{
	app->now_ms = msg->now_ms;
	app->now_s = msg->now_s;
	switch (msg->type) {
	case MSG_START: start(app, msg, out); break;
	case MSG_PAINTED: painted(app, out); break;
	case MSG_RESIZE: resize(app, msg, out); break;
	case MSG_KEY:
		app->models.is_touched = true;
		take_key(app, msg->as.key, out);
		break;
	case MSG_PASTE: prompt_paste(app, msg->as.paste, out); break;
	case MSG_MOUSE:
		app->models.is_touched = true;
		if (app->prompt.kind == PROMPT_NONE && !app->question.yes)
			take_mouse(app, msg, out);
		break;
	case MSG_EVENT: events_take(app, msg->as.event, out); break;
	case MSG_TIMER: take_timer(app, out); break;
	case MSG_REOPENED: reopened(app, msg, out); break;
	case MSG_END: out->quit = true; break;
	}
	sheet_ask_rows(app, out);
}

static int64_t earlier(int64_t deadline, int64_t due_ms)
{
	return due_ms && (deadline < 0 || due_ms < deadline) ? due_ms : deadline;
}

int64_t update_deadline(const struct app *app)
{
	int64_t deadline = earlier(-1, app->details_due_ms);
	deadline = earlier(deadline, app->requery_due_ms);
	deadline = earlier(deadline, app->hold_until_ms);
	return earlier(deadline, app->progress_due_ms);
}
