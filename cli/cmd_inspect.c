// SPDX-License-Identifier: MIT
#include "cli/model_json.h"
#include "cli/model_text.h"

static void print(struct cli *cli, const struct picked *picked, bool is_first)
{
	if (cli_json(cli)) {
		struct bytes line = { 0 };
		struct json_writer json = json_writer(&line);
		json_object(&json, NULL);
		model_json(&json, picked->path, &picked->model);
		json_object_end(&json);
		out_line(&cli->out, &line);
		bytes_finish(&line);
	} else {
		out_printf(&cli->out, "%s", is_first ? "" : "\n");
		model_text(cli, picked);
		out_breathe(&cli->out);
	}
}

/* One arena a batch: a thousand arguments take no more memory than sixteen. */
static bool inspect_some(struct cli *cli, size_t from, size_t n)
{
	struct arena outer = cli->arena;
	struct str paths[LIBRARY_INSPECT_MAX];
	struct model models[LIBRARY_INSPECT_MAX];
	bool all = true;
	cli->arena = (struct arena){ 0 };
	for (size_t i = 0; i < n; i++)
		paths[i] = cli_operand(cli, from + i);
	cli_inspect(cli, paths, n, &cli->arena, models);
	for (size_t i = 0; i < n; i++) {
		const struct picked picked = { .path = paths[i], .model = models[i] };
		print(cli, &picked, from + i == 0);
		all = models[i].status != STATUS_UNREADABLE && all;
	}
	arena_finish(&cli->arena);
	cli->arena = outer;
	return all;
}

enum exit_status cmd_inspect(struct cli *cli)
{
	bool all = true;
	size_t n_all = cli->args.n_operands;
	for (size_t i = 0; i < n_all; i += LIBRARY_INSPECT_MAX) {
		size_t left = n_all - i;
		all = inspect_some(cli, i,
				   left < LIBRARY_INSPECT_MAX ? left : LIBRARY_INSPECT_MAX) &&
		      all;
	}
	return all ? EXIT_DONE : EXIT_COULD_NOT;
}
