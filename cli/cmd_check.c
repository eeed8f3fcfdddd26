// SPDX-License-Identifier: MIT
#include "cli/model_json.h"
#include "cli/model_text.h"
#include "cli/prompt_pick.h"

static bool pick_all(struct cli *cli, struct combination *all, struct error *err)
{
	all->n = cli->args.n_operands - 1;
	all->has_checkpoint = true;
	all->loras = ARENA_NEW_N(&cli->arena, struct picked_lora, all->n);
	if (!pick_model(cli, cli_operand(cli, 0), &all->checkpoint, err))
		return false;
	for (size_t i = 0; i < all->n; i++)
		if (!pick_lora(cli, cli_operand(cli, i + 1), &all->loras[i], err))
			return false;
	return true;
}

/* A checkpoint that no one named is null throughout. @missing  NULL: nothing was looked for */
static void print_json(struct cli *cli, const struct combination *all,
		       const struct prompt_missing *missing)
{
	struct bytes line = { 0 };
	struct json_writer json = json_writer(&line);
	json_object(&json, NULL);
	json_object(&json, "checkpoint");
	json_string(&json, "path", all->checkpoint.path);
	json_string(&json, "architecture", all->checkpoint.model.architecture);
	json_string(&json, "base_model", all->checkpoint.model.base_model);
	json_object_end(&json);
	json_array(&json, "loras");
	for (size_t i = 0; i < all->n; i++)
		model_json_lora(&json, all->loras[i].picked.path, &all->loras[i], &all->pairs[i]);
	json_array_end(&json);
	json_object(&json, "set");
	json_string(&json, "fit", str_from(verdict_word(all->set.verdict)));
	model_json_fit(&json, &all->set);
	json_object_end(&json);
	if (missing)
		model_json_texts(&json, "missing", missing->names, missing->n);
	json_object_end(&json);
	out_line(&cli->out, &line);
	bytes_finish(&line);
}

static void print_text(struct cli *cli, const struct combination *all,
		       const struct prompt_missing *missing)
{
	struct out *out = &cli->out;
	const struct model *checkpoint = &all->checkpoint.model;
	if (all->has_checkpoint) {
		out_printf(out, "checkpoint: ");
		out_text(out, checkpoint->name);
		out_printf(out, " (");
		out_text(out, knowledge_base_name(cli->knowledge, checkpoint->base_model));
		out_printf(out, ")\n");
	}
	for (size_t i = 0; missing && i < missing->n; i++)
		out_pair(out, "missing", missing->names[i]);
	for (size_t i = 0; all->has_checkpoint && i < all->n; i++)
		model_text_fit(cli, "", all->loras[i].picked.model.name, &all->pairs[i]);
	if (all->n > 1 || all->set.n_reasons > 0)
		model_text_fit(cli, "all together", STR_NULL, &all->set);
}

static bool pick_any(struct cli *cli, struct combination *all, struct prompt_missing *missing,
		     struct error *err)
{
	bool by_prompt = cli->args.has[OPTION_PROMPT];
	if (by_prompt && cli->args.n_operands > 0)
		return error_set(err, ERROR_USAGE, NULL,
				 "check: --prompt names the models; give no others");
	if (!by_prompt && cli->args.n_operands < 2)
		return error_set(err, ERROR_USAGE, NULL,
				 "check: too few arguments: lorarium check %s",
				 args_command(COMMAND_CHECK)->operands);
	return by_prompt ? prompt_pick(cli, str_from(cli->args.values[OPTION_PROMPT]), all, missing,
				       err)
			 : pick_all(cli, all, err);
}

enum exit_status cmd_check(struct cli *cli)
{
	struct combination all = { 0 };
	struct prompt_missing missing = { 0 };
	struct error err;
	if (!pick_any(cli, &all, &missing, &err))
		return cli_fail(cli, &err);
	combination_judge(cli, &all);
	(cli_json(cli) ? print_json : print_text)(cli, &all,
						  cli->args.has[OPTION_PROMPT] ? &missing : NULL);
	combination_finish(&all);
	enum verdict worst_allowed = cli->args.has[OPTION_STRICT] ? FIT_COMPATIBLE : FIT_CAUTION;
	return all.set.verdict > worst_allowed ? EXIT_NO : EXIT_DONE;
}
