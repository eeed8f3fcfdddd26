// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "storage/user/corrections.h"
#include "storage/user/operations.h"
#include "storage/user/sets.h"
#include "storage/user/subjects.h"
#include "storage/user/tags.h"
#include "tests/support/made_up.h"

static int setup(void **state)
{
	static struct made_up made_up;
	made_up_begin(&made_up);
	made_up_root(&made_up, "/");
	*state = &made_up;
	return 0;
}

static int teardown(void **state)
{
	made_up_end(*state);
	return 0;
}

static int append_row(void *context, int n, char **values, char **names)
{
	(void)names;
	for (int i = 0; i < n; i++)
		bytes_printf(context, "%s|", values[i] ? values[i] : "NULL");
	bytes_append_byte(context, '\n');
	return 0;
}

/* Everything that people made, as text; a subject that nothing is attached to is nothing. */
static void dump(struct db *user, struct bytes *out)
{
	static const char *const queries[] = {
		"SELECT path, folded, name FROM tag JOIN subject ON subject.id = subject_id ORDER BY 1, 2",
		"SELECT path, kind, base_model FROM correction JOIN subject ON subject.id = subject_id"
		" ORDER BY 1",
		"SELECT folded, name, model_set.note, path FROM model_set LEFT JOIN subject"
		" ON subject.id = checkpoint_id ORDER BY 1",
		"SELECT folded, path, place, weight FROM set_lora JOIN model_set ON model_set.id = set_id"
		" JOIN subject ON subject.id = subject_id ORDER BY 1, 3",
		"SELECT model_set.folded, set_tag.name FROM set_tag JOIN model_set ON model_set.id = set_id"
		" ORDER BY 1, 2",
	};
	bytes_clear(out);
	for (size_t i = 0; i < sizeof queries / sizeof *queries; i++)
		assert_int_equal(sqlite3_exec(user->handle, queries[i], append_row, out, NULL),
				 SQLITE_OK);
}

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

static struct str pick(const char *const *words, uint32_t random)
{
	return str_from(words[random % 5]);
}

static bool change_set(struct db *user, uint32_t *random, int64_t subject, struct error *err)
{
	static const char *const names[] = { "a", "b", "c", "d", "e" };
	struct str name = pick(names, next_random(random));
	struct set_weights weights = { .weight = (double)(next_random(random) % 10) };
	int64_t set = sets_find(user, name);
	bool changed = false;
	if (!set)
		return sets_add(user, name, &set, err) &&
		       sets_put(user, set, subject, &weights, &changed, err);
	switch (next_random(random) % 5) {
	case 0: return sets_delete(user, set, err);
	case 1: return sets_choose(user, set, subject, &changed, err);
	case 2: return sets_take(user, set, subject, &changed, err);
	case 3: return sets_tag(user, set, STR("x"), &changed, err);
	default: return sets_put(user, set, subject, &weights, &changed, err);
	}
}

static bool change_something(struct db *user, uint32_t *random, struct error *err)
{
	static const char *const paths[] = { "p", "q", "r", "s", "t" };
	static const char *const tags[] = { "one", "two", "three", "ONE", "five" };
	struct subject_place place = { 1, pick(paths, next_random(random)), 1, STR("/nowhere") };
	struct correction_change change = { .clears = next_random(random) % 2 };
	int64_t subject;
	bool changed = false;
	if (!subject_place(user, &place, &subject, err))
		return false;
	switch (next_random(random) % 4) {
	case 0: return tag_add(user, subject, pick(tags, next_random(random)), &changed, err);
	case 1: return tag_remove(user, subject, pick(tags, next_random(random)), &changed, err);
	case 2:
		change.set =
			(struct correction){ .has_kind = true, .kind = next_random(random) % 3 };
		return corrections_change(user, subject, &change, 1, &changed, err);
	default: return change_set(user, random, subject, err);
	}
}

enum { HISTORIES = 20, OPERATIONS = 40 };

