// SPDX-License-Identifier: MIT
#include "storage/readers/readers.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "storage/readers/reader_loop.h"

enum { WALL_MS = 30000, CPU_MS = 20000 };	/* one file: untrusted files, section 8 */

/* What the program says to the process that forks. */
enum order_type { ORDER_SPAWN, ORDER_BURY };

struct order {
	enum order_type type;
	pid_t pid;			/* BURY */
};

struct outcome {
	int status;			/* SPAWN: 0 or errno; BURY: of waitpid() */
	pid_t pid;
};

struct readers {
	struct readers_options options;
	pid_t pid;			/* of the process that forks */
	int fd;				/* to it */
	pthread_mutex_t lock;		/* one order at a time */
};

static void must(int result)
{
	if (result)
		BUG("thread call failed with %d", result);
}

/*
 * The process that forks.
 */

struct nursery {
	int fd;				/* to the program */
	const struct readers_options *options;
};

enum { NURSERY_FD = 3, CHILD_FD = 4 };

/** Nothing of the program stays open here: no database, no lock, no pipe that somebody reads. */
static void keep_only(int fd, int as)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	/* Sanitizers tell what they found on stderr. */
	int last = confine_is_instrumented() ? STDOUT_FILENO : STDERR_FILENO;
	for (int i = 0; null >= 0 && i <= last; i++)
		dup2(null, i);
	if (fd != as)
		dup2(fd, as);
	close_range((unsigned)as + 1, ~0u, 0);
}

static NORETURN void be_reader(const struct nursery *nursery, int fd, pid_t parent)
{
	keep_only(fd, NURSERY_FD);
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (getppid() != parent)
		_exit(0);
	reader_loop(NURSERY_FD, nursery->options->knowledge, nursery->options->read);
}

static struct outcome spawn(const struct nursery *nursery, int fd)
{
	pid_t self = getpid();
	pid_t pid = fd < 0 ? -1 : fork();
	if (pid == 0)
		be_reader(nursery, fd, self);
	struct outcome outcome = { .status = pid < 0 ? errno : 0, .pid = pid };
	close(fd);
	return outcome;
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

union descriptor_room {
	struct cmsghdr header;		/* aligns it */
	char bytes[CMSG_SPACE(sizeof(int))];
};

/** False when the program is gone. */
static bool receive_order(int from, struct order *order, int *fd)
{
	union descriptor_room room;
	struct iovec bytes = { order, sizeof *order };
	struct msghdr message = {
		.msg_iov = &bytes, .msg_iovlen = 1,
		.msg_control = room.bytes, .msg_controllen = sizeof room.bytes,
	};
	ssize_t got;
	*fd = -1;
	do
		got = recvmsg(from, &message, MSG_CMSG_CLOEXEC);
	while (got < 0 && errno == EINTR);
	struct cmsghdr *header = got > 0 ? CMSG_FIRSTHDR(&message) : NULL;
	if (header && header->cmsg_type == SCM_RIGHTS)
		*fd = *(int *)(void *)CMSG_DATA(header);
	return got == sizeof *order;
}

static NORETURN void be_nursery(int fd, const struct readers_options *options)
{
	struct nursery nursery = { .fd = NURSERY_FD, .options = options };
	struct order order;
	int passed;
	/* Ctrl-C and Ctrl-Z are for the program, which ends or stops its scan in order. */
	setsid();
	keep_only(fd, NURSERY_FD);
	reader_loop_warm_up();
	while (receive_order(nursery.fd, &order, &passed)) {
		struct outcome outcome = order.type == ORDER_SPAWN ? spawn(&nursery, passed)
								   : bury(order.pid);
		if (send(nursery.fd, &outcome, sizeof outcome, MSG_NOSIGNAL) < 0)
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

static bool send_order(int to, const struct order *order, int fd)
{
	union descriptor_room room = { .bytes = { 0 } };
	struct iovec bytes = { (void *)(uintptr_t)order, sizeof *order };
	struct msghdr message = { .msg_iov = &bytes, .msg_iovlen = 1 };
	if (fd >= 0) {
		message.msg_control = room.bytes;
		message.msg_controllen = sizeof room.bytes;
		struct cmsghdr *header = CMSG_FIRSTHDR(&message);
		*header = (struct cmsghdr){
			.cmsg_len = CMSG_LEN(sizeof fd), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS,
		};
		*(int *)(void *)CMSG_DATA(header) = fd;
	}
	ssize_t sent;
	do
		sent = sendmsg(to, &message, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent == sizeof *order;
}

/** @fd  goes with it; -1: none. False with errno. */
static bool give_order(struct readers *readers, struct order order, int fd, struct outcome *outcome)
{
	ssize_t got = -1;
	must(pthread_mutex_lock(&readers->lock));
	if (send_order(readers->fd, &order, fd))
		do
			got = recv(readers->fd, outcome, sizeof *outcome, 0);
		while (got < 0 && errno == EINTR);
	must(pthread_mutex_unlock(&readers->lock));
	if (got == 0)
		errno = ECHILD;
	return got == sizeof *outcome;
}

/** Every reader begins by telling how it is confined, before it sees any file. */
static bool receive_walls(int fd, struct confinement *walls)
{
	ssize_t got;
	do
		got = recv(fd, walls, sizeof *walls, MSG_WAITALL);
	while (got < 0 && errno == EINTR);
	if (got == 0)
		errno = ECHILD;
	return got == sizeof *walls;
}

bool readers_spawn(struct readers *readers, struct reader_child *out, struct error *err)
{
	int pair[2];
	struct outcome outcome;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return error_system(err, errno, "making a socket");
	bool is_told = give_order(readers, (struct order){ .type = ORDER_SPAWN }, pair[1], &outcome);
	int why = is_told ? outcome.status : errno;
	close(pair[1]);
	*out = (struct reader_child){ .pid = outcome.pid, .fd = pair[0] };
	if (why) {
		close(pair[0]);
		return error_system(err, why, "starting a reader");
	}
	if (receive_walls(out->fd, &out->walls))
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
