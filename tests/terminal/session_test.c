// SPDX-License-Identifier: MIT
/**
 * The program as a person meets it: the real binary in a terminal, on a library on disk.
 *
 * $LORARIUM is the binary under test.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/sample_disk.h"
#include "tests/terminal/terminal.h"

enum { SOON_MS = 20000, QUIET_MS = 300 };

struct home {
	struct arena arena;
	const char *folder, *data, *library;
};

/* What the tests are about. */
static const char *binary(void)
{
	const char *path = getenv("LORARIUM");
	assert_non_null(path);
	return path;
}

/* Exit status of `lorarium --data DATA ARGUMENT...`; output goes nowhere. */
static int run(const struct home *home, const char *command, const char *a, const char *b)
{
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		int null = open("/dev/null", O_RDWR);
		dup2(null, 0);
		dup2(null, 1);
		dup2(null, 2);
		execl(binary(), "lorarium", "--data", home->data, command, a, b, (char *)NULL);
		_exit(127);
	}
	int status = 0;
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static struct terminal *open_screen(const struct home *home, int cols, int rows, const char *term)
{
	char program[4096], option[] = "--data", data[4096];
	char *argv[] = { program, option, data, NULL };
	snprintf(program, sizeof program, "%s", binary());
	snprintf(data, sizeof data, "%s", home->data);
	return terminal_start(cols, rows, term, argv);
}

