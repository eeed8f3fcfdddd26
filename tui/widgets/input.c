// SPDX-License-Identifier: MIT
#include "tui/widgets/input.h"

#include <string.h>

#include "core/base/utf8.h"

void input_finish(struct input *input)
{
	bytes_finish(&input->text);
	*input = (struct input){ 0 };
}

void input_set(struct input *input, struct str text)
{
	bytes_clear(&input->text);
	bytes_append_str(&input->text, text);
	input->at = input->text.len;
}

static bool is_continuation(char byte)
{
	return ((unsigned char)byte & 0xC0) == 0x80;
}

static size_t character_before(const struct input *input, size_t at)
{
	if (at > 0)
		at--;
	while (at > 0 && is_continuation(input->text.ptr[at]))
		at--;
	return at;
}

static size_t character_after(const struct input *input, size_t at)
{
	if (at < input->text.len)
		at++;
	while (at < input->text.len && is_continuation(input->text.ptr[at]))
		at++;
	return at;
}

static size_t word_before(const struct input *input, size_t at)
{
	while (at > 0 && input->text.ptr[at - 1] == ' ')
		at--;
	while (at > 0 && input->text.ptr[at - 1] != ' ')
		at--;
	return at;
}

static bool cut(struct input *input, size_t from, size_t to)
{
	if (from >= to)
		return false;
	memmove(input->text.ptr + from, input->text.ptr + to, input->text.len - to);
	input->text.len -= to - from;
	input->text.ptr[input->text.len] = '\0';
	input->at = from;
	return true;
}

void input_insert(struct input *input, struct str text)
{
	if (text.len > INPUT_BYTES_MAX - input->text.len)
		return;
	size_t tail = input->text.len - input->at;
	bytes_append_str(&input->text, text); /* makes the room; its place is corrected next */
	if (!text.len)
		return;
	memmove(input->text.ptr + input->at + text.len, input->text.ptr + input->at, tail);
	memcpy(input->text.ptr + input->at, text.ptr, text.len);
	input->at += text.len;
}

static bool type_character(struct input *input, struct key key)
{
	char bytes[4];
	if (key.ctrl || key.code < 0x20 || key.code >= KEY_CODE_FIRST)
		return false;
	size_t before = input->text.len;
	input_insert(input, (struct str){ bytes, utf8_encode(key.code, bytes) });
	return input->text.len != before;
}

static bool move_key(struct input *input, struct key key)
{
	size_t end = input->text.len;
	if (key.code == KEY_CODE_LEFT || key_is_ctrl(key, 'b'))
		input->at = character_before(input, input->at);
	else if (key.code == KEY_CODE_RIGHT || key_is_ctrl(key, 'f'))
		input->at = character_after(input, input->at);
	else if (key.code == KEY_CODE_HOME || key_is_ctrl(key, 'a'))
		input->at = 0;
	else if (key.code == KEY_CODE_END || key_is_ctrl(key, 'e'))
		input->at = end;
	else
		return false;
	return true;
}

bool input_key(struct input *input, struct key key, bool *changed)
{
	*changed = false;
	if (move_key(input, key))
		return true;
	if (key.code == KEY_CODE_BACKSPACE)
		*changed = cut(input, character_before(input, input->at), input->at);
	else if (key.code == KEY_CODE_DELETE)
		*changed = cut(input, input->at, character_after(input, input->at));
	else if (key_is_ctrl(key, 'w'))
		*changed = cut(input, word_before(input, input->at), input->at);
	else if (key_is_ctrl(key, 'u'))
		*changed = cut(input, 0, input->at);
	else if (key_is_ctrl(key, 'k'))
		*changed = cut(input, input->at, input->text.len);
	else
		return *changed = type_character(input, key);
	return true;
}

/* Columns that the first `len` bytes take once they are clean. */
static int cols_of(const struct input *input, size_t len, enum text_charset charset)
{
	struct arena arena = { 0 };
	struct str clean = text_clean_copy(&arena, (struct str){ input->text.ptr, len }, charset);
	int cols = (int)text_cols(clean);
	arena_finish(&arena);
	return cols;
}

/* What is scrolled out on the left so that the cursor has a column of its own. */
static int hidden_cols(const struct input *input, int cols, enum text_charset charset)
{
	int cursor = cols_of(input, input->at, charset);
	return cursor >= cols ? cursor - cols + 1 : 0;
}

void input_paint(const struct input *input, struct surface *area, int x, int y,
		 enum text_charset charset)
{
	struct surface line = surface_part(area, (struct rect){ x, y, area->rect.cols - x, 1 });
	struct str clean = text_clean_copy(line.scratch, bytes_str(&input->text), charset);
	int hidden = hidden_cols(input, line.rect.cols, charset);
	surface_text(&line, -hidden, 0, STYLE_STRONG, clean, hidden + line.rect.cols);
	surface_put_cursor(&line, cols_of(input, input->at, charset) - hidden, 0, true);
}

int input_column_x(const struct input *input, int cols, size_t column, enum text_charset charset)
{
	size_t at = 0;
	while (column > 1 && at < input->text.len) {
		at = character_after(input, at);
		column--;
	}
	int x = cols_of(input, at, charset) - hidden_cols(input, cols, charset);
	return x >= 0 && x < cols ? x : -1;
}
