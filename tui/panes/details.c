// SPDX-License-Identifier: MIT
#include "tui/panes/details.h"

#include "tui/app/ask.h"
#include "tui/panes/details_page.h"

static void write_page(struct app *app)
{
	struct details *details = &app->details;
	struct rect rect = app->layout.panes[PANE_DETAILS];
	if (!details->event || rect.cols == 0)
		return;
	page_begin(&details->page, rect.cols);
	details_write(app, details->event, &details->page, &details->evidence_line);
	page_resize(&details->page, (size_t)rect.rows);
	if (!details->wants_evidence || details->id != app->models.cursor_id)
		return;
	page_to(&details->page, details->evidence_line);
	details->wants_evidence = false;
}

bool details_take(struct app *app, struct event *event)
{
	struct details *details = &app->details;
	if (event->serial != details->serial)
		return false;
	uint32_t id = event->as.details.found ? event->as.details.entry.id : 0;
	if (id != details->id)
		details->page.top = 0;
	event_destroy(details->event);
	details->event = event;
	details->id = id;
	write_page(app);
	app->dirty = true;
	return true;
}

static bool command(struct app *app, enum command command, struct effects *out)
{
	struct details *details = &app->details;
	(void)out;
	if (command != COMMAND_EVIDENCE)
		return false;
	bool is_there = details->page.top == details->evidence_line;
	page_to(&details->page, is_there ? 0 : details->evidence_line);
	return true;
}

static struct page *page(struct app *app)
{
	return &app->details.page;
}

static void resize(struct app *app, struct rect rect)
{
	(void)rect;
	write_page(app);
}

static void paint(const struct app *app, struct surface *area)
{
	if (app->details.event && app->models.list.n)
		page_paint(&app->details.page, area);
	if (app->focus == PANE_DETAILS)
		surface_put_cursor(area, PAGE_MARGIN, 0, false);
}

static void paint_title(const struct app *app, struct surface *line)
{
	bool is_focused = app->focus == PANE_DETAILS;
	surface_text(line, PAGE_MARGIN, 0, is_focused ? STYLE_TITLE : STYLE_DIM, STR("details"),
		     line->rect.cols);
}

const struct pane_ops details_pane = {
	.name = "the details",
	.where = WHERE_DETAILS,
	.command = command,
	.page = page,
	.resize = resize,
	.paint = paint,
	.paint_title = paint_title,
};
