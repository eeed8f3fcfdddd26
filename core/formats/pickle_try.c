// SPDX-License-Identifier: MIT
#include "core/formats/pickle_try.h"

#include "core/formats/pickle_verdict.h"

enum { OPS_MIN = 2 }; /* of what is taken for a pickle without any sign */

bool pickle_has_magic(const struct blob *blob, uint64_t at, uint64_t end)
{
	unsigned char bytes[2];
	struct error err;
	return at < end && end - at >= sizeof bytes &&
	       blob_read_at(blob, at, bytes, sizeof bytes, &err) && bytes[0] == 0x80 &&
	       bytes[1] <= PICKLE_PROTOCOL_MAX;
}

static bool is_pickle(const struct pickle *pickle, enum pickle_promise promise)
{
	return promise == PROMISE_NAME || pickle->has_protocol ||
	       (pickle->end == PICKLE_WHOLE && pickle->n_ops >= OPS_MIN && !pickle->is_astray);
}

bool pickle_try(const struct blob *blob, uint64_t *at, uint64_t end, enum pickle_promise promise,
		struct pickle_budget *budget, struct pickle_findings *findings)
{
	struct arena arena = { 0 }; /* given back, and paid back: there may be very many */
	struct pickle_findings found;
	struct pickle pickle;
	size_t bytes_left = budget->bytes_left;
	pickle_findings_init(&found, &arena);
	bool is_open = pickle_open(&pickle, blob, *at, end, &arena, budget, &found);
	bool is_one =
		is_open && pickle_read(&pickle) != PICKLE_ABSENT && is_pickle(&pickle, promise);
	if (is_one) {
		pickle_read_nested(&pickle, 1);
		pickle_findings_merge(findings, &found);
		if (found.error.code.ptr && (promise == PROMISE_NAME || found.breaks_frames))
			pickle_findings_fail(findings, found.error.code.ptr, "%.*s",
					     STR_ARG(found.error.message));
		*at = pickle.source.at;
	}
	/* What was not looked at because there was too much of it is not known to be harmless. */
	if (str_equal(found.error.code, STR("E_PK_LIMIT")))
		pickle_findings_fail(findings, "E_PK_LIMIT", "%.*s", STR_ARG(found.error.message));
	budget->bytes_left = bytes_left;
	arena_finish(&arena);
	return is_one;
}

unsigned pickle_try_all(const struct blob *blob, uint64_t at, uint64_t end,
			struct pickle_budget *budget, struct pickle_findings *findings)
{
	unsigned n = 0;
	while (at < end && pickle_try(blob, &at, end, PROMISE_NONE, budget, findings))
		n++;
	return n;
}
