// SPDX-License-Identifier: MIT
/* The terminal and the loop for real: fake-tui on a pseudo-terminal, libvterm as its screen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/terminal/terminal.h"

#define LIMIT_MS 20000   /* a loaded machine with sanitizers is slow; a hang is longer */
#define MOVE_QUIET_MS 40 /* less than the rest after which details follow */
#define MOVE_BYTES 165
#define DETAILS_BYTES 2500
#define PAGE_BYTES 4000

static struct terminal *start(int cols, int rows, const char *term, const char *world)
{
	char *argv[] = { getenv("FAKE_TUI"), (char *)(uintptr_t)world, NULL };
	assert_non_null(argv[0]);
	return terminal_start(cols, rows, term, argv);
}

/* Painted, and nothing more to say. */
static struct terminal *start_at_rest(int cols, int rows, const char *world, const char *name)
{
	struct terminal *terminal = start(cols, rows, "xterm-256color", world);
	assert_true(terminal_wait(terminal, name, LIMIT_MS));
	terminal_settle(terminal, 300);
	return terminal;
}

static bool log_has(const struct terminal *terminal, const char *bytes)
{
	size_t len;
	const char *log = terminal_log(terminal, &len);
	return memmem(log, len, bytes, strlen(bytes)) != NULL;
}

static void expect_clean_end(struct terminal *terminal)
{
	int status = terminal_wait_exit(terminal, LIMIT_MS);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void it_draws_on_every_terminal(void **state)
{
	(void)state;
	static const char *const terms[] = {
		"xterm", "xterm-256color", "tmux-256color", "screen", "linux", "vt100",
	};
	for (size_t i = 0; i < sizeof(terms) / sizeof(*terms); i++) {
		struct terminal *terminal = start(80, 24, terms[i], "demo");
		assert_true(terminal_wait(terminal, "ink_wash_v2", LIMIT_MS));
		assert_true(terminal_wait(terminal, "? keys", LIMIT_MS));
		terminal_send(terminal, "c");
		assert_true(terminal_wait(terminal, "for: juggernaut", LIMIT_MS));
		assert_false(log_has(terminal, "\x1b[31mred"));  /* a name that would colour */
		assert_false(log_has(terminal, "\xe2\x80\xae")); /* a name that would turn */
		terminal_send(terminal, "q");
		expect_clean_end(terminal);
		terminal_stop(terminal);
	}
}

static void a_dumb_terminal_is_told_of_plain(void **state)
{
	(void)state;
	struct terminal *terminal = start(80, 24, "dumb", "demo");
	assert_true(terminal_wait(terminal, "--plain", LIMIT_MS));
	int status = terminal_wait_exit(terminal, LIMIT_MS);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 3);
	terminal_stop(terminal);
}

static void a_move_is_a_few_bytes(void **state)
{
	(void)state;
	struct terminal *terminal = start_at_rest(120, 40, "demo", "ink_wash_v2");
	terminal_send(terminal, "c");
	terminal_settle(terminal, 300);
	size_t least = SIZE_MAX;
	for (int i = 0; i < 10; i++) {
		terminal_send(terminal, "j");
		size_t n = terminal_answer(terminal, MOVE_QUIET_MS, LIMIT_MS);
		least = n < least ? n : least;
		/* On a machine that is busy the details come in one with the move. */
		assert_in_range(n + terminal_settle(terminal, 300), 1, MOVE_BYTES + DETAILS_BYTES);
	}
	assert_in_range(least, 1, MOVE_BYTES);
	assert_int_equal(terminal_settle(terminal, 1000), 0);
	terminal_stop(terminal);
}

static void a_page_is_a_few_thousand(void **state)
{
	(void)state;
	struct terminal *terminal = start_at_rest(120, 40, "huge", "model_000001");
	for (int i = 0; i < 3; i++) {
		terminal_send(terminal, "\x1b[6~");
		assert_in_range(terminal_answer(terminal, MOVE_QUIET_MS, LIMIT_MS), 1, PAGE_BYTES);
		terminal_settle(terminal, 300);
	}
	terminal_stop(terminal);
}

