// SPDX-License-Identifier: MIT
#include "cli/combination.h"

static struct overlap read_overlap(struct combination *all, const struct picked *lora)
{
	struct arena room = { 0 };
	struct overlap overlap = { 0 };
	struct adapter adapter;
	if (lora->model.kind == KIND_LORA && tensors_adapter(&all->tensors, lora, &room, &adapter))
		overlap = overlap_read(binder_names(&all->tensors.binder), &adapter, &all->arena);
	arena_finish(&room);
	return overlap;
}

static void judge_pairs(struct cli *cli, struct combination *all, struct set_lora *members)
{
	struct fit_side checkpoint = pick_side(cli, &all->checkpoint);
	for (size_t i = 0; i < all->n; i++) {
		tensors_bind(&all->tensors, &all->loras[i].picked, &members[i].side);
		fit_pair(cli->knowledge, &checkpoint, &members[i].side, &all->arena,
			 &all->pairs[i]);
	}
}

/* Without the advice of that reason, which is about LoRAs. */
static void tell_no_checkpoint(struct fit *set)
{
	if (set->n_reasons < FIT_REASONS_MAX)
		set->reasons[set->n_reasons++] = (struct reason){
			REASON_UNKNOWN_BASE,
			STR("No checkpoint is chosen yet, so how the LoRAs fit is not known.")
		};
	if (set->verdict < FIT_UNKNOWN)
		set->verdict = FIT_UNKNOWN;
}

void combination_judge(struct cli *cli, struct combination *all)
{
	struct arena *arena = &all->arena;
	tensors_open(&all->tensors, cli, all->has_checkpoint ? &all->checkpoint : NULL);
	struct set_lora *members = ARENA_NEW_N(arena, struct set_lora, all->n);
	all->pairs = ARENA_NEW_N(arena, struct fit, all->n);
	bool are_many = all->n >= cli->knowledge->fit.same_modules_many;
	for (size_t i = 0; i < all->n; i++) {
		const struct picked *lora = &all->loras[i].picked;
		members[i] = (struct set_lora){
			.side = pick_side(cli, lora),
			.weight = all->loras[i].weight,
			.triggers = lora->model.triggers,
			.n_triggers = lora->model.n_triggers,
		};
		if (are_many)
			members[i].overlap = read_overlap(all, lora);
	}
	if (all->has_checkpoint)
		judge_pairs(cli, all, members);
	for (size_t i = 0; !all->has_checkpoint && i < all->n; i++)
		all->pairs[i].verdict = FIT_UNKNOWN;
	set_judge(cli->knowledge, members, all->pairs, all->n, arena, &all->set);
	if (!all->has_checkpoint)
		tell_no_checkpoint(&all->set);
}

void combination_finish(struct combination *all)
{
	tensors_close(&all->tensors);
	arena_finish(&all->arena);
}
