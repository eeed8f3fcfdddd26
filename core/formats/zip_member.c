// SPDX-License-Identifier: MIT
#include "core/formats/zip_member.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include <zlib.h>

#include "core/formats/zip_bytes.h"

enum {
	LOCAL_BYTES = 30,
	PKWARE_HEADER = 12, /* encryption puts this much before the data */
	AES_METHOD = 99,
	CHUNK = 16 << 10,
};

static const struct str local_magic = { "PK\3\4", 4 };

struct opening {
	struct zip *zip;
	struct format_job *job;
	const struct zip_entry *entry;
	uint64_t wanted_bytes; /* inflated; at most what is declared */
	struct arena *arena;
	uint64_t data_at;
};

/** Only the first error is the file's: what comes after follows from it. */
static PRINTF(3, 4) bool fail(struct opening *opening, const char *code, const char *format, ...)
{
	char text[2 * ZIP_NAME_MAX];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	if (!opening->zip->is_quiet && !opening->job->out->error.code.ptr)
		reading_fail(opening->job->out, opening->job->arena, code, "%s", text);
	return false;
}

static bool fail_memory(struct opening *opening)
{
	return fail(opening, "E_IO", "cannot read: no memory for %" PRIu64 " bytes",
		    opening->wanted_bytes);
}

static bool fail_place(struct opening *opening)
{
	return fail(opening, "E_ZIP_DIR", "zip directory is damaged at %" PRIu64,
		    opening->entry->at);
}

static bool load(struct opening *opening, uint64_t at, void *to, size_t len)
{
	struct error err;
	if (blob_read_at(opening->job->blob, at, to, len, &err))
		return true;
	return err.code == ERROR_FORMAT ? fail_place(opening)
					: fail(opening, "E_IO", "%s", err.text);
}

static bool same_size(uint64_t local, uint64_t listed)
{
	return local == listed || local == ZIP_SATURATED;
}

/** What readers of the local headers would see. */
static void compare_local(struct opening *opening, struct str local, struct str name)
{
	const struct zip_entry *entry = opening->entry;
	if (!str_equal(name, entry->name))
		zip_doubt(&opening->zip->directory, "its two names of an entry differ");
	if (!(zip_number(local, 6, 2) & ZIP_SIZES_FOLLOW) &&
	    (!same_size(zip_number(local, 18, 4), entry->packed_bytes) ||
	     !same_size(zip_number(local, 22, 4), entry->size_bytes)))
		zip_doubt(&opening->zip->directory, "its two sizes of an entry differ");
	if (zip_number(local, 8, 2) != entry->method)
		zip_doubt(&opening->zip->directory, "its two methods of an entry differ");
}

static bool read_local(struct opening *opening)
{
	char bytes[LOCAL_BYTES], name[ZIP_NAME_MAX];
	const struct zip_entry *entry = opening->entry;
	struct str local = { bytes, sizeof bytes };
	if (!load(opening, entry->at, bytes, sizeof bytes))
		return false;
	if (!str_has_prefix(local, local_magic))
		return fail_place(opening);
	size_t name_len = zip_number(local, 26, 2), extra_len = zip_number(local, 28, 2);
	size_t kept = name_len < sizeof name ? name_len : sizeof name;
	if (!load(opening, entry->at + LOCAL_BYTES, name, kept))
		return false;
	compare_local(opening, local, (struct str){ name, kept });
	opening->data_at = entry->at + LOCAL_BYTES + name_len + extra_len;
	uint64_t size_bytes = opening->job->blob->size_bytes;
	return (opening->data_at <= size_bytes &&
		entry->packed_bytes <= size_bytes - opening->data_at) ||
	       fail_place(opening);
}

static bool claims_encryption(const struct zip_entry *entry)
{
	return (entry->flags & (ZIP_IS_ENCRYPTED | ZIP_IS_STRONGLY_ENCRYPTED)) ||
	       entry->method == AES_METHOD;
}

static bool fail_encrypted(struct opening *opening)
{
	return fail(opening, "E_ZIP_CRYPT", "%.*s is encrypted", STR_ARG(opening->entry->name));
}

static bool fail_bomb(struct opening *opening)
{
	return fail(opening, "E_BOMB", "%.*s expands beyond its declared %" PRIu64 " bytes",
		    STR_ARG(opening->entry->name), opening->entry->size_bytes);
}

/** Feeds the packed bytes to zlib; returns what it said last. */
static int inflate_all(struct opening *opening, z_stream *stream)
{
	unsigned char packed[CHUNK];
	uint64_t at = opening->data_at, left = opening->entry->packed_bytes;
	int said = Z_OK;
	while (said == Z_OK && left > 0) {
		size_t len = left < sizeof packed ? (size_t)left : sizeof packed;
		if (!load(opening, at, packed, len))
			return Z_ERRNO;
		stream->next_in = packed;
		stream->avail_in = (unsigned)len;
		said = inflate(stream, Z_NO_FLUSH);
		at += len;
		left -= len;
		if (said == Z_OK && stream->avail_in) /* no room left, and still not at an end */
			said = Z_BUF_ERROR;
	}
	return said;
}

