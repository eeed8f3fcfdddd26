// SPDX-License-Identifier: MIT
#include "cli/cli.h"
#include "cli/note_text.h"
#include "cli/pick.h"

enum exit_status cmd_rate(struct cli *cli)
{
	struct error err;
	uint64_t rating = 0;
	struct request *request = request_create(REQUEST_WORDS);
	request->as.words.type = WORDS_RATING;
	bool ok = str_to_u64(cli_operand(cli, 1), &rating) && rating <= 5;
	request->as.words.number = (int)rating;
	if (!ok)
		error_set(&err, ERROR_USAGE, NULL, "\"%.*s\": a rating is from 0 to 5",
			  STR_ARG(cli_operand(cli, 1)));
	ok = ok && cli_named_models(cli, &request->arena, &request->as.words.models, &err);
	return cli_change(cli, request, ok, &err);
}

enum exit_status cmd_favourite(struct cli *cli)
{
	struct error err;
	struct request *request = request_create(REQUEST_WORDS);
	request->as.words.type = WORDS_FAVOURITE;
	request->as.words.number = !cli->args.has[OPTION_OFF];
	bool ok = cli_named_models(cli, &request->arena, &request->as.words.models, &err);
	return cli_change(cli, request, ok, &err);
}

static enum exit_status print_note(struct cli *cli)
{
	struct error err;
	struct picked picked;
	uint32_t id;
	bool is_there = false;
	if (!cli_library(cli, LIBRARY_READ, &err) ||
	    !pick_entry(cli, cli_operand(cli, 0), &id, &err) ||
	    !pick_id(cli, id, &is_there, &picked, &err))
		return cli_fail(cli, &err);
	cli_print_note(cli, is_there ? picked.entry.note : STR_NULL);
	return EXIT_DONE;
}

enum exit_status cmd_note(struct cli *cli)
{
	struct error err;
	if (cli->args.n_operands < 2)
		return print_note(cli);
	struct request *request = request_create(REQUEST_WORDS);
	uint32_t *id = ARENA_NEW(&request->arena, uint32_t);
	request->as.words.type = WORDS_NOTE;
	request->as.words.models = (struct selection){ .ids = id, .n_ids = 1 };
	bool ok =
		cli_library(cli, LIBRARY_WRITE, &err) &&
		pick_entry(cli, cli_operand(cli, 0), id, &err) &&
		note_text_read(cli_operand(cli, 1), &request->arena, &request->as.words.note, &err);
	return cli_change(cli, request, ok, &err);
}
