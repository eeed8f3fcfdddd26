// SPDX-License-Identifier: MIT
/** Reads any bytes behind the magic word as GGUF: a table is given only when it holds together. */
#include "core/formats/gguf.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/array.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool is_true)
{
	if (!is_true)
		abort();
}

static void check_tensor(const struct tensor *tensor)
{
	uint64_t n_elements, size_bytes;
	require(tensor->rank <= GGUF_RANK_MAX && (!tensor->rank || tensor->shape));
	require(tensor_elements(tensor, &n_elements));
	if (tensor->dtype == DTYPE_UNKNOWN)
		return;
	require(dtype_size(tensor->dtype, n_elements, &size_bytes));
	require(tensor->size_bytes == size_bytes);
}

/** Who reads from the end may find a zip, and in it what runs. */
static bool is_zip_too(const struct reading *out)
{
	for (size_t i = 0; i < out->n_notes; i++)
		if (str_equal(out->notes[i].code, STR("W_ZIP_AMBIG")))
			return true;
	return false;
}

static void check(const struct reading *out, size_t size)
{
	require(out->format == FORMAT_GGUF);
	require(is_zip_too(out) ? out->safety != SAFETY_DATA_ONLY
				: out->safety == SAFETY_DATA_ONLY);
	require(!out->error.code.ptr || out->status != STATUS_OK);
	require(out->has_table || (out->error.code.ptr && !out->table.n_tensors));
	require(out->table.n_tensors <= size / 24);
	for (size_t i = 0; i < out->table.n_tensors; i++)
		check_tensor(&out->table.tensors[i]);
	for (size_t i = 0; i < out->metadata.n_pairs; i++)
		require(out->metadata.pairs[i].value.len <= METADATA_VALUE_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes file = { 0 };
	struct format_reader *reader = format_reader_create();
	struct arena arena = { 0 };
	struct reading out;
	bytes_append_str(&file, STR("GGUF"));
	bytes_append(&file, data, size);
	struct blob blob = blob_from_memory(file.ptr, file.len);
	format_read(reader, &blob, STR("a.gguf"), &arena, &out);
	check(&out, file.len);
	arena_finish(&arena);
	format_reader_destroy(reader);
	bytes_finish(&file);
	return 0;
}
