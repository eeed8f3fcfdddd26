// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "config/ini.h"
#include "core/base/array.h"

/* Writes "LINE|section|key|value;" for each call; a key "stop" is refused. */
static bool note(void *context, struct str section, struct str key, struct str value, unsigned line,
		 struct error *err)
{
	bytes_printf(context, "%u|%.*s|%.*s|%.*s\n", line, STR_ARG(section), STR_ARG(key),
		     STR_ARG(value));
	if (str_equal(key, STR("stop")))
		return error_set(err, ERROR_FORMAT, NULL, "not that");
	return true;
}

static void assert_read_bytes(struct str text, const char *wanted)
{
	struct bytes seen = { 0 };
	struct error err = { 0 };
	if (!ini_parse_text(text, "f.ini", note, &seen, &err))
		fail_msg("%s", err.text);
	assert_string_equal(seen.ptr ? seen.ptr : "", wanted);
	bytes_finish(&seen);
}

static void assert_read(const char *text, const char *wanted)
{
	assert_read_bytes(str_from(text), wanted);
}

static void assert_mistake(struct str text, const char *wanted)
{
	struct bytes seen = { 0 };
	struct error err = { 0 };
	assert_false(ini_parse_text(text, "f.ini", note, &seen, &err));
	assert_string_equal(err.text, wanted);
	bytes_finish(&seen);
}

static void sections_and_pairs(void **state)
{
	(void)state;
	assert_read("", "");
	assert_read("a = 1", "1||a|1\n");
	assert_read("[s]\na=1\n\n[t u]\n  b  =  two words  \n",
		    "1|s||\n2|s|a|1\n4|t u||\n5|t u|b|two words\n");
	assert_read("[empty]\n[next]\n", "1|empty||\n2|next||\n");
	assert_read("\xef\xbb\xbf[s]\r\na = 1\r\n", "1|s||\n2|s|a|1\n");
	assert_read("[s]\nwhen = a\nwhen = b\nwhen+ =\n",
		    "1|s||\n2|s|when|a\n3|s|when|b\n4|s|when+|\n");
}

static void values_hold_what_looks_like_comments(void **state)
{
	(void)state;
	assert_read("; all\n # of it\n[s]\na = x ; y # z\nb = ;\nc = k: v = w\n",
		    "3|s||\n4|s|a|x ; y # z\n5|s|b|;\n6|s|c|k: v = w\n");
}

static void long_lines(void **state)
{
	(void)state;
	char text[INI_LINE_BYTES_MAX + 10], wanted[INI_LINE_BYTES_MAX + 20];
	memset(text, 'x', sizeof text);
	memcpy(text, "a = ", 4);
	struct str longest = { text, INI_LINE_BYTES_MAX };
	snprintf(wanted, sizeof wanted, "1||a|%.*s\n", (int)INI_LINE_BYTES_MAX - 4, text + 4);
	assert_read_bytes(longest, wanted);
	struct str longer = { text, INI_LINE_BYTES_MAX + 1 };
	assert_mistake(longer, "f.ini:1: the line is longer than 4096 bytes");
}

static void mistakes_are_told_with_their_line(void **state)
{
	(void)state;
	assert_mistake(STR("[s]\na = 1\njunk\n"),
		       "f.ini:3: neither \"[section]\" nor \"key = value\"");
	assert_mistake(STR("\n= 1"), "f.ini:2: no key before \"=\"");
	assert_mistake(STR("[s"), "f.ini:1: \"]\" is expected at the end of a section's line");
	assert_mistake(STR("[s] ; why"),
		       "f.ini:1: \"]\" is expected at the end of a section's line");
	assert_mistake(STR("[ ]"), "f.ini:1: a section needs a name");
	assert_mistake(STR("[a]b]"), "f.ini:1: \";\" and \":\" may stand in values only");
	assert_mistake(STR("[a ;b]"), "f.ini:1: \";\" and \":\" may stand in values only");
	assert_mistake(STR("a:b = c"), "f.ini:1: \";\" and \":\" may stand in values only");
	assert_mistake(STR("[s]\na ;b = c\n[t]"), "f.ini:2: cannot be read as \"key = value\"");
	assert_mistake(STR("[s]\na ;b = c"), "f.ini:2: cannot be read as \"key = value\"");
	assert_mistake(STR("a = \0b"), "f.ini:1: the line holds a NUL byte");
	assert_mistake(STR("[s]\nstop = 1\nb = 2\n"), "f.ini:2: not that");
	assert_mistake(STR("[a-section-name-that-is-much-longer-than-fifty-bytes]"),
		       "f.ini:1: the section's name is longer than 49 bytes");
	assert_mistake(
		STR("a-key-that-is-much-much-much-much-much-longer-than-sixty-four-bytes = 1"),
		"f.ini:1: the key is longer than 64 bytes");
}

static void nothing_is_read_after_a_mistake(void **state)
{
	(void)state;
	struct bytes seen = { 0 };
	struct error err = { 0 };
	assert_false(ini_parse_text(STR("a = 1\njunk\nb = 2\n"), "f.ini", note, &seen, &err));
	assert_string_equal(seen.ptr, "1||a|1\n");
	bytes_finish(&seen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sections_and_pairs),
		cmocka_unit_test(values_hold_what_looks_like_comments),
		cmocka_unit_test(long_lines),
		cmocka_unit_test(mistakes_are_told_with_their_line),
		cmocka_unit_test(nothing_is_read_after_a_mistake),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
