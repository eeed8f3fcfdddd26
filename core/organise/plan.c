// SPDX-License-Identifier: MIT
#include "core/organise/plan.h"

static const char *const words[PLAN_ACTION_COUNT] = {
	[PLAN_MOVE] = "move",       [PLAN_COPY] = "copy", [PLAN_TRASH] = "trash",
	[PLAN_RESTORE] = "restore", [PLAN_LINK] = "link", [PLAN_EXTRACT] = "extract",
	[PLAN_WRITE] = "write",
};

const char *plan_action_word(enum plan_action action)
{
	return words[action];
}

enum plan_action plan_action_find(struct str word)
{
	size_t i = 0;
	while (i < PLAN_ACTION_COUNT && !str_equal(word, str_from(words[i])))
		i++;
	return (enum plan_action)i;
}

struct str plan_found(const struct model *model, struct arena *arena)
{
	struct str line = model->base_model.ptr ? model->base_model : model->architecture;
	return arena_strf(arena, "%s%s%.*s", kind_word(model->kind), line.ptr ? " " : "",
			  STR_ARG(line));
}

static struct str copy(struct str text, struct arena *arena)
{
	return text.ptr ? arena_str(arena, text) : STR_NULL;
}

void plan_copy(const struct plan *plan, struct arena *arena, struct plan *out)
{
	*out = (struct plan){ .what = copy(plan->what, arena),
			      .words = copy(plan->words, arena),
			      .n_steps = plan->n_steps };
	out->steps = ARENA_NEW_N(arena, struct plan_step, plan->n_steps + 1);
	for (size_t i = 0; i < plan->n_steps; i++) {
		struct plan_step *step = &out->steps[i];
		*step = plan->steps[i];
		step->old = copy(step->old, arena);
		step->new = copy(step->new, arena);
		step->other = copy(step->other, arena);
		step->says = copy(step->says, arena);
		step->said = copy(step->said, arena);
		step->sha256 = copy(step->sha256, arena);
		step->found = copy(step->found, arena);
		step->conflict = step->note = STR_NULL;
	}
}
