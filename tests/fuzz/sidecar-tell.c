// SPDX-License-Identifier: MIT
/** Tells any bytes, as the sidecar of another program, what a person made: what comes out says it. */
#include "core/organise/sidecar_tell.h"

#include <stdlib.h>

#include "core/base/json_patch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const char *name, struct str text)
{
	static const struct str tags[] = { { "ink", 3 }, { "gr\xc3\xbc\xc3\x9f\x65", 7 } };
	static const struct sidecar_words words = {
		tags, 2, { "a \"note\"\n\xf0\x9f\x98\x80", 13 }, true
	};
	struct arena arena = { 0 };
	struct bytes out = { 0 };
	struct array before = ARRAY_OF(struct json_member), after = ARRAY_OF(struct json_member);
	struct sidecar_telling telling, again;
	struct error err = { 0 };
	bool ok = sidecar_tell(str_from(name), text, &words, &arena, &telling, &err);
	if (!ok && err.code == ERROR_NONE)
		abort();
	if (ok && telling.says.ptr) {
		/* Every member is there still, at its place; the rest comes behind. */
		if (!sidecar_may_say(str_from(name), telling.says) ||
		    !json_patch(text, telling.says, &out, &err) ||
		    !json_members(text, &arena, &before, &err) ||
		    !json_members(bytes_str(&out), &arena, &after, &err) || after.len < before.len)
			abort();
		for (size_t i = 0; i < before.len; i++)
			if (!str_equal(ARRAY_AT(&before, struct json_member, i)->key,
				       ARRAY_AT(&after, struct json_member, i)->key))
				abort();
		if (!sidecar_tell(str_from(name), bytes_str(&out), &words, &arena, &again, &err) ||
		    again.says.ptr)
			abort();
	}
	array_finish(&before);
	array_finish(&after);
	bytes_finish(&out);
	arena_finish(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check("a.metadata.json", (struct str){ (const char *)data, size });
	check("a.json", (struct str){ (const char *)data, size });
	return 0;
}
