// SPDX-License-Identifier: MIT
#include "cli/note_text.h"
#include "cli/set_pick.h"

/* A change of the set that the first operand names; opens the library for writing. */
static struct request *begin(struct cli *cli, enum set_action action, struct error *err)
{
	if (!cli_library(cli, LIBRARY_WRITE, err))
		return NULL;
	struct request *request = request_create(REQUEST_SET_CHANGE);
	request->as.set.action = action;
	request->as.set.name = arena_str(&request->arena, cli_operand(cli, 0));
	return request;
}

static bool is_checkpoint(const struct model *model)
{
	return model->kind == KIND_CHECKPOINT || model->kind == KIND_DIFFUSION_MODEL;
}

static bool put_one(struct cli *cli, struct str argument, struct set_change *change,
		    struct set_put *loras, struct error *err)
{
	struct picked_lora lora;
	if (!pick_lora(cli, argument, &lora, err))
		return false;
	if (!lora.picked.has_entry)
		return error_set(
			err, ERROR_USAGE, NULL,
			"%.*s: it is not in the library, so it cannot be in a set; scan its "
			"folder first",
			STR_ARG(argument));
	if (!is_checkpoint(&lora.picked.model)) {
		loras[change->n_loras++] = (struct set_put){
			.id = lora.picked.entry.id,
			.weights = { lora.weight, lora.has_weight_te, lora.weight_te },
		};
		return true;
	}
	if (change->checkpoint && change->checkpoint != lora.picked.entry.id)
		return error_set(err, ERROR_USAGE, NULL, "%.*s: a set has one checkpoint",
				 STR_ARG(argument));
	change->checkpoint = lora.picked.entry.id;
	return true;
}

static enum exit_status put(struct cli *cli, enum set_action action)
{
	struct error err;
	struct request *request = begin(cli, action, &err);
	if (!request)
		return cli_fail(cli, &err);
	struct set_put *loras = ARENA_NEW_N(&request->arena, struct set_put, cli->args.n_operands);
	bool ok = true;
	request->as.set.loras = loras;
	for (size_t i = 1; ok && i < cli->args.n_operands; i++)
		ok = put_one(cli, cli_operand(cli, i), &request->as.set, loras, &err);
	return cli_change(cli, request, ok, &err);
}

enum exit_status cmd_set_new(struct cli *cli)
{
	return put(cli, SET_NEW);
}

enum exit_status cmd_set_add(struct cli *cli)
{
	return put(cli, SET_PUT);
}

enum exit_status cmd_set_remove(struct cli *cli)
{
	struct error err;
	struct request *request = begin(cli, SET_TAKE, &err);
	const struct set_info *set = request ? set_pick(cli, cli_operand(cli, 0), &err) : NULL;
	if (!request)
		return cli_fail(cli, &err);
	size_t n = cli->args.n_operands - 1;
	int64_t *subjects = ARENA_NEW_N(&request->arena, int64_t, n);
	bool ok = set != NULL;
	request->as.set.subjects = subjects;
	for (size_t i = 0; ok && i < n; i++) {
		const struct set_part *part =
			set_pick_part(cli, set, cli_operand(cli, i + 1), &err);
		ok = part != NULL;
		if (ok)
			subjects[request->as.set.n_subjects++] = part->subject;
	}
	return cli_change(cli, request, ok, &err);
}

static bool read_weight(struct cli *cli, size_t i, double *weight, struct error *err)
{
	return str_to_double(cli_operand(cli, i), weight) ||
	       error_set(err, ERROR_USAGE, NULL, "%.*s: a weight is a number, such as 0.8",
			 STR_ARG(cli_operand(cli, i)));
}

static bool is_lora_of(const struct set_info *set, const struct set_part *part, struct error *err)
{
	return part != &set->checkpoint ||
	       error_set(err, ERROR_USAGE, NULL, "a checkpoint has no weight");
}

enum exit_status cmd_set_weight(struct cli *cli)
{
	struct error err;
	struct request *request = begin(cli, SET_PUT, &err);
	if (!request)
		return cli_fail(cli, &err);
	struct set_put *lora = ARENA_NEW(&request->arena, struct set_put);
	const struct set_info *set = set_pick(cli, cli_operand(cli, 0), &err);
	const struct set_part *part =
		set ? set_pick_part(cli, set, cli_operand(cli, 1), &err) : NULL;
	bool ok = part && is_lora_of(set, part, &err) &&
		  read_weight(cli, 2, &lora->weights.weight, &err);
	lora->weights.has_weight_te = cli->args.n_operands > 3;
	ok = ok &&
	     (!lora->weights.has_weight_te || read_weight(cli, 3, &lora->weights.weight_te, &err));
	lora->subject = part ? part->subject : 0;
	request->as.set.loras = lora;
	request->as.set.n_loras = 1;
	return cli_change(cli, request, ok, &err);
}

static enum exit_status change_name(struct cli *cli, enum set_action action)
{
	struct error err;
	struct request *request = begin(cli, action, &err);
	if (!request)
		return cli_fail(cli, &err);
	request->as.set.other = arena_str(&request->arena, cli_operand(cli, 1));
	return cli_change(cli, request, true, &err);
}

enum exit_status cmd_set_rename(struct cli *cli)
{
	return change_name(cli, SET_RENAME);
}

enum exit_status cmd_set_copy(struct cli *cli)
{
	return change_name(cli, SET_COPY);
}

enum exit_status cmd_set_delete(struct cli *cli)
{
	struct error err;
	struct request *request = begin(cli, SET_DELETE, &err);
	return request ? cli_change(cli, request, true, &err) : cli_fail(cli, &err);
}

static enum exit_status print_note(struct cli *cli)
{
	struct error err;
	const struct set_info *set = set_pick(cli, cli_operand(cli, 0), &err);
	if (!set)
		return cli_fail(cli, &err);
	cli_print_note(cli, set->note);
	return EXIT_DONE;
}

enum exit_status cmd_set_note(struct cli *cli)
{
	struct error err;
	if (cli->args.n_operands < 2)
		return print_note(cli);
	struct request *request = begin(cli, SET_NOTE, &err);
	if (!request)
		return cli_fail(cli, &err);
	bool ok =
		note_text_read(cli_operand(cli, 1), &request->arena, &request->as.set.other, &err);
	return cli_change(cli, request, ok, &err);
}

enum exit_status cmd_set_tag(struct cli *cli)
{
	struct error err;
	struct request *request = begin(cli, SET_TAG, &err);
	if (!request)
		return cli_fail(cli, &err);
	struct tag_words words;
	bool ok = tag_words_read(cli, &request->arena, &words, &err);
	request->as.set.add = words.add;
	request->as.set.n_add = words.n_add;
	request->as.set.remove = words.remove;
	request->as.set.n_remove = words.n_remove;
	return cli_change(cli, request, ok, &err);
}
