// SPDX-License-Identifier: MIT
/**
 * A stored model: any bytes decode or are refused, and what decodes encodes to the same bytes; those of
 * the first version to the same and an alias that there is none of.
 */
#include <stdlib.h>

#include "storage/scan/finding.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_same(struct str flat, struct str again)
{
	if (again.len == 0 || flat.len == 0)
		return false;
	size_t tail = flat.ptr[0] == 1; /* STR_NULL is one byte */
	return flat.len + tail == again.len &&
	       str_equal(str_slice(flat, 1, flat.len), str_slice(again, 1, again.len - tail)) &&
	       (tail || flat.ptr[0] == again.ptr[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	struct model model;
	struct error err;
	struct str flat = { (const char *)data, size };
	if (model_decode(flat, &arena, &model, &err)) {
		struct bytes again = { 0 };
		model_encode(&model, &again);
		if (!is_same(flat, bytes_str(&again)))
			abort();
		bytes_finish(&again);
	}
	arena_finish(&arena);
	return 0;
}
