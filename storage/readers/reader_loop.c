// SPDX-License-Identifier: MIT
#include "storage/readers/reader_loop.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/hash.h"
#include "storage/files/archive.h"
#include "storage/readers/passing.h"
#include "storage/readers/wire.h"

enum { PIECE_BYTES = 32 << 10 };

struct loop {
	int fd;
	struct model_reader *reader;
	readers_read_fn read;
	struct arena arena; /* of one request */
	struct bytes in, out;
	struct array fds; /* int: those that came with it */
};

/* What the program shall not see as a failure of its own: who talks to us is gone. */
static NORETURN void leave(void)
{
	_exit(0);
}

static int compare_bytes(const void *a, const void *b)
{
	return memcmp(a, b, 1);
}

/** glibc asks how much memory there is when it first sorts something large. */
static void sort_something(void)
{
	char many[4096] = { 1 };
	qsort(many, sizeof many, 1, compare_bytes);
}

/** libcrypto reads its settings for the first hash; that takes longer than all the rest. */
static void hash_something(void)
{
	char hex[SHA256_HEX + 1];
	struct sha256 *sha = sha256_create();
	sha256_add(sha, "", 0);
	sha256_hex(sha, hex);
}

void reader_loop_warm_up(bool gives_facts)
{
	sort_something();
	archive_prepare_process();
	if (gives_facts)
		hash_something();
}

static NORETURN void leave_without_memory(void)
{
	_exit(READER_NO_MEMORY);
}

/** When memory ends, rather this process than any other; where that cannot be said, as it comes. */
static void offer_to_die(void)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	(void)!write(fd, "1000", 4);
	close(fd);
}

/** Takes what has come, waiting for it. */
static void receive(struct loop *loop)
{
	char piece[PIECE_BYTES];
	ssize_t got = passing_receive(loop->fd, piece, sizeof piece, &loop->fds);
	if (got < 0)
		BUG("receiving failed with %d", errno);
	if (got == 0)
		leave();
	bytes_append(&loop->in, piece, (size_t)got);
}

/** Waits for a request. The program sends the next one only when this one is answered. */
static struct str receive_request(struct loop *loop)
{
	struct wire_head head;
	bytes_clear(&loop->in);
	array_clear(&loop->fds);
	while (loop->in.len < sizeof head)
		receive(loop);
	memcpy(&head, loop->in.ptr, sizeof head);
	while (loop->in.len - sizeof head < head.body_bytes || loop->fds.len < head.n_descriptors)
		receive(loop);
	return str_slice(bytes_str(&loop->in), sizeof head, loop->in.len);
}

void reader_loop_send(int fd, const char *bytes, size_t len)
{
	while (len) {
		ssize_t sent = write(fd, bytes, len);
		if (sent < 0 && errno != EINTR)
			leave();
		if (sent > 0) {
			bytes += sent;
			len -= (size_t)sent;
		}
	}
}

static void answer(struct loop *loop, const struct opened *opened)
{
	struct flat flat = { 0 };
	loop->read(loop->reader, opened, &loop->arena, &flat);
	bytes_clear(&loop->out);
	wire_put_reply(&flat, &loop->out);
	reader_loop_send(loop->fd, loop->out.ptr, loop->out.len);
}

static void answer_request(struct loop *loop)
{
	struct opened *opened;
	size_t n;
	struct error err;
	struct str body = receive_request(loop);
	arena_reset(&loop->arena);
	if (!wire_take_request(body, loop->fds.ptr, loop->fds.len, &loop->arena, &opened, &n, &err))
		BUG("%s", err.text);
	for (size_t i = 0; i < n; i++) {
		answer(loop, &opened[i]);
		opened_close(&opened[i]);
	}
}

void reader_loop_confine(int fd)
{
	/* Whoever calls exit() here is die_oom(), and what others want done at the end is not ours. */
	if (atexit(leave_without_memory))
		die_oom();
	offer_to_die();
	struct confinement walls = confine_self();
	reader_loop_send(fd, (const char *)&walls, sizeof walls);
}

NORETURN void reader_loop(int fd, const struct knowledge *knowledge, bool gives_facts,
			  readers_read_fn read)
{
	struct loop loop = {
		.fd = fd,
		.read = read,
		.reader = model_reader_create(knowledge, gives_facts),
		.fds = ARRAY_OF(int),
	};
	reader_loop_confine(fd);
	for (;;)
		answer_request(&loop);
}
