// SPDX-License-Identifier: MIT
#include <inttypes.h>

#include "cli/cli.h"
#include "cli/model_json.h"

static void print_json(struct cli *cli, const struct root_info *root)
{
	struct bytes line = { 0 };
	struct json_writer json = json_writer(&line);
	json_object(&json, NULL);
	json_string(&json, "name", root->name);
	json_string(&json, "path", root->path);
	json_bool(&json, "online", root->is_online);
	json_u64_value(&json, "models", root->n_models);
	model_json_time(&json, "last_scan", root->last_scan_s);
	json_object_end(&json);
	out_line(&cli->out, &line);
	bytes_finish(&line);
}

static void print_text(struct cli *cli, const struct root_info *root)
{
	struct out *out = &cli->out;
	out_cell(out, root->name, 16);
	out_printf(out, " %7" PRIu64 " models  ", root->n_models);
	if (root->last_scan_s != 0)
		out_time(out, root->last_scan_s);
	else
		out_printf(out, "%-*s", OUT_TIME_COLS, "never scanned");
	out_printf(out, "  %-7s  ", root->is_online ? "online" : "offline");
	out_text(out, root->path);
	out_printf(out, "\n");
}

enum exit_status cmd_root_list(struct cli *cli)
{
	struct error err;
	if (!cli_library(cli, LIBRARY_READ, &err))
		return cli_fail(cli, &err);
	struct event *roots = cli_ask(cli, request_create(REQUEST_ROOTS), &err);
	if (!roots)
		return cli_fail(cli, &err);
	for (size_t i = 0; i < roots->as.roots.n; i++)
		if (cli_json(cli))
			print_json(cli, &roots->as.roots.roots[i]);
		else
			print_text(cli, &roots->as.roots.roots[i]);
	event_destroy(roots);
	return EXIT_DONE;
}

enum exit_status cmd_root_add(struct cli *cli)
{
	struct error err;
	struct str path, name = cli_operand(cli, 1);
	if (!cli_folder(cli, cli_operand(cli, 0), &path, &err))
		return cli_fail(cli, &err);
	struct request *request = request_create(REQUEST_ROOT_ADD);
	request->as.root.path = arena_str(&request->arena, path);
	if (name.ptr)
		request->as.root.name = arena_str(&request->arena, name);
	return cli_change(cli, request, true, &err);
}

/* A name, or a path as the user would type it: "." and "models/" name a root, too. */
static void name_root(struct cli *cli, struct request *request)
{
	struct str root = cli_operand(cli, 0);
	bool is_path = str_find_byte(root, '/') >= 0 || str_equal(root, STR(".")) ||
		       str_equal(root, STR(".."));
	if (is_path)
		request->as.root.path = arena_str(&request->arena, cli_absolute(cli, root));
	else
		request->as.root.name = arena_str(&request->arena, root);
}

enum exit_status cmd_root_remove(struct cli *cli)
{
	struct error err;
	struct request *request = request_create(REQUEST_ROOT_REMOVE);
	name_root(cli, request);
	return cli_change(cli, request, true, &err);
}

enum exit_status cmd_root_relocate(struct cli *cli)
{
	struct error err;
	struct str to;
	if (!cli_folder(cli, cli_operand(cli, 1), &to, &err))
		return cli_fail(cli, &err);
	struct request *request = request_create(REQUEST_ROOT_RELOCATE);
	name_root(cli, request);
	request->as.root.to = arena_str(&request->arena, to);
	request->as.root.is_forced = cli->args.has[OPTION_FORCE];
	return cli_change(cli, request, true, &err);
}
