// SPDX-License-Identifier: MIT
/**
 * A stored layout: any bytes decode or are refused, and what decodes encodes to the same bytes. The
 * bytes are those before squeezing, which no fuzzer would find its way through.
 */
#include <stdlib.h>

#include "storage/scan/layout.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	struct bytes squeezed = { 0 }, again = { 0 };
	struct str flat = { (const char *)data, size };
	struct tensor_table table;
	struct error err;
	layout_squeeze(flat, &squeezed);
	if (layout_decode(bytes_str(&squeezed), &arena, &table, &err) &&
	    (!layout_encode(&table, &again) || !str_equal(flat, bytes_str(&again))))
		abort();
	/* And as they are. */
	if (layout_decode(flat, &arena, &table, &err))
		bytes_clear(&again);
	bytes_finish(&squeezed);
	bytes_finish(&again);
	arena_finish(&arena);
	return 0;
}
