// SPDX-License-Identifier: MIT
#include "storage/readers/readers.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/must.h"
#include "storage/readers/passing.h"
#include "storage/readers/reader_loop.h"
#include "storage/readers/unpack_loop.h"

enum { WALL_MS = 30000, CPU_MS = 20000 }; /* one file: untrusted files, section 8 */

/* What the program says to the process that forks. */
enum order_type { ORDER_SPAWN, ORDER_BURY };

struct order {
	enum order_type type;
	enum reader_duty duty; /* SPAWN */
	pid_t pid;             /* BURY */
};

struct outcome {
	int status; /* SPAWN: 0 or errno; BURY: of waitpid() */
	pid_t pid;
};

struct readers {
	struct readers_options options;
	pid_t pid;            /* of the process that forks */
	int fd;               /* to it */
	pthread_mutex_t lock; /* one order at a time */
	atomic_bool has_told;
};

/*
 * The process that forks.
 */

enum {
	TALK_FD = 3, /* of both kinds of process, to whom they serve */
	DESCRIPTORS_TRIED_MAX = 65536,
};

/** Nothing of the program stays open here: no database, no lock, no pipe that somebody reads. */
static void keep_only(int fd)
{
	/* First of all: it may lie where a standard stream is missing. */
	if (fd != TALK_FD)
		dup2(fd, TALK_FD);
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	/* Sanitizers tell what they found on stderr. */
	int last = confine_is_instrumented() ? STDOUT_FILENO : STDERR_FILENO;
	for (int i = 0; null >= 0 && i <= last; i++)
		dup2(null, i);
	if (close_range(TALK_FD + 1, ~0u, 0) == 0)
		return;
	/* A container may refuse the call. */
	long end = sysconf(_SC_OPEN_MAX);
	for (int i = TALK_FD + 1; i < (end < DESCRIPTORS_TRIED_MAX ? end : DESCRIPTORS_TRIED_MAX);
	     i++)
		close(i);
}

static NORETURN void be_reader(const struct readers_options *options, enum reader_duty duty, int fd,
			       pid_t parent)
{
	keep_only(fd);
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (getppid() != parent)
		_exit(0);
	if (duty == READER_UNPACKS)
		unpack_loop(TALK_FD);
	reader_loop(TALK_FD, options->knowledge, duty == READER_IDENTIFIES_FOR_INDEX,
		    options->read);
}

static struct outcome spawn(const struct readers_options *options, enum reader_duty duty, int fd)
{
	pid_t self = getpid(), pid = fork();
	if (pid == 0)
		be_reader(options, duty, fd, self);
	return (struct outcome){ .status = pid < 0 ? errno : 0, .pid = pid };
}

static struct outcome bury(pid_t pid)
{
	struct outcome outcome = { .pid = pid };
	/* One that is dying already keeps the status that it dies with. */
	kill(pid, SIGKILL);
	while (waitpid(pid, &outcome.status, 0) < 0)
		if (errno != EINTR)
			return (struct outcome){ .status = -1, .pid = pid };
	return outcome;
}

static struct outcome carry_out(const struct readers_options *options, const struct order *order,
				struct array *fds)
{
	struct outcome outcome = { .status = EBADF };
	if (order->type == ORDER_BURY)
		return bury(order->pid);
	reader_loop_warm_up(order->duty == READER_IDENTIFIES_FOR_INDEX);
	if (fds->len)
		outcome = spawn(options, order->duty, *ARRAY_AT(fds, int, 0));
	for (size_t i = 0; i < fds->len; i++)
		close(*ARRAY_AT(fds, int, i));
	array_clear(fds);
	return outcome;
}

static NORETURN void be_nursery(int fd, const struct readers_options *options)
{
	struct order order;
	struct array fds = ARRAY_OF(int);
	/* Ctrl-C and Ctrl-Z are for the program, which ends or stops its scan in order. */
	setpgid(0, 0);
	/* Whoever started the program may not care for its children: we do. */
	signal(SIGCHLD, SIG_DFL);
	keep_only(fd);
	while (passing_receive(TALK_FD, &order, sizeof order, &fds) == sizeof order) {
		struct outcome outcome = carry_out(options, &order, &fds);
		if (passing_send(TALK_FD, &outcome, sizeof outcome, NULL, 0) < 0)
			break;
	}
	/* Its children are killed by its end. */
	_exit(0);
}

