// SPDX-License-Identifier: MIT
#include "cli/model_json.h"
#include "cli/model_text.h"

enum exit_status cmd_show(struct cli *cli)
{
	struct picked picked;
	struct error err;
	if (!pick_model(cli, cli_operand(cli, 0), &picked, &err))
		return cli_fail(cli, &err);
	if (!cli_json(cli)) {
		model_text(cli, &picked);
		return EXIT_DONE;
	}
	struct bytes line = { 0 };
	struct json_writer json = json_writer(&line);
	json_object(&json, NULL);
	model_json(&json, cli_absolute(cli, picked.path), &picked.model);
	model_json_entry(&json, picked.has_entry ? &picked.entry : NULL);
	json_object_end(&json);
	out_line(&cli->out, &line);
	bytes_finish(&line);
	return EXIT_DONE;
}
