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
#include "storage/user/roots.h"
#include "storage/user/sets.h"
#include "storage/user/subjects.h"
#include "storage/user/tags.h"
#include "tests/support/made_up.h"

static int setup(void **state)
{
	static struct made_up made_up;
	made_up_begin(&made_up);
	*state = &made_up;
	return 0;
}

static int teardown(void **state)
{
	made_up_end(*state);
	return 0;
}

static void tags_have_rules(void **state)
{
	static const char *const good[] = { "style", " two words ", "a+b", "日本", "x-y", "#1" };
	static const char *const bad[] = { "",
					   "   ",
					   "a,b",
					   "+a",
					   "-a",
					   "a\nb",
					   "a\x1b[31m",
					   "\xff",
					   "a\xc2\x9b"
					   "b" };
	struct error err;
	struct str tag;
	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		assert_true(tag_check(str_from(good[i]), &tag, &err));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_false(tag_check(str_from(bad[i]), &tag, &err));
		assert_int_equal(err.code, ERROR_USAGE);
	}
	assert_true(tag_check(STR(" two words "), &tag, &err));
	assert_true(str_equal(tag, STR("two words")));
}

static void a_tag_is_spelled_as_it_was_first(void **state)
{
	struct made_up *made_up = *state;
	struct db *user = made_up->store.user;
	struct error err;
	bool changed;
	int64_t ids[2];
	struct subject_place places[] = { { 1, STR("a"), 1, STR("/nowhere") },
					  { 1, STR("b"), 1, STR("/nowhere") } };
	made_up_root(made_up, "/");
	for (size_t i = 0; i < 2; i++)
		assert_true(subject_place(user, &places[i], &ids[i], &err));
	assert_true(tag_add(user, ids[0], STR("Style"), &changed, &err) && changed);
	assert_true(tag_add(user, ids[0], STR("STYLE"), &changed, &err) && !changed);
	assert_true(tag_add(user, ids[1], STR("style"), &changed, &err) && changed);
	sqlite3_stmt *row = DB_BIND(user, SQL_TAG_SPELLING, &err, db_text(STR("style")));
	assert_true(db_next(row, &err));
	assert_true(str_equal(db_column(row, 0), STR("Style")));
	db_reset(row);
	assert_true(tag_remove(user, ids[1], STR("sTyle"), &changed, &err) && changed);
	assert_true(tag_remove(user, ids[1], STR("style"), &changed, &err) && !changed);
}

static size_t n_tags(struct db *user, int64_t subject_id)
{
	struct error err;
	bool changed;
	size_t n = 0;
	static const char *const all[] = { "one", "two", "three" };
	for (size_t i = 0; i < 3; i++) {
		assert_true(tag_add(user, subject_id, str_from(all[i]), &changed, &err));
		n += !changed;
	}
	return n;
}

static void subjects_change_places_and_merge(void **state)
{
	struct made_up *made_up = *state;
	struct db *user = made_up->store.user;
	struct error err;
	bool changed;
	int64_t a, b;
	made_up_root(made_up, "/");
	struct subject_place first = { 1, STR("a"), 1, STR("/nowhere") };
	struct subject_place second = { 1, STR("b"), 1, STR("/nowhere") };
	assert_true(subject_place(user, &first, &a, &err) &&
		    subject_place(user, &second, &b, &err));
	assert_true(tag_add(user, a, STR("one"), &changed, &err));
	assert_true(tag_add(user, b, STR("two"), &changed, &err));
	struct subject_move swap[] = { { 1, 1, STR("a"), STR("b"), 0 },
				       { 1, 1, STR("b"), STR("a"), 0 } };
	assert_true(subjects_relink(user, swap, 2, 5, &err));
	assert_int_equal(subject_find(user, 1, STR("b")), a);
	assert_int_equal(subject_find(user, 1, STR("a")), b);
	struct subject_move onto[] = { { 1, 1, STR("b"), STR("a"), 0 } };
	assert_true(subjects_relink(user, onto, 1, 6, &err));
	assert_int_equal(subject_find(user, 1, STR("b")), 0);
	assert_int_equal(n_tags(user, subject_find(user, 1, STR("a"))), 2);
}

static const struct set_info *only_set(struct made_up *made_up, struct db *db)
{
	struct error err;
	const struct set_info *sets;
	size_t n;
	if (!sets_list(db, &made_up->arena, &sets, &n, &err))
		fail_msg("%s", err.text);
	assert_int_equal(n, 1);
	return sets;
}

/* Where user.db is attached to the index, as the reader has them. */
static struct db *open_both(struct made_up *made_up)
{
	struct error err;
	struct db *db;
	assert_true(db_open(made_up->dir, DB_INDEX, DB_READ, &db, &err));
	assert_true(db_attach_user(db, made_up->dir, &err));
	return db;
}

