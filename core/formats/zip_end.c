// SPDX-License-Identifier: MIT
#include "core/formats/zip_end.h"

#include <string.h>

#include "core/formats/zip_bytes.h"

enum {
	END_BYTES = 22,
	COMMENT_MAX = 65535,
	TAIL_MAX = END_BYTES + COMMENT_MAX,
	LOCATOR_BYTES = 20,
	END64_BYTES = 56,
};

static const struct str end_magic = { "PK\5\6", 4 };
static const struct str locator_magic = { "PK\6\7", 4 };
static const struct str end64_magic = { "PK\6\6", 4 };

/** Reads some of the file; false when it is too short there or cannot be read. */
static bool load(struct format_job *job, uint64_t at, size_t len, struct arena *arena,
		 struct str *out)
{
	struct error err;
	char *bytes = arena_try_bytes(arena, len);
	if (!bytes)
		return format_fail_memory(job, len);
	if (!blob_read_at(job->blob, at, bytes, len, &err)) {
		format_fail_read(job, &err);
		return false;
	}
	*out = (struct str){ bytes, len };
	return true;
}

static bool comment_fits(struct str tail, size_t at)
{
	return at + END_BYTES + zip_number(tail, at + 20, 2) <= tail.len;
}

/** The last end record that begins before `before`; -1 when there is none. */
static ptrdiff_t last_end(struct str tail, size_t before)
{
	const char *at;
	while ((at = memrchr(tail.ptr, *end_magic.ptr, before))) {
		before = (size_t)(at - tail.ptr);
		if (str_has_prefix(str_slice(tail, before, tail.len), end_magic))
			return (ptrdiff_t)before;
	}
	return -1;
}

/** The last end record whose comment fits; -1 when there is none. */
static ptrdiff_t find_end(struct str tail, struct zip_directory *directory)
{
	ptrdiff_t at = tail.len < END_BYTES ? 0 : (ptrdiff_t)(tail.len - END_BYTES + 1);
	while ((at = last_end(tail, (size_t)at)) >= 0 && !comment_fits(tail, (size_t)at))
		zip_doubt(directory, "an end record that is cut off");
	return at;
}

/** Another record before it, whose comment ends where the file ends, would do as well. */
static void look_for_another(struct str tail, size_t found, struct zip_directory *directory)
{
	for (ptrdiff_t at = (ptrdiff_t)found; (at = last_end(tail, (size_t)at)) >= 0;)
		if ((size_t)at + END_BYTES + zip_number(tail, (size_t)at + 20, 2) == tail.len)
			zip_doubt(directory, "two end records");
}

static bool fail_zip64(struct format_job *job)
{
	reading_fail(job->out, job->arena, "E_ZIP_64", "zip64 fields contradict each other");
	return false;
}

static bool agrees(uint64_t small, uint64_t saturated, uint64_t large)
{
	return small == saturated || small == large;
}

/** It says that its numbers stand elsewhere. */
static bool is_saturated(const struct zip_end *end)
{
	return end->directory_at == ZIP_SATURATED || end->directory_bytes == ZIP_SATURATED;
}

/** Takes over what the zip64 record says, where the locator leads to one. */
static bool read_zip64(struct format_job *job, struct arena *arena, struct zip_end *end)
{
	struct str locator, record;
	if (end->at < LOCATOR_BYTES + END64_BYTES)
		return !is_saturated(end) || fail_zip64(job);
	if (!load(job, end->at - LOCATOR_BYTES, LOCATOR_BYTES, arena, &locator))
		return false;
	if (!str_has_prefix(locator, locator_magic))
		return !is_saturated(end) || fail_zip64(job);
	uint64_t at = zip_number(locator, 8, 8);
	if (at > end->at - LOCATOR_BYTES - END64_BYTES)
		return fail_zip64(job);
	if (!load(job, at, END64_BYTES, arena, &record))
		return false;
	if (!str_has_prefix(record, end64_magic)) { /* something stands before the zip */
		at = end->at - LOCATOR_BYTES - END64_BYTES;
		if (!load(job, at, END64_BYTES, arena, &record))
			return false;
		if (!str_has_prefix(record, end64_magic))
			return fail_zip64(job);
	}
	struct zip_end large = {
		at,
		zip_number(record, 32, 8),
		zip_number(record, 48, 8),
		zip_number(record, 40, 8),
	};
	if (!agrees(end->n_entries, 0xffff, large.n_entries) ||
	    !agrees(end->directory_bytes, ZIP_SATURATED, large.directory_bytes) ||
	    !agrees(end->directory_at, ZIP_SATURATED, large.directory_at))
		return fail_zip64(job);
	*end = large;
	return true;
}

bool zip_end_read(struct format_job *job, struct arena *arena, struct zip_directory *directory,
		  struct zip_end *out)
{
	uint64_t size_bytes = job->blob->size_bytes;
	size_t len = size_bytes < TAIL_MAX ? (size_t)size_bytes : TAIL_MAX;
	struct str tail;
	if (!load(job, size_bytes - len, len, arena, &tail))
		return false;
	ptrdiff_t at = find_end(tail, directory);
	if (at < 0) {
		reading_fail(job->out, job->arena, "E_ZIP_END",
			     "zip directory is missing (cut off?)");
		return false;
	}
	look_for_another(tail, (size_t)at, directory);
	struct str record = str_slice(tail, (size_t)at, tail.len);
	*out = (struct zip_end){
		.at = size_bytes - len + (size_t)at,
		.n_entries = zip_number(record, 10, 2),
		.directory_bytes = zip_number(record, 12, 4),
		.directory_at = zip_number(record, 16, 4),
	};
	return read_zip64(job, arena, out);
}
