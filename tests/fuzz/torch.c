// SPDX-License-Identifier: MIT
/** Reads any bytes under the names that PyTorch's files have. */
#include "core/formats/format.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool is_true)
{
	if (!is_true)
		abort();
}

static void check_tensor(const struct tensor *tensor)
{
	uint64_t elements;
	require(tensor->name.ptr != NULL && tensor->rank <= TENSOR_RANK_MAX);
	if (tensor_elements(tensor, &elements) && elements <= UINT64_MAX / 64 &&
	    dtype_bits(tensor->dtype))
		require(tensor->size_bytes <= elements * dtype_bits(tensor->dtype) / 8);
}

static bool has_note(const struct reading *reading, struct str code)
{
	for (size_t i = 0; i < reading->n_notes; i++)
		if (str_equal(reading->notes[i].code, code))
			return true;
	return false;
}

static void check(const struct reading *reading)
{
	require(reading->n_notes <= NOTES_MAX);
	for (size_t i = 0; i < reading->table.n_tensors; i++)
		check_tensor(&reading->table.tensors[i]);
	for (size_t i = 0; i < reading->metadata.n_pairs; i++)
		require(reading->metadata.pairs[i].key.ptr && reading->metadata.pairs[i].value.ptr);
	if (reading->n_globals > 0)
		require(reading->safety == SAFETY_RUNS_CODE);
	if (has_note(reading, STR("W_ZIP_AMBIG")) || has_note(reading, STR("V_RUNS_CODE")) ||
	    str_has_prefix(reading->error.code, STR("E_PK_")))
		require(reading->safety != SAFETY_DATA_ONLY);
	if (reading->error.code.ptr)
		require(reading->status != STATUS_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "a.pt", "a.pkl", "a.npz", "a.zip" };
	struct format_reader *reader = format_reader_create();
	struct blob blob = blob_from_memory(data, size);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct arena arena = { 0 };
		struct reading reading;
		format_read(reader, &blob, str_from(names[i]), &arena, &reading);
		check(&reading);
		arena_finish(&arena);
	}
	format_reader_destroy(reader);
	return 0;
}
