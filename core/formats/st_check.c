// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/formats/st_scan.h"

enum {
	QUOTE_MAX = 200,
	PROBES_MAX = 64,	/* names made to collide: sorting bounds what they can cost */
};

struct str st_quote(struct str name)
{
	return str_slice(name, 0, QUOTE_MAX);
}

static struct str name_at(const void *first_name, size_t stride, size_t i)
{
	struct str name;
	memcpy(&name, (const char *)first_name + i * stride, sizeof name);
	return name;
}

/** Writers sort by type and name: usually one look at the neighbours is enough. */
static bool is_ascending(const void *first_name, size_t stride, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (str_compare(name_at(first_name, stride, i - 1),
				name_at(first_name, stride, i)) >= 0)
			return false;
	return true;
}

struct name_slot { uint32_t hash, i_plus_one; };

/** `n` when there is none, SIZE_MAX when names collide too often to tell. */
static size_t repeat_by_hash(const void *first_name, size_t stride, size_t n,
			     struct name_slot *slots, size_t cap)
{
	for (size_t i = 0; i < n; i++) {
		struct str name = name_at(first_name, stride, i);
		uint64_t hash = str_hash(name);
		struct name_slot *slot = NULL;
		for (size_t probe = 0;; probe++) {
			if (probe == PROBES_MAX)
				return SIZE_MAX;
			slot = &slots[(hash + probe) & (cap - 1)];
			if (!slot->i_plus_one)
				break;
			if (slot->hash == (uint32_t)(hash >> 32) &&
			    str_equal(name, name_at(first_name, stride, slot->i_plus_one - 1)))
				return i;
		}
		*slot = (struct name_slot){ (uint32_t)(hash >> 32), (uint32_t)i + 1 };
	}
	return n;
}

struct placed_name { struct str name; size_t i; };

static int compare_placed(const void *a, const void *b)
{
	const struct placed_name *left = a, *right = b;
	int order = str_compare(left->name, right->name);
	return order ? order : (left->i > right->i) - (left->i < right->i);
}

static bool repeat_by_sorting(const void *first_name, size_t stride, size_t n,
			      struct arena *scratch, size_t *repeat)
{
	struct placed_name *names = arena_try(scratch, n * sizeof *names);
	if (!names)
		return false;
	for (size_t i = 0; i < n; i++)
		names[i] = (struct placed_name){ name_at(first_name, stride, i), i };
	qsort(names, n, sizeof *names, compare_placed);
	*repeat = n;
	for (size_t i = 1; i < n; i++)
		if (names[i].i < *repeat && str_equal(names[i - 1].name, names[i].name))
			*repeat = names[i].i;
	return true;
}

bool st_find_repeat(const void *first_name, size_t stride, size_t n, size_t *repeat)
{
	*repeat = n;
	if (is_ascending(first_name, stride, n))
		return true;
	struct arena scratch = { 0 };
	size_t cap = 16;
	while (cap < 2 * n)
		cap *= 2;
	struct name_slot *slots = arena_try(&scratch, cap * sizeof *slots);
	bool has_memory = slots != NULL;
	if (has_memory)
		*repeat = repeat_by_hash(first_name, stride, n, slots, cap);
	if (*repeat == SIZE_MAX)
		has_memory = repeat_by_sorting(first_name, stride, n, &scratch, repeat);
	arena_finish(&scratch);
	return has_memory;
}

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
	struct str name = st_quote(tensor->name);
	if (tensor->offset_bytes != expected) {
		reading_fail(out, arena, "E_ST_RANGE", "tensor \"%.*s\" starts at %" PRIu64
			     ", expected %" PRIu64 " (hole or overlap)", STR_ARG(name),
			     tensor->offset_bytes, expected);
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
		reading_fail(out, arena, "E_ST_ALIGN", "tensor \"%.*s\": %" PRIu64
			     " bits is not a whole number of bytes", STR_ARG(name), elements * bits);
		return false;
	}
	if (bits && tensor->size_bytes != elements * bits / 8) {
		reading_fail(out, arena, "E_ST_SIZE", "tensor \"%.*s\" needs %" PRIu64
			     " bytes but its range has %" PRIu64, STR_ARG(name),
			     elements * bits / 8, tensor->size_bytes);
		return false;
	}
	return true;
}

static bool check_sorted(const struct tensor_table *table, struct arena *arena,
			 struct reading *out, uint64_t *data_end)
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

bool st_check(const struct tensor_table *table, struct arena *arena,
		       struct reading *out, uint64_t *data_end)
{
	size_t n = table->n_tensors, repeat = 0;
	if (n && !st_find_repeat(&table->tensors->name, sizeof *table->tensors, n, &repeat))
		return st_fail_memory(out, arena, n);
	if (repeat < n) {
		struct str name = st_quote(table->tensors[repeat].name);
		reading_fail(out, arena, "E_ST_DUP", "tensor \"%.*s\" is listed twice", STR_ARG(name));
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
		reading_fail(out, arena, "E_TRUNCATED", "file is cut off: %" PRIu64 " of %" PRIu64
			     " bytes present", file_bytes, whole);
	else if (data_end < data_bytes)
		reading_fail(out, arena, "E_ST_TAIL", "%" PRIu64
			     " extra bytes after the last tensor (not plain safetensors)",
			     data_bytes - data_end);
	out->has_table = data_end >= data_bytes;
}
