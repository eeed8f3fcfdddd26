// SPDX-License-Identifier: MIT
/**
 * Manifests of packed sets: any bytes are read or refused; what is read is written, and reads and
 * writes the same again; no path in it leads out of a folder.
 */
#include <stdlib.h>

#include "core/base/member.h"
#include "core/sets/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct manifest *manifest, struct arena *arena)
{
	struct bytes one = { 0 }, two = { 0 };
	struct manifest again;
	struct error err;
	for (size_t i = 0; i < manifest->n_files; i++)
		if (member_fault(manifest->files[i].path))
			abort();
	manifest_write(manifest, &one);
	if (!manifest_read(bytes_str(&one), arena, &again, &err))
		abort();
	manifest_write(&again, &two);
	if (!str_equal(bytes_str(&one), bytes_str(&two)))
		abort();
	bytes_finish(&one);
	bytes_finish(&two);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	struct manifest manifest;
	struct error err;
	if (manifest_read((struct str){ (const char *)data, size }, &arena, &manifest, &err))
		check(&manifest, &arena);
	arena_finish(&arena);
	return 0;
}
