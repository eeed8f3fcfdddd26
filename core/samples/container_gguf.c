// SPDX-License-Identifier: MIT
/* Key-value pairs, the list of tensors, a hole where they would be. */
#include <stdlib.h>
#include <string.h>

#include "core/formats/gguf.h"
#include "core/samples/container.h"
#include "core/samples/parts.h"
#include "core/samples/regexp.h"

enum {
	VERSION_USUAL = 3,
	BLOCK_MAX = 256,  /* of all types */
	FOLDED_MIN = 512, /* elements; ComfyUI-GGUF leaves smaller tensors alone */
};

/* What a value is called in a manifest, and by number in the file. */
static const struct value_type {
	const char *word;
	uint32_t number;
	size_t n_bytes;
} value_types[] = {
	{ "u8", 0, 1 },   { "i8", 1, 1 },   { "u16", 2, 2 },  { "i16", 3, 2 },  { "u32", 4, 4 },
	{ "i32", 5, 4 },  { "f32", 6, 4 },  { "bool", 7, 1 }, { "text", 8, 0 }, { "list", 9, 0 },
	{ "u64", 10, 8 }, { "i64", 11, 8 }, { "f64", 12, 8 },
};
#define N_VALUE_TYPES (sizeof(value_types) / sizeof(value_types[0]))

static void put(struct bytes *out, size_t n_bytes, uint64_t number)
{
	for (size_t i = 0; i < n_bytes; i++)
		bytes_append_byte(out, (char)(number >> (8 * i)));
}

static void put_text(struct bytes *out, struct str text)
{
	put(out, 8, text.len);
	bytes_append_str(out, text);
}

static const struct value_type *value_type(struct str word)
{
	for (size_t i = 0; i < N_VALUE_TYPES; i++) {
		if (str_equal(word, str_from(value_types[i].word)))
			return &value_types[i];
	}
	return NULL;
}

/* {"u64": 5} names its type; else whole numbers are u32, others f32. */
static const struct value_type *type_of(const struct spec **value)
{
	switch ((*value)->type) {
	case SPEC_TABLE: *value = (*value)->first; return *value ? value_type((*value)->key) : NULL;
	case SPEC_NUMBER:
		return value_type(str_find_byte((*value)->text, '.') < 0 ? STR("u32") : STR("f32"));
	case SPEC_TRUE:
	case SPEC_FALSE: return value_type(STR("bool"));
	case SPEC_TEXT: return value_type(STR("text"));
	case SPEC_LIST: return value_type(STR("list"));
	case SPEC_NULL: break;
	}
	return NULL;
}

static bool put_number(struct bytes *out, const struct value_type *type, struct str text)
{
	double number;
	uint64_t bits = 0;

	if (type->word[0] == 'f') {
		float narrow;
		if (!str_to_double(text, &number))
			return false;
		narrow = (float)number;
		memcpy(&bits, type->n_bytes == 4 ? (void *)&narrow : (void *)&number,
		       type->n_bytes);
	} else {
		int64_t whole;
		if (!str_to_i64(text, &whole) && !str_to_u64(text, &bits))
			return false;
		if (!bits)
			memcpy(&bits, &whole, sizeof(bits));
	}
	put(out, type->n_bytes, bits);
	return true;
}

static bool put_value(struct bytes *out, const struct value_type *type, const struct spec *value)
{
	if (value->type == SPEC_TEXT)
		put_text(out, value->text);
	else if (value->type == SPEC_NUMBER)
		return put_number(out, type, value->text);
	else
		put(out, 1, value->type == SPEC_TRUE);
	return true;
}

/* Items are of one type, that of the first. */
static bool put_list(struct bytes *out, const struct spec *list)
{
	const struct spec *first = list->first;
	const struct value_type *type = first ? type_of(&first) : value_type(STR("text"));
	uint64_t n = 0;

	for (const struct spec *one = list->first; one; one = one->next)
		n++;
	if (!type || type->number == 9)
		return false;
	put(out, 4, type->number);
	put(out, 8, n);
	for (const struct spec *one = list->first; one; one = one->next) {
		const struct spec *item = one;
		if (type_of(&item) != type || !put_value(out, type, item))
			return false;
	}
	return true;
}

static bool put_pair(struct bytes *out, const struct spec *value)
{
	const struct value_type *type;

	put_text(out, value->key);
	type = type_of(&value);
	if (!type)
		return false;
	put(out, 4, type->number);
	return value->type == SPEC_LIST ? put_list(out, value) : put_value(out, type, value);
}

/* A tensor as it is stored. */
struct stored {
	const struct key_row *row;
	uint32_t type;
	uint64_t size_bytes;
	bool is_folded; /* into rows of BLOCK_MAX */
};

struct writer {
	const struct spec *entry;
	enum dtype quant;
	bool folds;
	bool has_kept;
	struct regexp kept; /* names that are not quantised */
	struct stored *tensors;
	size_t n_tensors, n_folded;
};

static bool type_number(enum dtype dtype, uint32_t *number)
{
	for (*number = 0; *number < GGUF_TYPES; ++*number) {
		if (gguf_dtype(*number) == dtype)
			return true;
	}
	return false;
}

static uint64_t row_length(const struct key_row *row)
{
	return row->n_dims ? row->shape[row->n_dims - 1] : 1;
}

/* As tools/convert.py of ComfyUI-GGUF does with U-Nets, whose rows are no whole blocks. */
static bool is_folded(const struct writer *writer, const struct key_row *row)
{
	return writer->folds && row->n_dims > 1 && key_elements(row) >= FOLDED_MIN &&
	       key_elements(row) % BLOCK_MAX == 0 && row_length(row) % BLOCK_MAX != 0;
}