/*
 * The program.
 */

struct readers *readers_open(const struct readers_options *options, struct error *err)
{
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair)) {
		error_system(err, errno, "making a socket");
		return NULL;
	}
	struct readers *readers = calloc(1, sizeof *readers);
	if (!readers)
		die_oom();
	readers->options = *options;
	if (!options->read)
		readers->options.read = model_reader_read;
	if (!options->wall_ms)
		readers->options.wall_ms = WALL_MS;
	if (!options->cpu_ms)
		readers->options.cpu_ms = CPU_MS;
	must(pthread_mutex_init(&readers->lock, NULL));
	readers->fd = pair[0];
	readers->pid = fork();
	if (readers->pid == 0)
		be_nursery(pair[1], &readers->options);
	close(pair[1]);
	if (readers->pid > 0)
		return readers;
	error_system(err, errno, "forking");
	readers_close(readers);
	return NULL;
}

void readers_close(struct readers *readers)
{
	if (!readers)
		return;
	close(readers->fd);
	while (readers->pid > 0 && waitpid(readers->pid, NULL, 0) < 0 && errno == EINTR)
		;
	must(pthread_mutex_destroy(&readers->lock));
	free(readers);
}

const struct readers_options *readers_options(const struct readers *readers)
{
	return &readers->options;
}

bool readers_must_tell(struct readers *readers, const struct confinement *walls)
{
	return !walls->has_filter && !confine_is_instrumented() &&
	       !atomic_exchange(&readers->has_told, true);
}

static bool receive_all(int from, void *bytes, size_t len)
{
	ssize_t got;
	do
		got = recv(from, bytes, len, MSG_WAITALL);
	while (got < 0 && errno == EINTR);
	if (got == 0)
		errno = ECHILD;
	return got == (ssize_t)len;
}

/** @fd  goes with it; -1: none. False with errno. */
static bool give_order(struct readers *readers, struct order order, int fd, struct outcome *outcome)
{
	must(pthread_mutex_lock(&readers->lock));
	bool is_done = passing_send(readers->fd, &order, sizeof order, &fd, fd >= 0) > 0 &&
		       receive_all(readers->fd, outcome, sizeof *outcome);
	must(pthread_mutex_unlock(&readers->lock));
	return is_done;
}

/** Who sends to a reader that takes nothing does not wait for ever. */
static bool make_sockets(const struct readers *readers, int pair[2])
{
	int wall_ms = readers->options.wall_ms;
	struct timeval patience = { wall_ms / 1000, wall_ms % 1000 * 1000 };
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return false;
	if (setsockopt(pair[0], SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) == 0)
		return true;
	close(pair[0]);
	close(pair[1]);
	return false;
}

bool readers_spawn(struct readers *readers, enum reader_duty duty, struct reader_child *out,
		   struct error *err)
{
	struct order order = { .type = ORDER_SPAWN, .duty = duty };
	int pair[2];
	struct outcome outcome = { 0 };
	if (!make_sockets(readers, pair))
		return error_system(err, errno, "making a socket");
	bool is_told = give_order(readers, order, pair[1], &outcome);
	int why = is_told ? outcome.status : errno;
	close(pair[1]);
	*out = (struct reader_child){ .pid = outcome.pid, .fd = pair[0] };
	if (why) {
		close(pair[0]);
		return error_system(err, why, "starting a reader");
	}
	/* Every reader begins by telling how it is confined, before it sees any file. */
	if (receive_all(out->fd, &out->walls, sizeof out->walls))
		return true;
	error_system(err, errno, "a reader did not start");
	readers_bury(readers, out);
	return false;
}

int readers_bury(struct readers *readers, const struct reader_child *child)
{
	struct outcome outcome;
	struct order order = { .type = ORDER_BURY, .pid = child->pid };
	bool is_told = give_order(readers, order, -1, &outcome);
	close(child->fd);
	return is_told ? outcome.status : -1;
}
