// SPDX-License-Identifier: MIT
#include "tui/sheets/matrix.h"

#include "tui/app/ask.h"
#include "tui/glyph.h"
#include "tui/sheets/cell.h"
#include "tui/words.h"

enum {
	COLUMN_COLS_MIN = 10, /* a blank among them */
	COLUMN_COLS_MAX = 20,
	COUNT_COLS = 7, /* at the right edge: how many checkpoints a LoRA fits */
	NAME_COLS_MAX = 32,
	HEAD_ROWS = 3 /* two for a name, one for the count below it */
};

/* In the order of what a person looks for. */
static const enum verdict order[FIT_COUNT] = { FIT_COMPATIBLE, FIT_CAUTION, FIT_UNKNOWN,
					       FIT_INCOMPATIBLE };

static const struct event *event_of(const struct app *app)
{
	return app->sheets[PANE_MATRIX - SHEET_FIRST].event;
}

static struct request *ask(struct app *app, size_t first, size_t n)
{
	(void)first;
	(void)n; /* it comes whole: what can be looked at is not much */
	struct request *request = ask_new(app, REQUEST_MATRIX);
	struct arena *arena = &request->arena;
	uint32_t *in_force = ARENA_NEW(arena, uint32_t);
	*in_force = app->checkpoint.id;
	request->as.matrix.checkpoints = in_force;
	request->as.matrix.n = app->checkpoint.id ? 1 : 0;
	request->as.matrix.text = arena_str(arena, bytes_str(&app->wishes.query));
	request->as.matrix.marked = array_to_arena(&app->marks.ids, arena);
	request->as.matrix.n_marked = app->marks.ids.len;
	request->as.matrix.has_cells = true;
	return request;
}

static struct sheet_window window(const struct event *event)
{
	size_t n = event->as.matrix.n > 0 ? event->as.matrix.n_loras : 0;
	return (struct sheet_window){ n, 0, n };
}

static int64_t key(const struct event *event, size_t i)
{
	return event->as.matrix.loras[i].id;
}

static enum verdict verdict_at(const struct event *event, size_t column, size_t row)
{
	return (enum verdict)event->as.matrix.cells[column * event->as.matrix.n_loras + row];
}

static int name_cols(int cols)
{
	return cols / 3 < NAME_COLS_MAX ? cols / 3 : NAME_COLS_MAX;
}

/* What the columns have, and how many of them have room. */
static size_t columns_in_sight(const struct event *event, int cols, int *column_cols)
{
	int room = cols - 1 - name_cols(cols) - COUNT_COLS, n = (int)event->as.matrix.n;
	int each = n > 0 ? room / n : room;
	*column_cols = each < COLUMN_COLS_MIN   ? COLUMN_COLS_MIN
		       : each > COLUMN_COLS_MAX ? COLUMN_COLS_MAX
						: each;
	return room > *column_cols ? (size_t)(room / *column_cols) : 1;
}

/* The column under the cursor and the first in sight, whatever was asked for and whatever came. */
static void place_columns(const struct app *app, size_t *column, size_t *left)
{
	int each;
	size_t n = event_of(app)->as.matrix.n;
	size_t in_sight =
		columns_in_sight(event_of(app), app->layout.panes[PANE_MATRIX].cols, &each);
	*column = app->matrix.column < n ? app->matrix.column : n - 1;
	*left = app->matrix.left;
	if (*left > *column)
		*left = *column;
	if (*column >= *left + in_sight)
		*left = *column - in_sight + 1;
	if (*left + in_sight > n)
		*left = n > in_sight ? n - in_sight : 0;
}

static void move(struct app *app, bool right)
{
	struct matrix_shown *matrix = &app->matrix;
	place_columns(app, &matrix->column, &matrix->left);
	if (right && matrix->column + 1 < event_of(app)->as.matrix.n)
		matrix->column++;
	else if (!right && matrix->column > 0)
		matrix->column--;
	place_columns(app, &matrix->column, &matrix->left);
}

