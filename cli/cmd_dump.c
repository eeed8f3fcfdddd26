// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/cli.h"
#include "core/base/write.h"

/* A hundred times what a library of 100,000 models with notes comes to; memory is the bound. */
enum { DUMP_BYTES_MAX = 1 << 29, PART_BYTES = 1 << 16 };

/* A file of that name stays as it is; one that could not be written whole goes again. */
static bool write_new(const char *path, struct str text, struct error *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return error_system(err, errno, "%s", path);
	bool ok = write_all(fd, text) && fsync(fd) == 0;
	int failure = errno;
	if (close(fd) != 0 && ok) {
		ok = false;
		failure = errno;
	}
	if (!ok && unlink(path) != 0)
		return error_system(err, failure, "%s (what was written of it is still there)",
				    path);
	return ok || error_system(err, failure, "%s", path);
}

enum exit_status cmd_dump(struct cli *cli)
{
	struct error err;
	if (!cli_library(cli, LIBRARY_READ, &err))
		return cli_fail(cli, &err);
	struct event *event = cli_ask(cli, request_create(REQUEST_DUMP), &err);
	if (!event)
		return cli_fail(cli, &err);
	bool ok = true;
	if (cli->args.n_operands > 0)
		ok = write_new(cli->args.operands[0], event->as.dump.text, &err);
	else
		/* JSON has no control characters: it is as clean as --json. */
		bytes_append_str(&cli->out.pending, event->as.dump.text);
	event_destroy(event);
	return ok ? EXIT_DONE : cli_fail(cli, &err);
}

static bool read_all(int fd, struct bytes *text, struct error *err)
{
	char *part = malloc(PART_BYTES);
	ssize_t n = 0;
	if (!part)
		die_oom();
	while (text->len <= DUMP_BYTES_MAX) {
		n = read(fd, part, PART_BYTES);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		bytes_append(text, part, (size_t)n);
	}
	int failure = errno;
	free(part);
	if (n < 0)
		return error_system(err, failure, "reading");
	return n == 0 || error_set(err, ERROR_LIMIT, NULL, "this is too large for a dump");
}

/* A pipe is as good as a file; a folder fails by itself. */
static bool read_dump(const char *path, struct bytes *text, struct error *err)
{
	bool is_stdin = str_equal(str_from(path), STR("-"));
	int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return error_system(err, errno, "%s", path);
	bool ok = read_all(fd, text, err);
	if (!is_stdin)
		close(fd);
	return ok || error_context(err, "%s", path);
}

enum exit_status cmd_restore(struct cli *cli)
{
	struct error err;
	struct bytes text = { 0 };
	struct request *request = request_create(REQUEST_RESTORE);
	bool ok = read_dump(cli->args.operands[0], &text, &err);
	request->as.restore.text = arena_str(&request->arena, bytes_str(&text));
	bytes_finish(&text);
	return cli_change(cli, request, ok, &err);
}
