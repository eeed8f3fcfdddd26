// SPDX-License-Identifier: MIT
/**
 * Changes gathered into folders that are due, under a clock of our own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "storage/live/due.h"

struct gathering {
	struct due due;
	struct arena arena;
};

static int setup(void **state)
{
	static struct gathering gathering;
	gathering = (struct gathering){ 0 };
	due_init(&gathering.due);
	*state = &gathering;
	return 0;
}

static int teardown(void **state)
{
	struct gathering *gathering = *state;
	due_finish(&gathering->due);
	arena_finish(&gathering->arena);
	return 0;
}

static void note(struct gathering *gathering, const char *folder, bool is_deep, int64_t now_ms)
{
	due_note(&gathering->due, 1, str_from(folder), is_deep, now_ms);
}

/* "1:a 1:b/ 2:": folders in order, deep ones with a slash; what is due at that time. */
static const char *take(struct gathering *gathering, int64_t now_ms)
{
	const struct scan_part *parts = NULL;
	struct bytes text = { 0 };
	size_t n = due_take(&gathering->due, now_ms, &gathering->arena, &parts);
	for (size_t i = 0; i < n; i++)
		bytes_printf(&text, "%s%d:%.*s%s", i ? " " : "", (int)parts[i].root_id,
			     STR_ARG(parts[i].folder), parts[i].is_deep ? "/" : "");
	const char *copy = arena_cstr(&gathering->arena, bytes_str(&text));
	bytes_finish(&text);
	return copy;
}

static void a_folder_is_due_when_it_is_quiet(void **state)
{
	struct gathering *gathering = *state;
	assert_int_equal(due_next_ms(&gathering->due), -1);
	note(gathering, "a", false, 1000);
	note(gathering, "a", false, 1200);
	assert_int_equal(due_next_ms(&gathering->due), 1200 + DUE_QUIET_MS);
	assert_string_equal(take(gathering, 1499), "");
	assert_string_equal(take(gathering, 1500), "1:a");
	assert_int_equal(due_next_ms(&gathering->due), -1);
	assert_string_equal(take(gathering, 99999), "");
}

static void one_that_is_never_quiet_is_due_all_the_same(void **state)
{
	struct gathering *gathering = *state;
	int64_t now_ms = 1000;
	for (; now_ms < 1000 + DUE_LATEST_MS; now_ms += 100) {
		note(gathering, "a", false, now_ms);
		assert_string_equal(take(gathering, now_ms), "");
	}
	assert_string_equal(take(gathering, now_ms), "1:a");
	/* And from the next change on, the same again. */
	note(gathering, "a", false, now_ms);
	assert_int_equal(due_next_ms(&gathering->due), now_ms + DUE_QUIET_MS);
}

static void a_move_is_seen_from_both_its_ends(void **state)
{
	struct gathering *gathering = *state;
	note(gathering, "from", false, 1000);
	note(gathering, "to", false, 1000);
	note(gathering, "to", false, 1290);
	assert_string_equal(take(gathering, 1300), "1:from 1:to");
}

static void a_folder_that_comes_or_goes_concerns_the_one_above(void **state)
{
	struct gathering *gathering = *state;
	note(gathering, "a/b", true, 1000);
	note(gathering, "a/b/c", false, 1000);
	note(gathering, "a/b-d", false, 1000);
	note(gathering, "top", true, 1000);
	assert_string_equal(take(gathering, 2000), "1: 1:a 1:a/b/ 1:a/b-d 1:top/");
}

static void the_whole_root_stands_for_all_in_it(void **state)
{
	struct gathering *gathering = *state;
	note(gathering, "a/b", true, 1000);
	note(gathering, "", true, 1000);
	due_note(&gathering->due, 2, STR("x"), false, 1000);
	assert_string_equal(take(gathering, 2000), "1:/ 2:x");
}

static void too_many_folders_become_their_root(void **state)
{
	struct gathering *gathering = *state;
	for (unsigned i = 0; i < DUE_FOLDERS_MAX + 10; i++)
		note(gathering, arena_printf(&gathering->arena, "f%05u", i), false, 1000);
	due_note(&gathering->due, 2, STR("x"), false, 1000);
	assert_string_equal(take(gathering, 2000), "1:/ 2:x");
}

