// SPDX-License-Identifier: MIT
#include "tui/term/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define RESTORE_MAX 512

static const struct {
	int number;
	unsigned bit;
} told[] = {
	{ SIGWINCH, SIGNAL_RESIZE }, { SIGTSTP, SIGNAL_STOP }, { SIGCONT, SIGNAL_CONTINUE },
	{ SIGTERM, SIGNAL_END },     { SIGHUP, SIGNAL_END },   { SIGINT, SIGNAL_END },
};

static const int crashes[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };

#define N_TOLD (sizeof(told) / sizeof(*told))
#define N_CRASHES (sizeof(crashes) / sizeof(*crashes))

static int pipe_fds[2] = { -1, -1 };
static int terminal_fd;
static char restore_bytes[RESTORE_MAX];
static size_t restore_len;
static struct termios modes_before;
static bool has_modes;
static struct sigaction told_before[N_TOLD], crashes_before[N_CRASHES];

static void tell(int number)
{
	int saved = errno;
	for (size_t i = 0; i < N_TOLD; i++) {
		if (told[i].number != number)
			continue;
		char byte = (char)told[i].bit;
		ssize_t n = write(pipe_fds[1], &byte, 1);
		(void)n; /* a full pipe says the same already */
	}
	errno = saved;
}

/* Brings the terminal back, then lets whoever was there before (a sanitizer, the system) go on. */
static void crash(int number)
{
	ssize_t n = write(terminal_fd, restore_bytes, restore_len);
	(void)n; /* nobody is left to tell */
	if (has_modes)
		tcsetattr(terminal_fd, TCSANOW, &modes_before);
	for (size_t i = 0; i < N_CRASHES; i++)
		sigaction(crashes[i], &crashes_before[i], NULL);
	raise(number);
}

static void install(int number, void (*handler)(int), struct sigaction *before)
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = SA_RESTART };
	sigemptyset(&action.sa_mask);
	sigaction(number, &action, before);
}

static bool make_pipe(struct error *err)
{
	if (pipe(pipe_fds) < 0)
		return error_system(err, errno, "signals: pipe");
	for (int i = 0; i < 2; i++) {
		if (fcntl(pipe_fds[i], F_SETFL, O_NONBLOCK) < 0 ||
		    fcntl(pipe_fds[i], F_SETFD, FD_CLOEXEC) < 0)
			return error_system(err, errno, "signals: pipe");
	}
	return true;
}

void signals_restore_with(const char *bytes)
{
	size_t len = strlen(bytes);
	restore_len = len < RESTORE_MAX ? len : 0; /* half a sequence is worse than none */
	memcpy(restore_bytes, bytes, restore_len);
}

bool signals_open(int fd, struct error *err)
{
	if (!make_pipe(err))
		return false;
	terminal_fd = fd;
	restore_len = 0;
	has_modes = tcgetattr(fd, &modes_before) == 0;
	for (size_t i = 0; i < N_TOLD; i++)
		install(told[i].number, tell, &told_before[i]);
	for (size_t i = 0; i < N_CRASHES; i++)
		install(crashes[i], crash, &crashes_before[i]);
	return true;
}

void signals_close(void)
{
	for (size_t i = 0; i < N_TOLD; i++)
		sigaction(told[i].number, &told_before[i], NULL);
	for (size_t i = 0; i < N_CRASHES; i++)
		sigaction(crashes[i], &crashes_before[i], NULL);
	for (int i = 0; i < 2; i++) {
		close(pipe_fds[i]);
		pipe_fds[i] = -1;
	}
}

int signals_fd(void)
{
	return pipe_fds[0];
}

unsigned signals_take(void)
{
	unsigned bits = 0;
	char bytes[64];
	ssize_t n;
	while ((n = read(pipe_fds[0], bytes, sizeof(bytes))) > 0)
		for (ssize_t i = 0; i < n; i++)
			bits |= (unsigned char)bytes[i];
	return bits;
}

void signals_stop_self(void)
{
	struct sigaction action = { .sa_handler = SIG_DFL }, ours;
	sigemptyset(&action.sa_mask);
	sigaction(SIGTSTP, &action, &ours);
	raise(SIGTSTP);
	sigaction(SIGTSTP, &ours, NULL);
}
