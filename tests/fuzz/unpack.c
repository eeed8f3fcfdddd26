// SPDX-License-Identifier: MIT
/**
 * Takes any bytes apart as an archive: data comes after its member and ends, for members that were
 * wanted, and no more than an archive of that size may give.
 */
#include "storage/files/unpack.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEAD_BYTES = 4096, FREE_BYTES = 2 << 20 };

/** What came so far. */
struct coming {
	const struct unpack_wish *wish;
	bool is_wanted, is_open;
	uint64_t n_bytes, n_all;
};

static void require(bool is_true)
{
	if (!is_true)
		abort();
}

static bool member(void *context, const struct unpack_member *member, struct error *err)
{
	struct coming *coming = context;
	(void)err;
	require(!coming->is_open && member->kind < UNPACK_KIND_COUNT);
	coming->is_open = coming->is_wanted = unpack_wish_has(coming->wish, member);
	coming->n_bytes = 0;
	return true;
}

static bool data_of(void *context, struct str bytes, struct error *err)
{
	struct coming *coming = context;
	(void)err;
	require(coming->is_open && bytes.len > 0 && bytes.len <= UNPACK_PIECE_BYTES);
	coming->n_bytes += bytes.len;
	coming->n_all += bytes.len;
	require(coming->n_bytes <= HEAD_BYTES);
	return true;
}

static bool end(void *context, struct error *err)
{
	struct coming *coming = context;
	(void)err;
	require(coming->is_open);
	coming->is_open = false;
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct archive_reader *reader = archive_reader_create();
	struct blob blob = blob_from_memory(data, size);
	const struct unpack_wish wish = { .of_models = true, .head_bytes = HEAD_BYTES };
	struct coming coming = { .wish = &wish };
	const struct unpack_taker taker = { member, data_of, end, NULL, &coming };
	struct error err = { 0 };
	bool ok = unpack_run(reader, &blob, &wish, &taker, &err);
	require(ok ? !coming.is_open : err.code != ERROR_NONE);
	require(coming.n_all <= FREE_BYTES + (uint64_t)size * ARCHIVE_RATIO_MAX);
	archive_reader_destroy(reader);
	return 0;
}
