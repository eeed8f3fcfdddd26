// SPDX-License-Identifier: MIT
#include "cli/cli.h"
#include "cli/help.h"

/* The row that the operands name: "scan", or "root" and "add". */
static enum command_id find_command(struct cli *cli)
{
	struct str name = cli_operand(cli, 0);
	if (cli->args.n_operands > 1)
		name = arena_strf(&cli->arena, "%.*s %.*s", STR_ARG(name),
				  STR_ARG(cli_operand(cli, 1)));
	enum command_id id = 0;
	while (id < COMMAND_COUNT && !str_equal(str_from(args_command(id)->name), name))
		id++;
	return id;
}

enum exit_status cmd_help(struct cli *cli)
{
	bool wants_one = cli->args.command == COMMAND_HELP && cli->args.n_operands > 0;
	enum command_id id = COMMAND_COUNT;
	if (wants_one)
		id = find_command(cli);
	else if (cli->args.command != COMMAND_HELP)
		id = cli->args.command;
	if (wants_one && id == COMMAND_COUNT) {
		struct error err;
		error_set(&err, ERROR_USAGE, NULL,
			  "help: there is no command \"%.*s\"; `lorarium help` "
			  "lists them",
			  STR_ARG(cli_operand(cli, 0)));
		return cli_fail(cli, &err);
	}
	struct bytes text = { 0 };
	help_usage(&text, id);
	bytes_append_str(&cli->out.pending, bytes_str(&text));
	bytes_finish(&text);
	return EXIT_DONE;
}