static int make_home(void **state)
{
	struct home *home = calloc(1, sizeof *home);
	assert_non_null(home);
	home->folder = sample_disk_make(&home->arena);
	home->data = arena_printf(&home->arena, "%s/data", home->folder);
	home->library = arena_printf(&home->arena, "%s/library", home->folder);
	setenv("HOME", home->folder, 1);
	setenv("XDG_CONFIG_HOME", home->folder, 1);
	setenv("XDG_CACHE_HOME", home->folder, 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	assert_int_equal(run(home, "demo", home->library, NULL), 0);
	*state = home;
	return 0;
}

static int remove_home(void **state)
{
	struct home *home = *state;
	sample_disk_remove(home->folder);
	arena_finish(&home->arena);
	free(home);
	return 0;
}

static void quit(struct terminal *terminal)
{
	terminal_send(terminal, "q");
	int status = terminal_wait_exit(terminal, SOON_MS);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	terminal_stop(terminal);
}

static void a_checkpoint_tells_what_fits(void **state)
{
	struct home *home = *state;
	assert_int_equal(run(home, "scan", home->library, NULL), 0);
	struct terminal *terminal = open_screen(home, 200, 60, "xterm-256color");
	assert_true(terminal_wait(terminal, "all models", SOON_MS));
	terminal_send(terminal, "/base:=sdxl-pony kind:checkpoint\r");
	assert_true(terminal_wait(terminal, "ponyDiffusionV6XL", SOON_MS));
	assert_true(terminal_wait_gone(terminal, "Anything-V3", SOON_MS));
	terminal_send(terminal, "c");
	assert_true(terminal_wait(terminal, "for: ponyDiffusionV6XL", SOON_MS));
	terminal_send(terminal, "/\x15kind:lora\r");
	assert_true(terminal_wait(terminal, "incompatible", SOON_MS));
	assert_true(terminal_wait(terminal, "compatible", SOON_MS));
	assert_true(terminal_wait(terminal, "caution", SOON_MS));
	terminal_send(terminal, "f");
	assert_true(terminal_wait_gone(terminal, "incompatible", SOON_MS));
	terminal_send(terminal, "\x1b");
	terminal_settle(terminal, QUIET_MS);
	terminal_send(terminal, "\x1b");
	terminal_settle(terminal, QUIET_MS);
	quit(terminal);
}

/* Facts come from the index: the disk may be away. */
static void without_the_disk_a_lora_tells_where_it_attaches(void **state)
{
	struct home *home = *state;
	const char *away = arena_printf(&home->arena, "%s/away", home->folder);
	assert_int_equal(run(home, "scan", home->library, NULL), 0);
	assert_int_equal(rename(home->library, away), 0);
	struct terminal *terminal = open_screen(home, 120, 40, "xterm-256color");
	assert_true(terminal_wait(terminal, "all models", SOON_MS));
	terminal_send(terminal, "/sd_xl_base_1.0\r");
	assert_true(terminal_wait_gone(terminal, "Anything-V3", SOON_MS));
	terminal_send(terminal, "c");
	assert_true(terminal_wait(terminal, "for: sd_xl_base_1.0", SOON_MS));
	terminal_send(terminal, "/\x15lcm-lora-sdxl\r");
	assert_true(terminal_wait(terminal, "denoiser: 560 of 560 modules bind", SOON_MS));
	assert_true(terminal_wait(terminal, "in 4-5 7-8, mid, out 0-5", SOON_MS));
	assert_true(terminal_wait(terminal, "✓ 1  ~ 0  ? 0  ✗ 0", SOON_MS));
	terminal_send(terminal, "e");
	assert_true(terminal_wait(terminal, "Where it attaches", SOON_MS));
	assert_true(terminal_wait(terminal, "····██·██", SOON_MS));
	terminal_send(terminal, "q");
	terminal_settle(terminal, QUIET_MS);
	quit(terminal);
	assert_int_equal(rename(away, home->library), 0);
}

static void a_mistake_in_the_filter_is_named(void **state)
{
	struct home *home = *state;
	assert_int_equal(run(home, "scan", home->library, NULL), 0);
	struct terminal *terminal = open_screen(home, 80, 24, "xterm");
	assert_true(terminal_wait(terminal, "all models", SOON_MS));
	terminal_send(terminal, "/knd:lora");
	assert_true(terminal_wait(terminal, "did you mean \"kind\"", SOON_MS));
	terminal_stop(terminal);
}

/* One that reads and one that writes: the screen gives the library away for both. */
static void subcommands_run_beside_the_screen(void **state)
{
	struct home *home = *state;
	assert_int_equal(run(home, "scan", home->library, NULL), 0);
	struct terminal *terminal = open_screen(home, 100, 30, "xterm-256color");
	assert_true(terminal_wait(terminal, "damaged:", SOON_MS)); /* its scan is over */
	terminal_send(terminal, ":root list\r");
	assert_true(terminal_wait(terminal, "Enter leads back", SOON_MS));
	assert_non_null(strstr(terminal_screen(terminal), home->library));
	terminal_send(terminal, "\r");
	assert_true(terminal_wait(terminal, "all models", SOON_MS));
	terminal_send(terminal, ":scan --jobs 1\r");
	assert_true(terminal_wait(terminal, "unchanged", SOON_MS));
	terminal_settle(terminal, QUIET_MS);
	assert_null(strstr(terminal_screen(terminal), "[exit"));
	terminal_send(terminal, "\r");
	assert_true(terminal_wait(terminal, "all models", SOON_MS));
	quit(terminal);
}

static bool exists(const struct home *home, const char *name)
{
	struct arena arena = { 0 };
	bool is_there = access(arena_printf(&arena, "%s/%s", home->library, name), F_OK) == 0;
	arena_finish(&arena);
	return is_there;
}

/* A file that was moved comes back from the page of the history, and goes again. */
static void the_history_takes_back_and_makes_again(void **state)
{
	struct home *home = *state;
	const char *old = arena_printf(&home->arena, "%s/vae/ae.safetensors", home->library);
	assert_int_equal(run(home, "scan", home->library, NULL), 0);
	struct terminal *terminal = open_screen(home, 120, 40, "xterm-256color");
	assert_true(terminal_wait(terminal, "damaged:", SOON_MS)); /* its scan is over */
	terminal_send(terminal, "/ae kind:vae\r");
	assert_true(terminal_wait_gone(terminal, "Anything-V3", SOON_MS));
	terminal_send(terminal, "gr\x15moved_by_hand\r");
	assert_true(terminal_wait(terminal, "Enter does it", SOON_MS));
	terminal_send(terminal, "\r");
	assert_true(terminal_wait(terminal, "u takes it back", SOON_MS));
	assert_true(access(old, F_OK) != 0 && exists(home, "vae/moved_by_hand.safetensors"));
	terminal_send(terminal, "H");
	assert_true(terminal_wait(terminal, "history: 1 change", SOON_MS));
	terminal_send(terminal, "\r");
	assert_true(
		terminal_wait(terminal, "ae.safetensors -> moved_by_hand.safetensors", SOON_MS));
	terminal_send(terminal, "hu");
	assert_true(terminal_wait(terminal, "[y/N]", SOON_MS));
	terminal_send(terminal, "y");
	assert_true(terminal_wait(terminal, "undone", SOON_MS));
	assert_int_equal(access(old, F_OK), 0);
	terminal_send(terminal, "U");
	assert_true(terminal_wait(terminal, "made again", SOON_MS));
	assert_true(access(old, F_OK) != 0 && exists(home, "vae/moved_by_hand.safetensors"));
	terminal_send(terminal, "q");
	assert_true(terminal_wait_gone(terminal, "history:", SOON_MS));
	quit(terminal);
}

static void the_matrix_tells_what_fits_what(void **state)
{
	struct home *home = *state;
	assert_int_equal(run(home, "scan", home->library, NULL), 0);
	struct terminal *terminal = open_screen(home, 120, 40, "xterm-256color");
	assert_true(terminal_wait(terminal, "all models", SOON_MS));
	terminal_send(terminal, "/base:=sdxl-pony\r");
	assert_true(terminal_wait_gone(terminal, "Anything-V3", SOON_MS));
	terminal_send(terminal, "*x");
	assert_true(terminal_wait(terminal, "matrix: 2 checkpoints, ", SOON_MS));
	assert_true(terminal_wait(terminal, "compatible", SOON_MS));
	terminal_send(terminal, "\r");
	assert_true(terminal_wait(terminal, "compatible with ponyDiffusionV6XL", SOON_MS));
	assert_true(terminal_wait(terminal, "modules bind", SOON_MS));
	terminal_send(terminal, "hq");
	assert_true(terminal_wait_gone(terminal, "matrix:", SOON_MS));
	quit(terminal);
}

static void write_model(struct home *home, const char *name)
{
	static const char header[] =
		"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
	const char *folder = arena_printf(&home->arena, "%s/twins", home->folder);
	uint64_t n = sizeof header - 1;
	mkdir(folder, 0700);
	int fd = open(arena_printf(&home->arena, "%s/%s", folder, name),
		      O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, &n, 8), 8);
	assert_int_equal(write(fd, header, n), (ssize_t)n);
	assert_int_equal(write(fd, "1234", 4), 4);
	close(fd);
}

