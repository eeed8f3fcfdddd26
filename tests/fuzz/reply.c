// SPDX-License-Identifier: MIT
/**
 * What a reader answers: any bytes are an answer or are refused; an answer names what the knowledge
 * knows, and says the same when it is packed again.
 */
#include <stdlib.h>

#include "storage/readers/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** What the seeds name, and nothing else. */
static struct knowledge *small_world(void)
{
	static struct knowledge *knowledge;
	struct error err;
	if (knowledge)
		return knowledge;
	knowledge = knowledge_create();
	*ARRAY_PUSH(&knowledge->architectures, struct architecture) = (struct architecture){
		.id = STR("sdxl"),
		.name = STR("sdxl"),
		.foundation = STR("sdxl"),
	};
	*ARRAY_PUSH(&knowledge->base_models, struct base_model) = (struct base_model){
		.id = STR("sdxl"),
		.name = STR("sdxl"),
		.architecture = STR("sdxl"),
	};
	*ARRAY_PUSH(&knowledge->base_models, struct base_model) = (struct base_model){
		.id = STR("sdxl-pony"),
		.name = STR("pony"),
		.parent = STR("sdxl"),
		.architecture = STR("sdxl"),
	};
	*ARRAY_PUSH(&knowledge->variants, struct variant) = (struct variant){
		.id = STR("lightning"),
		.name = STR("lightning"),
	};
	if (!knowledge_finish(knowledge, &err))
		abort();
	return knowledge;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	struct flat flat = { 0 };
	struct model model;
	struct error err;
	struct str body = { (const char *)data, size };
	if (wire_take_reply(body, small_world(), &arena, &flat, &model, &err)) {
		struct bytes again = { 0 };
		struct wire_head head;
		wire_put_reply(&flat, &again);
		if (!str_equal(body, str_slice(bytes_str(&again), sizeof head, again.len)))
			abort();
		bytes_finish(&again);
		if (model.base_model.ptr && !knowledge_base(small_world(), model.base_model))
			abort();
	}
	arena_finish(&arena);
	return 0;
}
