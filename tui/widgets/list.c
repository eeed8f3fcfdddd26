// SPDX-License-Identifier: MIT
#include "tui/widgets/list.h"

static size_t min_size(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t top_max(const struct list *list)
{
	return list->n > list->rows ? list->n - list->rows : 0;
}

static void keep_in_sight(struct list *list)
{
	size_t rows = list->rows ? list->rows : 1;
	size_t jump = list->jumps ? rows / 2 : 0;
	list->cursor = list->n ? min_size(list->cursor, list->n - 1) : 0;
	if (list->cursor < list->top)
		list->top = list->cursor > jump ? list->cursor - jump : 0;
	else if (list->cursor >= list->top + rows)
		list->top = list->cursor - rows + 1 + jump;
	list->top = min_size(list->top, top_max(list));
	/* A jump must not push the cursor out on the other side of a very low window. */
	if (list->cursor < list->top)
		list->top = list->cursor;
}

void list_resize(struct list *list, size_t rows)
{
	list->rows = rows;
	bool jumps = list->jumps;
	list->jumps = false;
	keep_in_sight(list);
	list->jumps = jumps;
}

void list_replace(struct list *list, size_t n, size_t cursor)
{
	size_t line = list->cursor - list->top;
	list->n = n;
	list->cursor = n ? min_size(cursor, n - 1) : 0;
	list->top = list->cursor > line ? list->cursor - line : 0;
	keep_in_sight(list);
}

void list_to(struct list *list, size_t cursor)
{
	list->cursor = cursor;
	keep_in_sight(list);
}

static void move(struct list *list, size_t lines, bool down)
{
	if (down)
		list_to(list, min_size(list->cursor + lines, list->n ? list->n - 1 : 0));
	else
		list_to(list, list->cursor > lines ? list->cursor - lines : 0);
}

/* A page turns the window as well, so that the cursor keeps its line. */
static void turn(struct list *list, size_t lines, bool down)
{
	size_t top = down                ? min_size(list->top + lines, top_max(list))
		     : list->top > lines ? list->top - lines
					 : 0;
	bool is_at_end = top == list->top;
	list->top = top;
	bool jumps = list->jumps;
	list->jumps = false;
	if (is_at_end)
		list_to(list, down ? list->n : 0);
	else
		move(list, lines, down);
	list->jumps = jumps;
}

void list_scroll(struct list *list, int lines)
{
	size_t by = (size_t)(lines < 0 ? -lines : lines);
	if (lines < 0)
		list->top = list->top > by ? list->top - by : 0;
	else
		list->top = min_size(list->top + by, top_max(list));
	if (list->cursor < list->top)
		list->cursor = list->top;
	if (list->rows && list->cursor >= list->top + list->rows)
		list->cursor = list->top + list->rows - 1;
}

bool list_command(struct list *list, enum command command)
{
	size_t page = list->rows > 1 ? list->rows - 1 : 1,
	       half = list->rows > 1 ? list->rows / 2 : 1;
	if (command == COMMAND_DOWN || command == COMMAND_UP)
		move(list, 1, command == COMMAND_DOWN);
	else if (command == COMMAND_TOP)
		list_to(list, 0);
	else if (command == COMMAND_BOTTOM)
		list_to(list, list->n ? list->n - 1 : 0);
	else if (command == COMMAND_HALF_DOWN || command == COMMAND_HALF_UP)
		turn(list, half, command == COMMAND_HALF_DOWN);
	else if (command == COMMAND_PAGE_DOWN || command == COMMAND_PAGE_UP)
		turn(list, page, command == COMMAND_PAGE_DOWN);
	else
		return false;
	return true;
}

size_t list_at_line(const struct list *list, size_t line)
{
	return line < list->rows && list->top + line < list->n ? list->top + line : list->n;
}
