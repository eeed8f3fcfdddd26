// SPDX-License-Identifier: MIT
#include "cli/set_pick.h"

#include "core/base/near.h"
#include "core/base/path.h"

struct event *set_pick_all(struct cli *cli, struct error *err)
{
	if (!cli_library(cli, LIBRARY_READ, err))
		return NULL;
	return cli_ask(cli, request_create(REQUEST_SETS), err);
}

static bool is_called(struct cli *cli, struct str a, struct str b)
{
	return str_equal(text_fold_copy(&cli->arena, str_trim(a)),
			 text_fold_copy(&cli->arena, str_trim(b)));
}

static void fail_unknown(const struct event *sets, struct str name, struct error *err)
{
	struct near near = NEAR(name);
	for (size_t i = 0; i < sets->as.sets.n; i++)
		near_offer(&near, sets->as.sets.sets[i].name);
	if (near.best.ptr)
		error_set(err, ERROR_USAGE, NULL,
			  "%.*s: there is no set of that name; did you mean \"%.*s\"?",
			  STR_ARG(name), STR_ARG(near.best));
	else
		error_set(err, ERROR_USAGE, NULL,
			  "%.*s: there is no set of that name; `lorarium set list` lists them",
			  STR_ARG(name));
}

const struct set_info *set_pick(struct cli *cli, struct str name, struct error *err)
{
	struct event *sets = set_pick_all(cli, err);
	if (!sets)
		return NULL;
	*ARRAY_PUSH(&cli->kept, struct event *) = sets;
	for (size_t i = 0; i < sets->as.sets.n; i++)
		if (is_called(cli, sets->as.sets.sets[i].name, name))
			return &sets->as.sets.sets[i];
	fail_unknown(sets, name, err);
	return NULL;
}

/* How a part can be named, the surest way first. */
enum { BY_PATH, BY_ID, BY_FILE, BY_STEM, BY_COUNT };

static bool is_named(struct cli *cli, const struct set_part *part, struct str argument, int how)
{
	uint64_t id;
	switch (how) {
	case BY_PATH: return str_equal(part->path, cli_absolute(cli, argument));
	case BY_ID:
		return str_cut_prefix(&argument, STR("#")) && str_to_u64(argument, &id) &&
		       id == part->id;
	case BY_FILE: return str_equal(str_after_last(part->path, '/'), argument);
	default: return str_equal(path_stem(part->path), argument);
	}
}

const struct set_part *set_pick_part(struct cli *cli, const struct set_info *set,
				     struct str argument, struct error *err)
{
	for (int how = 0; how < BY_COUNT; how++) {
		const struct set_part *found = NULL;
		size_t n = 0;
		for (size_t i = 0; i < set->n_loras + set->has_checkpoint; i++) {
			const struct set_part *part =
				i < set->n_loras ? &set->loras[i] : &set->checkpoint;
			if (!is_named(cli, part, argument, how))
				continue;
			found = part;
			n++;
		}
		if (n == 1)
			return found;
		if (n > 1) {
			error_set(err, ERROR_USAGE, NULL,
				  "%.*s: %zu models of the set are called that; name one by its "
				  "path",
				  STR_ARG(argument), n);
			return NULL;
		}
	}
	error_set(err, ERROR_USAGE, NULL, "%.*s: the set \"%.*s\" has no such model",
		  STR_ARG(argument), STR_ARG(set->name));
	return NULL;
}

static bool pick_part(struct cli *cli, const struct set_part *part, struct picked *out,
		      struct error *err)
{
	bool is_there = false;
	if (part->id && !pick_id(cli, part->id, &is_there, out, err))
		return false;
	if (!is_there)
		*out = (struct picked){ .path = part->path,
					.model = { .name = path_stem(part->path),
						   .kind = KIND_UNKNOWN,
						   .n_tensors = -1,
						   .parameters = -1 } };
	if (!is_there || (out->entry.is_missing && out->entry.is_online))
		out->model.status = STATUS_UNREADABLE;
	if (!is_there && pick_is_away(cli, part->path, err))
		out_complain(&cli->out, arena_str(&cli->arena, str_from(err->text)));
	return true;
}

bool set_pick_models(struct cli *cli, const struct set_info *set, struct combination *out,
		     struct error *err)
{
	*out = (struct combination){ .has_checkpoint = set->has_checkpoint, .n = set->n_loras };
	out->loras = ARENA_NEW_N(&cli->arena, struct picked_lora, out->n);
	if (set->has_checkpoint && !pick_part(cli, &set->checkpoint, &out->checkpoint, err))
		return false;
	for (size_t i = 0; i < out->n; i++) {
		const struct set_weights *weights = &set->loras[i].weights;
		if (!pick_part(cli, &set->loras[i], &out->loras[i].picked, err))
			return false;
		out->loras[i].weight = weights->weight;
		out->loras[i].has_weight_te = weights->has_weight_te;
		out->loras[i].weight_te = weights->weight_te;
	}
	return true;
}

struct fit set_pick_fit(const struct combination *judged, struct arena *arena)
{
	struct fit fit = judged->set;
	for (size_t i = 0; i < judged->n; i++) {
		const struct fit *pair = &judged->pairs[i];
		struct str name = judged->loras[i].picked.model.name;
		for (size_t j = 0; j < pair->n_reasons; j++)
			if (pair->verdict != FIT_COMPATIBLE &&
			    !reason_is_told_only(pair->reasons[j].code))
				fit_add(&fit, FIT_COMPATIBLE,
					(struct reason){
						pair->reasons[j].code,
						arena_strf(arena, "\"%.*s\": %.*s", STR_ARG(name),
							   STR_ARG(pair->reasons[j].message)) });
	}
	return fit;
}
