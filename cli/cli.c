// SPDX-License-Identifier: MIT
#include "cli/cli.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/json_write.h"

enum exit_status cli_fail(struct cli *cli, const struct error *err)
{
	/* Whoever closed the pipe knows; every other failure is told. */
	if (err->sys != EPIPE)
		out_complain(&cli->out, str_from(err->text));
	return err->code == ERROR_USAGE ? EXIT_USAGE : EXIT_COULD_NOT;
}

bool cli_json(const struct cli *cli)
{
	return cli->args.has[OPTION_JSON];
}

struct str cli_operand(const struct cli *cli, size_t i)
{
	return i < cli->args.n_operands ? str_from(cli->args.operands[i]) : STR_NULL;
}

/* Drops "." and empty parts, which name nothing; ".." takes the part before it along. */
static struct str tidy(struct arena *arena, struct str path)
{
	struct str rest = path, part, tidied = STR("");
	while (str_next_part(&rest, '/', &part)) {
		if (str_equal(part, STR("..")))
			tidied =
				str_slice(tidied, 0,
					  tidied.len > 0 ? (size_t)str_rfind_byte(tidied, '/') : 0);
		else if (part.len > 0 && !str_equal(part, STR(".")))
			tidied = arena_strf(arena, "%.*s/%.*s", STR_ARG(tidied), STR_ARG(part));
	}
	return tidied.len > 0 ? tidied : STR("/");
}

static bool climbs(struct str path)
{
	struct str rest = path, part;
	while (str_next_part(&rest, '/', &part))
		if (str_equal(part, STR("..")))
			return true;
	return false;
}

/* Above a link ".." is not where the name says, so only the disk can tell; what is not there yet has no
   links in it. */
static struct str climb(struct arena *arena, struct str path)
{
	struct str front = path;
	char *real;
	while (!(real = realpath(arena_cstr(arena, front), NULL)) && front.len > 1) {
		ptrdiff_t slash = str_rfind_byte(front, '/');
		front = str_slice(front, 0, slash > 0 ? (size_t)slash : 1);
	}
	struct str rest = str_slice(path, front.len, path.len);
	struct str whole = arena_strf(arena, "%s/%.*s", real ? real : "", STR_ARG(rest));
	free(real);
	return whole;
}

struct str cli_absolute(struct cli *cli, struct str path)
{
	struct arena *arena = &cli->arena;
	char *here = str_has_prefix(path, STR("/")) ? NULL : getcwd(NULL, 0);
	struct str absolute = here ? arena_strf(arena, "%s/%.*s", here, STR_ARG(path)) : path;
	free(here);
	return tidy(arena, climbs(path) ? climb(arena, absolute) : absolute);
}

bool cli_folder(struct cli *cli, struct str path, struct str *absolute, struct error *err)
{
	struct stat status;
	if (stat(arena_cstr(&cli->arena, path), &status) != 0)
		return error_system(err, errno, "%.*s", STR_ARG(path));
	if (!S_ISDIR(status.st_mode))
		return error_system(err, ENOTDIR, "%.*s", STR_ARG(path));
	*absolute = cli_absolute(cli, path);
	return true;
}

void cli_print_note(struct cli *cli, struct str note)
{
	if (cli_json(cli)) {
		struct bytes line = { 0 };
		struct json_writer json = json_writer(&line);
		json_object(&json, NULL);
		json_u64_value(&json, "changed", 0);
		json_i64_if(&json, "operation", false, 0);
		json_string(&json, "note", note);
		json_object_end(&json);
		out_line(&cli->out, &line);
		bytes_finish(&line);
	} else if (note.ptr) {
		out_lines(&cli->out, note);
		out_printf(&cli->out, "\n");
	}
}

static void print_done(struct cli *cli, const struct event *done)
{
	if (!cli_json(cli)) {
		out_printf(&cli->out, "%" PRIu64 " changed\n", done->as.done.n_changed);
		return;
	}
	struct bytes line = { 0 };
	struct json_writer json = json_writer(&line);
	json_object(&json, NULL);
	json_u64_value(&json, "changed", done->as.done.n_changed);
	json_i64_if(&json, "operation", done->as.done.operation > 0, done->as.done.operation);
	json_object_end(&json);
	out_line(&cli->out, &line);
	bytes_finish(&line);
}

enum exit_status cli_change(struct cli *cli, struct request *request, bool ok, struct error *err)
{
	if (!ok || !cli_library(cli, LIBRARY_WRITE, err)) {
		request_destroy(request);
		return cli_fail(cli, err);
	}
	struct event *done = cli_await_files(cli, cli_send(cli, request));
	if (done->type == EVENT_FAILED) {
		*err = done->as.failed;
		event_destroy(done);
		return cli_fail(cli, err);
	}
	print_done(cli, done);
	event_destroy(done);
	return EXIT_DONE;
}
