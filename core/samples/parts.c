// SPDX-License-Identifier: MIT
#include "core/samples/parts.h"

#include "core/samples/derive.h"
#include "core/samples/regexp.h"
#include "core/samples/rename.h"

struct builder {
	const struct spec *entry, *part;
	const struct key_source *keys;
	struct arena *arena;
	struct array rows; /* of the part, so far */
};

static bool read_shape(const struct spec *list, struct key_row *row)
{
	row->n_dims = 0;
	for (const struct spec *d = list ? list->first : NULL; d; d = d->next) {
		if (row->n_dims == KEY_DIMS_MAX ||
		    !key_list_dimension(d->text, &row->shape[row->n_dims++]))
			return false;
	}
	return list != NULL;
}

/* [[name, shape, dtype]]; the dtype may be missing */
static bool load_inline(struct builder *b, const struct spec *list, struct error *err)
{
	for (const struct spec *one = list->first; one; one = one->next) {
		struct key_row row = { 0 };
		const struct spec *name = one->first, *shape = name ? name->next : NULL;
		if (!read_shape(shape, &row))
			return error_set(err, ERROR_FORMAT, NULL, "a key without a shape");
		row.name = name->text;
		if (shape->next)
			row.dtype = dtype_find(shape->next->text);
		key_list_expand(&row, b->arena, &b->rows);
	}
	return true;
}

static bool load(struct builder *b, const struct spec *keys, struct error *err)
{
	if (!keys)
		return true;
	if (keys->type != SPEC_TEXT)
		return load_inline(b, keys, err);
	struct str text = b->keys->find(b->keys->context, keys->text, b->arena);
	if (!text.ptr)
		return error_set(err, ERROR_FORMAT, NULL, "no key list \"%.*s\"",
				 STR_ARG(keys->text));
	if (!key_list_parse(text, b->arena, &b->rows, err))
		return error_context(err, "%.*s", STR_ARG(keys->text));
	return true;
}

static void take_over(struct builder *b, struct array *rows)
{
	array_finish(&b->rows);
	b->rows = *rows;
}

/* {"layers.0.": 30}: the keys of layer 0, thirty times. */
static bool expand_one(struct builder *b, const struct spec *first, struct error *err)
{
	struct array out = ARRAY_OF(struct key_row);
	struct str head = first->key;
	uint64_t n;

	if (!str_cut_suffix(&head, STR("0.")) || !str_to_u64(first->text, &n))
		return error_set(err, ERROR_FORMAT, NULL, "expand \"%.*s\"", STR_ARG(first->key));
	for (size_t i = 0; i < b->rows.len; i++) {
		const struct key_row *row = ARRAY_AT(&b->rows, struct key_row, i);
		struct str rest = row->name;
		bool is_copied = str_cut_prefix(&rest, first->key);
		for (uint64_t layer = 0; layer < (is_copied ? n : 1); layer++) {
			struct key_row *copy = ARRAY_PUSH(&out, struct key_row);
			*copy = *row;
			if (is_copied)
				copy->name = arena_strf(b->arena, "%.*s%llu.%.*s", STR_ARG(head),
							(unsigned long long)layer, STR_ARG(rest));
		}
	}
	take_over(b, &out);
	return true;
}

static bool expand(struct builder *b, const struct spec *spec, struct error *err)
{
	for (const struct spec *first = spec->first; first; first = first->next) {
		if (!expand_one(b, first, err))
			return false;
	}
	return true;
}

static bool rename_part(struct builder *b, const struct spec *spec, struct error *err)
{
	return rename_rows(spec->text, b->arena, &b->rows, err);
}

/* [[pattern, replacement]] */
static bool substitute(struct builder *b, const struct spec *spec, struct error *err)
{
	for (const struct spec *pair = spec->first; pair; pair = pair->next) {
		struct regexp regexp;
		if (!pair->first || !pair->first->next)
			return error_set(err, ERROR_FORMAT, NULL, "sub wants pairs");
		if (!regexp_init(&regexp, pair->first->text, err))
			return false;
		for (size_t i = 0; i < b->rows.len; i++) {
			struct key_row *row = ARRAY_AT(&b->rows, struct key_row, i);
			row->name = regexp_replace(&regexp, row->name, pair->first->next->text,
						   b->arena);
		}
		regexp_finish(&regexp);
	}
	return true;
}

