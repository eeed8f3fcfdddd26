// SPDX-License-Identifier: MIT
#include "cli/model_json.h"
#include "cli/model_text.h"

/* One arena a file: a thousand arguments take no more memory than one. */
static bool inspect_one(struct cli *cli, struct str path, bool is_first)
{
	struct arena outer = cli->arena;
	struct picked picked = {.path = path};
	cli->arena = (struct arena){0};
	library_inspect(cli->knowledge, arena_cstr(&cli->arena, path), &cli->arena, &picked.model);
	if (cli_json(cli)) {
		struct bytes line = {0};
		struct json_writer json = json_writer(&line);
		json_object(&json, NULL);
		model_json(&json, path, &picked.model);
		json_object_end(&json);
		out_line(&cli->out, &line);
		bytes_finish(&line);
	} else {
		out_printf(&cli->out, "%s", is_first ? "" : "\n");
		model_text(cli, &picked);
		out_breathe(&cli->out);
	}
	arena_finish(&cli->arena);
	cli->arena = outer;
	return picked.model.status != STATUS_UNREADABLE;
}

enum exit_status cmd_inspect(struct cli *cli)
{
	bool all = true;
	for (size_t i = 0; i < cli->args.n_operands; i++)
		all = inspect_one(cli, cli_operand(cli, i), i == 0) && all;
	return all ? EXIT_DONE : EXIT_COULD_NOT;
}
