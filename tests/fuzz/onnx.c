// SPDX-License-Identifier: MIT
/** Reads any bytes as ONNX: a table is given only when it holds together. */
#include "core/formats/onnx.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool is_true)
{
	if (!is_true)
		abort();
}

static void check_tensor(const struct tensor *tensor, size_t size)
{
	uint64_t n_elements;
	require(tensor->rank <= TENSOR_RANK_MAX && (!tensor->rank || tensor->shape));
	require(tensor_elements(tensor, &n_elements));
	require(tensor->offset_bytes <= size);
	require(tensor->name.len <= ONNX_NAME_MAX);
}

static void check(const struct reading *out, size_t size)
{
	require(!out->error.code.ptr || out->status != STATUS_OK);
	require(out->has_table || !out->table.n_tensors);
	for (size_t i = 0; i < out->table.n_tensors; i++)
		check_tensor(&out->table.tensors[i], size);
	for (size_t i = 0; i < out->metadata.n_pairs; i++)
		require(out->metadata.pairs[i].value.len <= METADATA_VALUE_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct format_reader *reader = format_reader_create();
	struct blob blob = blob_from_memory(data, size);
	struct arena arena = { 0 };
	struct reading out;
	/* What begins like one is one, unless it is a tar or safetensors as well. */
	bool begins = onnx_begins((struct str){ (const char *)data, size });
	format_read(reader, &blob, STR("a.onnx"), &arena, &out);
	require(!begins || out.format != FORMAT_UNKNOWN);
	if (out.format == FORMAT_ONNX)
		check(&out, size);
	arena_finish(&arena);
	format_reader_destroy(reader);
	return 0;
}