static void sets_keep_their_order_and_follow_subjects(void **state)
{
	struct made_up *made_up = *state;
	struct db *user = made_up->store.user;
	struct error err;
	bool changed = false;
	int64_t set, again, ids[3];
	static const char *const paths[] = { "c", "b", "a" };
	made_up_root(made_up, "/");
	for (size_t i = 0; i < 3; i++) {
		struct subject_place place = { 1, str_from(paths[i]), 1, STR("/nowhere") };
		assert_true(subject_place(user, &place, &ids[i], &err));
	}
	assert_true(sets_add(user, STR(" Mine "), &set, &err));
	assert_false(sets_add(user, STR("mINE"), &again, &err));
	assert_int_equal(err.code, ERROR_USAGE);
	assert_false(sets_add(user, STR("a\nb"), &again, &err));
	assert_true(sets_choose(user, set, ids[0], &changed, &err));
	for (size_t i = 3; i-- > 1;) {
		struct set_weights weights = { 0.5, i == 1, 0.25 };
		assert_true(sets_put(user, set, ids[i], &weights, &changed, &err));
	}
	/* "a" goes where "b" is: it is in the set once, as "b" was. */
	struct subject_move onto[] = { { 1, 1, STR("a"), STR("b"), 0 },
				       { 1, 1, STR("c"), STR("d"), 0 } };
	assert_true(subjects_relink(user, onto, 2, 6, &err));
	struct db *both = open_both(made_up);
	const struct set_info *info = only_set(made_up, both);
	assert_true(str_equal(info->name, STR("Mine")));
	assert_true(info->has_checkpoint && str_equal(info->checkpoint.path, STR("/d")));
	assert_int_equal(info->n_loras, 1);
	assert_true(str_equal(info->loras[0].path, STR("/b")));
	assert_true(info->loras[0].weights.has_weight_te &&
		    info->loras[0].weights.weight_te == 0.25);
	assert_true(sets_take(user, set, ids[0], &changed, &err));
	assert_false(only_set(made_up, both)->has_checkpoint);
	db_close(both);
}

static struct correction correction_at(struct db *user, struct str path, struct arena *arena)
{
	struct error err;
	struct correction correction;
	assert_true(corrections_find(user, 1, path, arena, &correction, &err));
	return correction;
}

static bool change(struct db *user, int64_t id, struct correction set, bool clears)
{
	struct correction_change change = { set, clears };
	struct error err;
	bool changed;
	assert_true(corrections_change(user, id, &change, 1, &changed, &err));
	return changed;
}

static void corrections_add_up_until_they_are_cleared(void **state)
{
	struct made_up *made_up = *state;
	struct db *user = made_up->store.user;
	struct arena arena = { 0 };
	struct error err;
	int64_t id;
	struct correction lora = { .has_kind = true, .kind = KIND_LORA };
	struct correction pony = { .base_model = STR("sdxl-pony") };
	struct correction both = { true, KIND_LORA, STR("sdxl-pony") }, none = { 0 };
	made_up_root(made_up, "/");
	struct subject_place place = { 1, STR("a"), 1, STR("/nowhere") };
	assert_true(subject_place(user, &place, &id, &err));
	assert_false(change(user, id, none, true));
	assert_true(change(user, id, lora, false));
	assert_false(change(user, id, lora, false));
	assert_true(change(user, id, pony, false));
	struct correction now = correction_at(user, STR("a"), &arena);
	assert_true(correction_equal(&now, &both));
	assert_true(change(user, id, lora, true));
	now = correction_at(user, STR("a"), &arena);
	assert_true(correction_equal(&now, &lora));
	assert_true(change(user, id, none, true));
	now = correction_at(user, STR("a"), &arena);
	assert_true(correction_is_empty(&now));
	arena_finish(&arena);
}

/* What stands at the new place already is kept; what it lacks comes along. */
static void corrections_merge(void **state)
{
	struct made_up *made_up = *state;
	struct db *user = made_up->store.user;
	struct arena arena = { 0 };
	struct error err;
	int64_t a, b;
	made_up_root(made_up, "/");
	struct subject_place first = { 1, STR("a"), 1, STR("/nowhere") };
	struct subject_place second = { 1, STR("b"), 1, STR("/nowhere") };
	assert_true(subject_place(user, &first, &a, &err) &&
		    subject_place(user, &second, &b, &err));
	change(user, a, (struct correction){ true, KIND_LORA, STR("sdxl-pony") }, false);
	change(user, b, (struct correction){ .has_kind = true, .kind = KIND_VAE }, false);
	struct subject_move onto[] = { { 1, 1, STR("a"), STR("b"), 0 } };
	assert_true(subjects_relink(user, onto, 1, 6, &err));
	struct correction now = correction_at(user, STR("b"), &arena);
	assert_true(
		correction_equal(&now, &(struct correction){ true, KIND_VAE, STR("sdxl-pony") }));
	now = correction_at(user, STR("a"), &arena);
	assert_true(correction_is_empty(&now));
	arena_finish(&arena);
}

