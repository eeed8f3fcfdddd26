// SPDX-License-Identifier: MIT
/** Parses any bytes as a header, with and without the fast way: both must say the same. */
#include "core/formats/safetensors.h"

#include <stdlib.h>
#include <string.h>

#include "core/formats/st_scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool is_true)
{
	if (!is_true)
		abort();
}

static void compare_notes(const struct note *a, const struct note *b)
{
	require(str_equal(a->code, b->code) && str_equal(a->message, b->message));
}

static void compare_tensors(const struct tensor *a, const struct tensor *b)
{
	require(str_equal(a->name, b->name) && a->dtype == b->dtype && a->rank == b->rank &&
		a->offset_bytes == b->offset_bytes && a->size_bytes == b->size_bytes);
	require(!a->rank || memcmp(a->shape, b->shape, a->rank * sizeof *a->shape) == 0);
}

static void compare(const struct reading *a, const struct reading *b)
{
	compare_notes(&a->error, &b->error);
	require(a->status == b->status && a->has_table == b->has_table &&
		a->n_notes == b->n_notes && a->table.n_tensors == b->table.n_tensors &&
		a->metadata.n_pairs == b->metadata.n_pairs);
	for (size_t i = 0; i < a->n_notes; i++)
		compare_notes(&a->notes[i], &b->notes[i]);
	for (size_t i = 0; i < a->table.n_tensors; i++)
		compare_tensors(&a->table.tensors[i], &b->table.tensors[i]);
	for (size_t i = 0; i < a->metadata.n_pairs; i++)
		require(str_equal(a->metadata.pairs[i].key, b->metadata.pairs[i].key) &&
			str_equal(a->metadata.pairs[i].value, b->metadata.pairs[i].value));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str header = { (const char *)data, size };
	struct arena arena = { 0 };
	struct reading fast = { 0 }, strict = { 0 };
	/* Data of 16 bytes: what the seeds have, so that sound ones are found sound. */
	safetensors_parse(header, 8 + size + 16, &arena, &fast);
	st_parse_strictly(header, 8 + size + 16, &arena, &strict);
	compare(&fast, &strict);
	arena_finish(&arena);
	return 0;
}
