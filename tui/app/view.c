// SPDX-License-Identifier: MIT
#include "tui/app/view.h"

#include "tui/glyph.h"
#include "tui/panes/bars.h"
#include "tui/panes/dock.h"
#include "tui/panes/prompt.h"

static void paint_too_small(const struct app *app, struct surface *frame)
{
	struct str text = arena_strf(frame->scratch, "%dx%d is too small, %dx%d is enough",
				     app->cols, app->rows, LAYOUT_COLS_MIN, LAYOUT_ROWS_MIN);
	surface_text_cut(frame, 0, 0, STYLE_NORMAL, text, app->cols);
}

static void paint_panes(const struct app *app, struct surface *frame)
{
	const struct frame_layout *layout = &app->layout;
	for (size_t i = 0; i < PANE_COUNT; i++) {
		if (layout->panes[i].cols == 0)
			continue;
		const struct pane_ops *pane = app_pane((enum pane_id)i);
		struct surface area = surface_part(frame, layout->panes[i]);
		struct surface title = surface_part(frame, layout->titles[i]);
		pane->paint(app, &area);
		if (title.rect.cols > 0)
			pane->paint_title(app, &title);
	}
	for (int i = 0; i < layout->n_rules; i++)
		for (int y = 0; y < layout->body_rows; y++)
			surface_text(frame, layout->rules[i], layout->body_y + y, STYLE_RULE,
				     glyph_str(GLYPH_RULE, frame->signs), 1);
}

static void paint_bars(const struct app *app, struct surface *frame)
{
	const struct frame_layout *layout = &app->layout;
	struct surface header = surface_part(frame, layout->header);
	struct surface banner = surface_part(frame, layout->banner);
	struct surface dock = surface_part(frame, layout->dock);
	struct surface tray = surface_part(frame, layout->tray);
	struct surface status = surface_part(frame, layout->status);
	bars_header(app, &header);
	if (banner.rect.cols > 0)
		bars_banner(app, &banner);
	if (dock.rect.rows > 0)
		dock_paint(app, &dock);
	if (app->prompt.kind != PROMPT_NONE) {
		struct rect both = layout->tray;
		both.rows = 2;
		struct surface area = surface_part(frame, both);
		prompt_paint(app, &area);
		return;
	}
	dock_tray(app, &tray);
	bars_status(app, &status);
	int y = layout->body_y;
	struct surface above =
		surface_part(frame, (struct rect){ 0, y, app->cols, layout->status.y + 1 - y });
	bars_long_message(app, &above);
}

void view(const struct app *app, struct grid *grid)
{
	struct arena scratch = { 0 };
	struct surface frame = surface_of(grid, app->signs, &scratch);
	grid_clear(grid);
	if (app->layout.is_too_small) {
		paint_too_small(app, &frame);
	} else {
		paint_panes(app, &frame);
		paint_bars(app, &frame);
	}
	arena_finish(&scratch);
}
