// SPDX-License-Identifier: MIT
#include "tui/layout.h"

#define LIST_PERCENT 55

static void put_pane(struct frame_layout *out, enum pane_id pane, int x, int cols, bool has_title)
{
	struct rect rect = { x, out->body_y, cols, out->body_rows };
	if (has_title) {
		out->titles[pane] = (struct rect){ x, rect.y, cols, 1 };
		rect.y++;
		rect.rows--;
	}
	out->panes[pane] = rect;
}

/* Takes `cols` and the line right of them off the free columns. */
static void put_left(struct frame_layout *out, enum pane_id pane, int *x, int cols, bool has_title)
{
	put_pane(out, pane, *x, cols, has_title);
	*x += cols;
	out->rules[out->n_rules++] = *x;
	*x += 1;
}

static void put_body(struct frame_layout *out, int cols, int rows, struct layout_wish wish)
{
	bool is_page = wish.focus >= PANE_HELP;
	if (is_page || cols < LAYOUT_COLS_TWO) {
		put_pane(out, wish.focus, 0, cols, is_page);
		return;
	}
	int x = 0;
	bool has_titles = rows >= LAYOUT_ROWS_TITLES;
	out->is_side_by_side = true;
	if (wish.groups || cols >= LAYOUT_COLS_THREE || wish.focus == PANE_GROUPS)
		put_left(out, PANE_GROUPS, &x, LAYOUT_GROUPS_COLS, has_titles);
	put_left(out, PANE_MODELS, &x, (cols - x) * LIST_PERCENT / 100, has_titles);
	put_pane(out, PANE_DETAILS, x, cols - x, has_titles);
}

struct frame_layout layout_frame(int cols, int rows, struct layout_wish wish)
{
	struct frame_layout out = { 0 };
	if (cols < LAYOUT_COLS_MIN || rows < LAYOUT_ROWS_MIN) {
		out.is_too_small = true;
		return out;
	}
	out.header = (struct rect){ 0, 0, cols, 1 };
	out.body_y = 1;
	if (wish.banner)
		out.banner = (struct rect){ 0, out.body_y++, cols, 1 };
	out.body_rows = rows - 2 - out.body_y;
	if (cols >= LAYOUT_COLS_THREE && rows >= LAYOUT_ROWS_DOCK && wish.dock_rows > 0) {
		int dock_rows =
			wish.dock_rows < out.body_rows / 2 ? wish.dock_rows : out.body_rows / 2;
		out.body_rows -= dock_rows;
		out.dock = (struct rect){ 0, out.body_y + out.body_rows, cols, dock_rows };
	}
	out.tray = (struct rect){ 0, rows - 2, cols, 1 };
	out.status = (struct rect){ 0, rows - 1, cols, 1 };
	put_body(&out, cols, rows, wish);
	return out;
}
