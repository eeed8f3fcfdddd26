// SPDX-License-Identifier: MIT
/** Looks into any bytes as an archive: always an answer, and never a longer one than a line. */
#include "storage/files/archive.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool is_true)
{
	if (!is_true)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct archive_reader *reader = archive_reader_create();
	struct blob blob = blob_from_memory(data, size);
	struct arena arena = { 0 };
	struct reading out = { .format = FORMAT_ARCHIVE };
	archive_list_models(reader, &blob, &arena, &out);
	require(out.error.code.ptr || out.n_notes == 1);
	require(!out.error.code.ptr || out.status != STATUS_OK);
	for (size_t i = 0; i < out.n_notes; i++)
		require(out.notes[i].message.len < 1024);
	arena_finish(&arena);
	archive_reader_destroy(reader);
	return 0;
}
