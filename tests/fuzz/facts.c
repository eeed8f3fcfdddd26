// SPDX-License-Identifier: MIT
/**
 * Stored facts: any bytes decode or are refused, what decodes encodes to the same bytes, and
 * conclusions can be drawn from it. The bytes are those before squeezing.
 */
#include <stdlib.h>

#include "config/knowledge.h"
#include "core/base/pack.h"
#include "storage/scan/conclusion.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void conclude(const struct facts *facts, struct arena *arena)
{
	static const struct knowledge *knowledge; /* once: loading takes longer than concluding */
	struct error mistake = { 0 };
	struct model model;
	if (!knowledge)
		knowledge = knowledge_load(NULL, &mistake);
	struct concluder *concluder = concluder_create(knowledge);
	concluder_conclude(concluder, facts, STR("ponyXL lcm"), STR("Chroma"), arena, &model);
	concluder_destroy(concluder);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	struct bytes flat = { 0 }, again = { 0 };
	struct squeezer *squeezer = facts_squeezer_create(&arena);
	struct facts facts;
	struct error err;
	pack_u64(&flat, FACTS_FLAT_VERSION);
	pack_u64(&flat, 1); /* whole */
	pack_str(&flat, size % 2 ? STR("0123456789abcdef") : STR_NULL);
	squeezer_pack(squeezer, (struct str){ (const char *)data, size }, &flat);
	if (facts_decode(bytes_str(&flat), squeezer, &arena, &facts, &err)) {
		facts_encode(&facts, squeezer, &again);
		if (!str_equal(bytes_str(&flat), bytes_str(&again)))
			abort();
		conclude(&facts, &arena);
	}
	/* And as they are. */
	if (facts_decode((struct str){ (const char *)data, size }, squeezer, &arena, &facts, &err))
		bytes_clear(&again);
	squeezer_destroy(squeezer);
	bytes_finish(&flat);
	bytes_finish(&again);
	arena_finish(&arena);
	return 0;
}
