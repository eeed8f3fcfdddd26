// SPDX-License-Identifier: MIT
/**
 * A stored model: any bytes decode or are refused, and what decodes encodes to the same bytes.
 */
#include <stdlib.h>

#include "storage/scan/finding.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	struct model model;
	struct error err;
	struct str flat = { (const char *)data, size };
	if (model_decode(flat, &arena, &model, &err)) {
		struct bytes again = { 0 };
		model_encode(&model, &again);
		if (!str_equal(flat, bytes_str(&again)))
			abort();
		bytes_finish(&again);
	}
	arena_finish(&arena);
	return 0;
}
