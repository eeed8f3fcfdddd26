// SPDX-License-Identifier: MIT
#include "core/formats/zip_directory.h"

#include <inttypes.h>
#include <stdlib.h>

#include "core/base/map.h"
#include "core/formats/zip_bytes.h"
#include "core/formats/zip_end.h"

enum {
	ENTRY_BYTES = 46,
	LOCAL_BYTES = 30,
	ZIP64_EXTRA = 1,
	HOLE_MAX = 1 << 20, /* torch pads by less than 64 KiB */
};

static const struct str entry_magic = { "PK\1\2", 4 };

void zip_doubt(struct zip_directory *directory, const char *reason)
{
	if (!directory->ambiguity)
		directory->ambiguity = reason;
}

struct scan {
	struct format_job *job;
	struct arena *arena;
	struct zip_directory *directory;
	uint64_t at;    /* of the directory in the blob */
	uint64_t shift; /* of all offsets in it */
	struct str bytes;
	struct zip_entry *entries;
	size_t n_entries, cap_entries;
};

static bool fail_directory(struct scan *scan, uint64_t at)
{
	reading_fail(scan->job->out, scan->job->arena, "E_ZIP_DIR",
		     "zip directory is damaged at %" PRIu64, at);
	return false;
}

static bool fail_many(struct scan *scan, uint64_t n)
{
	reading_fail(scan->job->out, scan->job->arena, "E_ZIP_MANY",
		     "zip lists %" PRIu64 " entries; limit %u", n, ZIP_ENTRIES_MAX);
	return false;
}

/** Takes the next of the zip64 numbers for a field that is saturated. */
static bool take_large(struct str *large, uint64_t *field)
{
	if (*field != ZIP_SATURATED)
		return true;
	if (large->len < 8)
		return false;
	*field = zip_number(*large, 0, 8);
	*large = str_slice(*large, 8, large->len);
	return true;
}

/** Goes through the extra fields for the one with the large numbers. */
static bool read_large(struct str extra, struct zip_entry *entry)
{
	struct str large = { "", 0 };
	while (extra.len >= 4) {
		size_t id = zip_number(extra, 0, 2), len = zip_number(extra, 2, 2);
		if (id == ZIP64_EXTRA && large.len == 0)
			large = str_slice(extra, 4, 4 + len < extra.len ? 4 + len : extra.len);
		extra = str_slice(extra, 4 + len < extra.len ? 4 + len : extra.len, extra.len);
	}
	return take_large(&large, &entry->size_bytes) && take_large(&large, &entry->packed_bytes) &&
	       take_large(&large, &entry->at);
}

static bool fail_zip64(struct scan *scan)
{
	reading_fail(scan->job->out, scan->job->arena, "E_ZIP_64",
		     "zip64 fields contradict each other");
	return false;
}

/** Adds the entry at the front of `rest`. */
static bool read_entry(struct scan *scan, struct str *rest)
{
	uint64_t at = scan->at + scan->bytes.len - rest->len;
	if (rest->len < ENTRY_BYTES || !str_has_prefix(*rest, entry_magic))
		return fail_directory(scan, at);
	size_t name_len = zip_number(*rest, 28, 2), extra_len = zip_number(*rest, 30, 2);
	size_t name_end = ENTRY_BYTES + name_len, extra_end = name_end + extra_len;
	size_t end = extra_end + zip_number(*rest, 32, 2);
	if (end > rest->len || name_len > ZIP_NAME_MAX)
		return fail_directory(scan, at);
	struct zip_entry *entry = &scan->entries[scan->n_entries];
	*entry = (struct zip_entry){
		.name = str_slice(*rest, ENTRY_BYTES, name_end),
		.at = zip_number(*rest, 42, 4),
		.packed_bytes = zip_number(*rest, 20, 4),
		.size_bytes = zip_number(*rest, 24, 4),
		.crc = (uint32_t)zip_number(*rest, 16, 4),
		.flags = (uint16_t)zip_number(*rest, 8, 2),
		.method = (uint16_t)zip_number(*rest, 10, 2),
	};
	if (!read_large(str_slice(*rest, name_end, extra_end), entry))
		return fail_zip64(scan);
	if (entry->at > UINT64_MAX - scan->shift)
		return fail_directory(scan, at);
	entry->at += scan->shift;
	scan->n_entries++;
	*rest = str_slice(*rest, end, rest->len);
	return true;
}

/** Reads one directory: the entries it counts, then those behind them, if any. */
static bool read_entries(struct scan *scan, uint64_t n_counted)
{
	struct str rest = scan->bytes;
	size_t first = scan->n_entries;
	while (scan->n_entries - first < n_counted)
		if (!read_entry(scan, &rest))
			return false;
	if (rest.len >= ENTRY_BYTES && str_has_prefix(rest, entry_magic))
		zip_doubt(scan->directory, "more entries than it counts");
	while (rest.len >= ENTRY_BYTES && str_has_prefix(rest, entry_magic)) {
		if (scan->n_entries == scan->cap_entries)
			return fail_many(scan, scan->n_entries);
		if (!read_entry(scan, &rest))
			return false;
	}
	return true;
}

static bool load_directory(struct scan *scan, uint64_t at, size_t len)
{
	struct error err;
	char *bytes = arena_try_bytes(scan->arena, len);
	if (!bytes)
		return format_fail_memory(scan->job, len);
	if (!blob_read_at(scan->job->blob, at, bytes, len, &err)) {
		format_fail_read(scan->job, &err);
		return false;
	}
	scan->at = at;
	scan->bytes = (struct str){ bytes, len };
	return true;
}