/* Matrices are quantised; vectors stay wide. */
static enum dtype stored_dtype(const struct writer *writer, const struct key_row *row)
{
	uint32_t number;
	bool is_matrix = (row->n_dims == 2 || is_folded(writer, row)) &&
			 str_has_suffix(row->name, STR(".weight")) &&
			 !(writer->has_kept && regexp_is_in(&writer->kept, row->name));
	enum dtype dtype = is_matrix                                              ? writer->quant
			   : row->n_dims < 2 || !type_number(row->dtype, &number) ? DTYPE_F32
										  : row->dtype;
	uint64_t length = is_folded(writer, row) ? BLOCK_MAX : row_length(row);

	return length % dtype_block(dtype) ? DTYPE_F16 : dtype;
}

static bool store(struct writer *writer, const struct key_row *row)
{
	struct stored *tensor = &writer->tensors[writer->n_tensors++];
	enum dtype dtype = stored_dtype(writer, row);

	*tensor = (struct stored){ .row = row, .is_folded = is_folded(writer, row) };
	writer->n_folded += tensor->is_folded;
	return type_number(dtype, &tensor->type) &&
	       dtype_size(dtype, key_elements(row), &tensor->size_bytes);
}

static void put_true_shape(struct bytes *out, const struct key_row *row, struct arena *arena)
{
	put_text(out, arena_strf(arena, "comfy.gguf.orig_shape.%.*s", STR_ARG(row->name)));
	put(out, 4, 9);
	put(out, 4, 5);
	put(out, 8, row->n_dims);
	for (unsigned i = 0; i < row->n_dims; i++)
		put(out, 4, row->shape[i]);
}

static void put_tensor(struct bytes *out, const struct stored *tensor, uint64_t offset)
{
	const struct key_row *row = tensor->row;
	uint64_t folded[] = { key_elements(row) / BLOCK_MAX, BLOCK_MAX }, scalar = 1;
	const uint64_t *shape = tensor->is_folded ? folded : row->n_dims ? row->shape : &scalar;
	unsigned n_dims = tensor->is_folded ? 2 : row->n_dims ? row->n_dims : 1;

	put_text(out, row->name);
	put(out, 4, n_dims);
	for (unsigned i = n_dims; i-- > 0;)
		put(out, 8, shape[i]);
	put(out, 4, tensor->type);
	put(out, 8, offset);
}

static bool put_pairs(const struct writer *writer, struct bytes *head, struct arena *arena)
{
	const struct spec *pairs = spec_find(writer->entry, "kv");
	uint64_t n = writer->n_folded;

	for (const struct spec *one = pairs ? pairs->first : NULL; one; one = one->next)
		n++;
	put(head, 8, n);
	for (const struct spec *one = pairs ? pairs->first : NULL; one; one = one->next) {
		if (!put_pair(head, one))
			return false;
	}
	for (size_t i = 0; i < writer->n_tensors; i++) {
		if (writer->tensors[i].is_folded)
			put_true_shape(head, writer->tensors[i].row, arena);
	}
	return true;
}

static uint64_t aligned(uint64_t at)
{
	return (at + GGUF_ALIGNMENT_USUAL - 1) / GGUF_ALIGNMENT_USUAL * GGUF_ALIGNMENT_USUAL;
}

static bool write(const struct writer *writer, struct arena *arena, struct bytes *head,
		  struct sample_file *file)
{
	uint64_t end = 0;

	bytes_append_str(head, STR("GGUF"));
	put(head, 4, spec_number(writer->entry, "gguf_version", VERSION_USUAL));
	put(head, 8, writer->n_tensors);
	if (!put_pairs(writer, head, arena))
		return false;
	for (size_t i = 0; i < writer->n_tensors; i++) {
		put_tensor(head, &writer->tensors[i], end);
		end = aligned(end + writer->tensors[i].size_bytes);
	}
	while (head->len != aligned(head->len))
		bytes_append_byte(head, 0);
	file->size_bytes = head->len + end;
	return true;
}

static bool make(struct writer *writer, const struct container_input *input,
		 const struct array *rows, struct bytes *head, struct sample_file *file)
{
	writer->tensors = ARENA_NEW_N(input->arena, struct stored, rows->len + 1);
	for (size_t i = 0; i < rows->len; i++) {
		if (!store(writer, ARRAY_AT(rows, struct key_row, i)))
			return false;
	}
	return write(writer, input->arena, head, file);
}

bool container_gguf(const struct container_input *input, struct bytes *head,
		    struct sample_file *file, struct error *err)
{
	struct str keep = spec_text(input->entry, "keep", STR_NULL);
	struct array rows = ARRAY_OF(struct key_row);
	struct writer writer = {
		.entry = input->entry,
		.folds = spec_is_true(input->entry, "fold", false),
		.quant = dtype_find(spec_text(input->entry, "quant", STR("F16"))),
		.has_kept = keep.ptr != NULL,
	};
	bool ok;

	if (writer.has_kept && !regexp_init(&writer.kept, keep, err))
		return false;
	ok = parts_build(input->entry, input->keys, input->arena, &rows, err) &&
	     (make(&writer, input, &rows, head, file) ||
	      error_set(err, ERROR_FORMAT, NULL, "a value or type that GGUF has not"));
	if (writer.has_kept)
		regexp_finish(&writer.kept);
	array_finish(&rows);
	return ok;
}
