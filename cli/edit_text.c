// SPDX-License-Identifier: MIT
#include "cli/edit_text.h"

#include "core/base/text.h"

static void write_escaped(struct bytes *out, struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char byte = text.ptr[i];
		if (byte == '\n') {
			bytes_append_str(out, STR("\\n"));
			continue;
		}
		if (byte == '\\' || byte == ']' || byte == '#')
			bytes_append_byte(out, '\\');
		bytes_append_byte(out, byte);
	}
}

void edit_text_write(const struct edited *model, struct str name, struct bytes *out)
{
	struct arena arena = { 0 };
	bytes_printf(out, "%u  ", model->id);
	if (model->rating > 0)
		bytes_printf(out, "%d", model->rating);
	bytes_printf(out, "%s  %s  [", model->rating > 0 ? "" : "-",
		     model->is_favourite ? "*" : "-");
	for (size_t i = 0; i < model->n_tags; i++) {
		bytes_append_str(out, i > 0 ? STR(", ") : STR(""));
		write_escaped(out, model->tags[i]);
	}
	bytes_append_str(out, STR("]  "));
	write_escaped(out, model->note);
	bytes_printf(out, "%s# %.*s\n", model->note.len > 0 ? "  " : "",
		     STR_ARG(text_clean_copy(&arena, name, TEXT_UTF8)));
	arena_finish(&arena);
}

struct edit_line {
	struct str rest; /* of the line */
	struct arena *arena;
	const char *why; /* it could not be read */
};

static bool fail(struct edit_line *reading, const char *why)
{
	reading->why = why;
	return false;
}

static struct str next_word(struct edit_line *reading)
{
	struct str text = str_trim(reading->rest);
	size_t len = 0;
	while (len < text.len && text.ptr[len] != ' ' && text.ptr[len] != '\t')
		len++;
	reading->rest = str_slice(text, len, text.len);
	return str_slice(text, 0, len);
}

/* Up to one of `ends` that has no backslash before it; '\0' when the line ends. */
static char next_part(struct edit_line *reading, const char *ends, struct str *part)
{
	struct bytes bytes = { 0 };
	char end = '\0';
	size_t i = 0;
	for (; i < reading->rest.len && !end; i++) {
		char byte = reading->rest.ptr[i];
		if (str_find_byte(str_from(ends), byte) >= 0) {
			end = byte;
			continue;
		}
		if (byte == '\\' && i + 1 < reading->rest.len) {
			byte = reading->rest.ptr[++i];
			byte = byte == 'n' ? '\n' : byte;
		}
		bytes_append_byte(&bytes, byte);
	}
	reading->rest = str_slice(reading->rest, i, reading->rest.len);
	*part = str_trim(arena_str(reading->arena, bytes_str(&bytes)));
	bytes_finish(&bytes);
	return end;
}

static bool read_tags(struct edit_line *reading, struct edited *out)
{
	struct array list = ARRAY_OF(struct str);
	struct str part;
	char end = ',';
	reading->rest = str_trim(reading->rest);
	if (!str_cut_prefix(&reading->rest, STR("[")))
		return fail(reading, "the tags stand in [ ]");
	while (end == ',') {
		end = next_part(reading, ",]", &part);
		if (part.len > 0)
			*ARRAY_PUSH(&list, struct str) = part;
	}
	out->tags = array_to_arena(&list, reading->arena);
	out->n_tags = list.len;
	array_finish(&list);
	return end == ']' || fail(reading, "the tags have no ] at their end");
}

static bool read_rating(struct edit_line *reading, struct edited *out)
{
	struct str word = next_word(reading);
	uint64_t number = 0;
	bool is_none = str_equal(word, STR("-"));
	if (!is_none && (!str_to_u64(word, &number) || number > 5))
		return fail(reading, "after the id stands a rating, from 1 to 5, or -");
	out->rating = (int)number;
	return true;
}

static bool read_favourite(struct edit_line *reading, struct edited *out)
{
	struct str word = next_word(reading);
	out->is_favourite = str_equal(word, STR("*"));
	return out->is_favourite || str_equal(word, STR("-")) ||
	       fail(reading, "after the rating stands * for a favourite, or -");
}

static bool read_line(struct edit_line *reading, struct edited *out)
{
	uint64_t id;
	struct str word = next_word(reading), note;
	if (!str_to_u64(word, &id) || id == 0 || id > UINT32_MAX)
		return fail(reading, "a line begins with the id of a model");
	out->id = (uint32_t)id;
	if (!read_rating(reading, out) || !read_favourite(reading, out) || !read_tags(reading, out))
		return false;
	next_part(reading, "#", &note);
	out->note = note.len > 0 ? note : STR_NULL;
	return true;
}

static bool is_comment(struct str line)
{
	line = str_trim(line);
	return line.len == 0 || line.ptr[0] == '#';
}

void edit_text_read(struct str text, struct arena *arena, struct array *out, struct array *mistakes)
{
	struct str line;
	for (unsigned number = 1; str_next_part(&text, '\n', &line); number++) {
		struct edit_line reading = { .rest = line, .arena = arena };
		struct edited model = { .line = number };
		if (is_comment(line))
			continue;
		if (read_line(&reading, &model))
			*ARRAY_PUSH(out, struct edited) = model;
		else
			*ARRAY_PUSH(mistakes, struct str) =
				arena_strf(arena, "line %u: %s", number, reading.why);
	}
}
