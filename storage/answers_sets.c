// SPDX-License-Identifier: MIT
#include "core/sets/set.h"
#include "storage/answers.h"
#include "storage/index/facts_rows.h"
#include "storage/user/sets.h"

bool answers_sets(struct answers *answers, struct event *event, struct error *err)
{
	return sets_list(answers->db, &event->arena, &event->as.sets.sets, &event->as.sets.n, err);
}

/* A set that is being put together. */
struct composing {
	struct answers *answers;
	const struct fitting *checkpoint; /* NULL: none is chosen, or it is gone */
	struct arena *arena;
	struct error *err;
};

/* A model that has gone meanwhile counts as one that cannot be read. */
static bool read_model(const struct composing *composing, uint32_t id, struct model *model,
		       struct entry *entry)
{
	composing->err->code = ERROR_NONE;
	if (!model_rows_read_details(&composing->answers->reader, id, composing->arena, model,
				     entry, composing->err)) {
		*model = (struct model){ .status = STATUS_UNREADABLE, .kind = KIND_UNKNOWN };
		*entry = (struct entry){ 0 };
	}
	return composing->err->code == ERROR_NONE;
}

static bool read_checkpoint(const struct composing *composing, uint32_t id, struct event *event)
{
	struct model *model = ARENA_NEW(composing->arena, struct model);
	struct entry entry;
	struct export_set *as = &event->as.composed.as;
	if (!id)
		return true;
	if (!read_model(composing, id, model, &entry))
		return false;
	as->has_checkpoint = entry.id != 0;
	answers_name(composing->answers, model, &entry, composing->arena, &as->checkpoint);
	as->kind = model->kind;
	as->format = model->format;
	event->as.composed.base_model = model->base_model;
	return true;
}

static bool read_lora(const struct composing *composing, const struct set_put *put,
		      struct set_lora *lora, struct export_lora *as)
{
	struct model *model = ARENA_NEW(composing->arena, struct model);
	struct entry entry;
	if (!read_model(composing, put->id, model, &entry))
		return false;
	*lora = (struct set_lora){
		.side = fit_side_of(model),
		.weight = put->weights.weight,
		.triggers = model->triggers,
		.n_triggers = model->n_triggers,
	};
	*as = (struct export_lora){
		.weight = put->weights.weight,
		.has_weight_te = put->weights.has_weight_te,
		.weight_te = put->weights.weight_te,
		.has_text_encoder =
			model->adapter.type == ADAPTER_NONE || model->adapter.has_text_encoder,
		.expert = set_expert_of(composing->answers->options->knowledge, &lora->side),
	};
	answers_name(composing->answers, model, &entry, composing->arena, &as->model);
	return true;
}

/* The fit of each with the checkpoint; nothing is known of it without one. */
static void judge_pairs(const struct composing *composing, const struct request *request,
			const struct set_lora *loras, struct fit *pairs)
{
	struct answers *answers = composing->answers;
	for (size_t i = 0; i < request->as.compose.n; i++) {
		uint32_t id = request->as.compose.loras[i].id;
		pairs[i].verdict = FIT_UNKNOWN;
		if (composing->checkpoint)
			answers_fit_pair(answers, composing->checkpoint, &loras[i].side,
					 fittings_layout(answers->fittings, id), composing->arena,
					 &pairs[i]);
	}
}

/* Which places they change, where so many are that it is worth telling. */
static bool read_overlaps(const struct composing *composing, const struct request *request,
			  struct set_lora *loras)
{
	struct answers *answers = composing->answers;
	const struct knowledge *knowledge = answers->options->knowledge;
	struct binder *binder = composing->checkpoint ? composing->checkpoint->binder : NULL;
	bool ok = true;
	for (size_t i = 0; ok && i < request->as.compose.n; i++) {
		struct arena room = { 0 };
		struct tensor_table table;
		struct adapter adapter;
		bool found;
		ok = facts_rows_table(answers->db, request->as.compose.loras[i].id, &room, &table,
				      &found, composing->err);
		if (ok && found && adapter_read(&table, knowledge, &room, &adapter))
			loras[i].overlap = overlap_read(binder ? binder_names(binder) : NULL,
							&adapter, composing->arena);
		arena_finish(&room);
	}
	return ok;
}

bool answers_compose(struct answers *answers, const struct request *request, struct event *event,
		     struct error *err)
{
	const struct knowledge *knowledge = answers->options->knowledge;
	struct fitting fitting;
	struct composing composing = { answers, NULL, &event->arena, err };
	uint32_t checkpoint = request->as.compose.checkpoint;
	size_t n = request->as.compose.n;
	struct set_lora *loras = ARENA_NEW_N(&event->arena, struct set_lora, n);
	struct export_lora *as = ARENA_NEW_N(&event->arena, struct export_lora, n);
	struct fit *pairs = ARENA_NEW_N(&event->arena, struct fit, n);
	if (!read_checkpoint(&composing, checkpoint, event))
		return false;
	if (checkpoint &&
	    fittings_find(answers->fittings, checkpoint, &event->arena, &fitting, err))
		composing.checkpoint = &fitting;
	for (size_t i = 0; i < n; i++) {
		if (!read_lora(&composing, &request->as.compose.loras[i], &loras[i], &as[i]))
			return false;
	}
	judge_pairs(&composing, request, loras, pairs);
	if (n >= knowledge->fit.same_modules_many && !read_overlaps(&composing, request, loras))
		return false;
	event->as.composed.pairs = pairs;
	event->as.composed.n = event->as.composed.as.n_loras = n;
	event->as.composed.as.loras = as;
	set_judge(knowledge, loras, pairs, n, &event->arena, &event->as.composed.set);
	return true;
}
