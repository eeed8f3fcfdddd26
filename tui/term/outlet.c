// SPDX-License-Identifier: MIT
#include "tui/term/outlet.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

bool outlet_open(struct outlet *outlet, int terminal, struct error *err)
{
	*outlet = (struct outlet){ .terminal = terminal, .memory = -1 };
	outlet->curses = dup(terminal);
	if (outlet->curses < 0)
		return error_system(err, errno, "terminal");
	outlet->bytes = malloc(OUTLET_BYTES);
	if (!outlet->bytes)
		die_oom();
	outlet->memory = memfd_create("frame", MFD_CLOEXEC);
	return true; /* without memory it works as well, in smaller pieces */
}

void outlet_close(struct outlet *outlet)
{
	if (outlet->memory >= 0)
		close(outlet->memory);
	free(outlet->bytes);
}

void outlet_begin(struct outlet *outlet)
{
	if (outlet->memory >= 0 && dup2(outlet->memory, outlet->curses) < 0) {
		close(outlet->memory);
		outlet->memory = -1;
	}
}

/* A terminal that does not take bytes for this long is gone or stopped; the frame is dropped. */
#define PATIENCE_MS 10000

static void write_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, bytes, len);
		if (n > 0) {
			bytes += n;
			len -= (size_t)n;
			continue;
		}
		struct pollfd wait = { .fd = fd, .events = POLLOUT };
		bool may_retry = n < 0 && (errno == EINTR || errno == EAGAIN);
		if (!may_retry || poll(&wait, 1, PATIENCE_MS) == 0)
			return;
	}
}

/*
 * With most changes of attributes curses chooses the usual character set, "ESC ( B" or SI, although
 * no frame of ours ever leaves it: an eighth of all bytes. @return how many are left
 */
static size_t drop_charsets(char *bytes, size_t len)
{
	size_t kept = 0;
	for (size_t i = 0; i < len; i++) {
		if (bytes[i] == '\x0f')
			continue;
		if (len - i >= 3 && memcmp(bytes + i, "\x1b(B", 3) == 0)
			i += 2;
		else
			bytes[kept++] = bytes[i];
	}
	return kept;
}

void outlet_send(struct outlet *outlet)
{
	if (outlet->memory < 0)
		return;
	ssize_t n;
	off_t at = 0;
	while ((n = pread(outlet->memory, outlet->bytes, OUTLET_BYTES, at)) > 0) {
		write_all(outlet->terminal, outlet->bytes, drop_charsets(outlet->bytes, (size_t)n));
		at += n;
	}
	if (ftruncate(outlet->memory, 0) < 0 || lseek(outlet->memory, 0, SEEK_SET) < 0 ||
	    dup2(outlet->terminal, outlet->curses) < 0)
		outlet->memory = -1;
}
