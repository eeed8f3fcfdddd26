// SPDX-License-Identifier: MIT
#include "cli/set_pick.h"
#include "core/base/path.h"
#include "core/sets/export.h"

/* Of what the index does not know, such as a model of an offline root, only its path tells that. */
static bool name_unknown(struct cli *cli, const struct picked *picked, bool is_lora,
			 struct export_model *out, struct error *err)
{
	struct event *roots = cli_ask(cli, request_create(REQUEST_ROOTS), err);
	struct str root = STR_NULL, rest;
	for (size_t i = 0; roots && i < roots->as.roots.n; i++) {
		struct str path = roots->as.roots.roots[i].path;
		if (path.len > root.len && path_is_below(picked->path, path, &rest))
			root = path; /* the deepest owns it */
	}
	*out = export_name(cli->knowledge, is_lora, root, picked->path, picked->model.name);
	event_destroy(roots);
	return roots != NULL;
}

static bool name_model(struct cli *cli, const struct picked *picked, bool is_lora,
		       struct export_model *out, struct error *err)
{
	if (!picked->has_entry)
		return name_unknown(cli, picked, is_lora, out, err);
	struct request *request = request_create(REQUEST_DETAILS);
	request->as.details.id = picked->entry.id;
	request->as.details.wants_name = true;
	struct event *details = cli_ask(cli, request, err);
	if (!details)
		return false;
	*ARRAY_PUSH(&cli->kept, struct event *) = details;
	*out = details->as.details.as;
	return details->as.details.found || name_unknown(cli, picked, is_lora, out, err);
}

static bool name_loras(struct cli *cli, const struct combination *all, struct export_lora *out,
		       struct error *err)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct picked_lora *lora = &all->loras[i];
		const struct model *model = &lora->picked.model;
		struct fit_side side = fit_side_of(model);
		out[i] = (struct export_lora){
			.weight = lora->weight,
			.has_weight_te = lora->has_weight_te,
			.weight_te = lora->weight_te,
			.has_text_encoder = model->adapter.type == ADAPTER_NONE ||
					    model->adapter.has_text_encoder,
			.expert = set_expert_of(cli->knowledge, &side),
		};
		if (!name_model(cli, &lora->picked, true, &out[i].model, err))
			return false;
	}
	return true;
}

static void print(struct cli *cli, enum export_format format, const struct export_set *set)
{
	struct array warnings = ARRAY_OF(struct str);
	struct bytes text = { 0 };
	export_write(format, set, &text, &warnings, &cli->arena);
	/* What is written is for another program; on a terminal it must be harmless as well. */
	struct str rest = bytes_str(&text), line;
	while (str_next_part(&rest, '\n', &line) && rest.ptr) {
		if (cli->out.width_cols > 0)
			out_text(&cli->out, line);
		else
			bytes_append_str(&cli->out.pending, line);
		out_printf(&cli->out, "\n");
	}
	for (size_t i = 0; i < warnings.len; i++)
		out_complain(&cli->out, *ARRAY_AT(&warnings, struct str, i));
	array_finish(&warnings);
	bytes_finish(&text);
}

static bool export_set(struct cli *cli, enum export_format format, const struct set_info *info,
		       struct error *err)
{
	struct combination all;
	struct export_set set = { .name = info->name,
				  .note = info->note,
				  .is_for_windows = cli->args.has[OPTION_WINDOWS] };
	bool ok = set_pick_models(cli, info, &all, err);
	if (ok) {
		struct export_lora *loras = ARENA_NEW_N(&cli->arena, struct export_lora, all.n);
		ok = name_loras(cli, &all, loras, err) &&
		     (!all.has_checkpoint ||
		      name_model(cli, &all.checkpoint, false, &set.checkpoint, err));
		set.has_checkpoint = all.has_checkpoint;
		set.kind = all.checkpoint.model.kind;
		set.format = all.checkpoint.model.format;
		set.loras = loras;
		set.n_loras = all.n;
	}
	if (ok)
		print(cli, format, &set);
	return ok;
}

static bool read_format(struct cli *cli, enum export_format *format, struct error *err)
{
	const char *word = cli->args.has[OPTION_AS] ? cli->args.values[OPTION_AS]
			   : cli_json(cli)          ? "json"
						    : "a1111";
	struct bytes list = { 0 };
	*format = export_find(str_from(word));
	for (enum export_format i = 0; i < EXPORT_COUNT; i++)
		bytes_printf(&list, "%s%s", i > 0 ? ", " : "", export_word(i));
	bool ok = *format != EXPORT_COUNT ||
		  error_set(err, ERROR_USAGE, NULL, "--as: \"%s\" is none of %s", word, list.ptr);
	bytes_finish(&list);
	if (ok && cli->args.has[OPTION_WINDOWS] && !export_has_separator(*format))
		ok = error_set(err, ERROR_USAGE, NULL,
			       "--windows: %s names no model by its folders", word);
	if (ok && cli_json(cli) && !export_is_json(*format))
		ok = error_set(err, ERROR_USAGE, NULL, "--json: %s is no JSON", word);
	return ok;
}

enum exit_status cmd_set_export(struct cli *cli)
{
	struct error err;
	enum export_format format;
	if (!read_format(cli, &format, &err))
		return cli_fail(cli, &err);
	const struct set_info *set = set_pick(cli, cli_operand(cli, 0), &err);
	if (!set || !export_set(cli, format, set, &err))
		return cli_fail(cli, &err);
	return EXIT_DONE;
}
