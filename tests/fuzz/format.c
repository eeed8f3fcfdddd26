// SPDX-License-Identifier: MIT
/** Reads any bytes as a model file under several names, twice with one reader. */
#include "core/formats/format.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct reading *reading, size_t size)
{
	if (reading->size_bytes != size || reading->n_notes > NOTES_MAX)
		abort();
	if (reading->error.code.ptr && reading->status == STATUS_OK)
		abort();
	for (size_t i = 0; i < reading->table.n_tensors; i++) {
		const struct tensor *tensor = &reading->table.tensors[i];
		if (tensor->name.len && !tensor->name.ptr)
			abort();
		uint64_t elements, size_bytes;
		/* A tensor of PyTorch's may be less than its shape. */
		if (tensor_elements(tensor, &elements) &&
		    dtype_size(tensor->dtype, elements, &size_bytes) &&
		    tensor->size_bytes > size_bytes)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {
		"a.safetensors", "a.ckpt", "a.gguf", "a.safetensors.part", "a.onnx", "a",
	};
	struct format_reader *reader = format_reader_create();
	struct blob blob = blob_from_memory(data, size);
	for (size_t i = 0; i < 2 * sizeof names / sizeof *names; i++) {
		struct arena arena = { 0 };
		struct reading reading;
		format_read(reader, &blob, str_from(names[i / 2]), &arena, &reading);
		check(&reading, size);
		arena_finish(&arena);
	}
	format_reader_destroy(reader);
	return 0;
}