/* Of two copies the one that was marked stays; the other goes after its plan, and comes back. */
static void of_duplicates_the_marked_one_stays(void **state)
{
	struct home *home = *state;
	const char *folder = arena_printf(&home->arena, "%s/twins", home->folder);
	const char *first = arena_printf(&home->arena, "%s/a.safetensors", folder);
	const char *second = arena_printf(&home->arena, "%s/b.safetensors", folder);
	write_model(home, "a.safetensors");
	write_model(home, "b.safetensors");
	assert_int_equal(run(home, "scan", folder, NULL), 0);
	struct terminal *terminal = open_screen(home, 100, 30, "xterm-256color");
	assert_true(terminal_wait(terminal, "nothing new", SOON_MS)); /* its scan is over */
	terminal_send(terminal, "D");
	assert_true(terminal_wait(terminal, "1 content more than once", SOON_MS));
	assert_true(terminal_wait_gone(terminal, "still reading", SOON_MS));
	terminal_send(terminal, "j \r");
	assert_true(terminal_wait(terminal, "Enter does it", SOON_MS));
	assert_int_equal(access(first, F_OK), 0);
	terminal_send(terminal, "\r");
	assert_true(terminal_wait(terminal, "duplicates: 0 contents", SOON_MS));
	assert_true(access(first, F_OK) != 0 && access(second, F_OK) == 0);
	terminal_send(terminal, "qH");
	assert_true(terminal_wait(terminal, "history: 1 change", SOON_MS));
	terminal_send(terminal, "uy");
	assert_true(terminal_wait(terminal, "undone", SOON_MS));
	assert_int_equal(access(first, F_OK), 0);
	terminal_send(terminal, "q");
	assert_true(terminal_wait_gone(terminal, "history:", SOON_MS));
	quit(terminal);
}

