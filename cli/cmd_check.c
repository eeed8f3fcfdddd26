// SPDX-License-Identifier: MIT
#include "cli/combination.h"
#include "cli/model_json.h"
#include "cli/model_text.h"

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

static void print_json(struct cli *cli, const struct combination *all)
{
	struct bytes line = {0};
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
	json_object_end(&json);
	out_line(&cli->out, &line);
	bytes_finish(&line);
}

static void print_text(struct cli *cli, const struct combination *all)
{
	struct out *out = &cli->out;
	const struct model *checkpoint = &all->checkpoint.model;
	out_printf(out, "checkpoint: ");
	out_text(out, checkpoint->name);
	out_printf(out, " (");
	out_text(out, knowledge_base_name(cli->knowledge, checkpoint->base_model));
	out_printf(out, ")\n");
	for (size_t i = 0; i < all->n; i++)
		model_text_fit(cli, "", all->loras[i].picked.model.name, &all->pairs[i]);
	if (all->n > 1 || all->set.n_reasons > 0)
		model_text_fit(cli, "all together", STR_NULL, &all->set);
}

enum exit_status cmd_check(struct cli *cli)
{
	struct combination all = {0};
	struct error err;
	if (!pick_all(cli, &all, &err))
		return cli_fail(cli, &err);
	combination_judge(cli, &all);
	if (cli_json(cli))
		print_json(cli, &all);
	else
		print_text(cli, &all);
	combination_finish(&all);
	enum verdict worst_allowed = cli->args.has[OPTION_STRICT] ? FIT_COMPATIBLE : FIT_CAUTION;
	return all.set.verdict > worst_allowed ? EXIT_NO : EXIT_DONE;
}
