// SPDX-License-Identifier: MIT
#include "cli/model_json.h"
#include "cli/model_text.h"
#include "cli/set_pick.h"

static void print_weights(struct json_writer *json, const struct set_part *part)
{
	json_double_value(json, "weight", part->weights.weight);
	json_double_if(json, "weight_te", part->weights.has_weight_te, part->weights.weight_te);
}

static void print_json(struct cli *cli, const struct set_info *set, const struct fit *fit)
{
	struct bytes line = { 0 };
	struct json_writer json = json_writer(&line);
	json_object(&json, NULL);
	json_string(&json, "name", set->name);
	json_string(&json, "checkpoint", set->has_checkpoint ? set->checkpoint.path : STR_NULL);
	json_array(&json, "loras");
	for (size_t i = 0; i < set->n_loras; i++) {
		json_object(&json, NULL);
		json_string(&json, "path", set->loras[i].path);
		print_weights(&json, &set->loras[i]);
		json_object_end(&json);
	}
	json_array_end(&json);
	json_string(&json, "fit", str_from(verdict_word(fit->verdict)));
	model_json_fit(&json, fit);
	json_string(&json, "note", set->note);
	model_json_texts(&json, "tags", set->tags, set->n_tags);
	json_object_end(&json);
	out_line(&cli->out, &line);
	bytes_finish(&line);
}

static void print_weight(struct cli *cli, const struct picked_lora *lora)
{
	struct out *out = &cli->out;
	out_printf(out, "    %5.2f", lora->weight);
	if (lora->has_weight_te)
		out_printf(out, " (text encoder %.2f)", lora->weight_te);
	out_printf(out, "  ");
	out_text(out, lora->picked.path);
	out_printf(out, "\n");
}

static void print_line(struct cli *cli, const struct set_info *set, const struct combination *all)
{
	struct out *out = &cli->out;
	out_style(out, model_text_style(all->set.verdict));
	out_printf(out, "%-12s", verdict_word(all->set.verdict));
	out_style(out, OUT_PLAIN);
	out_printf(out, "  ");
	out_cell(out, set->name, 24);
	out_printf(out, "  %2zu LoRA%s  ", set->n_loras, set->n_loras == 1 ? " " : "s");
	out_text(out, set->has_checkpoint ? all->checkpoint.model.name : STR("(no checkpoint)"));
	out_printf(out, "\n");
}

static void print_whole(struct cli *cli, const struct set_info *set, const struct combination *all)
{
	struct out *out = &cli->out;
	out_pair(out, "name", set->name);
	out_pair(out, "checkpoint", set->has_checkpoint ? set->checkpoint.path : STR_NULL);
	out_pair(out, "note", set->note);
	for (size_t i = 0; i < set->n_tags; i++)
		out_pair(out, "tag", set->tags[i]);
	model_text_fit(cli, "all together", STR_NULL, &all->set);
	for (size_t i = 0; i < all->n; i++) {
		const struct picked_lora *lora = &all->loras[i];
		if (all->has_checkpoint)
			model_text_fit(cli, "", lora->picked.model.name, &all->pairs[i]);
		print_weight(cli, lora);
	}
}

bool set_print(struct cli *cli, const struct set_info *set, bool whole, struct error *err)
{
	struct combination all;
	if (!set_pick_models(cli, set, &all, err))
		return false;
	combination_judge(cli, &all);
	struct fit fit = set_pick_fit(&all, &all.arena);
	if (cli_json(cli))
		print_json(cli, set, &fit);
	else if (whole)
		print_whole(cli, set, &all);
	else
		print_line(cli, set, &all);
	combination_finish(&all);
	return true;
}

enum exit_status cmd_set_list(struct cli *cli)
{
	struct error err;
	struct event *sets = set_pick_all(cli, &err);
	bool ok = sets != NULL;
	for (size_t i = 0; ok && i < sets->as.sets.n; i++)
		ok = set_print(cli, &sets->as.sets.sets[i], false, &err);
	event_destroy(sets);
	return ok ? EXIT_DONE : cli_fail(cli, &err);
}

enum exit_status cmd_set_show(struct cli *cli)
{
	struct error err;
	const struct set_info *set = set_pick(cli, cli_operand(cli, 0), &err);
	if (!set || !set_print(cli, set, true, &err))
		return cli_fail(cli, &err);
	return EXIT_DONE;
}

static const struct set_part *find_subject(const struct set_info *set, int64_t subject)
{
	for (size_t i = 0; i < set->n_loras; i++)
		if (set->loras[i].subject == subject)
			return &set->loras[i];
	return NULL;
}

static void compare_json(struct cli *cli, struct str path, const char *role,
			 const struct set_part *const sides[2])
{
	static const char *const keys[] = { "a", "b" };
	struct bytes line = { 0 };
	struct json_writer json = json_writer(&line);
	json_object(&json, NULL);
	json_string(&json, "path", path);
	json_string(&json, "role", str_from(role));
	for (size_t i = 0; i < 2; i++) {
		if (!sides[i]) {
			json_null(&json, keys[i]);
			continue;
		}
		json_object(&json, keys[i]);
		if (!str_equal(str_from(role), STR("checkpoint")))
			print_weights(&json, sides[i]);
		json_object_end(&json);
	}
	json_object_end(&json);
	out_line(&cli->out, &line);
	bytes_finish(&line);
}

static void compare_text(struct cli *cli, struct str path, const char *role,
			 const struct set_part *const sides[2])
{
	struct out *out = &cli->out;
	for (size_t i = 0; i < 2; i++) {
		if (!sides[i])
			out_printf(out, "    -  ");
		else if (str_equal(str_from(role), STR("lora")))
			out_printf(out, "%5.2f  ", sides[i]->weights.weight);
		else
			out_printf(out, "    x  ");
	}
	out_printf(out, "%-10s  ", role);
	out_text(out, path);
	out_printf(out, "\n");
}

static void compare_part(struct cli *cli, const char *role, const struct set_part *a,
			 const struct set_part *b)
{
	const struct set_part *const sides[2] = { a, b };
	(cli_json(cli) ? compare_json : compare_text)(cli, a ? a->path : b->path, role, sides);
}

static void compare_checkpoints(struct cli *cli, const struct set_info *a, const struct set_info *b)
{
	const struct set_part *one = a->has_checkpoint ? &a->checkpoint : NULL;
	const struct set_part *other = b->has_checkpoint ? &b->checkpoint : NULL;
	if (one && other && one->subject == other->subject) {
		compare_part(cli, "checkpoint", one, other);
		return;
	}
	if (one)
		compare_part(cli, "checkpoint", one, NULL);
	if (other)
		compare_part(cli, "checkpoint", NULL, other);
}

enum exit_status cmd_set_compare(struct cli *cli)
{
	struct error err;
	const struct set_info *a = set_pick(cli, cli_operand(cli, 0), &err);
	const struct set_info *b = a ? set_pick(cli, cli_operand(cli, 1), &err) : NULL;
	if (!b)
		return cli_fail(cli, &err);
	compare_checkpoints(cli, a, b);
	for (size_t i = 0; i < a->n_loras; i++)
		compare_part(cli, "lora", &a->loras[i], find_subject(b, a->loras[i].subject));
	for (size_t i = 0; i < b->n_loras; i++)
		if (!find_subject(a, b->loras[i].subject))
			compare_part(cli, "lora", NULL, &b->loras[i]);
	return EXIT_DONE;
}