/* As a newer version may write it. */
static void a_kind_of_a_newer_version_corrects_nothing(void **state)
{
	struct made_up *made_up = *state;
	struct db *user = made_up->store.user;
	struct arena arena = { 0 };
	struct error err;
	int64_t id;
	made_up_root(made_up, "/");
	struct subject_place place = { 1, STR("a"), 1, STR("/nowhere") };
	assert_true(subject_place(user, &place, &id, &err));
	assert_true(DB_RUN(user, SQL_CORRECTION_PUT, &err, db_int(id), db_text(STR("hologram")),
			   db_text(STR_NULL), db_int(1)));
	struct correction now = correction_at(user, STR("a"), &arena);
	assert_true(correction_is_empty(&now));
	arena_finish(&arena);
}

static void roots_are_named_and_found(void **state)
{
	struct made_up *made_up = *state;
	struct arena arena = { 0 };
	struct error err;
	struct roots roots;
	bool added;
	struct db *user = made_up->store.user;
	const char *deep = arena_printf(&arena, "%s/x/loras", made_up->dir);
	const char *twin = arena_printf(&arena, "%s/y/loras", made_up->dir);
	assert_int_equal(mkdir(arena_printf(&arena, "%s/x", made_up->dir), 0700), 0);
	assert_int_equal(mkdir(arena_printf(&arena, "%s/y", made_up->dir), 0700), 0);
	assert_int_equal(mkdir(deep, 0700), 0);
	assert_int_equal(mkdir(twin, 0700), 0);
	assert_true(roots_add(user, arena_strf(&arena, "%s//", deep), STR_NULL, 1, &added, &err) &&
		    added);
	assert_true(roots_add(user, str_from(deep), STR_NULL, 1, &added, &err) && !added);
	assert_true(roots_add(user, arena_strf(&arena, "%s/../loras/.", twin), STR_NULL, 1, &added,
			      &err) &&
		    added);
	assert_false(
		roots_add(user, arena_strf(&arena, "%s/none", twin), STR_NULL, 1, &added, &err));
	assert_int_equal(err.code, ERROR_USAGE);
	assert_true(store_roots(&made_up->store, &arena, &roots, &err));
	assert_int_equal(roots.n, 2);
	assert_true(str_equal(roots.list[0].name, STR("loras")));
	assert_true(str_equal(roots.list[0].path, str_from(deep)));
	assert_true(str_equal(roots.list[1].name, STR("loras-2")));
	assert_true(str_equal(roots.list[1].path, str_from(twin)));
	assert_ptr_equal(roots_find_named(&roots, STR("loras-2")), &roots.list[1]);
	assert_ptr_equal(roots_find_named(&roots, arena_strf(&arena, "%s/", deep)), &roots.list[0]);
	assert_null(roots_find_named(&roots, STR("lora")));
	int64_t id = roots.list[0].id;
	assert_true(roots_remove(user, id, 2, &err));
	assert_true(roots_add(user, str_from(deep), STR("back"), 3, &added, &err) && added);
	assert_true(store_roots(&made_up->store, &arena, &roots, &err));
	assert_int_equal(roots_find_named(&roots, STR("back"))->id, id);
	arena_finish(&arena);
}

static void a_quick_hash_is_of_both_ends(void **state)
{
	struct made_up *made_up = *state;
	struct arena arena = { 0 };
	char first[SHA256_HEX + 1], second[SHA256_HEX + 1];
	struct str dir = str_from(made_up->dir);
	FILE *file = fopen(arena_printf(&arena, "%s/f", made_up->dir), "w+");
	assert_int_equal(ftruncate(fileno(file), 1 << 20), 0);
	assert_true(subject_quick_hash(dir, STR("f"), first));
	assert_int_equal(pwrite(fileno(file), "x", 1, 1 << 19), 1);
	assert_true(subject_quick_hash(dir, STR("f"), second));
	assert_string_equal(first, second);
	assert_int_equal(pwrite(fileno(file), "x", 1, (1 << 20) - 1), 1);
	assert_true(subject_quick_hash(dir, STR("f"), second));
	assert_string_not_equal(first, second);
	fclose(file);
	assert_int_equal(symlink("f", arena_printf(&arena, "%s/link", made_up->dir)), 0);
	assert_int_equal(mkfifo(arena_printf(&arena, "%s/pipe", made_up->dir), 0600), 0);
	assert_false(subject_quick_hash(dir, STR("link"), second));
	assert_false(subject_quick_hash(dir, STR("pipe"), second));
	assert_false(subject_quick_hash(dir, STR("none"), second));
	arena_finish(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tags_have_rules),
		cmocka_unit_test_setup_teardown(a_tag_is_spelled_as_it_was_first, setup, teardown),
		cmocka_unit_test_setup_teardown(subjects_change_places_and_merge, setup, teardown),
		cmocka_unit_test_setup_teardown(sets_keep_their_order_and_follow_subjects, setup,
						teardown),
		cmocka_unit_test_setup_teardown(corrections_add_up_until_they_are_cleared, setup,
						teardown),
		cmocka_unit_test_setup_teardown(corrections_merge, setup, teardown),
		cmocka_unit_test_setup_teardown(a_kind_of_a_newer_version_corrects_nothing, setup,
						teardown),
		cmocka_unit_test_setup_teardown(roots_are_named_and_found, setup, teardown),
		cmocka_unit_test_setup_teardown(a_quick_hash_is_of_both_ends, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