static bool keep_matching(struct builder *b, struct str pattern, bool wanted, struct error *err)
{
	struct array out = ARRAY_OF(struct key_row);
	struct regexp regexp;

	if (!regexp_init(&regexp, pattern, err))
		return false;
	for (size_t i = 0; i < b->rows.len; i++) {
		const struct key_row *row = ARRAY_AT(&b->rows, struct key_row, i);
		if (regexp_is_in(&regexp, row->name) == wanted)
			*ARRAY_PUSH(&out, struct key_row) = *row;
	}
	regexp_finish(&regexp);
	take_over(b, &out);
	return true;
}

static bool only(struct builder *b, const struct spec *spec, struct error *err)
{
	return keep_matching(b, spec->text, true, err);
}

static bool drop(struct builder *b, const struct spec *spec, struct error *err)
{
	return keep_matching(b, spec->text, false, err);
}

static uint64_t part_rank(const struct builder *b)
{
	return spec_number(b->part, "rank", spec_number(b->entry, "rank", 0));
}

static bool adapt(struct builder *b, const struct spec *spec, struct error *err)
{
	return derive_adapter(spec, part_rank(b), b->arena, &b->rows, err);
}

static bool quantise(struct builder *b, const struct spec *spec, struct error *err)
{
	return derive_quantised(spec, b->arena, &b->rows, err);
}

/* {name: shape} */
static bool reshape(struct builder *b, const struct spec *spec, struct error *err)
{
	for (const struct spec *shape = spec->first; shape; shape = shape->next) {
		for (size_t i = 0; i < b->rows.len; i++) {
			struct key_row *row = ARRAY_AT(&b->rows, struct key_row, i);
			if (str_equal(row->name, shape->key) && !read_shape(shape, row))
				return error_set(err, ERROR_FORMAT, NULL, "shape of \"%.*s\"",
						 STR_ARG(shape->key));
		}
	}
	return true;
}

static bool prefix(struct builder *b, const struct spec *spec, struct error *err)
{
	(void)err; /* cannot fail, but stands in a table of what can */
	for (size_t i = 0; i < b->rows.len; i++) {
		struct key_row *row = ARRAY_AT(&b->rows, struct key_row, i);
		row->name =
			arena_strf(b->arena, "%.*s%.*s", STR_ARG(spec->text), STR_ARG(row->name));
	}
	return true;
}

/* In the order in which they are applied. */
static const struct {
	const char *key;
	bool (*apply)(struct builder *builder, const struct spec *spec, struct error *err);
} operations[] = {
	{ "keys", load },      { "expand", expand },  { "rename", rename_part },
	{ "sub", substitute }, { "only", only },      { "drop", drop },
	{ "adapter", adapt },  { "quant", quantise }, { "shapes", reshape },
	{ "prefix", prefix },
};

static bool build_part(struct builder *b, struct error *err)
{
	for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++) {
		const struct spec *spec = spec_find(b->part, operations[i].key);
		if (spec && !operations[i].apply(b, spec, err))
			return false;
	}
	return true;
}

static bool append_part(struct builder *b, struct array *rows, struct error *err)
{
	struct str word = spec_text(b->part, "dtype", spec_text(b->entry, "dtype", STR("F32")));
	enum dtype dtype = dtype_find(word);

	key_list_resolve(&b->rows, part_rank(b));
	for (size_t i = 0; i < b->rows.len; i++) {
		struct key_row *row = ARRAY_PUSH(rows, struct key_row);
		*row = *ARRAY_AT(&b->rows, struct key_row, i);
		if (row->dtype == DTYPE_UNKNOWN)
			row->dtype = dtype;
		if (!key_dtype_word(row->dtype))
			return error_set(err, ERROR_FORMAT, NULL, "no dtype \"%.*s\"",
					 STR_ARG(word));
	}
	return true;
}

bool parts_build(const struct spec *entry, const struct key_source *keys, struct arena *arena,
		 struct array *rows, struct error *err)
{
	const struct spec *parts = spec_find(entry, "parts");
	bool ok = true;

	for (const struct spec *part = parts ? parts->first : NULL; ok && part; part = part->next) {
		struct builder builder = {
			.entry = entry,
			.part = part,
			.keys = keys,
			.arena = arena,
			.rows = ARRAY_OF(struct key_row),
		};
		ok = build_part(&builder, err) && append_part(&builder, rows, err);
		array_finish(&builder.rows);
	}
	return ok;
}
