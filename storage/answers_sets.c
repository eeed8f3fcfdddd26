// SPDX-License-Identifier: MIT
#include "core/sets/set.h"
#include "storage/answers.h"
#include "storage/user/sets.h"

bool answers_sets(struct answers *answers, struct event *event, struct error *err)
{
	return sets_list(answers->db, &event->arena, &event->as.sets.sets, &event->as.sets.n, err);
}

/* A model that has gone meanwhile counts as one that cannot be read. */
static bool read_model(struct answers *answers, uint32_t id, struct arena *arena,
		       struct model *model, struct error *err)
{
	struct entry entry;
	err->code = ERROR_NONE;
	if (!model_rows_read_details(&answers->reader, id, arena, model, &entry, err))
		*model = (struct model){ .status = STATUS_UNREADABLE, .kind = KIND_UNKNOWN };
	return err->code == ERROR_NONE;
}

bool answers_compose(struct answers *answers, const struct request *request, struct event *event,
		     struct error *err)
{
	const struct knowledge *knowledge = answers->options->knowledge;
	struct arena *arena = &event->arena;
	size_t n = request->as.compose.n;
	struct set_lora *loras = ARENA_NEW_N(arena, struct set_lora, n);
	struct fit *pairs = ARENA_NEW_N(arena, struct fit, n);
	struct model *checkpoint = ARENA_NEW(arena, struct model);
	if (request->as.compose.checkpoint
	    && !read_model(answers, request->as.compose.checkpoint, arena, checkpoint, err))
		return false;
	struct fit_side side = fit_side_of(checkpoint);
	for (size_t i = 0; i < n; i++) {
		struct model *model = ARENA_NEW(arena, struct model);
		if (!read_model(answers, request->as.compose.loras[i].id, arena, model, err))
			return false;
		loras[i] = (struct set_lora){
			.side = fit_side_of(model),
			.weight = request->as.compose.loras[i].weights.weight,
			.triggers = model->triggers, .n_triggers = model->n_triggers,
		};
		if (request->as.compose.checkpoint)
			fit_pair(knowledge, &side, &loras[i].side, arena, &pairs[i]);
	}
	event->as.composed.pairs = pairs;
	event->as.composed.n = n;
	set_judge(knowledge, loras, pairs, n, arena, &event->as.composed.set);
	return true;
}
