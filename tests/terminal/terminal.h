// SPDX-License-Identifier: MIT
/**
 * A terminal for tests: the real binary on a pseudo-terminal, libvterm as its screen.
 *
 * Waits until a text appears, with a limit; never sleeps for luck.
 */
#ifndef TESTS_TERMINAL_TERMINAL_H
#define TESTS_TERMINAL_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct terminal;

/** Runs argv in a terminal of that size; `term` is $TERM. Fails the test when it cannot. */
struct terminal *terminal_start(int cols, int rows, const char *term, char *const argv[]);
/** Kills what still runs and frees. */
void terminal_stop(struct terminal *terminal);

void terminal_send(struct terminal *terminal, const char *keys);
void terminal_resize(struct terminal *terminal, int cols, int rows);
/** Until the screen holds `text`; false after `limit_ms`. */
bool terminal_wait(struct terminal *terminal, const char *text, int limit_ms);
/** Until the screen does not hold it. */
bool terminal_wait_gone(struct terminal *terminal, const char *text, int limit_ms);
/** Reads until nothing comes for `quiet_ms`; returns the bytes that came. */
size_t terminal_settle(struct terminal *terminal, int quiet_ms);
/** The same, but the first byte may take up to `limit_ms`. */
size_t terminal_answer(struct terminal *terminal, int quiet_ms, int limit_ms);
/** Until the program ends; its wait status, or -1. */
int terminal_wait_exit(struct terminal *terminal, int limit_ms);
pid_t terminal_pid(const struct terminal *terminal);

/** The whole screen as text, one line a row, trailing blanks cut. Valid until the next call. */
const char *terminal_screen(struct terminal *terminal);
/** Every byte the program has sent so far. */
const char *terminal_log(const struct terminal *terminal, size_t *len);

#endif
