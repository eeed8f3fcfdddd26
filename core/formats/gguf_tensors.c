// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/formats/gguf.h"
#include "core/formats/repeats.h"

/* By number of the type in the file; missing ones were given up or are not known. */
static const uint8_t types[GGUF_TYPES] = {
	[0] = DTYPE_F32,      [1] = DTYPE_F16,     [2] = DTYPE_Q4_0,     [3] = DTYPE_Q4_1,
	[6] = DTYPE_Q5_0,     [7] = DTYPE_Q5_1,    [8] = DTYPE_Q8_0,     [9] = DTYPE_Q8_1,
	[10] = DTYPE_Q2_K,    [11] = DTYPE_Q3_K,   [12] = DTYPE_Q4_K,    [13] = DTYPE_Q5_K,
	[14] = DTYPE_Q6_K,    [15] = DTYPE_Q8_K,   [16] = DTYPE_IQ2_XXS, [17] = DTYPE_IQ2_XS,
	[18] = DTYPE_IQ3_XXS, [19] = DTYPE_IQ1_S,  [20] = DTYPE_IQ4_NL,  [21] = DTYPE_IQ3_S,
	[22] = DTYPE_IQ2_S,   [23] = DTYPE_IQ4_XS, [24] = DTYPE_I8,      [25] = DTYPE_I16,
	[26] = DTYPE_I32,     [27] = DTYPE_I64,    [28] = DTYPE_F64,     [29] = DTYPE_IQ1_M,
	[30] = DTYPE_BF16,    [34] = DTYPE_TQ1_0,  [35] = DTYPE_TQ2_0,   [39] = DTYPE_MXFP4,
	[40] = DTYPE_NVFP4,   [41] = DTYPE_Q1_0,   [42] = DTYPE_Q2_0,
};

enum dtype gguf_dtype(uint32_t number)
{
	return number < GGUF_TYPES ? (enum dtype)types[number] : DTYPE_UNKNOWN;
}

static bool fail_shape(struct gguf *gguf, struct str name)
{
	name = reading_quote(name);
	return format_fail(gguf->job, "E_GG_SHAPE", "tensor \"%.*s\" has an impossible shape",
			   STR_ARG(name));
}

static bool fail_place(struct gguf *gguf, struct str name)
{
	name = reading_quote(name);
	return format_fail(gguf->job, "E_GG_OFFSET",
			   "tensor \"%.*s\" lies outside the file or overlaps", STR_ARG(name));
}

static bool read_shape(struct gguf *gguf, struct tensor *tensor)
{
	uint32_t n_dims;
	if (!gguf_u32(gguf, &n_dims))
		return false;
	if (n_dims > GGUF_RANK_MAX)
		return fail_shape(gguf, tensor->name);
	uint64_t *shape = NULL;
	if (n_dims) {
		shape = arena_try_room(gguf->job->arena, n_dims * sizeof *shape);
		if (!shape)
			return format_fail_memory(gguf->job, n_dims * sizeof *shape);
	}
	for (uint32_t i = n_dims; i-- > 0;)
		if (!gguf_u64(gguf, &shape[i]))
			return false;
	tensor->rank = (uint8_t)n_dims;
	tensor->shape = shape;
	return true;
}

static bool read_type(struct gguf *gguf, struct tensor *tensor)
{
	uint32_t number;
	if (!gguf_u32(gguf, &number))
		return false;
	tensor->dtype = (uint8_t)gguf_dtype(number);
	struct str name = reading_quote(tensor->name);
	if (tensor->dtype == DTYPE_UNKNOWN)
		reading_note(gguf->job->out, gguf->job->arena, "W_GG_DTYPE",
			     "tensor \"%.*s\" has unknown type %" PRIu32, STR_ARG(name), number);
	return true;
}

/** Rows are made of whole blocks; of an unknown type the size is unknown. */
static bool measure(struct gguf *gguf, struct tensor *tensor)
{
	uint64_t n_elements, row = tensor->rank ? tensor->shape[tensor->rank - 1] : 1;
	if (!tensor_elements(tensor, &n_elements) || n_elements > INT64_MAX)
		return fail_shape(gguf, tensor->name);
	if (tensor->dtype == DTYPE_UNKNOWN)
		return true;
	if (row % dtype_block(tensor->dtype) ||
	    !dtype_size(tensor->dtype, n_elements, &tensor->size_bytes))
		return fail_shape(gguf, tensor->name);
	return true;
}

static int compare_true_shapes(const void *a, const void *b)
{
	const struct gguf_true_shape *left = a, *right = b;
	return str_compare(left->name, right->name);
}

/** Puts the true shape in the place of the folded one. */
static bool unfold(struct gguf *gguf, struct tensor *tensor)
{
	const struct array *all = &gguf->true_shapes;
	const struct gguf_true_shape wanted = { .name = tensor->name }, *found = NULL;
	if (all->len)
		found = bsearch(&wanted, all->ptr, all->len, sizeof wanted, compare_true_shapes);
	if (!found)
		return true;
	uint64_t folded, unfolded;
	struct tensor before = *tensor;
	tensor->shape = found->shape;
	tensor->rank = found->rank;
	if (!tensor_elements(&before, &folded) || !tensor_elements(tensor, &unfolded) ||
	    folded != unfolded)
		return fail_shape(gguf, tensor->name);
	return true;
}

