// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <stdlib.h>

#include "core/formats/repeats.h"
#include "core/formats/st_scan.h"

bool st_fail_memory(struct reading *out, struct arena *arena, size_t n)
{
	reading_fail(out, arena, "E_IO", "cannot read: no memory for a list of %zu", n);
	return false;
}

static int compare_places(const struct tensor *a, const struct tensor *b)
{
	if (a->offset_bytes != b->offset_bytes)
		return a->offset_bytes < b->offset_bytes ? -1 : 1;
	return (a->size_bytes > b->size_bytes) - (a->size_bytes < b->size_bytes);
}

static int compare_pointed(const void *a, const void *b)
{
	const struct tensor *const *left = a, *const *right = b;
	return compare_places(*left, *right);
}

static bool is_in_place_order(const struct tensor_table *table)
{
	for (size_t i = 1; i < table->n_tensors; i++)
		if (compare_places(&table->tensors[i - 1], &table->tensors[i]) > 0)
			return false;
	return true;
}

/** In the library's order: place, shape, whole bytes, size. */
static bool check_tensor(const struct tensor *tensor, uint64_t expected, struct arena *arena,
			 struct reading *out)
{
	struct str name = reading_quote(tensor->name);
	if (tensor->offset_bytes != expected) {
		reading_fail(out, arena, "E_ST_RANGE",
			     "tensor \"%.*s\" starts at %" PRIu64 ", expected %" PRIu64
			     " (hole or overlap)",
			     STR_ARG(name), tensor->offset_bytes, expected);
		return false;
	}
	uint64_t elements;
	unsigned bits = dtype_bits(tensor->dtype);
	if (!tensor_elements(tensor, &elements) || (bits && elements > UINT64_MAX / bits)) {
		reading_fail(out, arena, "E_ST_OVERFLOW", "tensor \"%.*s\" has an impossible shape",
			     STR_ARG(name));
		return false;
	}
	if (elements * bits % 8) {
		reading_fail(out, arena, "E_ST_ALIGN",
			     "tensor \"%.*s\": %" PRIu64 " bits is not a whole number of bytes",
			     STR_ARG(name), elements * bits);
		return false;
	}
	if (bits && tensor->size_bytes != elements * bits / 8) {
		reading_fail(out, arena, "E_ST_SIZE",
			     "tensor \"%.*s\" needs %" PRIu64 " bytes but its range has %" PRIu64,
			     STR_ARG(name), elements * bits / 8, tensor->size_bytes);
		return false;
	}
	return true;
}

static bool check_sorted(const struct tensor_table *table, struct arena *arena, struct reading *out,
			 uint64_t *data_end)
{
	struct arena scratch = { 0 };
	const struct tensor **order = arena_try(&scratch, table->n_tensors * sizeof *order);
	if (!order)
		return st_fail_memory(out, arena, table->n_tensors);
	for (size_t i = 0; i < table->n_tensors; i++)
		order[i] = &table->tensors[i];
	qsort(order, table->n_tensors, sizeof *order, compare_pointed);
	bool is_sound = true;
	for (size_t i = 0; is_sound && i < table->n_tensors; i++) {
		is_sound = check_tensor(order[i], *data_end, arena, out);
		*data_end = order[i]->offset_bytes + order[i]->size_bytes;
	}
	arena_finish(&scratch);
	return is_sound;
}

bool st_check(const struct tensor_table *table, struct arena *arena, struct reading *out,
	      uint64_t *data_end)
{
	size_t n = table->n_tensors, repeat = 0;
	if (n && !repeats_find(&table->tensors->name, sizeof *table->tensors, n, &repeat))
		return st_fail_memory(out, arena, n);
	if (repeat < n) {
		struct str name = reading_quote(table->tensors[repeat].name);
		reading_fail(out, arena, "E_ST_DUP", "tensor \"%.*s\" is listed twice",
			     STR_ARG(name));
		return false;
	}
	*data_end = 0;
	if (!is_in_place_order(table))
		return check_sorted(table, arena, out, data_end);
	for (size_t i = 0; i < n; i++) {
		const struct tensor *tensor = &table->tensors[i];
		if (!check_tensor(tensor, *data_end, arena, out))
			return false;
		*data_end = tensor->offset_bytes + tensor->size_bytes;
	}
	return true;
}

void st_check_end(uint64_t header_bytes, uint64_t data_end, uint64_t file_bytes,
		  struct arena *arena, struct reading *out)
{
	uint64_t data_bytes = file_bytes - 8 - header_bytes;
	uint64_t data_from = 8 + header_bytes;
	uint64_t whole = data_end > UINT64_MAX - data_from ? UINT64_MAX : data_from + data_end;
	if (data_end > data_bytes)
		reading_fail(out, arena, "E_TRUNCATED",
			     "file is cut off: %" PRIu64 " of %" PRIu64 " bytes present",
			     file_bytes, whole);
	else if (data_end < data_bytes)
		reading_fail(out, arena, "E_ST_TAIL",
			     "%" PRIu64
			     " extra bytes after the last tensor (not plain safetensors)",
			     data_bytes - data_end);
	out->has_table = data_end >= data_bytes;
}