/* As many operations as really changed something. */
static unsigned make_history(struct db *user, uint32_t seed, struct bytes *before, size_t n)
{
	struct error err;
	unsigned n_made = 0;
	uint32_t random = seed;
	for (size_t i = 0; i < n; i++) {
		struct operation operation = { .what = STR("test"),
					       .words = STR("x"),
					       .is_asked = true };
		int64_t id = 0;
		dump(user, &before[n_made]);
		assert_true(operation_begin(user, &err));
		assert_true(change_something(user, &random, &err) &&
			    change_something(user, &random, &err));
		assert_true(operation_commit(user, &operation, &id, &err));
		n_made += id != 0;
	}
	return n_made;
}

static void revert_to(struct db *user, enum operation_way way, const struct bytes *expected)
{
	struct error err;
	struct bytes now = { 0 };
	int64_t id = operation_next(user, way);
	assert_int_not_equal(id, 0);
	assert_true(operation_revert(user, id, way, NULL, &err));
	dump(user, &now);
	assert_true(str_equal(bytes_str(&now), bytes_str(expected)));
	bytes_finish(&now);
}

/* Step by step to the beginning, and forth again. */
static void any_history_is_undone_and_redone(void **state)
{
	struct made_up *made_up = *state;
	struct db *user = made_up->store.user;
	for (uint32_t seed = 1; seed <= HISTORIES; seed++) {
		struct bytes states[OPERATIONS + 1] = { 0 };
		unsigned n = make_history(user, seed, states, OPERATIONS);
		assert_true(n > OPERATIONS / 2);
		dump(user, &states[n]);
		for (unsigned i = n; i-- > 0;)
			revert_to(user, OPERATION_UNDO, &states[i]);
		for (unsigned i = 1; i <= n; i++)
			revert_to(user, OPERATION_REDO, &states[i]);
		assert_int_equal(operation_next(user, OPERATION_REDO), 0);
		for (unsigned i = 0; i <= OPERATIONS; i++)
			bytes_finish(&states[i]);
	}
}

static int64_t tag_one(struct db *user, const char *path, const char *tag, bool is_asked)
{
	struct error err;
	struct subject_place place = { 1, str_from(path), 1, STR("/nowhere") };
	struct operation operation = {
		.what = STR("tag"), .words = str_from(tag), .is_asked = is_asked, .n_changed = 1
	};
	int64_t subject, id;
	bool changed = false;
	assert_true(operation_begin(user, &err));
	assert_true(subject_place(user, &place, &subject, &err));
	assert_true(tag_add(user, subject, str_from(tag), &changed, &err));
	assert_true(operation_commit(user, &operation, &id, &err));
	return id;
}

static void an_older_one_is_undone_alone(void **state)
{
	struct made_up *made_up = *state;
	struct db *user = made_up->store.user;
	struct error err;
	struct bytes left = { 0 };
	int64_t first = tag_one(user, "p", "one", true);
	tag_one(user, "p", "two", true);
	assert_true(operation_revert(user, first, OPERATION_UNDO, NULL, &err));
	dump(user, &left);
	assert_true(str_equal(bytes_str(&left), STR("p|two|two|\n")));
	assert_false(operation_revert(user, first, OPERATION_UNDO, NULL, &err));
	assert_int_equal(err.code, ERROR_USAGE);
	assert_false(operation_revert(user, 999, OPERATION_UNDO, NULL, &err));
	assert_int_equal(err.code, ERROR_USAGE);
	bytes_finish(&left);
}

static void redo_ends_with_the_next_change(void **state)
{
	struct made_up *made_up = *state;
	struct db *user = made_up->store.user;
	struct error err;
	int64_t first = tag_one(user, "p", "one", true);
	assert_true(operation_revert(user, first, OPERATION_UNDO, NULL, &err));
	assert_int_equal(operation_next(user, OPERATION_REDO), first);
	tag_one(user, "p", "nobody asked", false);
	assert_int_equal(operation_next(user, OPERATION_REDO), first);
	tag_one(user, "p", "two", true);
	assert_int_equal(operation_next(user, OPERATION_REDO), 0);
}

