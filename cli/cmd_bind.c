// SPDX-License-Identifier: MIT
#include "cli/binding_json.h"
#include "cli/tensors.h"
#include "core/fit/strip.h"

#include <inttypes.h>

/* A checkpoint and a LoRA, module by module. */
struct attachment {
	struct picked checkpoint;
	struct picked_lora lora;
	struct tensors tensors;
	const struct module_names *names; /* of the checkpoint */
	struct adapter adapter;
	struct binding binding;
};

static bool not_a(const struct picked *picked, const char *wanted, struct error *err)
{
	const struct model *model = &picked->model;
	if (model->status != STATUS_OK)
		return error_set(err, ERROR_FORMAT, NULL, "%.*s: %s, so nothing binds",
				 STR_ARG(picked->path), status_word(model->status));
	return error_set(err, ERROR_USAGE, NULL, "%.*s: not a %s", STR_ARG(picked->path), wanted);
}

static bool attach(struct cli *cli, struct attachment *all, struct error *err)
{
	all->names = binder_names(&all->tensors.binder);
	if (!all->names)
		return not_a(&all->checkpoint, "checkpoint", err);
	if (!tensors_adapter(&all->tensors, &all->lora.picked, &cli->arena, &all->adapter))
		return not_a(&all->lora.picked, "LoRA", err);
	binding_read(all->names, &all->adapter, &all->binding);
	return true;
}

static void json_side(struct json_writer *json, const char *key, const struct picked *picked)
{
	json_object(json, key);
	json_string(json, "path", picked->path);
	json_string(json, "architecture", picked->model.architecture);
	json_string(json, "base_model", picked->model.base_model);
	json_object_end(json);
}

static void print_json(struct cli *cli, const struct attachment *all)
{
	struct bytes line = { 0 };
	struct json_writer json = json_writer(&line);
	json_object(&json, NULL);
	json_side(&json, "checkpoint", &all->checkpoint);
	json_side(&json, "lora", &all->lora.picked);
	binding_json(&json, &all->binding, all->names, &all->adapter);
	json_object_end(&json);
	out_line(&cli->out, &line);
	bytes_finish(&line);
}

static void print_counts(struct cli *cli, const struct binding *binding)
{
	struct out *out = &cli->out;
	for (int i = 0; i < COMPONENT_COUNT; i++) {
		const struct binding_count *count = &binding->of[i];
		if (!count->modules)
			continue;
		out_printf(out, "%s: ", component_word((enum component)i));
		if (binding->is_present[i])
			out_printf(out, "%zu of %zu modules bind", count->bound, count->modules);
		else
			out_printf(out, "%zu modules, not in this checkpoint file", count->modules);
		if (count->mismatched)
			out_printf(out, ", %zu have another shape", count->mismatched);
		out_printf(out, "\n");
	}
	if (binding->n_ignored)
		out_printf(out, "ignored: %zu\n", binding->n_ignored);
}

static void print_blocks(struct cli *cli, const struct attachment *all)
{
	struct strip strip;
	strip_read(cli->knowledge, all->names, &all->adapter, &cli->arena, &strip);
	struct str words = strip_words(&strip, &cli->arena);
	if (words.len)
		out_pair(&cli->out, "blocks", words);
}

static void print_module(struct cli *cli, const struct bound_module *bound)
{
	struct out *out = &cli->out;
	out_printf(out, "%s: ", binding_word(bound->state));
	out_text(out, bound->module);
	if (bound->state == BINDING_MISMATCH)
		out_printf(out, " %" PRIu64 " x %" PRIu64 ", the layer is %" PRIu64 " x %" PRIu64,
			   bound->delta->rows, bound->delta->columns, bound->target->shape.rows,
			   bound->target->shape.columns);
	out_printf(out, "\n");
}

/* What does not attach, each by its name: for people that is what there is to know. */
static void print_text(struct cli *cli, const struct attachment *all)
{
	print_counts(cli, &all->binding);
	print_blocks(cli, all);
	for (size_t i = 0; i < all->adapter.n_modules; i++) {
		struct bound_module bound = binding_of(all->names, &all->adapter.modules[i]);
		if (bound.state == BINDING_MISMATCH ||
		    (bound.state == BINDING_UNBOUND && all->binding.is_present[bound.component]))
			print_module(cli, &bound);
	}
}

enum exit_status cmd_bind(struct cli *cli)
{
	struct attachment all = { 0 };
	struct error err;
	if (!pick_model(cli, cli_operand(cli, 0), &all.checkpoint, &err) ||
	    !pick_lora(cli, cli_operand(cli, 1), &all.lora, &err))
		return cli_fail(cli, &err);
	tensors_open(&all.tensors, cli, &all.checkpoint);
	bool ok = attach(cli, &all, &err);
	if (ok && cli_json(cli))
		print_json(cli, &all);
	else if (ok)
		print_text(cli, &all);
	tensors_close(&all.tensors);
	return ok ? EXIT_DONE : cli_fail(cli, &err);
}
