// SPDX-License-Identifier: MIT
#include "cli/model_json.h"
#include "cli/model_text.h"

/* A path is read from disk; what the library knows of the same file is added when it is there. */
static void add_entry(struct cli *cli, struct picked *picked)
{
	struct error ignored; /* without a library there is nothing to add */
	struct picked indexed;
	if (picked->has_entry || !cli_library(cli, LIBRARY_READ, &ignored))
		return;
	if (pick_indexed(cli, cli_absolute(cli, picked->path), &indexed)) {
		picked->has_entry = true;
		picked->entry = indexed.entry;
	}
}

enum exit_status cmd_show(struct cli *cli)
{
	struct picked picked;
	struct error err;
	if (!pick_model(cli, cli_operand(cli, 0), &picked, &err))
		return cli_fail(cli, &err);
	add_entry(cli, &picked);
	if (!cli_json(cli)) {
		model_text(cli, &picked);
		return EXIT_DONE;
	}
	struct bytes line = {0};
	struct json_writer json = json_writer(&line);
	json_object(&json, NULL);
	model_json(&json, cli_absolute(cli, picked.path), &picked.model);
	model_json_entry(&json, picked.has_entry ? &picked.entry : NULL);
	json_object_end(&json);
	out_line(&cli->out, &line);
	bytes_finish(&line);
	return EXIT_DONE;
}