/** One byte more than is wanted: who fills it when all was wanted has lied. */
static bool inflate_into(struct opening *opening, char *room, struct blob *out)
{
	size_t wanted = (size_t)opening->wanted_bytes;
	z_stream stream = { .next_out = (unsigned char *)room, .avail_out = (unsigned)wanted + 1 };
	if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
		return fail_memory(opening);
	int said = inflate_all(opening, &stream);
	size_t got = wanted + 1 - stream.avail_out;
	inflateEnd(&stream);
	if (said == Z_ERRNO)
		return false;
	if (got > opening->entry->size_bytes)
		return fail_bomb(opening);
	if (got < wanted && claims_encryption(opening->entry))
		return fail_encrypted(opening);
	if (got > wanted)
		got = wanted;
	*out = blob_from_memory(room, got);
	return true;
}

static bool inflate_member(struct opening *opening, struct blob *out)
{
	const struct zip_entry *entry = opening->entry;
	struct pickle_budget *budget = opening->zip->budget;
	if (opening->wanted_bytes > ZIP_MEMBER_MAX)
		return fail(opening, "E_PK_LIMIT", "pickle exceeds the limit of 256 MiB");
	if (entry->packed_bytes < ZIP_MEMBER_MAX &&
	    entry->size_bytes > entry->packed_bytes * ZIP_INFLATE_RATIO_MAX + ZIP_INFLATE_SLACK)
		return fail_bomb(opening);
	if (opening->wanted_bytes > budget->inflate_left)
		return fail_bomb(opening);
	budget->inflate_left -= opening->wanted_bytes;
	char *room = arena_try_bytes(opening->arena, (size_t)opening->wanted_bytes + 1);
	if (!room)
		return fail_memory(opening);
	return inflate_into(opening, room, out);
}

bool zip_member_open(struct zip *zip, const struct zip_entry *entry, uint64_t wanted_bytes,
		     struct arena *arena, struct blob *out)
{
	struct opening opening = {
		.zip = zip,
		.job = zip->job,
		.entry = entry,
		.arena = arena,
		.wanted_bytes = wanted_bytes < entry->size_bytes ? wanted_bytes : entry->size_bytes,
	};
	if (!read_local(&opening))
		return false;
	if (entry->method == ZIP_DEFLATED)
		return inflate_member(&opening, out);
	if (entry->method == AES_METHOD)
		return fail_encrypted(&opening);
	if (entry->method != ZIP_STORED)
		return fail(&opening, "E_ZIP_METHOD", "%.*s uses compression method %u",
			    STR_ARG(entry->name), entry->method);
	if (claims_encryption(entry) && entry->packed_bytes == entry->size_bytes + PKWARE_HEADER)
		return fail_encrypted(&opening);
	*out = blob_window(zip->job->blob, opening.data_at, entry->packed_bytes);
	return true;
}

bool zip_member_open_first(struct format_job *job, struct str name_end, struct blob *out)
{
	struct str local = { job->reader->front, job->front_len };
	size_t name_len = zip_number(local, 26, 2), extra_len = zip_number(local, 28, 2);
	struct str name = str_slice(local, LOCAL_BYTES, LOCAL_BYTES + name_len);
	uint64_t at = LOCAL_BYTES + name_len + extra_len, size_bytes = job->blob->size_bytes;
	if (!str_has_prefix(local, local_magic) || zip_number(local, 8, 2) != ZIP_STORED ||
	    !str_has_suffix(name, name_end) || at > size_bytes)
		return false;
	*out = blob_window(job->blob, at, size_bytes - at);
	return true;
}

void zip_member_check_crc(struct format_job *job, const struct zip_entry *entry,
			  const struct blob *member)
{
	unsigned char bytes[CHUNK];
	struct error err;
	uint32_t crc = 0;
	for (uint64_t at = 0, len; at < member->size_bytes; at += len) {
		len = member->size_bytes - at < sizeof bytes ? member->size_bytes - at
							     : sizeof bytes;
		if (!blob_read_at(member, at, bytes, (size_t)len, &err))
			return; /* told when the pickle is read */
		crc = (uint32_t)crc32(crc, bytes, (unsigned)len);
	}
	if (crc != entry->crc)
		reading_note(job->out, job->arena, "W_ZIP_CRC",
			     "checksum of %.*s does not match; contents were checked anyway",
			     STR_ARG(entry->name));
}