static void what_was_changed_again_is_refused_whole(void **state)
{
	struct made_up *made_up = *state;
	struct db *user = made_up->store.user;
	struct error err;
	struct operation operation = { .what = STR("set"),
				       .words = STR("new a"),
				       .is_asked = true };
	struct bytes before = { 0 }, after = { 0 };
	int64_t id, set, later;
	bool changed = false;
	assert_true(operation_begin(user, &err) && sets_add(user, STR("a"), &set, &err));
	assert_true(operation_commit(user, &operation, &id, &err));
	assert_true(operation_begin(user, &err) &&
		    sets_note(user, set, STR("kept"), &changed, &err));
	assert_true(operation_commit(user, &operation, &later, &err));
	dump(user, &before);
	assert_false(operation_revert(user, id, OPERATION_UNDO, NULL, &err));
	assert_int_equal(err.code, ERROR_CHANGED);
	dump(user, &after);
	assert_true(str_equal(bytes_str(&before), bytes_str(&after)));
	bytes_finish(&before);
	bytes_finish(&after);
}

static void a_set_that_was_filled_since_is_not_unmade(void **state)
{
	struct made_up *made_up = *state;
	struct db *user = made_up->store.user;
	struct error err;
	struct operation operation = { .what = STR("set"),
				       .words = STR("new a"),
				       .is_asked = true };
	struct subject_place place = { 1, STR("p"), 1, STR("/nowhere") };
	struct set_weights weights = { .weight = 1 };
	int64_t id, set, subject;
	bool changed = false;
	assert_true(operation_begin(user, &err) && sets_add(user, STR("a"), &set, &err));
	assert_true(operation_commit(user, &operation, &id, &err));
	assert_true(subject_place(user, &place, &subject, &err));
	assert_true(sets_put(user, set, subject, &weights, &changed, &err));
	assert_false(operation_revert(user, id, OPERATION_UNDO, NULL, &err));
	assert_int_equal(err.code, ERROR_CHANGED);
	assert_int_equal(sets_find(user, STR("a")), set);
}

static void what_changed_nothing_is_no_operation(void **state)
{
	struct made_up *made_up = *state;
	struct db *user = made_up->store.user;
	tag_one(user, "p", "one", true);
	assert_int_equal(tag_one(user, "p", "ONE", true), 0);
}

/* A window of a long history tells of each how far `undo N` would have to go. */
static void a_window_tells_how_far_undo_would_go(void **state)
{
	struct made_up *made_up = *state;
	struct db *user = made_up->store.user;
	static const char *const tags[] = { "one", "two", "three", "four" };
	struct array list = ARRAY_OF(struct operation);
	struct arena arena = { 0 };
	struct error err;
	int64_t ids[4];
	for (size_t i = 0; i < 4; i++)
		ids[i] = tag_one(user, "p", tags[i], true);
	assert_true(operation_revert(user, ids[2], OPERATION_UNDO, NULL, &err));
	assert_int_equal(operations_count(user), 4);
	assert_true(operations_list(user, (struct operation_window){ 1, 2 }, &arena, &list, &err));
	assert_int_equal(list.len, 2);
	const struct operation *lines = list.ptr;
	assert_int_equal(lines[0].id, ids[2]);
	assert_int_equal(lines[0].n_undo, 0); /* it is undone */
	assert_int_equal(lines[1].id, ids[1]);
	assert_int_equal(lines[1].n_undo, 2);
	array_finish(&list);
	list = ARRAY_OF(struct operation);
	assert_true(operations_find(user, ids[0], &arena, &list, &err));
	assert_int_equal(list.len, 1);
	lines = list.ptr;
	assert_int_equal(lines[0].n_undo, 3);
	array_finish(&list);
	arena_finish(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(any_history_is_undone_and_redone, setup, teardown),
		cmocka_unit_test_setup_teardown(an_older_one_is_undone_alone, setup, teardown),
		cmocka_unit_test_setup_teardown(redo_ends_with_the_next_change, setup, teardown),
		cmocka_unit_test_setup_teardown(what_was_changed_again_is_refused_whole, setup,
						teardown),
		cmocka_unit_test_setup_teardown(a_set_that_was_filled_since_is_not_unmade, setup,
						teardown),
		cmocka_unit_test_setup_teardown(what_changed_nothing_is_no_operation, setup,
						teardown),
		cmocka_unit_test_setup_teardown(a_window_tells_how_far_undo_would_go, setup,
						teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
