// SPDX-License-Identifier: MIT
#include "storage/readers/reader_process.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "storage/readers/passing.h"
#include "storage/readers/reader_loop.h"

enum {
	TICK_MS = 250,      /* how often the time of a reader is looked at */
	IDLE_CPU_MS = 1000, /* who took less than that has waited for the disk */
	PIECE_BYTES = 32 << 10,
};

/** Why a reader gave no answer. */
enum end {
	END_NONE,
	END_CRASH, /* it died; its status says of what */
	END_TIME,
	END_WAITING, /* it computed for too long; it waited for the disk */
	END_LIES,    /* what it said is not what readers say */
	END_CANCELLED,
};

struct reader_process {
	struct readers *readers; /* borrowed, as `is_cancelled` */
	const atomic_bool *is_cancelled;
	bool gives_facts;
	struct reader_child child; /* pid 0: none */
	struct bytes out, in;
	struct array fds; /* int: those of the request */
	size_t taken;     /* bytes of `in` */
};

struct reader_process *reader_process_create(struct readers *readers, bool gives_facts,
					     const atomic_bool *is_cancelled)
{
	struct reader_process *process = calloc(1, sizeof *process);
	if (!process)
		die_oom();
	process->readers = readers;
	process->gives_facts = gives_facts;
	process->is_cancelled = is_cancelled;
	process->fds = ARRAY_OF(int);
	return process;
}

static int bury(struct reader_process *process)
{
	int status = readers_bury(process->readers, &process->child);
	process->child.pid = 0;
	return status;
}

void reader_process_destroy(struct reader_process *process)
{
	if (!process)
		return;
	if (process->child.pid)
		bury(process);
	bytes_finish(&process->out);
	bytes_finish(&process->in);
	array_finish(&process->fds);
	free(process);
}

const struct confinement *reader_process_walls(const struct reader_process *process)
{
	return process->child.pid ? &process->child.walls : NULL;
}

