// SPDX-License-Identifier: MIT
#include "storage/files/trash_list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <cmocka.h>

static bool reads(const char *text, const char *top, const char *old, int64_t at_s)
{
	struct arena arena = { 0 };
	struct trash_info info;
	bool ok = trash_info_read(str_from(text), str_from(top), &arena, &info);
	ok = ok && str_equal(info.old, str_from(old)) && info.at_s == at_s;
	arena_finish(&arena);
	return ok;
}

static bool is_refused(const char *text, const char *top)
{
	struct arena arena = { 0 };
	struct trash_info info;
	bool ok = !trash_info_read(str_from(text), str_from(top), &arena, &info);
	arena_finish(&arena);
	return ok;
}

#define HEAD "[Trash Info]\n"

static void an_info_tells_where_and_when(void **state)
{
	(void)state;
	const int64_t at_s = 1767323045; /* 2026-01-02 03:04:05 UTC */
	assert_true(reads(HEAD "Path=/a%20b/c%c3%A9\nDeletionDate=2026-01-02T03:04:05\n", "",
			  "/a b/c\xc3\xa9", at_s));
	assert_true(reads("[Trash Info]\r\nDeletionDate=2026-01-02T03:04:05\r\nPath=/a\r\n", "",
			  "/a", at_s));
	assert_true(reads(HEAD "Path=b/c\n", "/mnt", "/mnt/b/c", 0));
	assert_true(reads(HEAD "Path=b\n", "/", "/b", 0));
	assert_true(reads(HEAD "Path=/mnt/b\n", "/mnt", "/mnt/b", 0));
	assert_true(reads(HEAD "Path=/first\nPath=/second\n", "", "/first", 0));
	assert_true(reads(HEAD "Other=x\nPath=/a\n[Else]\nPath=/b\n", "", "/a", 0));
}

static void a_time_that_is_none_is_unknown(void **state)
{
	(void)state;
	static const char *const times[] = {
		"",
		"yesterday",
		"2026-01-02",
		"2026-01-02 03:04:05",
		"1026-01-02T03:04:05",
		"2026-1-2T3:4:5",
	};
	char text[128];
	for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
		snprintf(text, sizeof text, HEAD "Path=/a\nDeletionDate=%s\n", times[i]);
		assert_true(reads(text, "", "/a", 0));
	}
}

static void what_climbs_or_names_nothing_is_refused(void **state)
{
	(void)state;
	static const char *const broken[] = {
		"",
		"Path=/a\n",
		"[Else]\nPath=/a\n",
		HEAD,
		HEAD "[Else]\nPath=/a\n",
		HEAD "Path=\n",
		HEAD "Path=/\n",
		HEAD "Path=/a/\n",
		HEAD "Path=/a/../b\n",
		HEAD "Path=/a/%2e%2E/b\n",
		HEAD "Path=/a/./b\n",
		HEAD "Path=/a//b\n",
		HEAD "Path=/a%00b\n",
		HEAD "Path=/a%2\n",
		HEAD "Path=/a%zz\n",
		HEAD "Path=relative\n",
	};
	for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
		assert_true(is_refused(broken[i], ""));
	assert_true(is_refused(HEAD "Path=../b\n", "/mnt"));
	assert_true(is_refused(HEAD "Path=/mntx/b\n", "/mnt"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_info_tells_where_and_when),
		cmocka_unit_test(a_time_that_is_none_is_unknown),
		cmocka_unit_test(what_climbs_or_names_nothing_is_refused),
	};
	setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
