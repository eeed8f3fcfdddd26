// SPDX-License-Identifier: MIT
#include "tests/support/trouble.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/base/error.h"
#include "storage/readers/wire.h"

/* Where a reader speaks to the program: readers.c. */
enum { TALK_FD = 3 };

static void say(const void *bytes, size_t len)
{
	if (write(TALK_FD, bytes, len) < 0)
		abort();
}

static void crash(void)
{
	abort();
}

static void be_killed(void)
{
	raise(SIGKILL);
}

static void loop(void)
{
	for (volatile unsigned turns = 0;; turns++)
		;
}

static void hang(void)
{
	for (;;)
		pause();
}

static void leave(void)
{
	_exit(0);
}

static void babble(void)
{
	char noise[64];
	memset(noise, 'x', sizeof noise);
	say(noise, sizeof noise);
}

/** The head of an answer, and nothing after it. */
static void stutter(void)
{
	const struct wire_head head = { .body_bytes = 1000 };
	say(&head, sizeof head);
	hang();
}

/** Its answer takes for ever, a byte at a time. */
static void trickle(void)
{
	const struct wire_head head = { .body_bytes = WIRE_REPLY_BYTES_MAX };
	const struct timespec nap = { .tv_nsec = 10000000 };
	say(&head, sizeof head);
	for (;;) {
		say("x", 1);
		nanosleep(&nap, NULL);
	}
}

/** A frame as it should be around what is none. */
static void mislead(void)
{
	struct bytes out = { 0 };
	const struct flat flat = { .model = STR("\x01no model at all") };
	wire_put_reply(&flat, &out);
	say(out.ptr, out.len);
	bytes_finish(&out);
}

/** Asks for more until nothing is given any more; uses none of it, so that the machine has it. */
static void hoard(void)
{
	struct arena arena = { 0 };
	while (arena_try_bytes(&arena, 16 << 20))
		;
	die_oom();
}

static void peek(void)
{
	if (open("/etc/passwd", O_RDONLY | O_CLOEXEC) < 0)
		abort();
}

static const struct {
	struct str word;
	void (*run)(void);
} troubles[] = {
	{ { "crash", 5 }, crash },     { { "killed", 6 }, be_killed },
	{ { "loop", 4 }, loop },       { { "hang", 4 }, hang },
	{ { "leave", 5 }, leave },     { { "starve", 6 }, die_oom },
	{ { "babble", 6 }, babble },   { { "stutter", 7 }, stutter },
	{ { "trickle", 7 }, trickle }, { { "mislead", 7 }, mislead },
	{ { "hoard", 5 }, hoard },     { { "peek", 4 }, peek },
};

void trouble_read(struct model_reader *reader, const struct opened *opened, struct arena *arena,
		  struct flat *out)
{
	for (size_t i = 0; i < sizeof troubles / sizeof *troubles; i++)
		if (str_has_prefix(opened->file_name, troubles[i].word))
			troubles[i].run();
	model_reader_read(reader, opened, arena, out);
}