/* What was trashed comes back from the page, with its tag, and goes again. */
static void what_was_trashed_comes_back(void **state)
{
	struct home *home = *state;
	const char *file = arena_printf(&home->arena, "%s/vae/ae.safetensors", home->library);
	assert_int_equal(run(home, "scan", home->library, NULL), 0);
	assert_int_equal(run(home, "tag", "path:vae/ae.safetensors", "+mine"), 0);
	assert_int_equal(run(home, "trash", "tag:mine", "--apply"), 0);
	assert_true(access(file, F_OK) != 0);
	struct terminal *terminal = open_screen(home, 100, 30, "xterm-256color");
	assert_true(terminal_wait(terminal, "damaged:", SOON_MS)); /* its scan is over */
	terminal_send(terminal, "X");
	assert_true(terminal_wait(terminal, "trash: 1 can come back", SOON_MS));
	terminal_send(terminal, "r");
	assert_true(terminal_wait(terminal, "Enter does it", SOON_MS));
	assert_true(access(file, F_OK) != 0);
	terminal_send(terminal, "\r");
	assert_true(terminal_wait(terminal, "trash: 0 can come back", SOON_MS));
	assert_int_equal(access(file, F_OK), 0);
	terminal_send(terminal, "q/tag:mine\r");
	assert_true(terminal_wait(terminal, "     1/", SOON_MS)); /* and no other */
	terminal_send(terminal, "u");
	assert_true(terminal_wait(terminal, "taken back", SOON_MS));
	assert_true(access(file, F_OK) != 0);
	quit(terminal);
}

/* The folder of a model leaves the list, after asking, by a line in the settings. */
static void a_folder_is_ignored(void **state)
{
	struct home *home = *state;
	const char *settings = arena_printf(&home->arena, "%s/lorarium/config.ini", home->folder);
	assert_int_equal(run(home, "scan", home->library, NULL), 0);
	struct terminal *terminal = open_screen(home, 100, 30, "xterm-256color");
	assert_true(terminal_wait(terminal, "damaged:", SOON_MS)); /* its scan is over */
	terminal_send(terminal, "/path:vae/ae\r");
	assert_true(terminal_wait(terminal, "     1/", SOON_MS));
	terminal_send(terminal, "I");
	assert_true(terminal_wait(terminal, "[y/N]", SOON_MS));
	assert_true(terminal_wait(terminal, "It hides", SOON_MS));
	assert_true(access(settings, F_OK) != 0);
	terminal_send(terminal, "n");
	assert_true(terminal_wait(terminal, "left as it is", SOON_MS));
	assert_true(access(settings, F_OK) != 0);
	terminal_send(terminal, "I");
	assert_true(terminal_wait(terminal, "[y/N]", SOON_MS));
	terminal_send(terminal, "y");
	assert_true(terminal_wait(terminal, "out of scan.ignore", SOON_MS));
	assert_int_equal(access(settings, F_OK), 0);
	assert_true(terminal_wait(terminal, "     0/", SOON_MS));
	quit(terminal);
	assert_int_equal(unlink(settings), 0);
}

