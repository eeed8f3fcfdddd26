// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "cli/cli.h"

/* What people make by hand: a million models with notes is less. */
enum { DUMP_BYTES_MAX = 1 << 30 };

/* As it was written: it is for programs, not for a terminal. */
enum exit_status cmd_dump(struct cli *cli)
{
	struct error err;
	if (!cli_library(cli, LIBRARY_READ, &err))
		return cli_fail(cli, &err);
	struct event *event = cli_ask(cli, request_create(REQUEST_DUMP), &err);
	if (!event)
		return cli_fail(cli, &err);
	struct str rest = event->as.dump.text, line;
	while (str_next_part(&rest, '\n', &line)) {
		struct bytes json = {0};
		bytes_append_str(&json, line);
		if (line.len > 0)
			out_line(&cli->out, &json);
		bytes_finish(&json);
		out_breathe(&cli->out);
	}
	event_destroy(event);
	return EXIT_DONE;
}

static bool read_all(int fd, struct bytes *text, struct error *err)
{
	char part[1 << 16];
	for (;;) {
		ssize_t n = read(fd, part, sizeof part);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_system(err, errno, "reading");
		if (n == 0)
			return true;
		bytes_append(text, part, (size_t)n);
		if (text->len > DUMP_BYTES_MAX)
			return error_set(err, ERROR_LIMIT, NULL, "this is too large for a dump");
	}
}

static bool read_file(struct cli *cli, struct request *request, struct error *err)
{
	struct bytes text = {0};
	const char *path = cli->args.operands[0];
	bool is_stdin = str_equal(cli_operand(cli, 0), STR("-"));
	int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return error_system(err, errno, "%s", path);
	bool ok = read_all(fd, &text, err) || error_context(err, "%s", path);
	if (!is_stdin)
		close(fd);
	request->as.restore.text = arena_str(&request->arena, bytes_str(&text));
	bytes_finish(&text);
	return ok;
}

enum exit_status cmd_restore(struct cli *cli)
{
	struct error err;
	struct request *request = request_create(REQUEST_RESTORE);
	bool ok = read_file(cli, request, &err);
	return cli_change(cli, request, ok, &err);
}
