// SPDX-License-Identifier: MIT
#include "cli/cli.h"
#include "core/base/json_write.h"

static void print_json(struct cli *cli, const struct stray_model *stray)
{
	struct bytes line = { 0 };
	struct json_writer json = json_writer(&line);
	json_object(&json, NULL);
	json_string(&json, "path", stray->path);
	json_base64_if_broken(&json, "path_bytes", stray->path);
	json_array(&json, "places");
	for (size_t i = 0; i < stray->n_places; i++)
		json_string(&json, NULL, stray->places[i]);
	json_array_end(&json);
	json_object_end(&json);
	out_line(&cli->out, &line);
	bytes_finish(&line);
}

static void print_text(struct cli *cli, const struct stray_model *stray)
{
	struct out *out = &cli->out;
	out_text(out, stray->path);
	out_printf(out, " may be\n");
	for (size_t i = 0; i < stray->n_places; i++) {
		out_printf(out, "    ");
		out_text(out, stray->places[i]);
		out_printf(out, "\n");
	}
}

static enum exit_status list(struct cli *cli)
{
	struct error err;
	struct event *event = cli_library(cli, LIBRARY_READ, &err)
				      ? cli_ask(cli, request_create(REQUEST_STRAYS), &err)
				      : NULL;
	if (!event)
		return cli_fail(cli, &err);
	size_t n = event->as.strays.n;
	for (size_t i = 0; i < n; i++)
		(cli_json(cli) ? print_json : print_text)(cli, &event->as.strays.list[i]);
	if (!cli_json(cli))
		out_printf(&cli->out, "%zu model%s may have moved%s\n", n, n == 1 ? "" : "s",
			   n == 0 ? "" : "; \"lorarium moved OLD NEW\" says where");
	event_destroy(event);
	return EXIT_DONE;
}

/* A path as it is listed; the library knows which files are gone. */
static struct str path_of(struct cli *cli, size_t operand, struct request *request)
{
	return arena_str(&request->arena, cli_absolute(cli, cli_operand(cli, operand)));
}

enum exit_status cmd_moved(struct cli *cli)
{
	struct error err;
	if (cli->args.n_operands == 0)
		return list(cli);
	struct request *request = request_create(REQUEST_RELINK);
	bool ok = cli->args.n_operands == 2 ||
		  error_set(&err, ERROR_USAGE, NULL,
			    "moved: say where the model was, and where it is");
	if (ok) {
		request->as.relink.from = path_of(cli, 0, request);
		request->as.relink.to = path_of(cli, 1, request);
	}
	return cli_change(cli, request, ok, &err);
}
