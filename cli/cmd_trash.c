// SPDX-License-Identifier: MIT
#include "cli/cli.h"
#include "cli/model_json.h"
#include "cli/model_text.h"
#include "core/base/json_write.h"
#include "core/base/path.h"

static enum exit_status put(struct cli *cli)
{
	struct error err;
	struct request *request = request_create(REQUEST_PLAN);
	request->as.plan.wish = WISH_TRASH;
	bool ok = cli_named_models(cli, &request->arena, &request->as.plan.models, &err);
	return cli_plan(cli, request, ok, &err);
}

static void print_json(struct cli *cli, const struct trashed *one)
{
	struct bytes line = { 0 };
	struct json_writer json = json_writer(&line);
	json_object(&json, NULL);
	json_string(&json, "path", one->files->path);
	json_base64_if_broken(&json, "path_bytes", one->files->path);
	json_string(&json, "old", one->files->old);
	json_base64_if_broken(&json, "old_bytes", one->files->old);
	model_json_time(&json, "time", one->at_s);
	json_u64_value(&json, "bytes", one->size_bytes);
	json_bool(&json, "folder", one->files->is_folder);
	json_array(&json, "companions");
	for (size_t i = 1; i < one->n_files; i++)
		json_string(&json, NULL, one->files[i].old);
	json_array_end(&json);
	json_i64_if(&json, "operation", one->operation > 0, one->operation);
	json_object_end(&json);
	out_line(&cli->out, &line);
	bytes_finish(&line);
}

static void print_text(struct cli *cli, const struct trashed *one)
{
	struct out *out = &cli->out;
	if (one->at_s > 0)
		out_time(out, one->at_s);
	else
		out_cell(out, STR("?"), sizeof "2026-01-31 23:59" - 1);
	out_printf(out, "  ");
	out_text(out, one->files->is_folder ? STR("folder")
					    : model_text_size(&cli->arena, one->size_bytes));
	out_printf(out, "  ");
	out_text(out, one->files->old);
	if (one->n_files > 1)
		out_printf(out, " and %zu that belong to it", one->n_files - 1);
	out_printf(out, "\n");
}

static struct event *ask(struct cli *cli, struct error *err)
{
	if (!cli_library(cli, cli->args.has[OPTION_APPLY] ? LIBRARY_WRITE : LIBRARY_READ, err))
		return NULL;
	return cli_ask(cli, request_create(REQUEST_TRASHED), err);
}

static enum exit_status list(struct cli *cli)
{
	struct error err;
	struct event *event = ask(cli, &err);
	if (!event)
		return cli_fail(cli, &err);
	size_t n = event->as.trashed.n, n_left_out = event->as.trashed.n_left_out;
	for (size_t i = 0; i < n; i++) {
		(cli_json(cli) ? print_json : print_text)(cli, &event->as.trashed.list[i]);
		out_breathe(&cli->out);
	}
	if (!cli_json(cli))
		out_printf(&cli->out, "%zu in the trash%s\n", n,
			   n == 0 ? "" : "; trash --restore NAME brings one back");
	if (n_left_out > 0)
		out_complain(&cli->out,
			     arena_strf(&cli->arena,
					"%zu more in the trash: where they were cannot be told",
					n_left_out));
	event_destroy(event);
	return EXIT_DONE;
}

/* A path, in the trash or before it; the name it had; its stem: what is named more closely goes first. */
enum closeness { CLOSE_PATH, CLOSE_NAME, CLOSE_STEM, CLOSE_COUNT };

static bool is_called(const struct trashed *one, struct str argument, struct str path,
		      enum closeness how)
{
	struct str old = one->files->old;
	switch (how) {
	case CLOSE_PATH: return str_equal(old, path) || str_equal(one->files->path, path);
	case CLOSE_NAME: return str_equal(str_after_last(old, '/'), argument);
	case CLOSE_STEM: return str_equal(path_stem(old), argument);
	case CLOSE_COUNT: break;
	}
	return false;
}

static size_t find(const struct event *event, struct str argument, struct str path,
		   const struct trashed **found)
{
	size_t n = 0;
	for (enum closeness how = 0; how < CLOSE_COUNT && n == 0; how++)
		for (size_t i = 0; i < event->as.trashed.n; i++) {
			const struct trashed *one = &event->as.trashed.list[i];
			if (is_called(one, argument, path, how))
				found[n++] = one;
		}
	return n;
}

static bool pick(struct cli *cli, const struct event *event, struct str *out, struct error *err)
{
	struct str argument = cli_operand(cli, 0);
	const struct trashed **found =
		ARENA_NEW_N(&cli->arena, const struct trashed *, event->as.trashed.n + 1);
	size_t n = find(event, argument, cli_absolute(cli, argument), found);
	if (n == 1)
		*out = found[0]->files->path;
	for (size_t i = 0; n > 1 && i < n; i++)
		out_complain(&cli->out, found[i]->files->path);
	return n == 1 ||
	       (n == 0 ? error_set(err, ERROR_USAGE, NULL,
				   "%.*s: nothing of that name lies in the trash; see trash --list",
				   STR_ARG(argument))
		       : error_set(err, ERROR_USAGE, NULL,
				   "%.*s: %zu in the trash were called that; name one by its path",
				   STR_ARG(argument), n));
}

static enum exit_status restore(struct cli *cli)
{
	struct error err;
	struct event *event = ask(cli, &err);
	if (!event)
		return cli_fail(cli, &err);
	struct request *request = request_create(REQUEST_PLAN);
	struct str *path = ARENA_NEW(&request->arena, struct str);
	request->as.plan.wish = WISH_RESTORE;
	request->as.plan.paths = path;
	request->as.plan.n_paths = 1;
	bool ok = pick(cli, event, path, &err);
	*path = arena_str(&request->arena, *path);
	event_destroy(event);
	return cli_plan(cli, request, ok, &err);
}

static bool check_options(const struct cli *cli, struct error *err)
{
	const bool *has = cli->args.has;
	bool lists = has[OPTION_LIST], restores = has[OPTION_RESTORE];
	if ((lists && restores) || (lists && has[OPTION_APPLY]))
		return error_set(err, ERROR_USAGE, NULL, "trash: --list stands alone");
	if ((lists || restores) && has[OPTION_PLAN_OUT])
		return error_set(err, ERROR_USAGE, NULL,
				 "trash: a plan file is for what goes into the trash");
	if (lists != (cli->args.n_operands == 0))
		return error_set(err, ERROR_USAGE, NULL,
				 "trash: lorarium trash QUERY, --restore NAME or --list");
	return true;
}

enum exit_status cmd_trash(struct cli *cli)
{
	struct error err;
	if (!check_options(cli, &err))
		return cli_fail(cli, &err);
	if (cli->args.has[OPTION_LIST])
		return list(cli);
	return cli->args.has[OPTION_RESTORE] ? restore(cli) : put(cli);
}
