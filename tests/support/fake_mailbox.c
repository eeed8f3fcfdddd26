// SPDX-License-Identifier: MIT
/*
 * The functions of storage/library.h over a fake library: what the loop talks to when the terminal
 * is tested without a disk. Takes the place of the real ones at link time.
 */
#include "tests/support/fake_mailbox.h"

#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/base/error.h"

struct library {
	struct fake_library fake;
	struct array events; /* struct event *, waiting */
	int fds[2];          /* one byte an event */
};

struct library *fake_mailbox_open(const char *world)
{
	struct library *library = calloc(1, sizeof(*library));
	if (!library || pipe(library->fds) < 0)
		die_oom();
	fake_library_init(&library->fake, world);
	library->events = ARRAY_OF(struct event *);
	return library;
}

const struct knowledge *fake_mailbox_knowledge(const struct library *library)
{
	return library->fake.knowledge;
}

void library_close(struct library *library)
{
	for (size_t i = 0; i < library->events.len; i++)
		event_destroy(*ARRAY_AT(&library->events, struct event *, i));
	array_finish(&library->events);
	fake_library_finish(&library->fake);
	close(library->fds[0]);
	close(library->fds[1]);
	free(library);
}

bool library_can_write(const struct library *library, int *holder_pid)
{
	(void)library;
	*holder_pid = 0;
	return true;
}

void library_send(struct library *library, struct request *request)
{
	struct event *events[2];
	size_t n = fake_library_answer(&library->fake, request, events);
	for (size_t i = 0; i < n; i++) {
		*ARRAY_PUSH(&library->events, struct event *) = events[i];
		if (write(library->fds[1], "", 1) != 1)
			BUG("pipe of the fake");
	}
}

struct event *library_receive(struct library *library, int timeout_ms)
{
	struct pollfd fd = { .fd = library->fds[0], .events = POLLIN };
	char byte;
	if (poll(&fd, 1, timeout_ms) != 1 || read(library->fds[0], &byte, 1) != 1)
		return NULL;
	struct event **events = library->events.ptr, *first = events[0];
	for (size_t i = 1; i < library->events.len; i++)
		events[i - 1] = events[i];
	array_pop(&library->events);
	return first;
}

int library_fd(const struct library *library)
{
	return library->fds[0];
}