static bool command(struct app *app, enum command command, struct effects *out)
{
	const struct event *event = event_of(app);
	size_t row = sheet_cursor(sheet_here(app)), column, left;
	bool is_move = command == COMMAND_LEFT || command == COMMAND_RIGHT;
	if (!is_move && command != COMMAND_IN)
		return false;
	if (row == SIZE_MAX)
		return true;
	if (is_move) {
		move(app, command == COMMAND_RIGHT);
		return true;
	}
	place_columns(app, &column, &left);
	const struct fit_counts *line = &event->as.matrix.lines[column];
	cell_open(app, event->as.matrix.loras[row].id, line->id, line->name, out);
	return true;
}

static void paint_count(struct surface *surface, int x, int y, uint64_t n)
{
	char digits[WORDS_BYTES];
	enum style style = n > 0 ? STYLE_FIT_COMPATIBLE : STYLE_DIM;
	struct str sign = glyph_str(GLYPH_COMPATIBLE, surface->signs);
	surface_text(surface, x, y, style,
		     arena_strf(surface->scratch, "%.*s %.*s", STR_ARG(sign),
				STR_ARG(words_count(digits, n))),
		     COUNT_COLS);
}

/* A name over the lines that there are for it. */
static void paint_name(const struct app *app, struct surface *head, struct rect room,
		       enum style style, struct str raw)
{
	size_t cols = (size_t)room.cols, part_cols;
	struct str name = app_clean(app, head->scratch, raw);
	name = text_cut_middle(head->scratch, name, cols * (size_t)room.rows, app->signs);
	for (int y = 0; y < room.rows && name.len > 0; y++) {
		size_t len = text_fit(name, cols, &part_cols);
		surface_text(head, room.x, y, style, str_slice(name, 0, len), room.cols);
		name = str_slice(name, len, name.len);
	}
}

static void paint_head(const struct app *app, struct surface *head)
{
	const struct event *event = event_of(app);
	int x0 = 1 + name_cols(head->rect.cols), rows = head->rect.rows, each;
	size_t in_sight = columns_in_sight(event, head->rect.cols, &each), column, left;
	place_columns(app, &column, &left);
	for (size_t i = 0; i < in_sight && left + i < event->as.matrix.n; i++) {
		const struct fit_counts *line = &event->as.matrix.lines[left + i];
		int x = x0 + (int)i * each + 1;
		enum style style = line->id == app->checkpoint.id ? STYLE_CHECKPOINT
				   : left + i == column           ? STYLE_STRONG
								  : STYLE_NORMAL;
		struct rect room = { x, 0, each - 1, rows > 1 ? rows - 1 : 1 };
		paint_name(app, head, room, style, line->name);
		if (rows > 1)
			paint_count(head, x, rows - 1, line->n[FIT_COMPATIBLE]);
	}
}

static uint64_t count_row(const struct event *event, size_t row, enum verdict verdict)
{
	uint64_t n = 0;
	for (size_t i = 0; i < event->as.matrix.n; i++)
		n += verdict_at(event, i, row) == verdict;
	return n;
}

static void paint_row(const struct app *app, size_t row, struct surface *line)
{
	const struct event *event = event_of(app);
	const struct list *list = &app->sheets[PANE_MATRIX - SHEET_FIRST].list;
	int cols = line->rect.cols, name = name_cols(cols), each;
	size_t in_sight = columns_in_sight(event, cols, &each), column, left;
	bool is_here = list->cursor == row;
	struct str text = app_clean(app, line->scratch, event->as.matrix.loras[row].name);
	text = text_cut_middle(line->scratch, text, (size_t)name, app->signs);
	surface_text(line, 1, 0, is_here ? STYLE_STRONG : STYLE_NORMAL, text, name);
	place_columns(app, &column, &left);
	for (size_t i = 0; i < in_sight && left + i < event->as.matrix.n; i++) {
		enum verdict verdict = verdict_at(event, left + i, row);
		int x = 1 + name + (int)i * each + 1;
		surface_text(line, x, 0, style_of_verdict(verdict),
			     glyph_str(glyph_of_verdict(verdict), line->signs), 1);
		if (!is_here || left + i != column)
			continue;
		surface_select(line, x - 1, 0, 3);
		surface_put_cursor(line, x, 0, false);
	}
	paint_count(line, cols - COUNT_COLS, 0, count_row(event, row, FIT_COMPATIBLE));
}

