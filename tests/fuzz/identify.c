// SPDX-License-Identifier: MIT
/** Identifies any safetensors header with the knowledge that ships: an answer, and a consistent one. */
#include "config/knowledge.h"
#include "core/formats/safetensors.h"
#include "core/identify/identify.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct knowledge *knowledge, const struct model *model)
{
	if (model->base_model.ptr) {
		const struct base_model *base = knowledge_base(knowledge, model->base_model);
		if (!base || !str_equal(base->architecture, model->architecture))
			abort();
	}
	if (model->lineage_known && !model->base_model.ptr)
		abort();
	if (model->n_evidence > MODEL_LIST_MAX || model->n_triggers > MODEL_LIST_MAX)
		abort();
	if (model->adapter.rank_min > model->adapter.rank_max)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct knowledge *knowledge; /* once: loading takes longer than identifying */
	struct error mistake = { 0 };
	if (!knowledge)
		knowledge = knowledge_load(NULL, &mistake);
	struct arena arena = { 0 };
	struct reading reading = { .format = FORMAT_SAFETENSORS };
	struct tensor_facts facts = { 0 };
	struct model model;
	safetensors_parse((struct str){ (const char *)data, size }, size + 8, &arena, &reading);
	if (reading.has_table)
		identify_tensors(knowledge, &reading.table, NULL, &arena, &facts);
	struct gist gist;
	gist_take(&gist, &reading, NULL, 0, &arena);
	struct identify_input input = {
		.name = STR("ponyXL vpred lcm"),
		.folder_name = STR("Chroma"),
		.gist = &gist,
		.tensors = reading.has_table ? &facts : NULL,
	};
	identify(knowledge, &input, &arena, &model);
	check(knowledge, &model);
	arena_finish(&arena);
	return 0;
}
