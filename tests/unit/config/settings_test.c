// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "config/ini.h"
#include "config/settings.h"
#include "temp_dir.h"

static int set_up(void **state)
{
	static struct temp_dir dir;
	temp_dir_create(&dir);
	*state = &dir;
	return 0;
}

static int tear_down(void **state)
{
	temp_dir_remove(*state);
	return 0;
}

static void assert_value(const struct settings *settings, enum setting setting, const char *text)
{
	if (!str_equal(settings->values[setting].text, str_from(text)))
		fail_msg("%s: %.*s", setting_key(setting), STR_ARG(settings->values[setting].text));
}

static void an_absent_file_gives_the_defaults(void **state)
{
	(void)state;
	struct settings settings;
	settings_load(&settings, "/nowhere/config.ini");
	assert_int_equal(settings.mistake.code, ERROR_NONE);
	assert_value(&settings, SETTING_UI_THEME, "auto");
	assert_string_equal(settings.values[SETTING_UI_THEME].source, "default");
	assert_true(settings.values[SETTING_SCAN_AT_START].number == 1);
	assert_true(settings.values[SETTING_UI_ASCII].number == 0);
	assert_int_equal(settings.keys.len, 0);
	settings_finish(&settings);
}

static void a_file_wins_over_the_defaults(void **state)
{
	struct settings settings;
	const char *path = temp_dir_write(
		*state, "config.ini",
		"[scan]\nworkers = 3\nignore = *.bak; old ; x # y\n"
		"[ui]\ntheme = dark\nascii = yes\n[keys]\nmark-all = ctrl-a *\nundo = z\n");
	settings_load(&settings, path);
	assert_string_equal(settings.mistake.text, "");
	assert_true(settings.values[SETTING_SCAN_WORKERS].number == 3);
	assert_int_equal(settings.values[SETTING_SCAN_WORKERS].line, 2);
	assert_string_equal(settings.values[SETTING_SCAN_WORKERS].source, path);
	assert_value(&settings, SETTING_SCAN_IGNORE, "*.bak; old ; x # y");
	assert_true(settings.values[SETTING_UI_ASCII].number == 1);
	assert_string_equal(settings.values[SETTING_UI_SORT].source, "default");
	assert_int_equal(settings.keys.len, 2);
	const struct key_setting *key = ARRAY_AT(&settings.keys, struct key_setting, 0);
	assert_true(str_equal(key->command, STR("mark-all")));
	assert_true(str_equal(key->keys, STR("ctrl-a *")));
	assert_int_equal(key->line, 8);
	settings_finish(&settings);
}

static const struct {
	const char *text, *words;
} mistakes[] = {
	{ "[ui]\ntheme = drak\n", ":2: ui.theme: no such choice; did you mean \"dark\"?" },
	{ "[ui]\ntheme = 12345678\n", ":2: ui.theme: one of these is expected: auto dark" },
	{ "[ui]\nthem = dark\n", ":2: ui.them: no such setting; did you mean \"ui.theme\"?" },
	{ "[zzzzzzzz]\nqqqqqq = 1\n", ":2: zzzzzzzz.qqqqqq: no such setting" },
	{ "theme = dark\n", ":1: theme: no such setting" },
	{ "[scan]\nworkers = 65\n", ":2: scan.workers: a number from 0 to 64" },
	{ "[scan]\nworkers = many\n", ":2: scan.workers: a number from 0 to 64" },
	{ "[scan]\nat-start = on\n", ":2: scan.at-start: yes or no is expected" },
	{ "[scan]\nextensions = ckpt\n", ":2: scan.extensions: endings are expected" },
	{ "[ui]\nascii = yes\njunk\n", ":3: neither" },
	{ "[\x1b[31m]\na = 1\n", ":2: ^[[31m.a: no such setting" },
};

static void a_mistake_is_told_and_the_defaults_hold(void **state)
{
	for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
		struct settings settings;
		const char *path = temp_dir_write(*state, "config.ini", mistakes[i].text);
		settings_load(&settings, path);
		assert_int_not_equal(settings.mistake.code, ERROR_NONE);
		if (!strstr(settings.mistake.text, mistakes[i].words))
			fail_msg("%s", settings.mistake.text);
		assert_ptr_equal(strstr(settings.mistake.text, path), settings.mistake.text);
		assert_value(&settings, SETTING_UI_ASCII, "no");
		assert_value(&settings, SETTING_UI_THEME, "auto");
		settings_finish(&settings);
	}
}

static void what_is_no_file_is_told(void **state)
{
	const struct temp_dir *dir = *state;
	struct settings settings;
	settings_load(&settings, dir->path);
	assert_int_equal(settings.mistake.code, ERROR_UNSUPPORTED);
	assert_value(&settings, SETTING_UI_THEME, "auto");
	settings_finish(&settings);
}

/* The example must say what holds: uncommented it gives the defaults again, all of them. */
static void the_example_shows_the_defaults(void **state)
{
	struct settings settings, plain;
	struct bytes text = { 0 };
	struct str rest = settings_example, line;
	while (str_next_part(&rest, '\n', &line)) {
		bool is_key = line.len > 1 && line.ptr[0] == ';' && line.ptr[1] != ' ';
		bytes_append_str(&text, is_key ? str_slice(line, 1, line.len) : line);
		bytes_append_byte(&text, '\n');
	}
	const char *path = temp_dir_write(*state, "config.ini", text.ptr);
	settings_load(&settings, path);
	settings_load(&plain, "/nowhere/config.ini");
	assert_string_equal(settings.mistake.text, "");
	for (int i = 0; i < SETTING_COUNT; i++) {
		if (settings.values[i].line == 0)
			fail_msg("%s is not in the example", setting_key((enum setting)i));
		if (!str_equal(settings.values[i].text, plain.values[i].text))
			fail_msg("%s has another default", setting_key((enum setting)i));
		assert_non_null(setting_help((enum setting)i));
	}
	settings_finish(&settings);
	settings_finish(&plain);
	bytes_finish(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_absent_file_gives_the_defaults),
		cmocka_unit_test_setup_teardown(a_file_wins_over_the_defaults, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_mistake_is_told_and_the_defaults_hold, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(what_is_no_file_is_told, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_example_shows_the_defaults, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
