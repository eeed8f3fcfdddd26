// SPDX-License-Identifier: MIT
/** Parses any bytes as every kind of sidecar. */
#include "core/formats/sidecar.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };
	for (size_t i = 0; sidecar_suffixes[i]; i++) {
		struct arena arena = { 0 };
		struct sidecar sidecar;
		struct error err = { 0 };
		char name[64];
		snprintf(name, sizeof name, "model%s", sidecar_suffixes[i]);
		if (!sidecar_parse(str_from(name), text, &arena, &sidecar, &err) && !err.slug)
			abort();
		if (sidecar.sha256.ptr && sidecar.sha256.len != 64)
			abort();
		arena_finish(&arena);
	}
	return 0;
}
