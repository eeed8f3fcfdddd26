// SPDX-License-Identifier: MIT
#include "core/formats/numpy.h"

#include "core/formats/pickle_try.h"
#include "core/formats/reader.h"

enum { PREFIX_BYTES = 12 };

/** Magic, version, length: 16 bits of it before version 2 (numpy: lib/format.py). */
static bool read_prefix(const struct blob *blob, uint64_t at, uint64_t end, size_t *len,
			uint64_t *text_at)
{
	unsigned char bytes[PREFIX_BYTES];
	struct error err;
	if (end - at < sizeof bytes || !blob_read_at(blob, at, bytes, sizeof bytes, &err) ||
	    !str_has_prefix((struct str){ (char *)bytes, sizeof bytes }, STR("\x93NUMPY")))
		return false;
	bool is_short = bytes[6] < 2;
	*len = (size_t)bytes[8] | (size_t)bytes[9] << 8;
	if (!is_short)
		*len |= (size_t)bytes[10] << 16 | (size_t)bytes[11] << 24;
	*text_at = at + (is_short ? 10 : 12);
	return true;
}

/** Does the header say that its elements are objects? Where it says so in other words, the data
 * still shows that it is a pickle. */
static bool holds_objects(const struct blob *blob, uint64_t at, size_t len, struct arena *arena)
{
	struct error err;
	char *text = arena_try_bytes(arena, len);
	return text && blob_read_at(blob, at, text, len, &err) &&
	       str_find((struct str){ text, len }, STR("|O")) >= 0;
}

bool numpy_scan(const struct blob *blob, uint64_t at, uint64_t end, struct pickle_budget *budget,
		struct pickle_findings *findings)
{
	size_t len;
	uint64_t data_at;
	if (!read_prefix(blob, at, end, &len, &data_at))
		return false;
	if (len > NUMPY_HEADER_MAX || len > end - data_at) {
		pickle_findings_fail(findings, "E_PK_LIMIT",
				     "pickle exceeds the limit of 64 KiB "
				     "for the header of an array");
		return true;
	}
	struct arena arena = { 0 };
	bool is_pickle = holds_objects(blob, data_at, len, &arena);
	arena_finish(&arena);
	data_at += len;
	if (!pickle_try(blob, &data_at, end, is_pickle ? PROMISE_NAME : PROMISE_NONE, budget,
			findings) &&
	    !is_pickle)
		findings->n_whole++; /* numbers, and nothing else */
	return true;
}

void numpy_read(struct format_job *job)
{
	struct pickle_budget budget = pickle_budget_whole();
	struct pickle_findings findings;
	pickle_findings_init(&findings, &job->reader->room);
	if (extension_is_model(job->head.extension))
		job->out->status = STATUS_UNSUPPORTED;
	(void)numpy_scan(job->blob, 0, job->blob->size_bytes, &budget, &findings);
	pickle_findings_tell(&findings, job->out, job->arena);
}