static bool read_tensor(struct gguf *gguf, struct tensor *tensor)
{
	*tensor = (struct tensor){ 0 };
	return gguf_name(gguf, &tensor->name) && read_shape(gguf, tensor) &&
	       read_type(gguf, tensor) && gguf_u64(gguf, &tensor->offset_bytes) &&
	       measure(gguf, tensor) && unfold(gguf, tensor);
}

bool gguf_read_tensors(struct gguf *gguf)
{
	struct array *shapes = &gguf->true_shapes;
	size_t n = (size_t)gguf->n_tensors;
	struct tensor *tensors = arena_try_room(gguf->job->arena, (n + 1) * sizeof *tensors);
	if (!tensors)
		return format_fail_memory(gguf->job, n * sizeof *tensors);
	if (shapes->len > 1)
		qsort(shapes->ptr, shapes->len, sizeof(struct gguf_true_shape),
		      compare_true_shapes);
	for (size_t i = 0; i < n; i++)
		if (!read_tensor(gguf, &tensors[i]))
			return false;
	gguf->job->out->table = (struct tensor_table){ tensors, n };
	return repeats_refuse(gguf->job, "E_GG_DUP", &tensors->name, sizeof *tensors, n);
}

/* Where they lie. */

static int compare_places(const void *a, const void *b)
{
	const struct tensor *left = *(const struct tensor *const *)a;
	const struct tensor *right = *(const struct tensor *const *)b;
	if (left->offset_bytes != right->offset_bytes)
		return left->offset_bytes < right->offset_bytes ? -1 : 1;
	return (left->size_bytes > right->size_bytes) - (left->size_bytes < right->size_bytes);
}

/** The tensors in the order of their places, which most often is that of the list. */
static const struct tensor **in_order(struct gguf *gguf, bool *is_listed_so)
{
	const struct tensor_table *table = &gguf->job->out->table;
	const struct tensor **order =
		arena_try(&gguf->job->reader->room, (table->n_tensors + 1) * sizeof *order);
	*is_listed_so = true;
	for (size_t i = 0; order && i < table->n_tensors; i++) {
		order[i] = &table->tensors[i];
		if (i && compare_places(&order[i - 1], &order[i]) > 0)
			*is_listed_so = false;
	}
	if (order && !*is_listed_so)
		qsort(order, table->n_tensors, sizeof *order, compare_places);
	return order;
}

static uint64_t align(const struct gguf *gguf, uint64_t at)
{
	return (at + gguf->alignment - 1) & ~(gguf->alignment - 1);
}

struct extent {
	uint64_t end;   /* of the last tensor, from the start of the data */
	bool is_packed; /* one after the other, as llama.cpp wants them */
	const struct tensor *last;
};

static bool place(struct gguf *gguf, const struct tensor *tensor, struct extent *extent)
{
	uint64_t from = tensor->offset_bytes, end;
	/* Room to align: nothing that is added below can overflow. */
	bool is_far = from > INT64_MAX - GGUF_ALIGNMENT_MAX ||
		      tensor->size_bytes > INT64_MAX - GGUF_ALIGNMENT_MAX - from;
	if (is_far || from % gguf->alignment || from < extent->end)
		return fail_place(gguf, tensor->name);
	end = from + tensor->size_bytes;
	bool is_measured = !extent->last || extent->last->dtype != DTYPE_UNKNOWN;
	if (is_measured && from != align(gguf, extent->end))
		extent->is_packed = false;
	*extent = (struct extent){ end, extent->is_packed, tensor };
	return true;
}

/** Tensors one after the other that go on past the end were cut off; one far away was misplaced. */
static bool check_end(struct gguf *gguf, const struct extent *extent)
{
	uint64_t size_bytes = gguf->cursor.blob->size_bytes;
	uint64_t data_from = align(gguf, gguf->cursor.at);
	if (!extent->last || data_from + extent->end <= size_bytes)
		return true;
	if (!extent->is_packed && data_from + extent->last->offset_bytes >= size_bytes)
		return fail_place(gguf, extent->last->name);
	format_fail(gguf->job, "E_TRUNCATED",
		    "file is cut off: %" PRIu64 " of %" PRIu64 " bytes present", size_bytes,
		    data_from + extent->end);
	return true;
}

bool gguf_check_places(struct gguf *gguf)
{
	struct extent extent = { .is_packed = true };
	bool is_listed_so;
	const struct tensor **order = in_order(gguf, &is_listed_so);
	size_t n = gguf->job->out->table.n_tensors;
	if (!order)
		return format_fail_memory(gguf->job, n * sizeof *order);
	for (size_t i = 0; i < n; i++)
		if (!place(gguf, order[i], &extent))
			return false;
	if (!is_listed_so || !extent.is_packed)
		reading_note(gguf->job->out, gguf->job->arena, "W_GG_OFFSET",
			     "tensors do not follow one another in the order of their list");
	return check_end(gguf, &extent);
}
