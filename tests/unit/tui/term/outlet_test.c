// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "tui/term/outlet.h"

/* What arrives when this is written in two pieces. */
static void assert_sent(const char *first, const char *second, const char *arrives)
{
	struct outlet outlet;
	struct error err;
	int ends[2];
	char seen[100] = "";
	assert_int_equal(pipe(ends), 0);
	assert_true(outlet_open(&outlet, ends[1], &err));
	outlet_begin(&outlet);
	assert_int_equal(write(outlet.curses, first, strlen(first)), strlen(first));
	assert_int_equal(write(outlet.curses, second, strlen(second)), strlen(second));
	outlet_send(&outlet);
	assert_int_equal(read(ends[0], seen, sizeof seen - 1), strlen(arrives));
	assert_string_equal(seen, arrives);
	close(outlet.curses);
	outlet_close(&outlet);
	close(ends[0]);
	close(ends[1]);
}

static void a_frame_arrives_whole(void **state)
{
	(void)state;
	assert_sent("\x1b[2;3H", "paper\x1b[K", "\x1b[2;3Hpaper\x1b[K");
}

static void character_sets_are_left_out(void **state)
{
	(void)state;
	assert_sent("\x1b(B\x1b[0;2mdim\x1b(", "B\x1b[m\x0fplain (B)",
		    "\x1b[0;2mdim\x1b[mplain (B)");
	assert_sent("at the end \x1b", "(", "at the end \x1b(");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_frame_arrives_whole),
		cmocka_unit_test(character_sets_are_left_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
