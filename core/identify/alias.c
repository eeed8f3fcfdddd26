// SPDX-License-Identifier: MIT
/* Interop facts, section 6: the alias of a LoRA is what its trainer called it. */
#include "core/base/text.h"
#include "core/identify/weighing.h"

static bool is_forbidden(const struct weighing *w, struct str alias)
{
	struct str folded = text_fold_copy(w->arena, alias);
	const struct fact_source *fact = knowledge_fact(w->knowledge, STR("alias"));
	for (; fact; fact = fact->next)
		if (fact_ignores(&fact->ignore, folded))
			return true;
	return false;
}

void alias_weigh(struct weighing *w)
{
	struct model *model = w->model;
	struct said said;
	if (model->kind != KIND_LORA ||
	    !said_fact(w->knowledge, w->input, STR("alias"), &said, NULL) ||
	    str_equal(said.text, model->name) || is_forbidden(w, said.text))
		return;
	model->alias = said_start(said.text);
}
