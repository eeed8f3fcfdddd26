// SPDX-License-Identifier: MIT
#include "config/setting_add.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "tests/unit/config/temp_dir.h"

static void adds(const char *before, const char *after)
{
	struct arena arena = { 0 };
	struct bytes out = { 0 };
	struct str value;
	struct error err = { 0 };
	assert_true(setting_add_text(str_from(before), "f", SETTING_SCAN_IGNORE, STR("/x"), &arena,
				     &out, &value, &err));
	assert_string_equal(out.ptr, after);
	bytes_finish(&out);
	arena_finish(&arena);
}

static void every_other_byte_stays(void **state)
{
	(void)state;
	adds("", "[scan]\nignore = /x\n");
	adds("; mine\n[ui]\n ascii=yes \n\n# end",
	     "; mine\n[ui]\n ascii=yes \n\n# end\n\n[scan]\nignore = /x\n");
	adds("[scan]\n\tignore =  a;b  \n; x\n[ui]\n", "[scan]\n\tignore =  a;b;/x  \n; x\n[ui]\n");
	adds("[scan]\nignore =\nworkers = 2\n", "[scan]\nignore = /x\nworkers = 2\n");
	adds("[scan]\nworkers = 2", "[scan]\nignore = /x\nworkers = 2");
	adds("[scan]", "[scan]\nignore = /x\n");
	adds("[scan]\n; what\n;ignore =\n\n[ui]\n",
	     "[scan]\n; what\n;ignore =\nignore = /x\n\n[ui]\n");
	adds("[scan]\r\nignore = a\r\n", "[scan]\r\nignore = a;/x\r\n");
	adds("[scan]\r\nworkers = 2\r\n", "[scan]\r\nignore = /x\r\nworkers = 2\r\n");
	adds("[scan]\nignore = a\n[ui]\n[scan]\nignore = b\n",
	     "[scan]\nignore = a\n[ui]\n[scan]\nignore = b;/x\n");
}

static void what_is_broken_is_left_alone(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct bytes out = { 0 };
	struct str value;
	struct error err = { 0 };
	assert_false(setting_add_text(STR("[scan\n"), "f", SETTING_SCAN_IGNORE, STR("/x"), &arena,
				      &out, &value, &err));
	bytes_clear(&out);
	assert_false(setting_add_text(STR(""), "f", SETTING_SCAN_IGNORE, STR("/x\n[ui]"), &arena,
				      &out, &value, &err));
	bytes_finish(&out);
	arena_finish(&arena);
}

static void a_file_is_made_and_a_link_stays_one(void **state)
{
	struct temp_dir *dir = *state;
	struct arena arena = { 0 };
	struct str value;
	struct error err = { 0 };
	struct stat st;
	struct settings settings;
	const char *file = arena_printf(&arena, "%s/new/config.ini", dir->path);
	const char *link = arena_printf(&arena, "%s/link.ini", dir->path);
	assert_true(setting_add(file, SETTING_SCAN_IGNORE, STR("a"), &arena, &value, &err));
	assert_int_equal(symlink(file, link), 0);
	assert_int_equal(chmod(file, 0640), 0);
	assert_true(setting_add(link, SETTING_SCAN_IGNORE, STR("b"), &arena, &value, &err));
	assert_true(str_equal(value, STR("a;b")));
	assert_int_equal(lstat(link, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(stat(file, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	settings_load(&settings, file);
	assert_true(str_equal(settings.values[SETTING_SCAN_IGNORE].text, STR("a;b")));
	settings_finish(&settings);
	assert_false(setting_add("/proc/none/config.ini", SETTING_SCAN_IGNORE, STR("b"), &arena,
				 &value, &err));
	assert_int_equal(unlink(file), 0);
	assert_false(setting_add("/dev/null", SETTING_SCAN_IGNORE, STR("b"), &arena, &value, &err));
	arena_finish(&arena);
}

static void a_glob_fits_its_path(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	assert_true(str_equal(setting_glob(STR("/a b/[x]*?\\;\n/c "), &arena),
			      STR("/a b/\\[x]\\*\\?\\\\?"
				  "?/c?")));
	arena_finish(&arena);
}

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_other_byte_stays),
		cmocka_unit_test(what_is_broken_is_left_alone),
		cmocka_unit_test_setup_teardown(a_file_is_made_and_a_link_stays_one, set_up,
						tear_down),
		cmocka_unit_test(a_glob_fits_its_path),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