static int64_t clock_ms(clockid_t clock)
{
	struct timespec time;
	return clock_gettime(clock, &time) ? 0
					   : (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static int64_t cpu_ms(const struct reader_process *process)
{
	clockid_t clock;
	return clock_getcpuclockid(process->child.pid, &clock) ? 0 : clock_ms(clock);
}

/** A reader reads all of a request before it answers, so this ends, unless the reader has. */
static bool send_request(struct reader_process *process)
{
	const char *bytes = process->out.ptr;
	size_t len = process->out.len;
	const int *fds = process->fds.ptr;
	size_t n_fds = process->fds.len;
	while (len) {
		size_t n = n_fds < PASSING_DESCRIPTORS_MAX ? n_fds : PASSING_DESCRIPTORS_MAX;
		/* Of more than go at once, each part but the last goes with one byte. */
		ssize_t sent = passing_send(process->child.fd, bytes, n < n_fds ? 1 : len, fds, n);
		if (sent <= 0)
			return false;
		bytes += sent;
		len -= (size_t)sent;
		fds += n;
		n_fds -= n;
	}
	return true;
}

/** How long the reader has been at one file. */
struct stopwatch {
	int64_t began_ms;
	int64_t cpu_began_ms; /* as seen at the first look; -1: not yet */
	bool was_late;
};

static bool is_cancelled(const struct reader_process *process)
{
	return process->is_cancelled &&
	       atomic_load_explicit(process->is_cancelled, memory_order_relaxed);
}

static bool is_late(struct stopwatch *watch, int limit_ms)
{
	return clock_ms(CLOCK_MONOTONIC) - watch->began_ms >= limit_ms;
}

/**
 * May what has come be taken, late as it is? Once: a program that was stopped wakes up late, and
 * finds what came meanwhile. Who goes on byte by byte does not get done.
 */
static bool is_forgiven(struct stopwatch *watch)
{
	bool is_first = !watch->was_late;
	watch->was_late = true;
	watch->began_ms = clock_ms(CLOCK_MONOTONIC);
	return is_first;
}

/** Waits until there is something to take. */
static enum end wait_for(struct reader_process *process, struct stopwatch *watch)
{
	const struct readers_options *limits = readers_options(process->readers);
	for (;;) {
		struct pollfd waiting = { .fd = process->child.fd, .events = POLLIN };
		int tick_ms = limits->cpu_ms < TICK_MS ? limits->cpu_ms : TICK_MS;
		int n = poll(&waiting, 1, limits->wall_ms < tick_ms ? limits->wall_ms : tick_ms);
		if (n > 0)
			return !is_late(watch, limits->wall_ms) || is_forgiven(watch) ? END_NONE
										      : END_TIME;
		if (is_cancelled(process))
			return END_CANCELLED;
		int64_t used_ms = cpu_ms(process);
		if (watch->cpu_began_ms < 0)
			watch->cpu_began_ms = used_ms;
		used_ms -= watch->cpu_began_ms;
		if (used_ms >= limits->cpu_ms)
			return END_TIME;
		if (is_late(watch, limits->wall_ms))
			return used_ms < IDLE_CPU_MS ? END_WAITING : END_TIME;
	}
}

/** Until there are `len` bytes that were not taken. */
static enum end receive(struct reader_process *process, size_t len, struct stopwatch *watch)
{
	char piece[PIECE_BYTES];
	while (process->in.len - process->taken < len) {
		ssize_t got = recv(process->child.fd, piece, sizeof piece, MSG_DONTWAIT);
		if (got > 0) {
			bytes_append(&process->in, piece, (size_t)got);
			continue;
		}
		if (got == 0 || (errno != EAGAIN && errno != EINTR))
			return END_CRASH;
		enum end end = wait_for(process, watch);
		if (end)
			return end;
	}
	return END_NONE;
}

static struct str take(struct reader_process *process, size_t len)
{
	struct str taken = str_slice(bytes_str(&process->in), process->taken, process->taken + len);
	process->taken += len;
	return taken;
}

static enum end receive_reply(struct reader_process *process, struct arena *arena,
			      struct reader_answer *out)
{
	struct stopwatch watch = { .began_ms = clock_ms(CLOCK_MONOTONIC), .cpu_began_ms = -1 };
	struct wire_head head;
	struct error err;
	enum end end = receive(process, sizeof head, &watch);
	if (end)
		return end;
	memcpy(&head, take(process, sizeof head).ptr, sizeof head);
	if (head.body_bytes > WIRE_REPLY_BYTES_MAX || head.n_descriptors)
		return END_LIES;
	end = receive(process, head.body_bytes, &watch);
	if (end)
		return end;
	return wire_take_reply(take(process, head.body_bytes),
			       readers_options(process->readers)->knowledge, arena, &out->flat,
			       &out->model, &err)
		       ? END_NONE
		       : END_LIES;
}

/** Sends models to the reader and takes its answers; `*done` of them came. */
static enum end exchange(struct reader_process *process, const struct opened *const *opened,
			 size_t n, struct arena *arena, struct reader_answer *out, size_t *done)
{
	*done = 0;
	bytes_clear(&process->out);
	bytes_clear(&process->in);
	process->taken = 0;
	wire_put_request(opened, n, &process->out, &process->fds);
	if (!send_request(process))
		return END_CRASH;
	for (; *done < n; ++*done) {
		enum end end = receive_reply(process, arena, &out[*done]);
		if (end)
			return end;
	}
	/* Who answers what it was not asked is not what it was any more. */
	return process->in.len == process->taken ? END_NONE : END_LIES;
}

/** What a dead reader died of, in a word or two. */
static struct str name_death(int status, struct arena *arena)
{
	if (status == -1 || (WIFEXITED(status) && WEXITSTATUS(status) != READER_NO_MEMORY))
		return STR("it ended");
	/* Nobody else kills them, but the kernel when memory ends. */
	if (WIFEXITED(status) || WTERMSIG(status) == SIGKILL)
		return STR("memory");
	if (WTERMSIG(status) == SIGSYS)
		return STR("forbidden system call");
	if (WTERMSIG(status) == SIGXCPU)
		return STR("time");
	const char *name = sigdescr_np(WTERMSIG(status));
	return name ? arena_str(arena, str_from(name)) : STR("a signal");
}

static struct str name_end(enum end end, int status, struct arena *arena)
{
	switch (end) {
	case END_CRASH: return name_death(status, arena);
	case END_TIME: return STR("time");
	case END_LIES: return STR("its answer makes no sense");
	case END_NONE:
	case END_WAITING:
	case END_CANCELLED: break;
	}
	return STR("");
}

/** No fault of the file: it may go better the next time. */
static void fail_unread(struct reader_answer *answer, const char *why, struct arena *arena)
{
	answer->trouble.code = STR("E_IO");
	answer->trouble.message = arena_strf(arena, "cannot read: %s", why);
	answer->is_passing = true;
}

/** The model that a reader did not get done with. */
static void fail(struct reader_answer *answer, enum end end, int status, struct arena *arena)
{
	if (end == END_WAITING) {
		fail_unread(answer, "the disk gave nothing for too long", arena);
		return;
	}
	answer->trouble.code = STR("E_WORKER");
	answer->trouble.message = arena_strf(arena,
					     "reading this file crashed the reader (%s); "
					     "the file is quarantined from scans until it changes",
					     name_end(end, status, arena).ptr);
}

static bool has_reader(struct reader_process *process, struct error *err)
{
	if (process->child.pid)
		return true;
	if (readers_spawn(process->readers,
			  process->gives_facts ? READER_IDENTIFIES_FOR_INDEX : READER_IDENTIFIES,
			  &process->child, err))
		return true;
	process->child.pid = 0;
	return false;
}

/**
 * Reads some of the models, at least one, or finds the first to be the one that readers end on.
 *
 * @is_suspect  a reader ended on the first of them: once more, alone, by a reader that saw nothing
 *              else, before anything is said of it
 * @return      how many are done with
 */
static size_t read_some(struct reader_process *process, const struct opened *const *opened,
			size_t n, struct arena *arena, struct reader_answer *out, bool *is_suspect)
{
	struct error err;
	size_t done;
	if (!has_reader(process, &err)) {
		fail_unread(out, err.text, arena);
		return 1;
	}
	size_t asked = *is_suspect ? 1 : n;
	bool was_suspect = *is_suspect;
	enum end end = exchange(process, opened, asked, arena, out, &done);
	*is_suspect = false;
	if (!end)
		return done;
	int status = bury(process);
	if (done == asked)
		return done;
	if (end == END_CANCELLED) {
		for (size_t i = done; i < n; i++)
			out[i].was_cancelled = true;
		return n;
	}
	if (!was_suspect && end != END_TIME && end != END_WAITING) {
		*is_suspect = true;
		return done;
	}
	fail(&out[done], end, status, arena);
	return done + 1;
}

void reader_process_read(struct reader_process *process, const struct opened *const *opened,
			 size_t n, struct arena *arena, struct reader_answer *out)
{
	bool is_suspect = false;
	for (size_t i = 0; i < n; i++)
		out[i] = (struct reader_answer){ 0 };
	for (size_t at = 0; at < n;)
		at += read_some(process, opened + at, n - at, arena, out + at, &is_suspect);
}
