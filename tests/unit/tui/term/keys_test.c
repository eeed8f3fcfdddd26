// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "tui/term/keys.h"

/* Feeds the bytes and writes what came as names, spaces between; "..." when more is awaited. */
static void read_all(struct keys *keys, const char *bytes, size_t len, bool waited, char out[256])
{
	struct bytes text = { 0 };
	struct msg msg;
	char name[KEY_NAME_BYTES];
	keys_feed(keys, bytes, len);
	while (keys_next(keys, waited, &msg)) {
		if (text.len)
			bytes_append_byte(&text, ' ');
		if (msg.type == MSG_KEY)
			bytes_append_str(&text, key_name(msg.as.key, name));
		else if (msg.type == MSG_PASTE)
			bytes_printf(&text, "paste(%.*s)", STR_ARG(msg.as.paste));
		else
			bytes_printf(&text, "mouse(%d,%d,%d)", msg.as.mouse.x, msg.as.mouse.y,
				     msg.as.mouse.act);
	}
	if (keys_is_waiting(keys))
		bytes_append_str(&text, STR("..."));
	strncpy(out, text.ptr ? text.ptr : "", 255);
	out[255] = '\0';
	bytes_finish(&text);
}

static void expect(const char *bytes, const char *names)
{
	struct keys keys = { 0 };
	char out[256];
	read_all(&keys, bytes, strlen(bytes), false, out);
	assert_string_equal(out, names);
	keys_finish(&keys);
}

static void plain_keys(void **state)
{
	(void)state;
	expect("jk?", "j k ?");
	expect("\x04\x15\x1a", "^D ^U ^Z");
	expect("\r\t\x7f \x08", "enter tab backspace space backspace");
	expect("水é", "水 é");
	expect("a\xff\xfe"
	       "b",
	       "a b");
}

static void sequences_of_many_terminals(void **state)
{
	(void)state;
	expect("\x1b[A\x1b[B\x1b[C\x1b[D", "up down right left");
	expect("\x1bOA\x1bOB\x1bOH\x1bOF", "up down home end");
	expect("\x1b[1~\x1b[4~\x1b[5~\x1b[6~\x1b[3~", "home end pgup pgdn delete");
	expect("\x1b[7~\x1b[8~\x1b[H\x1b[F", "home end home end");
	expect("\x1bOP\x1b[[A\x1b[11~\x1b[Z", "f1 f1 f1 backtab");
	expect("\x1b[1;5A\x1b[5;2~", "up pgup");
}

static void mouse_and_paste(void **state)
{
	(void)state;
	expect("\x1b[<0;10;5M\x1b[<0;10;5m\x1b[<64;1;1M\x1b[<65;1;1M",
	       "mouse(9,4,0) mouse(0,0,1) mouse(0,0,2)");
	expect("\x1b[M !!x", "x");
	expect("\x1b[200~q\x1b[31mred\r\x1b[201~j", "paste(q\x1b[31mred\r) j");
}

static void answers_of_the_terminal_are_no_keys(void **state)
{
	(void)state;
	expect("\x1b[?62;22cj", "j");
	expect("\x1b]11;rgb:0000/0000/0000\x1b\\j", "j");
	expect("\x1b]11;rgb:0000/0000/0000\aj", "j");
	expect("\x1bP>|xterm(370)\x1b\\j", "j");
	expect("\x1b[>41;370;0cj", "j");
}

static void cut_sequences_wait(void **state)
{
	(void)state;
	static const char *const whole[] = {
		"\x1b[A",       "\x1bOA",  "\x1b[<0;10;5M", "\x1b[200~hello\x1b[201~",
		"\xe6\xb0\xb4", "\x1b[6~",
	};
	for (size_t i = 0; i < sizeof(whole) / sizeof(*whole); i++) {
		char at_once[256], in_two[256], first[256];
		struct keys keys = { 0 };
		size_t len = strlen(whole[i]);
		read_all(&keys, whole[i], len, false, at_once);
		for (size_t cut = 1; cut < len; cut++) {
			read_all(&keys, whole[i], cut, false, first);
			if (!keys.in_paste)
				assert_string_equal(first, "...");
			read_all(&keys, whole[i] + cut, len - cut, false, in_two);
			assert_string_equal(in_two, at_once);
		}
		keys_finish(&keys);
	}
}

static void esc_alone_is_a_key_after_a_while(void **state)
{
	(void)state;
	struct keys keys = { 0 };
	char out[256];
	read_all(&keys, "\x1b", 1, false, out);
	assert_string_equal(out, "...");
	read_all(&keys, "", 0, true, out);
	assert_string_equal(out, "esc");
	read_all(&keys, "\x1bq", 2, false, out);
	assert_string_equal(out, "esc q");
	read_all(&keys, "\x1b[", 2, true, out);
	assert_string_equal(out, "esc [");
	keys_finish(&keys);
}

static void long_sequences_and_pastes_end(void **state)
{
	(void)state;
	struct keys keys = { 0 };
	char out[256], noise[600];
	memset(noise, '1', sizeof(noise));
	noise[0] = '\x1b';
	noise[1] = '[';
	read_all(&keys, noise, sizeof(noise), false, out);
	assert_int_equal(strncmp(out, "esc [ 1 1", 9), 0);
	struct msg msg;
	keys_feed(&keys, "\x1b[200~", 6);
	memset(noise, 'x', sizeof(noise));
	for (size_t i = 0; i < 400; i++) {
		keys_feed(&keys, noise, sizeof(noise));
		assert_false(keys_next(&keys, false, &msg));
	}
	keys_feed(&keys, "\x1b[201~", 6);
	assert_true(keys_next(&keys, false, &msg));
	assert_int_equal(msg.as.paste.len, KEYS_PASTE_MAX);
	keys_finish(&keys);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_keys),
		cmocka_unit_test(sequences_of_many_terminals),
		cmocka_unit_test(mouse_and_paste),
		cmocka_unit_test(answers_of_the_terminal_are_no_keys),
		cmocka_unit_test(cut_sequences_wait),
		cmocka_unit_test(esc_alone_is_a_key_after_a_while),
		cmocka_unit_test(long_sequences_and_pastes_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
