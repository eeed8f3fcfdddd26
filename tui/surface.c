// SPDX-License-Identifier: MIT
#include "tui/surface.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/error.h"
#include "tui/glyph.h"

static const struct cell blank = { .bytes = " ", .n_bytes = 1, .cols = 1 };

static int min_int(int a, int b)
{
	return a < b ? a : b;
}

static int max_int(int a, int b)
{
	return a > b ? a : b;
}

void grid_init(struct grid *grid, int cols, int rows)
{
	*grid = (struct grid){ .cols = max_int(cols, 0), .rows = max_int(rows, 0) };
	size_t n = (size_t)grid->cols * (size_t)grid->rows;
	grid->cells = calloc(n ? n : 1, sizeof(*grid->cells));
	if (!grid->cells)
		die_oom();
	grid_clear(grid);
}

void grid_finish(struct grid *grid)
{
	if (!grid)
		return;
	free(grid->cells);
	*grid = (struct grid){ 0 };
}

void grid_clear(struct grid *grid)
{
	size_t n = (size_t)grid->cols * (size_t)grid->rows;
	for (size_t i = 0; i < n; i++)
		grid->cells[i] = blank;
	grid->cursor_x = grid->cursor_y = 0;
	grid->cursor_is_shown = false;
}

struct surface surface_of(struct grid *grid, enum text_charset signs, struct arena *scratch)
{
	return (struct surface){
		.grid = grid,
		.rect = { 0, 0, grid->cols, grid->rows },
		.signs = signs,
		.scratch = scratch,
	};
}

struct surface surface_part(const struct surface *surface, struct rect rect)
{
	int x0 = max_int(rect.x, 0), x1 = min_int(rect.x + rect.cols, surface->rect.cols);
	int y0 = max_int(rect.y, 0), y1 = min_int(rect.y + rect.rows, surface->rect.rows);
	return (struct surface){
		.grid = surface->grid,
		.rect = { surface->rect.x + x0, surface->rect.y + y0, max_int(x1 - x0, 0),
			  max_int(y1 - y0, 0) },
		.signs = surface->signs,
		.scratch = surface->scratch,
	};
}

static struct cell *cell_at(const struct surface *surface, int x, int y)
{
	const struct rect *r = &surface->rect;
	if (x < 0 || y < 0 || x >= r->cols || y >= r->rows)
		return NULL;
	return &surface->grid->cells[(r->y + y) * surface->grid->cols + r->x + x];
}

static void empty_cell(struct cell *cell)
{
	struct cell empty = blank;
	empty.style = cell->style;
	empty.is_selected = cell->is_selected;
	*cell = empty;
}

/* Overwriting half of a wide cell leaves a space in the other half. */
static void break_wide(struct surface *surface, int x, int y)
{
	struct cell *cell = cell_at(surface, x, y);
	if (!cell || cell->cols == 1)
		return;
	struct cell *other = cell->cols == 2 ? cell + 1 : cell - 1;
	empty_cell(other);
	empty_cell(cell);
}

static void put_cluster(struct surface *surface, int x, int y, enum style style, struct str cluster,
			int cols)
{
	break_wide(surface, x, y);
	if (cols == 2)
		break_wide(surface, x + 1, y);
	struct cell *cell = cell_at(surface, x, y);
	bool is_selected = cell->is_selected;
	if (cluster.len > CELL_BYTES) {
		put_cluster(surface, x, y, style, STR("?"), 1);
		if (cols == 2)
			put_cluster(surface, x + 1, y, style, STR(" "), 1);
		return;
	}
	*cell = (struct cell){ .n_bytes = (uint8_t)cluster.len,
			       .cols = (uint8_t)cols,
			       .style = (uint8_t)style,
			       .is_selected = is_selected };
	memcpy(cell->bytes, cluster.ptr, cluster.len);
	if (cols == 2)
		cell[1] = (struct cell){ .style = (uint8_t)style, .is_selected = is_selected };
}

int surface_text(struct surface *surface, int x, int y, enum style style, struct str clean,
		 int cols_max)
{
	int at = x, end = min_int(surface->rect.cols, x + max_int(cols_max, 0));
	if (y < 0 || y >= surface->rect.rows)
		return 0;
	size_t cols, len;
	while ((len = text_next_cluster(clean, &cols)) > 0) {
		if (at + (int)cols > end)
			break;
		if (cols > 0 && at >= 0)
			put_cluster(surface, at, y, style, str_slice(clean, 0, len), (int)cols);
		at += (int)cols;
		clean = str_slice(clean, len, clean.len);
	}
	return at - x;
}

int surface_text_cut(struct surface *surface, int x, int y, enum style style, struct str clean,
		     int cols_max)
{
	cols_max = min_int(cols_max, surface->rect.cols - x);
	if (cols_max <= 0)
		return 0;
	if (text_cols(clean) <= (size_t)cols_max)
		return surface_text(surface, x, y, style, clean, cols_max);
	int cols = surface_text(surface, x, y, style, clean, cols_max - 1);
	return cols + surface_text(surface, x + cols, y, style,
				   glyph_str(GLYPH_ELLIPSIS, surface->signs), 1);
}

void surface_text_right(struct surface *surface, int x_end, int y, enum style style,
			struct str clean)
{
	int cols = (int)text_cols(clean);
	surface_text(surface, x_end - cols, y, style, clean, cols);
}

void surface_repeat(struct surface *surface, int x, int y, int cols, enum style style,
		    struct str sign)
{
	for (int i = 0; i < cols; i++)
		surface_text(surface, x + i, y, style, sign, 1);
}

void surface_select(struct surface *surface, int x, int y, int cols)
{
	for (int i = 0; i < cols; i++) {
		struct cell *cell = cell_at(surface, x + i, y);
		if (cell)
			cell->is_selected = true;
	}
}

void surface_restyle(struct surface *surface, int x, int y, int cols, enum style style)
{
	for (int i = 0; i < cols; i++) {
		struct cell *cell = cell_at(surface, x + i, y);
		if (cell)
			cell->style = (uint8_t)style;
	}
}

void surface_put_cursor(struct surface *surface, int x, int y, bool shown)
{
	if (!cell_at(surface, x, y))
		return;
	surface->grid->cursor_x = surface->rect.x + x;
	surface->grid->cursor_y = surface->rect.y + y;
	surface->grid->cursor_is_shown = shown;
}

void grid_dump(const struct grid *grid, struct bytes *out)
{
	for (int y = 0; y < grid->rows; y++) {
		const struct cell *row = &grid->cells[y * grid->cols];
		int end = grid->cols;
		while (end > 0 && row[end - 1].n_bytes == 1 && row[end - 1].bytes[0] == ' ')
			end--;
		for (int x = 0; x < end; x++)
			bytes_append(out, row[x].bytes, row[x].n_bytes);
		bytes_append_byte(out, '\n');
	}
	bytes_printf(out, "cursor %d,%d%s\n", grid->cursor_x, grid->cursor_y,
		     grid->cursor_is_shown ? " shown" : "");
}

void grid_dump_styles(const struct grid *grid, struct bytes *out)
{
	for (int y = 0; y < grid->rows; y++) {
		for (int x = 0; x < grid->cols; x++) {
			const struct cell *cell = &grid->cells[y * grid->cols + x];
			char letter = STYLE_LETTERS[cell->style];
			if (cell->is_selected)
				letter = letter >= 'a' && letter <= 'z' ? (char)(letter - 32) : '#';
			bytes_append_byte(out, letter);
		}
		bytes_append_byte(out, '\n');
	}
}