/* Names and metadata of a hostile library reach every kind of terminal escaped. */
static void nothing_hostile_reaches_a_terminal(void **state)
{
	static const char *const terms[] = { "xterm", "tmux-256color", "screen", "linux", "vt100" };
	static const char header[] =
		"{\"__metadata__\":{\"modelspec.title\":\"\\u001b]0;owned\\u0007\\u001b[31mred\"},"
		"\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
	struct home *home = *state;
	const char *evil = arena_printf(&home->arena,
					"%s/evil \x1b]0;owned\x07\x1b[31m\xe2\x80\xae.safetensors",
					home->library);
	uint64_t n = sizeof header - 1;
	char zeros[4] = { 0 };
	int fd = open(evil, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, &n, 8), 8);
	assert_int_equal(write(fd, header, n), (ssize_t)n);
	assert_int_equal(write(fd, zeros, 4), 4);
	close(fd);
	assert_int_equal(run(home, "scan", home->library, NULL), 0);
	for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
		size_t len;
		struct terminal *terminal = open_screen(home, 100, 30, terms[i]);
		assert_true(terminal_wait(terminal, "all models", SOON_MS));
		terminal_send(terminal, "/evil\r");
		assert_true(terminal_wait(terminal, "evil ^[]0;owned", SOON_MS));
		terminal_send(terminal, "\r");
		assert_true(terminal_wait(terminal, "title", SOON_MS));
		terminal_settle(terminal, QUIET_MS);
		const char *log = terminal_log(terminal, &len);
		assert_null(memmem(log, len, "\x1b]0;owned", 9));
		assert_null(memmem(log, len, "\xe2\x80\xae", 3));
		assert_null(memmem(log, len, "\x1b[31mred", 8));
		terminal_stop(terminal);
	}
}

static void every_size_is_bearable(void **state)
{
	static const int sizes[][2] = { { 80, 24 },  { 40, 10 }, { 39, 9 },
					{ 200, 60 }, { 1, 1 },   { 120, 40 } };
	struct home *home = *state;
	assert_int_equal(run(home, "scan", home->library, NULL), 0);
	struct terminal *terminal = open_screen(home, 120, 40, "xterm-256color");
	assert_true(terminal_wait(terminal, "all models", SOON_MS));
	terminal_send(terminal, "jjjjj");
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		terminal_resize(terminal, sizes[i][0], sizes[i][1]);
		terminal_settle(terminal, QUIET_MS);
	}
	assert_true(terminal_wait(terminal, "all models", SOON_MS));
	assert_true(terminal_wait(terminal, "analog_seaside_35mm", SOON_MS));
	quit(terminal);
}

static void the_screen_fills_while_a_scan_runs(void **state)
{
	struct home *home = *state;
	assert_int_equal(run(home, "root", "add", home->library), 0);
	struct terminal *terminal = open_screen(home, 120, 40, "xterm-256color");
	assert_true(terminal_wait(terminal, "Anything-V3.0-pruned", SOON_MS));
	assert_true(terminal_wait(terminal, "status:damaged", SOON_MS)); /* the scan is over */
	assert_true(terminal_wait(terminal, "2x-QuietGrain_compact", SOON_MS));
	/* From the first key on the cursor stays on its model: what comes above the first is out of sight. */
	const char *from = arena_printf(&home->arena, "%s/vae/ae.safetensors", home->library);
	const char *to =
		arena_printf(&home->arena, "%s/aaa_just_arrived.safetensors", home->library);
	assert_int_equal(link(from, to), 0);
	terminal_send(terminal, "R");
	assert_true(terminal_wait(terminal, "aaa_just_arrived", SOON_MS));
	quit(terminal);
}

static void a_root_that_is_gone_keeps_its_models(void **state)
{
	struct home *home = *state;
	assert_int_equal(run(home, "scan", home->library, NULL), 0);
	const char *away = arena_printf(&home->arena, "%s/away", home->folder);
	assert_int_equal(rename(home->library, away), 0);
	struct terminal *terminal = open_screen(home, 120, 40, "xterm-256color");
	assert_true(terminal_wait(terminal, "Anything-V3.0-pruned", SOON_MS));
	terminal_send(terminal, "R");
	assert_true(terminal_wait(terminal, "offline", SOON_MS));
	assert_true(terminal_wait(terminal, "Anything-V3.0-pruned", SOON_MS));
	assert_int_equal(rename(away, home->library), 0);
	terminal_send(terminal, "R");
	assert_true(terminal_wait_gone(terminal, "offline", SOON_MS));
	quit(terminal);
}

