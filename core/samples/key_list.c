// SPDX-License-Identifier: MIT
#include "core/samples/key_list.h"

/* Widest first: the order of the safetensors library's own writer. */
static const struct {
	enum dtype dtype;
	const char *word;
} dtypes[] = {
	{ DTYPE_F64, "F64" }, { DTYPE_I64, "I64" },         { DTYPE_F32, "F32" },
	{ DTYPE_I32, "I32" }, { DTYPE_BF16, "BF16" },       { DTYPE_F16, "F16" },
	{ DTYPE_I16, "I16" }, { DTYPE_F8_E4M3, "F8_E4M3" }, { DTYPE_F8_E5M2, "F8_E5M2" },
	{ DTYPE_I8, "I8" },   { DTYPE_U8, "U8" },           { DTYPE_BOOL, "BOOL" },
};
#define N_DTYPES (sizeof(dtypes) / sizeof(dtypes[0]))

unsigned key_dtype_order(enum dtype dtype)
{
	unsigned i = 0;

	while (i < N_DTYPES && dtypes[i].dtype != dtype)
		i++;
	return i;
}

const char *key_dtype_word(enum dtype dtype)
{
	unsigned order = key_dtype_order(dtype);

	return order < N_DTYPES ? dtypes[order].word : NULL;
}

uint64_t key_elements(const struct key_row *row)
{
	uint64_t n = 1;

	for (unsigned i = 0; i < row->n_dims; i++)
		n *= row->shape[i];
	return n;
}

/* The first "{...}" that is a group: "{" and "}" alone may stand in names. */
static bool find_group(struct str name, size_t *from, size_t *to, struct str *inside)
{
	for (size_t i = 0; i < name.len; i++) {
		if (name.ptr[i] != '{')
			continue;
		struct str rest = str_slice(name, i + 1, name.len);
		ptrdiff_t end = str_find_byte(rest, '}');
		if (end < 0)
			return false;
		*inside = str_slice(rest, 0, (size_t)end);
		if (str_find_byte(*inside, '{') >= 0)
			continue;
		if (str_find(*inside, STR("..")) < 0 && str_find_byte(*inside, '|') < 0)
			continue;
		*from = i;
		*to = i + 1 + (size_t)end + 1;
		return true;
	}
	return false;
}

static bool parse_range(struct str inside, uint64_t *first, uint64_t *last)
{
	ptrdiff_t dots = str_find(inside, STR(".."));

	return dots >= 0 && str_to_u64(str_slice(inside, 0, (size_t)dots), first) &&
	       str_to_u64(str_slice(inside, (size_t)dots + 2, inside.len), last);
}

/* One level deeper for each group of the name, of which there are a handful. */
void key_list_expand(const struct key_row *row, struct arena *arena, struct array *rows)
{
	struct key_row one = *row;
	struct str inside, part;
	size_t from, to;
	uint64_t first, last;

	if (!find_group(row->name, &from, &to, &inside)) {
		one.name = arena_str(arena, row->name);
		*ARRAY_PUSH(rows, struct key_row) = one;
		return;
	}
	struct str head = str_slice(row->name, 0, from);
	struct str tail = str_slice(row->name, to, row->name.len);
	if (parse_range(inside, &first, &last)) {
		for (uint64_t i = first; i <= last; i++) {
			one.name = arena_strf(arena, "%.*s%llu%.*s", STR_ARG(head),
					      (unsigned long long)i, STR_ARG(tail));
			key_list_expand(&one, arena, rows);
		}
		return;
	}
	while (str_next_part(&inside, '|', &part)) {
		one.name = arena_strf(arena, "%.*s%.*s%.*s", STR_ARG(head), STR_ARG(part),
				      STR_ARG(tail));
		key_list_expand(&one, arena, rows);
	}
}

bool key_list_dimension(struct str text, uint64_t *out)
{
	uint64_t times = 1;

	if (!str_cut_prefix(&text, STR("R")))
		return str_to_u64(text, out) && *out < KEY_RANK(KEY_RANK_TIMES_MAX);
	if (text.len > 0 && (!str_cut_prefix(&text, STR("*")) || !str_to_u64(text, &times)))
		return false;
	*out = KEY_RANK(times);
	return times > 0 && times <= KEY_RANK_TIMES_MAX;
}

static bool parse_shape(struct str text, struct key_row *row)
{
	struct str part;

	if (str_equal(text, STR("-")))
		return true;
	while (str_next_part(&text, ',', &part)) {
		if (row->n_dims == KEY_DIMS_MAX ||
		    !key_list_dimension(part, &row->shape[row->n_dims++]))
			return false;
	}
	return true;
}

/* Columns are apart by a tab, or by a space in the lists written by hand. */
static bool next_column(struct str *line, struct str *column)
{
	*line = str_trim(*line);
	if (line->len == 0)
		return false;
	size_t i = 0;
	while (i < line->len && line->ptr[i] != '\t' && line->ptr[i] != ' ')
		i++;
	*column = str_slice(*line, 0, i);
	*line = str_slice(*line, i, line->len);
	return true;
}

static bool parse_line(struct str line, struct key_row *row)
{
	struct str shape, dtype;

	if (!next_column(&line, &row->name) || !next_column(&line, &shape) ||
	    !parse_shape(shape, row))
		return false;
	if (!next_column(&line, &dtype))
		return true;
	row->dtype = dtype_find(dtype);
	return row->dtype != DTYPE_UNKNOWN;
}

bool key_list_parse(struct str text, struct arena *arena, struct array *rows, struct error *err)
{
	struct str line;

	for (unsigned number = 1; str_next_part(&text, '\n', &line); number++) {
		struct key_row row = { 0 };
		if (line.len == 0 || line.ptr[0] == '#')
			continue;
		if (!parse_line(line, &row))
			return error_set(err, ERROR_FORMAT, NULL, "line %u of a key list", number);
		key_list_expand(&row, arena, rows);
	}
	return true;
}

void key_list_resolve(struct array *rows, uint64_t rank)
{
	for (size_t i = 0; i < rows->len; i++) {
		struct key_row *row = ARRAY_AT(rows, struct key_row, i);
		for (unsigned d = 0; d < row->n_dims; d++) {
			if (row->shape[d] >= KEY_RANK(KEY_RANK_TIMES_MAX))
				row->shape[d] = rank * (0 - row->shape[d]);
		}
	}
}