/** The directory ends where the end record begins. Where the record says otherwise, something was
 * put before the zip, and some readers follow the record while others correct it: read both. */
static bool read_directories(struct scan *scan, const struct zip_end *end)
{
	size_t len = (size_t)end->directory_bytes;
	uint64_t shift = end->at - len - end->directory_at;
	if (shift)
		zip_doubt(scan->directory, "its directory is not where it should be");
	if (!load_directory(scan, end->directory_at, len))
		return false;
	bool is_there = end->n_entries == 0 || str_has_prefix(scan->bytes, entry_magic);
	if (is_there && !read_entries(scan, end->n_entries))
		return false;
	if (!shift)
		return is_there || fail_directory(scan, end->directory_at);
	if (!load_directory(scan, end->at - len, len))
		return false;
	scan->shift = shift;
	if (is_there && !str_has_prefix(scan->bytes, entry_magic))
		return true;
	return read_entries(scan, end->n_entries);
}

static int compare_places(const void *a, const void *b)
{
	uint64_t x = ((const struct zip_entry *)a)->at, y = ((const struct zip_entry *)b)->at;
	return x < y ? -1 : x > y;
}

/** Bytes that two entries claim, or none: a place for what only another reader sees. */
static void check_places(struct zip_directory *directory, const struct zip_entry *sorted,
			 uint64_t directory_at)
{
	uint64_t end = 0;
	for (size_t i = 0; i < directory->n_entries; i++) {
		const struct zip_entry *entry = &sorted[i];
		if (entry->at >= directory_at || entry->packed_bytes >= directory_at)
			zip_doubt(directory, "an entry outside of the file");
		else if (entry->at < end)
			zip_doubt(directory, "entries overlap");
		else if (entry->at - end > HOLE_MAX)
			zip_doubt(directory, "bytes outside of any entry");
		if (entry->at < directory_at && entry->packed_bytes < directory_at)
			end = entry->at + LOCAL_BYTES + entry->name.len + entry->packed_bytes;
	}
	if (directory_at > end && directory_at - end > HOLE_MAX)
		zip_doubt(directory, "bytes outside of any entry");
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/** PyTorch finds its members whatever the case of their letters. */
static bool check_names(struct scan *scan)
{
	struct map names;
	map_init(&names, scan->arena, scan->n_entries);
	for (size_t i = 0; i < scan->n_entries; i++) {
		struct str name = scan->entries[i].name;
		char *folded = arena_try_bytes(scan->arena, name.len);
		if (!folded)
			return format_fail_memory(scan->job, name.len);
		for (size_t k = 0; k < name.len; k++)
			folded[k] = lower(name.ptr[k]);
		void **place = map_place(&names, (struct str){ folded, name.len });
		if (*place)
			zip_doubt(scan->directory, "two entries of one name");
		*place = &scan->entries[i];
	}
	return true;
}

static bool check(struct scan *scan, uint64_t directory_at)
{
	size_t n = scan->n_entries;
	struct zip_entry *sorted = arena_try(scan->arena, (n + 1) * sizeof *sorted);
	if (!sorted)
		return format_fail_memory(scan->job, n * sizeof *sorted);
	for (size_t i = 0; i < n; i++) {
		unsigned odd = ZIP_IS_ENCRYPTED | ZIP_IS_PATCHED | ZIP_IS_STRONGLY_ENCRYPTED;
		if (scan->entries[i].flags & odd)
			zip_doubt(scan->directory, "flags of encryption or patching");
		sorted[i] = scan->entries[i];
	}
	qsort(sorted, n, sizeof *sorted, compare_places);
	check_places(scan->directory, sorted, directory_at);
	return check_names(scan);
}

/** Twice the entries that are counted: two readings may have that many each. */
static bool make_room(struct scan *scan, uint64_t n_counted, uint64_t bytes)
{
	if (n_counted > ZIP_ENTRIES_MAX || bytes > ZIP_DIRECTORY_MAX)
		return fail_many(scan, n_counted);
	size_t n_possible = (size_t)(bytes / ENTRY_BYTES);
	if (n_counted > n_possible)
		return fail_directory(scan, scan->at);
	if (n_possible > ZIP_ENTRIES_MAX)
		n_possible = ZIP_ENTRIES_MAX;
	scan->cap_entries = 2 * n_possible + 1;
	scan->entries = arena_try(scan->arena, scan->cap_entries * sizeof *scan->entries);
	return scan->entries || format_fail_memory(scan->job, n_possible * sizeof *scan->entries);
}

bool zip_directory_read(struct format_job *job, struct arena *arena, struct zip_directory *out)
{
	struct zip_end end;
	*out = (struct zip_directory){ 0 };
	struct scan scan = { .job = job, .arena = arena, .directory = out };
	if (!zip_end_read(job, arena, out, &end))
		return false;
	scan.at = end.directory_at;
	if (end.directory_bytes > end.at || end.directory_at > end.at - end.directory_bytes)
		return fail_directory(&scan, end.directory_at);
	if (!make_room(&scan, end.n_entries, end.directory_bytes) || !read_directories(&scan, &end))
		return false;
	out->entries = scan.entries;
	out->n_entries = scan.n_entries;
	return check(&scan, end.at - end.directory_bytes);
}
