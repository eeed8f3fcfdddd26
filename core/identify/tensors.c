// SPDX-License-Identifier: MIT
#include "core/base/error.h"
#include "core/identify/questions.h"

static void summarise(const struct adapter *adapter, struct adapter_summary *out)
{
	*out = (struct adapter_summary){
		.type = adapter->type,
		.rank_min = adapter->rank_min,
		.rank_max = adapter->rank_max,
		.n_modules = adapter->n_modules,
		.has_text_encoder = adapter->has_text_encoder,
		.has_convolution = adapter->has_convolution,
	};
}

void identify_tensors(const struct knowledge *knowledge, const struct tensor_table *table,
		      const struct metadata *config, struct arena *arena, struct tensor_facts *out)
{
	struct arena scratch = { 0 };
	struct view view = { .knowledge = knowledge, .table = table, .arena = &scratch };
	*out = (struct tensor_facts){ .n_tensors = (int64_t)table->n_tensors };
	if (!view_open(&view))
		BUG("a table that cannot be looked at");
	view.config = config;
	kind_ask(&view, arena, out);
	view.config = NULL; /* what else it says is weighed with the words */
	architecture_ask(&view, arena, out);
	variant_ask(&view, arena, out);
	precision_ask(&view, out);
	if (view.adapter && out->kind == KIND_LORA)
		summarise(view.adapter, &out->adapter);
	arena_finish(&scratch);
}