static void waiting_keys_are_drawn_once(void **state)
{
	(void)state;
	struct terminal *terminal = start_at_rest(80, 24, "huge", "model_000001");
	char keys[2001];
	memset(keys, 'j', sizeof(keys) - 1);
	keys[sizeof(keys) - 1] = '\0';
	size_t before, after;
	terminal_log(terminal, &before);
	terminal_send(terminal, keys);
	assert_true(terminal_wait(terminal, "model_002001", LIMIT_MS));
	terminal_log(terminal, &after);
	assert_in_range(after - before, 1, 40000); /* 2000 frames would be a megabyte */
	terminal_stop(terminal);
}

static void it_follows_the_size(void **state)
{
	(void)state;
	struct terminal *terminal = start_at_rest(80, 24, "demo", "ink_wash_v2");
	terminal_resize(terminal, 200, 60);
	assert_true(terminal_wait(terminal, "base models", LIMIT_MS));
	terminal_resize(terminal, 20, 5);
	assert_true(terminal_wait(terminal, "too small", LIMIT_MS));
	terminal_resize(terminal, 80, 24);
	assert_true(terminal_wait(terminal, "ink_wash_v2", LIMIT_MS));
	terminal_stop(terminal);
}

static void stopping_gives_the_terminal_back(void **state)
{
	(void)state;
	/* A shell with job control: a process without one cannot be stopped by ^Z. */
	char shell[] = "bash", option[] = "-mc",
	     script[] = "\"$FAKE_TUI\" demo; echo back in the shell; read; fg >/dev/null";
	char *argv[] = { shell, option, script, NULL };
	struct terminal *terminal = terminal_start(80, 24, "xterm-256color", argv);
	assert_true(terminal_wait(terminal, "ink_wash_v2", LIMIT_MS));
	terminal_send(terminal, "\x1a");
	assert_true(terminal_wait(terminal, "back in the shell", LIMIT_MS));
	assert_true(log_has(terminal, "\x1b[?1049l"));
	terminal_send(terminal, "\n");
	assert_true(terminal_wait(terminal, "ink_wash_v2", LIMIT_MS));
	terminal_send(terminal, "q");
	expect_clean_end(terminal);
	terminal_stop(terminal);
}

static void signals_end_it_cleanly(void **state)
{
	(void)state;
	static const int signals[] = { SIGTERM, SIGHUP, SIGINT };
	for (size_t i = 0; i < 3; i++) {
		struct terminal *terminal = start_at_rest(80, 24, "demo", "ink_wash_v2");
		kill(terminal_pid(terminal), signals[i]);
		expect_clean_end(terminal);
		assert_true(log_has(terminal, "\x1b[?1049l"));
		assert_true(log_has(terminal, "\x1b[?2004l"));
		terminal_stop(terminal);
	}
}

static void a_crash_restores_the_terminal(void **state)
{
	(void)state;
	struct terminal *terminal = start_at_rest(80, 24, "demo", "ink_wash_v2");
	kill(terminal_pid(terminal), SIGSEGV);
	int status = terminal_wait_exit(terminal, LIMIT_MS);
	assert_false(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_true(log_has(terminal, "\x1b[?1049l"));
	terminal_stop(terminal);
}

static void pasted_text_is_no_keys(void **state)
{
	(void)state;
	struct terminal *terminal = start_at_rest(80, 24, "demo", "ink_wash_v2");
	terminal_send(terminal, "\x1b[200~qqqq\x1b[201~");
	assert_true(terminal_wait(terminal, "pasted text", LIMIT_MS));
	terminal_send(terminal, "/\x1b[200~paper\x1b[201~");
	assert_true(terminal_wait(terminal, "1/19", LIMIT_MS));
	terminal_stop(terminal);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_draws_on_every_terminal),
		cmocka_unit_test(a_dumb_terminal_is_told_of_plain),
		cmocka_unit_test(a_move_is_a_few_bytes),
		cmocka_unit_test(a_page_is_a_few_thousand),
		cmocka_unit_test(waiting_keys_are_drawn_once),
		cmocka_unit_test(it_follows_the_size),
		cmocka_unit_test(stopping_gives_the_terminal_back),
		cmocka_unit_test(signals_end_it_cleanly),
		cmocka_unit_test(a_crash_restores_the_terminal),
		cmocka_unit_test(pasted_text_is_no_keys),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
