// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "config/paths.h"

static const char *const variables[] = {
	"LORARIUM_DATA",
	"XDG_DATA_HOME",
	"XDG_CONFIG_HOME",
	"XDG_CACHE_HOME",
};

static int set_up(void **state)
{
	static struct arena arena;
	arena_init(&arena);
	*state = &arena;
	for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
		unsetenv(variables[i]);
	return setenv("HOME", "/home/me", 1);
}

static int tear_down(void **state)
{
	arena_finish(*state);
	return 0;
}

static void without_anything_said(void **state)
{
	struct paths paths = paths_find(NULL, NULL, *state);
	assert_string_equal(paths.data_dir, "/home/me/.local/share/lorarium");
	assert_string_equal(paths.data_dir_source, "default");
	assert_string_equal(paths.config_file, "/home/me/.config/lorarium/config.ini");
	assert_string_equal(paths.config_file_source, "default");
	assert_string_equal(paths.knowledge_dir, "/home/me/.config/lorarium/knowledge");
	assert_string_equal(paths.cache_dir, "/home/me/.cache/lorarium");
}

static void by_environment(void **state)
{
	setenv("XDG_DATA_HOME", "/data", 1);
	setenv("XDG_CONFIG_HOME", "/config", 1);
	setenv("XDG_CACHE_HOME", "/cache", 1);
	struct paths paths = paths_find(NULL, NULL, *state);
	assert_string_equal(paths.data_dir, "/data/lorarium");
	assert_string_equal(paths.data_dir_source, "$XDG_DATA_HOME");
	assert_string_equal(paths.config_file, "/config/lorarium/config.ini");
	assert_string_equal(paths.config_file_source, "$XDG_CONFIG_HOME");
	assert_string_equal(paths.cache_dir, "/cache/lorarium");

	setenv("LORARIUM_DATA", "/mine", 1);
	paths = paths_find(NULL, NULL, *state);
	assert_string_equal(paths.data_dir, "/mine");
	assert_string_equal(paths.data_dir_source, "$LORARIUM_DATA");
}

static void empty_and_relative_values_count_as_unset(void **state)
{
	setenv("XDG_DATA_HOME", "", 1);
	setenv("XDG_CONFIG_HOME", "relative", 1);
	setenv("XDG_CACHE_HOME", "./here", 1);
	setenv("LORARIUM_DATA", "", 1);
	without_anything_said(state);
}

static void options_win(void **state)
{
	setenv("LORARIUM_DATA", "/mine", 1);
	setenv("XDG_CONFIG_HOME", "/config", 1);
	/* Relative ones are below the working folder. */
	assert_int_equal(chdir("/usr"), 0);
	struct paths paths = paths_find("~/library", "conf/my.ini", *state);
	assert_string_equal(paths.data_dir, "/home/me/library");
	assert_string_equal(paths.data_dir_source, "--data");
	assert_string_equal(paths.config_file, "/usr/conf/my.ini");
	assert_string_equal(paths.config_file_source, "--config");
	assert_string_equal(paths.knowledge_dir, "/usr/conf/knowledge");
	assert_string_equal(paths_find("~x", "my.ini", *state).data_dir, "/usr/~x");
	assert_string_equal(paths_find("~", "my.ini", *state).data_dir, "/home/me");
	assert_string_equal(paths_find("~x", "my.ini", *state).knowledge_dir, "/usr/knowledge");
	assert_string_equal(paths_find("~x", "/my.ini", *state).knowledge_dir, "/knowledge");
	assert_int_equal(chdir("/"), 0);
	assert_string_equal(paths_find("x", NULL, *state).data_dir, "/x");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(without_anything_said, set_up, tear_down),
		cmocka_unit_test_setup_teardown(by_environment, set_up, tear_down),
		cmocka_unit_test_setup_teardown(empty_and_relative_values_count_as_unset, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(options_win, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
