// SPDX-License-Identifier: MIT
#include "tests/terminal/terminal.h"

#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <vterm.h>

struct terminal {
	VTerm *vterm;
	VTermScreen *screen;
	int fd, cols, rows;
	pid_t pid;
	bool has_ended;
	int status;
	char *log;
	size_t log_len, log_cap;
	char *text;
};

static int64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void *must(void *ptr)
{
	if (!ptr)
		abort();
	return ptr;
}

static void answer(const char *bytes, size_t len, void *context)
{
	struct terminal *terminal = context;
	if (write(terminal->fd, bytes, len) < 0)
		return; /* the program is gone: the wait will say so */
}

struct terminal *terminal_start(int cols, int rows, const char *term, char *const argv[])
{
	struct terminal *terminal = must(calloc(1, sizeof *terminal));
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols };

	terminal->cols = cols;
	terminal->rows = rows;
	terminal->vterm = must(vterm_new(rows, cols));
	vterm_set_utf8(terminal->vterm, 1);
	vterm_output_set_callback(terminal->vterm, answer, terminal);
	terminal->screen = vterm_obtain_screen(terminal->vterm);
	vterm_screen_enable_altscreen(terminal->screen, 1);
	vterm_screen_reset(terminal->screen, 1);
	terminal->pid = forkpty(&terminal->fd, NULL, NULL, &size);
	if (terminal->pid == 0) {
		setenv("TERM", term, 1);
		unsetenv("NO_COLOR");
		unsetenv("LINES");
		unsetenv("COLUMNS");
		execvp(argv[0], argv);
		_exit(127);
	}
	if (terminal->pid < 0)
		abort();
	return terminal;
}

static void keep(struct terminal *terminal, const char *bytes, size_t len)
{
	if (terminal->log_len + len + 1 > terminal->log_cap) {
		terminal->log_cap = (terminal->log_len + len + 1) * 2;
		terminal->log = must(realloc(terminal->log, terminal->log_cap));
	}
	memcpy(terminal->log + terminal->log_len, bytes, len);
	terminal->log_len += len;
	terminal->log[terminal->log_len] = 0;
	vterm_input_write(terminal->vterm, bytes, len);
}

/* Bytes that came within `limit_ms`; 0 when none did, -1 when the program has closed its end. */
static ssize_t pump(struct terminal *terminal, int limit_ms)
{
	struct pollfd wait = { .fd = terminal->fd, .events = POLLIN };
	char bytes[65536];
	if (terminal->has_ended || poll(&wait, 1, limit_ms) <= 0)
		return terminal->has_ended ? -1 : 0;
	ssize_t n = read(terminal->fd, bytes, sizeof bytes);
	if (n <= 0) {
		terminal->has_ended = true;
		return -1;
	}
	keep(terminal, bytes, (size_t)n);
	return n;
}

void terminal_send(struct terminal *terminal, const char *keys)
{
	for (size_t left = strlen(keys); left > 0;) {
		ssize_t n = write(terminal->fd, keys, left);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		keys += n;
		left -= (size_t)n;
	}
}

void terminal_resize(struct terminal *terminal, int cols, int rows)
{
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols };
	terminal->cols = cols;
	terminal->rows = rows;
	vterm_set_size(terminal->vterm, rows, cols);
	ioctl(terminal->fd, TIOCSWINSZ, &size);
}

static size_t put_utf8(char *to, uint32_t c)
{
	if (c < 0x80) {
		to[0] = (char)c;
		return 1;
	}
	size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	for (size_t i = n - 1; i > 0; i--, c >>= 6)
		to[i] = (char)(0x80 | (c & 0x3F));
	to[0] = (char)((n == 2 ? 0xC0 : n == 3 ? 0xE0 : 0xF0) | c);
	return n;
}

const char *terminal_screen(struct terminal *terminal)
{
	size_t room = (size_t)terminal->rows *
		      ((size_t)terminal->cols * 4 * VTERM_MAX_CHARS_PER_CELL + 1);
	char *to = terminal->text = must(realloc(terminal->text, room + 1));
	for (int y = 0; y < terminal->rows; y++) {
		char *line = to;
		for (int x = 0; x < terminal->cols;) {
			VTermScreenCell cell;
			VTermPos at = { .row = y, .col = x };
			vterm_screen_get_cell(terminal->screen, at, &cell);
			if (cell.chars[0] == 0 || cell.chars[0] == (uint32_t)-1)
				*to++ = ' ';
			else
				for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++)
					to += put_utf8(to, cell.chars[i]);
			x += cell.width > 1 ? cell.width : 1;
		}
		while (to > line && to[-1] == ' ')
			to--;
		*to++ = '\n';
	}
	*to = 0;
	return terminal->text;
}

static bool wait_for(struct terminal *terminal, const char *text, bool present, int limit_ms)
{
	for (int64_t end = now_ms() + limit_ms;;) {
		if ((strstr(terminal_screen(terminal), text) != NULL) == present)
			return true;
		int64_t left = end - now_ms();
		if (left <= 0 || pump(terminal, (int)left) < 0)
			return (strstr(terminal_screen(terminal), text) != NULL) == present;
	}
}

bool terminal_wait(struct terminal *terminal, const char *text, int limit_ms)
{
	if (wait_for(terminal, text, true, limit_ms))
		return true;
	printf("waited for \"%s\", the screen is:\n%s\n", text, terminal_screen(terminal));
	return false;
}

bool terminal_wait_gone(struct terminal *terminal, const char *text, int limit_ms)
{
	return wait_for(terminal, text, false, limit_ms);
}

size_t terminal_settle(struct terminal *terminal, int quiet_ms)
{
	size_t n = 0;
	for (ssize_t got; (got = pump(terminal, quiet_ms)) > 0;)
		n += (size_t)got;
	return n;
}

size_t terminal_answer(struct terminal *terminal, int quiet_ms, int limit_ms)
{
	ssize_t first = pump(terminal, limit_ms);
	return first > 0 ? (size_t)first + terminal_settle(terminal, quiet_ms) : 0;
}

int terminal_wait_exit(struct terminal *terminal, int limit_ms)
{
	for (int64_t end = now_ms() + limit_ms; now_ms() < end;) {
		pump(terminal, 20);
		if (waitpid(terminal->pid, &terminal->status, WNOHANG) == terminal->pid) {
			terminal->pid = -1;
			return terminal->status;
		}
	}
	return -1;
}

pid_t terminal_pid(const struct terminal *terminal)
{
	return terminal->pid;
}

const char *terminal_log(const struct terminal *terminal, size_t *len)
{
	*len = terminal->log_len;
	return terminal->log ? terminal->log : "";
}

void terminal_stop(struct terminal *terminal)
{
	if (terminal->pid > 0) {
		kill(terminal->pid, SIGKILL);
		waitpid(terminal->pid, &terminal->status, 0);
	}
	close(terminal->fd);
	vterm_free(terminal->vterm);
	free(terminal->log);
	free(terminal->text);
	free(terminal);
}
