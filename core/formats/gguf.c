// SPDX-License-Identifier: MIT
#include "core/formats/gguf.h"

#include <inttypes.h>

enum {
	VERSION_END = 4 + 4,              /* a magic word stands before it */
	HEAD_BYTES = VERSION_END + 2 * 8, /* two counts follow */
	NAME_BYTES_MIN = 8,               /* what every key and tensor begins with: a length */
};

bool gguf_number(struct gguf *gguf, size_t n_bytes, uint64_t *out)
{
	unsigned char bytes[8];
	if (!cursor_read(&gguf->cursor, bytes, n_bytes))
		return format_fail_read(gguf->job, &gguf->cursor.err);
	uint64_t number = 0;
	for (size_t i = 0; i < n_bytes; i++)
		number = number << 8 | bytes[gguf->is_big_endian ? i : n_bytes - 1 - i];
	*out = number;
	return true;
}

bool gguf_u32(struct gguf *gguf, uint32_t *out)
{
	uint64_t number;
	if (!gguf_number(gguf, 4, &number))
		return false;
	*out = (uint32_t)number;
	return true;
}

bool gguf_u64(struct gguf *gguf, uint64_t *out)
{
	return gguf_number(gguf, 8, out);
}

/** What lies before the tensors has a limit, which bounds time and memory of all that is read. */
static bool check_header_size(struct gguf *gguf)
{
	if (gguf->cursor.at <= GGUF_HEADER_MAX)
		return true;
	return format_fail(gguf->job, "E_GG_COUNT",
			   "says more than %" PRIu64 " bytes before the first tensor, the limit",
			   GGUF_HEADER_MAX);
}

bool gguf_skip(struct gguf *gguf, uint64_t len)
{
	if (!cursor_skip(&gguf->cursor, len))
		return format_fail_read(gguf->job, &gguf->cursor.err);
	return check_header_size(gguf);
}

bool gguf_text_length(struct gguf *gguf, uint64_t max, uint64_t *len)
{
	uint64_t at = gguf->cursor.at;
	if (!gguf_u64(gguf, len) || !check_header_size(gguf))
		return false;
	if (*len > cursor_left(&gguf->cursor))
		return format_fail(gguf->job, "E_GG_STRING",
				   "text of %" PRIu64 " bytes at %" PRIu64 " runs past the end",
				   *len, at);
	if (*len > max)
		return format_fail(gguf->job, "E_GG_STRING",
				   "text of %" PRIu64 " bytes at %" PRIu64
				   " is longer than the limit of %" PRIu64,
				   *len, at, max);
	return true;
}

bool gguf_name(struct gguf *gguf, struct str *out)
{
	uint64_t len;
	if (!gguf_text_length(gguf, GGUF_NAME_MAX, &len))
		return false;
	char *bytes = arena_try_bytes(gguf->job->arena, (size_t)len + 1);
	if (!bytes)
		return format_fail_memory(gguf->job, (size_t)len);
	if (!cursor_read(&gguf->cursor, bytes, (size_t)len))
		return format_fail_read(gguf->job, &gguf->cursor.err);
	*out = (struct str){ bytes, (size_t)len };
	return true;
}

static bool read_version(struct gguf *gguf)
{
	uint32_t version;
	if (!gguf_skip(gguf, 4) || !gguf_u32(gguf, &version))
		return false;
	/* Small numbers read the wrong way round have two zeros where the small ones should be. */
	gguf->is_big_endian = version && (version & 0xffff) == 0;
	if (gguf->is_big_endian)
		version = version >> 24 | (version >> 8 & 0xff00);
	if (version < 2 || version > 3)
		return format_fail(gguf->job, "E_GG_VERSION",
				   "GGUF version %" PRIu32 " is not known", version);
	return true;
}

static bool read_count(struct gguf *gguf, const char *what, uint64_t max, uint64_t *out)
{
	if (!gguf_u64(gguf, out))
		return false;
	if (*out > cursor_left(&gguf->cursor) / NAME_BYTES_MIN)
		return format_fail(gguf->job, "E_GG_COUNT",
				   "says %" PRIu64 " %s, more than the file could hold", *out,
				   what);
	if (*out > max)
		return format_fail(gguf->job, "E_GG_COUNT",
				   "says %" PRIu64 " %s; the limit is %" PRIu64, *out, what, max);
	return true;
}

static bool read_head(struct gguf *gguf)
{
	uint64_t size_bytes = gguf->cursor.blob->size_bytes;
	if (size_bytes < VERSION_END)
		return format_fail(gguf->job, "E_TRUNCATED",
				   "file is cut off: %" PRIu64 " of at least %d bytes present",
				   size_bytes, HEAD_BYTES);
	return read_version(gguf) &&
	       read_count(gguf, "tensors", GGUF_TENSORS_MAX, &gguf->n_tensors) &&
	       read_count(gguf, "keys", GGUF_PAIRS_MAX, &gguf->n_pairs);
}

void gguf_read(struct format_job *job)
{
	struct gguf gguf = {
		.job = job,
		.alignment = GGUF_ALIGNMENT_USUAL,
		.pairs = ARRAY_OF(struct metadata_pair),
		.true_shapes = ARRAY_OF(struct gguf_true_shape),
	};
	struct reading *out = job->out;
	struct str front = { job->reader->front, job->front_len };
	cursor_init(&gguf.cursor, job->blob, front, &job->reader->room);
	out->safety = SAFETY_DATA_ONLY;
	out->has_table = read_head(&gguf) && gguf_read_pairs(&gguf) && gguf_read_tensors(&gguf) &&
			 gguf_check_places(&gguf);
	if (out->has_table)
		out->metadata = (struct metadata){
			array_to_arena(&gguf.pairs, job->arena),
			gguf.pairs.len,
		};
	else
		out->table = (struct tensor_table){ 0 };
	array_finish(&gguf.pairs);
	array_finish(&gguf.true_shapes);
}