/* "✓ 12  ~ 3  ? 0  ✗ 4": @return the column behind it */
static int paint_counts(struct surface *foot, int x, int y, const uint64_t n[FIT_COUNT])
{
	char digits[WORDS_BYTES];
	for (size_t i = 0; i < FIT_COUNT; i++) {
		struct str sign = glyph_str(glyph_of_verdict(order[i]), foot->signs);
		struct str count = words_count(digits, n[order[i]]);
		struct str text =
			arena_strf(foot->scratch, "%.*s %.*s", STR_ARG(sign), STR_ARG(count));
		enum style style = n[order[i]] > 0 ? style_of_verdict(order[i]) : STYLE_DIM;
		x += surface_text(foot, x, y, style, text, foot->rect.cols) + 2;
	}
	return x;
}

static void paint_foot(const struct app *app, size_t row, struct surface *foot)
{
	const struct event *event = event_of(app);
	struct arena *arena = foot->scratch;
	uint64_t n[FIT_COUNT];
	size_t column, left;
	int rows = foot->rect.rows, cols = foot->rect.cols, x;
	place_columns(app, &column, &left);
	const struct fit_counts *line = &event->as.matrix.lines[column];
	enum verdict verdict = verdict_at(event, column, row);
	struct str lora = app_clean(app, arena, event->as.matrix.loras[row].name);
	struct str checkpoint = app_clean(app, arena, line->name);
	struct str pair = arena_strf(arena, "%.*s with %.*s", STR_ARG(lora), STR_ARG(checkpoint));
	x = 1 + surface_text(foot, 1, 0, style_of_verdict(verdict),
			     glyph_str(glyph_of_verdict(verdict), foot->signs), 1);
	x += 1 + surface_text(foot, x + 1, 0, style_of_verdict(verdict),
			      str_from(verdict_word(verdict)), cols);
	int room = cols - x - 3;
	pair = text_cut_middle(arena, pair, (size_t)(room > 0 ? room : 0), app->signs);
	surface_text(foot, x + 2, 0, STYLE_NORMAL, pair, room);
	for (size_t i = 0; i < FIT_COUNT; i++)
		n[i] = count_row(event, row, (enum verdict)i);
	if (rows > 1) {
		x = paint_counts(foot, 1, 1, line->n);
		x += surface_text(foot, x, 1, STYLE_DIM, STR("column"), cols) + 3;
		x = paint_counts(foot, x, 1, n);
		surface_text(foot, x, 1, STYLE_DIM, STR("row"), cols);
	}
}

static struct str title(const struct app *app, struct arena *arena)
{
	const struct event *event = event_of(app);
	char columns[WORDS_BYTES], loras[WORDS_BYTES];
	if (!event)
		return STR("matrix");
	size_t n = event->as.matrix.n_checkpoints_all, n_loras = event->as.matrix.n_loras_all;
	bool is_part = n > event->as.matrix.n || n_loras > event->as.matrix.n_loras;
	return arena_strf(arena, "matrix: %.*s checkpoint%s, %.*s LoRA%s%s",
			  STR_ARG(words_count(columns, n)), n == 1 ? "" : "s",
			  STR_ARG(words_count(loras, n_loras)), n_loras == 1 ? "" : "s",
			  is_part ? "; not all are shown: mark fewer" : "");
}

static const struct sheet_ops ops = {
	.ask = ask,
	.window = window,
	.key = key,
	.command = command,
	.paint_head = paint_head,
	.head_rows = HEAD_ROWS,
	.paint_row = paint_row,
	.paint_foot = paint_foot,
	.foot_rows = 2,
	.title = title,
	.lights_itself = true,
	.empty = "There is no checkpoint or no LoRA to compare.",
};

const struct pane_ops matrix_pane = SHEET_PANE("the matrix", WHERE_MATRIX, &ops);