static void killed_in_the_middle_it_goes_on(void **state)
{
	struct home *home = *state;
	assert_int_equal(run(home, "root", "add", home->library), 0);
	for (int i = 0; i < 6; i++) {
		struct terminal *terminal = open_screen(home, 80, 24, "xterm");
		usleep((useconds_t)(20000 *
				    (i + 1))); /* anywhere between start and the end of the scan */
		kill(terminal_pid(terminal), SIGKILL);
		terminal_stop(terminal);
	}
	struct terminal *terminal = open_screen(home, 120, 40, "xterm-256color");
	assert_true(terminal_wait(terminal, "Anything-V3.0-pruned", SOON_MS));
	quit(terminal);
	assert_int_equal(run(home, "doctor", NULL, NULL), 0);
}

/* Nobody presses a key: what another program leaves there is shown, and goes when it goes. */
static void what_arrives_is_shown(void **state)
{
	struct home *home = *state;
	assert_int_equal(run(home, "scan", home->library, NULL), 0);
	struct terminal *terminal = open_screen(home, 120, 40, "xterm-256color");
	assert_true(terminal_wait(terminal, "damaged:", SOON_MS)); /* its scan is over */
	const char *from = arena_printf(&home->arena, "%s/vae/ae.safetensors", home->library);
	const char *to = arena_printf(&home->arena, "%s/aaa_by_itself.safetensors", home->library);
	assert_int_equal(rename(from, to), 0);
	assert_true(terminal_wait(terminal, "aaa_by_itself", SOON_MS));
	assert_int_equal(rename(to, from), 0);
	assert_true(terminal_wait_gone(terminal, "aaa_by_itself", SOON_MS));
	quit(terminal);
}

static void a_second_one_only_reads(void **state)
{
	struct home *home = *state;
	assert_int_equal(run(home, "scan", home->library, NULL), 0);
	struct terminal *first = open_screen(home, 80, 24, "xterm");
	assert_true(terminal_wait(first, "all models", SOON_MS));
	struct terminal *second = open_screen(home, 120, 40, "xterm");
	assert_true(terminal_wait(second, "Read-only: another lorarium", SOON_MS));
	assert_true(terminal_wait(second, "Anything-V3.0-pruned", SOON_MS));
	const char *from = arena_printf(&home->arena, "%s/vae/ae.safetensors", home->library);
	const char *to = arena_printf(&home->arena, "%s/aaa_for_both.safetensors", home->library);
	assert_int_equal(link(from, to), 0);
	assert_true(terminal_wait(second, "aaa_for_both", SOON_MS));
	quit(second);
	assert_int_equal(run(home, "scan", NULL, NULL), 3);
	quit(first);
}

static void a_hangup_leaves_nothing_behind(void **state)
{
	struct home *home = *state;
	assert_int_equal(run(home, "scan", home->library, NULL), 0);
	struct terminal *terminal = open_screen(home, 80, 24, "xterm");
	assert_true(terminal_wait(terminal, "all models", SOON_MS));
	kill(terminal_pid(terminal), SIGHUP);
	int status = terminal_wait_exit(terminal, SOON_MS);
	assert_true(WIFEXITED(status) || WIFSIGNALED(status));
	terminal_stop(terminal);
	assert_int_equal(run(home, "scan", NULL, NULL), 0);
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, make_home, remove_home)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_checkpoint_tells_what_fits),
		CASE(without_the_disk_a_lora_tells_where_it_attaches),
		CASE(a_mistake_in_the_filter_is_named),
		CASE(subcommands_run_beside_the_screen),
		CASE(the_history_takes_back_and_makes_again),
		CASE(the_matrix_tells_what_fits_what),
		CASE(of_duplicates_the_marked_one_stays),
		CASE(what_was_trashed_comes_back),
		CASE(a_folder_is_ignored),
		CASE(nothing_hostile_reaches_a_terminal),
		CASE(every_size_is_bearable),
		CASE(the_screen_fills_while_a_scan_runs),
		CASE(a_root_that_is_gone_keeps_its_models),
		CASE(killed_in_the_middle_it_goes_on),
		CASE(what_arrives_is_shown),
		CASE(a_second_one_only_reads),
		CASE(a_hangup_leaves_nothing_behind),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