static void what_is_being_written_is_looked_at_less_and_less(void **state)
{
	struct gathering *gathering = *state;
	int64_t now_ms = 1000, wait_ms = DUE_AGAIN_MS;
	note(gathering, "a", false, now_ms);
	now_ms += DUE_QUIET_MS;
	for (unsigned i = 0; i < 8; i++) {
		assert_string_equal(take(gathering, now_ms), "1:a");
		due_again(&gathering->due, 1, STR("a"), now_ms);
		due_again(&gathering->due, 1, STR("a"), now_ms);
		due_done(&gathering->due);
		assert_int_equal(due_next_ms(&gathering->due), now_ms + wait_ms);
		assert_string_equal(take(gathering, now_ms + wait_ms - 1), "");
		now_ms += wait_ms;
		wait_ms = 2 * wait_ms < DUE_AGAIN_MAX_MS ? 2 * wait_ms : DUE_AGAIN_MAX_MS;
	}
	/* Another change, and it is as on the first day. */
	note(gathering, "a", false, now_ms);
	now_ms += DUE_QUIET_MS;
	assert_string_equal(take(gathering, now_ms), "1:a");
	due_again(&gathering->due, 1, STR("a"), now_ms);
	assert_int_equal(due_next_ms(&gathering->due), now_ms + DUE_AGAIN_MS);
}

static void what_waits_is_not_taken_along(void **state)
{
	struct gathering *gathering = *state;
	note(gathering, "slow", false, 1000);
	assert_string_equal(take(gathering, 1300), "1:slow");
	due_again(&gathering->due, 1, STR("slow"), 1300);
	due_done(&gathering->due);
	note(gathering, "quick", false, 1400);
	assert_string_equal(take(gathering, 1700), "1:quick");
	assert_string_equal(take(gathering, 1300 + DUE_AGAIN_MS), "1:slow");
}

static void a_scan_that_was_cut_short_leaves_its_work(void **state)
{
	struct gathering *gathering = *state;
	note(gathering, "a/b", true, 1000);
	assert_string_equal(take(gathering, 1300), "1:a 1:a/b/");
	due_failed(&gathering->due, 1400);
	assert_string_equal(take(gathering, 1400 + DUE_QUIET_MS), "1:a 1:a/b/");
	due_done(&gathering->due);
	due_failed(&gathering->due, 2000);
	assert_string_equal(take(gathering, 9000), "");
}

static void what_changes_during_a_scan_is_due_after_it(void **state)
{
	struct gathering *gathering = *state;
	note(gathering, "a", false, 1000);
	assert_string_equal(take(gathering, 1300), "1:a");
	note(gathering, "a", false, 1350);
	due_done(&gathering->due);
	assert_string_equal(take(gathering, 1350 + DUE_QUIET_MS), "1:a");
}

/* New, and being filled while it is looked at: from then on it is looked at alone. */
static void a_folder_that_was_entered_is_no_longer_new(void **state)
{
	struct gathering *gathering = *state;
	note(gathering, "new", true, 1000);
	assert_string_equal(take(gathering, 1300), "1: 1:new/");
	note(gathering, "new", false, 1350);
	due_done(&gathering->due);
	assert_string_equal(take(gathering, 1350 + DUE_QUIET_MS), "1:new");
	/* But not when it was not entered after all. */
	due_done(&gathering->due);
	note(gathering, "other", true, 3000);
	assert_string_equal(take(gathering, 3300), "1: 1:other/");
	note(gathering, "other", false, 3350);
	due_failed(&gathering->due, 3400);
	assert_string_equal(take(gathering, 3400 + DUE_QUIET_MS), "1: 1:other/");
}

static void a_scan_of_the_root_takes_its_folders(void **state)
{
	struct gathering *gathering = *state;
	note(gathering, "a", false, 1000);
	due_note(&gathering->due, 2, STR("x"), false, 1000);
	due_take_root(&gathering->due, 1);
	due_done(&gathering->due);
	assert_string_equal(take(gathering, 2000), "2:x");
	due_root(&gathering->due, 1, 5000);
	assert_string_equal(take(gathering, 4999), "");
	assert_string_equal(take(gathering, 5000), "1:/");
	due_note(&gathering->due, 2, STR("x"), false, 5000);
	due_forget(&gathering->due, 2);
	assert_string_equal(take(gathering, 9000), "");
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_folder_is_due_when_it_is_quiet),
		CASE(one_that_is_never_quiet_is_due_all_the_same),
		CASE(a_move_is_seen_from_both_its_ends),
		CASE(a_folder_that_comes_or_goes_concerns_the_one_above),
		CASE(the_whole_root_stands_for_all_in_it),
		CASE(too_many_folders_become_their_root),
		CASE(what_is_being_written_is_looked_at_less_and_less),
		CASE(what_waits_is_not_taken_along),
		CASE(a_scan_that_was_cut_short_leaves_its_work),
		CASE(what_changes_during_a_scan_is_due_after_it),
		CASE(a_folder_that_was_entered_is_no_longer_new),
		CASE(a_scan_of_the_root_takes_its_folders),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
