// SPDX-License-Identifier: MIT
#include "tui/widgets/page.h"

struct page_line {
	struct str label;
	int x;
	enum style style;
	struct str text;
};

void page_init(struct page *page)
{
	*page = (struct page){ .lines = ARRAY_OF(struct page_line) };
}

void page_finish(struct page *page)
{
	if (!page)
		return;
	array_finish(&page->lines);
	arena_finish(&page->arena);
}

void page_begin(struct page *page, int cols)
{
	array_clear(&page->lines);
	arena_reset(&page->arena);
	page->cols = cols;
}

static void add_line(struct page *page, struct str label, int x, enum style style, struct str text)
{
	*ARRAY_PUSH(&page->lines, struct page_line) = (struct page_line){
		.label = arena_str(&page->arena, label),
		.x = x,
		.style = style,
		.text = arena_str(&page->arena, text),
	};
}

void page_blank(struct page *page)
{
	if (!page->lines.len)
		return;
	const struct page_line *last =
		ARRAY_AT(&page->lines, struct page_line, page->lines.len - 1);
	if (last->text.len || last->label.len)
		add_line(page, STR(""), 0, STYLE_NORMAL, STR(""));
}

void page_title(struct page *page, struct str text)
{
	page_blank(page);
	page_text(page, 0, STYLE_TITLE, text);
}

/* Bytes of the next line: whole words if one fits, else whole clusters, at least one. */
static size_t line_len(struct str text, size_t cols)
{
	size_t used, len = text_fit(text, cols, &used);
	if (len >= text.len)
		return text.len;
	if (len == 0)
		return text_next_cluster(text, &used);
	if (text.ptr[len] == ' ')
		return len;
	ptrdiff_t space = str_rfind_byte(str_slice(text, 0, len), ' ');
	return space > 0 ? (size_t)space : len;
}

static void wrap(struct page *page, struct str label, int x, enum style style, struct str text)
{
	int cols = page->cols - 2 * PAGE_MARGIN - x;
	do {
		size_t len = line_len(text, cols > 1 ? (size_t)cols : 1);
		add_line(page, label, x, style, str_slice(text, 0, len));
		text = str_trim(str_slice(text, len, text.len));
		label = STR("");
	} while (text.len);
}

void page_text(struct page *page, int indent, enum style style, struct str text)
{
	wrap(page, STR(""), indent, style, text);
}

void page_fact(struct page *page, int label_cols, struct str label, enum style style,
	       struct str value)
{
	if (value.len)
		wrap(page, label, label_cols, style, value);
}

static size_t top_max(const struct page *page)
{
	return page->lines.len > page->rows ? page->lines.len - page->rows : 0;
}

void page_to(struct page *page, size_t line)
{
	page->top = line < top_max(page) ? line : top_max(page);
}

void page_resize(struct page *page, size_t rows)
{
	page->rows = rows;
	page_to(page, page->top);
}

void page_scroll(struct page *page, int lines)
{
	size_t by = (size_t)(lines < 0 ? -lines : lines);
	if (lines < 0)
		page->top = page->top > by ? page->top - by : 0;
	else
		page_to(page, page->top + by);
}

bool page_command(struct page *page, enum command command)
{
	int rows = page->rows > 2 ? (int)page->rows : 2;
	if (command == COMMAND_DOWN || command == COMMAND_UP)
		page_scroll(page, command == COMMAND_DOWN ? 1 : -1);
	else if (command == COMMAND_HALF_DOWN || command == COMMAND_HALF_UP)
		page_scroll(page, command == COMMAND_HALF_DOWN ? rows / 2 : -rows / 2);
	else if (command == COMMAND_PAGE_DOWN || command == COMMAND_PAGE_UP)
		page_scroll(page, command == COMMAND_PAGE_DOWN ? rows - 1 : 1 - rows);
	else if (command == COMMAND_TOP)
		page->top = 0;
	else if (command == COMMAND_BOTTOM)
		page->top = top_max(page);
	else
		return false;
	return true;
}

void page_paint(const struct page *page, struct surface *area)
{
	for (int y = 0; y < area->rect.rows && page->top + (size_t)y < page->lines.len; y++) {
		const struct page_line *line =
			ARRAY_AT(&page->lines, struct page_line, page->top + (size_t)y);
		surface_text(area, PAGE_MARGIN, y, STYLE_LABEL, line->label, line->x);
		surface_text(area, PAGE_MARGIN + line->x, y, line->style, line->text,
			     area->rect.cols);
	}
}
