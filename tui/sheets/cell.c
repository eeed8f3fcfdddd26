// SPDX-License-Identifier: MIT
#include "tui/sheets/cell.h"

#include "tui/app/ask.h"
#include "tui/panes/fit_page.h"

static void write_page(struct app *app, int cols)
{
	struct cell_shown *cell = &app->cell;
	const struct event *event = cell->event;
	struct arena arena = { 0 };
	page_begin(&cell->page, cols);
	if (!event)
		return;
	struct writing w = { app,
			     &cell->page,
			     &arena,
			     &event->as.details.model,
			     &event->as.details.entry,
			     bytes_str(&cell->checkpoint) };
	if (event->as.details.found && event->as.details.has_fit) {
		fit_page_write(&w, &event->as.details.fit, &event->as.details.strip);
		fit_page_strip(&w, &event->as.details.strip);
	} else {
		page_text(&cell->page, 0, STYLE_DIM,
			  STR("One of them is no longer in the library."));
	}
	arena_finish(&arena);
}

void cell_open(struct app *app, uint32_t lora, uint32_t checkpoint, struct str checkpoint_name,
	       struct effects *out)
{
	struct cell_shown *cell = &app->cell;
	struct request *request = ask_new(app, REQUEST_DETAILS);
	request->as.details.id = lora;
	request->as.details.checkpoint = checkpoint;
	cell->serial = request->serial;
	effects_send(out, request);
	event_destroy(cell->event);
	cell->event = NULL;
	cell->page.top = 0;
	bytes_clear(&cell->checkpoint);
	bytes_append_str(&cell->checkpoint, checkpoint_name);
	app_open(app, PANE_CELL);
}

bool cell_take(struct app *app, struct event *event)
{
	struct rect rect = app->layout.panes[PANE_CELL];
	if (event->type != EVENT_DETAILS || event->serial != app->cell.serial)
		return false;
	event_destroy(app->cell.event);
	app->cell.event = event;
	if (rect.cols > 0) { /* else something lies on it: it is written when it comes up */
		write_page(app, rect.cols);
		page_resize(&app->cell.page, (size_t)rect.rows);
	}
	app->dirty = true;
	return true;
}

static struct page *page(struct app *app)
{
	return &app->cell.page;
}

static void resize(struct app *app, struct rect rect)
{
	write_page(app, rect.cols);
	page_resize(&app->cell.page, (size_t)rect.rows);
}

static void paint(const struct app *app, struct surface *area)
{
	page_paint(&app->cell.page, area);
}

static void paint_title(const struct app *app, struct surface *line)
{
	const struct event *event = app->cell.event;
	struct str name = event ? event->as.details.model.name : STR("");
	surface_text_cut(line, 1, 0, STYLE_TITLE, app_clean(app, line->scratch, name),
			 line->rect.cols - 2);
}

const struct pane_ops cell_pane = {
	.name = "one pair",
	.where = WHERE_CELL,
	.page = page,
	.resize = resize,
	.paint = paint,
	.paint_title = paint_title,
};
