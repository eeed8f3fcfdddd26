// SPDX-License-Identifier: MIT
#include "storage/scan/changes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static const struct known_file known = {
	.path = { "x.pt", 4 },
	.id = 1,
	.context = 9,
	.state = { .inode = 1, .size_bytes = 2, .mtime_ns = 3, .ctime_ns = 4 },
};

static void compares_every_part_of_a_state(void **state)
{
	(void)state;
	struct file_state now = known.state;
	assert_int_equal(change_of(NULL, &now, 9, true), CHANGE_NEW);
	assert_int_equal(change_of(&known, &now, 9, true), CHANGE_SAME);
	assert_int_equal(change_of(&known, &now, 8, true), CHANGE_CHANGED);
	now.inode++;
	assert_int_equal(change_of(&known, &now, 9, true), CHANGE_CHANGED);
	assert_int_equal(change_of(&known, &now, 9, false), CHANGE_SAME);
	now = known.state;
	now.ctime_ns++;
	assert_int_equal(change_of(&known, &now, 9, true), CHANGE_CHANGED);
	assert_int_equal(change_of(&known, &now, 9, false), CHANGE_SAME);
	now = known.state;
	now.mtime_ns--;
	assert_int_equal(change_of(&known, &now, 9, false), CHANGE_CHANGED);
	now = known.state;
	now.size_bytes++;
	assert_int_equal(change_of(&known, &now, 9, false), CHANGE_CHANGED);
}

static void sees_what_came_back(void **state)
{
	(void)state;
	struct known_file missing = known;
	missing.is_missing = true;
	struct file_state now = known.state;
	assert_int_equal(change_of(&missing, &now, 9, true), CHANGE_BACK);
	now.size_bytes++;
	assert_int_equal(change_of(&missing, &now, 9, true), CHANGE_CHANGED);
}

static void finds_a_folder_among_sorted_paths(void **state)
{
	(void)state;
	static const char *const paths[] = {
		"a", "a-b/x.pt", "a.pt", "a/b/x.pt", "a/x.pt", "a/z.pt", "a0.pt", "b/x.pt",
	};
	struct known_file files[8] = { 0 };
	for (size_t i = 0; i < 8; i++)
		files[i].path = str_from(paths[i]);
	struct known_range all = { files, 8 };
	struct known_range below = known_below(all, STR("a"));
	assert_ptr_equal(below.files, &files[3]);
	assert_int_equal(below.n, 3);
	assert_ptr_equal(known_find(below, STR("a/x.pt"), 1), &files[4]);
	assert_null(known_find(below, STR("a/y.pt"), 1));
	assert_int_equal(known_below(all, STR("a/b")).n, 1);
	assert_int_equal(known_below(all, STR("c")).n, 0);
	assert_int_equal(known_below(all, STR("")).n, 8);
	for (size_t i = 0; i < 8; i++)
		assert_ptr_equal(known_find(all, files[i].path, 0), &files[i]);
}

static struct stray stray(const char *path, uint64_t inode, uint64_t size_bytes)
{
	return (struct stray){ .path = str_from(path),
			       .state = { .inode = inode, .size_bytes = size_bytes } };
}

static void matches_what_is_unambiguous(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct stray gone[] = {
		stray("a.pt", 5, 1), stray("b.pt", 2, 1),      stray("twin.pt", 7, 1),
		stray("c.pt", 9, 1), stray("lost.pt", 100, 1),
	};
	struct stray arrived[] = {
		stray("new/b.pt", 2, 1), stray("t1.pt", 7, 1),  stray("a.PT", 5, 1),
		stray("t2.pt", 7, 1),    stray("c.ckpt", 9, 1), stray("reused.pt", 100, 2),
	};
	changes_match_moves(gone, 5, arrived, 6, &arena);
	assert_int_equal(gone[0].match, 2);
	assert_int_equal(gone[1].match, 0);
	assert_int_equal(arrived[2].match, 0);
	assert_int_equal(arrived[0].match, 1);
	assert_int_equal(gone[2].match, SIZE_MAX);
	assert_int_equal(gone[3].match, SIZE_MAX);
	assert_int_equal(gone[4].match, SIZE_MAX);
	assert_int_equal(arrived[1].match, SIZE_MAX);
	assert_int_equal(arrived[5].match, SIZE_MAX);
	changes_match_moves(NULL, 0, arrived, 6, &arena);
	assert_int_equal(arrived[0].match, SIZE_MAX);
	arena_finish(&arena);
}

/* b.pt was moved over a.pt, which is moved on: two places are known for the one inode. */
static void prefers_where_it_was_seen_last(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct stray gone[] = { stray("b.pt", 5, 1), stray("a.pt", 5, 1), stray("c.pt", 7, 1),
				stray("d.pt", 7, 1) };
	struct stray arrived[] = { stray("new.pt", 5, 1), stray("e.pt", 7, 1) };
	gone[0].was_missing = gone[2].was_missing = gone[3].was_missing = true;
	changes_match_moves(gone, 4, arrived, 2, &arena);
	assert_int_equal(arrived[0].match, 1);
	assert_int_equal(gone[0].match, SIZE_MAX);
	assert_int_equal(arrived[1].match, SIZE_MAX);
	arena_finish(&arena);
}

static void brakes_above_a_fifth_and_twenty(void **state)
{
	(void)state;
	assert_false(changes_is_mass(20, 20));
	assert_true(changes_is_mass(21, 21));
	assert_false(changes_is_mass(110, 22));
	assert_true(changes_is_mass(109, 22));
	assert_false(changes_is_mass(0, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(compares_every_part_of_a_state),
		cmocka_unit_test(sees_what_came_back),
		cmocka_unit_test(finds_a_folder_among_sorted_paths),
		cmocka_unit_test(matches_what_is_unambiguous),
		cmocka_unit_test(prefers_where_it_was_seen_last),
		cmocka_unit_test(brakes_above_a_fifth_and_twenty),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
