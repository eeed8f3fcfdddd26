// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <dirent.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/base/text.h"
#include "storage/user/copies.h"
#include "storage/user/dump.h"
#include "storage/user/notes.h"
#include "storage/user/operations.h"
#include "storage/user/sets.h"
#include "storage/user/subjects.h"
#include "storage/user/tags.h"
#include "tests/support/made_up.h"

enum { HISTORIES = 1000, FILES_MAX = 12 };

/* Two data folders: what is in the first goes into the second. */
struct pair {
	struct made_up from, into;
};

static int setup(void **state)
{
	static struct pair pair;
	made_up_begin(&pair.from);
	made_up_begin(&pair.into);
	*state = &pair;
	return 0;
}

static int teardown(void **state)
{
	struct pair *pair = *state;
	made_up_end(&pair->from);
	made_up_end(&pair->into);
	return 0;
}

static uint32_t next_random(uint32_t *random, uint32_t below)
{
	*random = *random * 1664525u + 1013904223u;
	return (*random >> 8) % below;
}

/* Bytes of every sort, among them quotes, controls, wide letters and broken UTF-8; never NUL. */
static struct str random_bytes(uint32_t *random, struct arena *arena)
{
	static const char *const parts[] = { "a",
					     "B",
					     "\"",
					     "\\",
					     "\n",
					     "\x1b[31m",
					     "\xc3\xa4",
					     "\xe4\xb8\xad",
					     "\xff",
					     "\xc3",
					     "\xc2\x85",
					     " ",
					     "\xf0\x9f\x90\xb1",
					     "{",
					     "0" };
	struct bytes bytes = { 0 };
	for (uint32_t n = 1 + next_random(random, 8); n > 0; n--)
		bytes_append_str(&bytes, str_from(parts[next_random(random, 15)]));
	struct str text = arena_str(arena, bytes_str(&bytes));
	bytes_finish(&bytes);
	return text;
}

static struct str random_tag(uint32_t *random)
{
	static const char *const tags[] = { "style",    "Style",    "two words",
					    "\xc3\x84", "\xc3\xa4", "x\"y" };
	return str_from(tags[next_random(random, 6)]);
}

static struct str random_hash(uint32_t *random)
{
	return next_random(random, 2)
		       ? STR_NULL
		       : STR("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
}

static void add_roots(struct db *user, uint32_t *random, struct arena *arena)
{
	struct error err;
	for (int i = 1; i <= 3; i++) {
		struct str name =
			arena_strf(arena, "%d%.*s", i, STR_ARG(random_bytes(random, arena)));
		struct str path =
			arena_strf(arena, "/%d%.*s", i, STR_ARG(random_bytes(random, arena)));
		struct db_value removed = next_random(random, 3)
						  ? (struct db_value){ 0 }
						  : db_int(next_random(random, 1u << 20));
		assert_true(DB_RUN(user, SQL_ROOT_RESTORE, &err, db_text(name), db_blob(path),
				   db_int(next_random(random, 1u << 20) * 4000ll), removed));
	}
}

static void attach(struct db *user, int64_t id, uint32_t *random, struct arena *arena)
{
	static const char *const kinds[] = { "lora", "a kind of the future" };
	struct error err;
	bool changed = false;
	assert_true(notes_rate(user, id, (int)next_random(random, 6), &changed, &err));
	assert_true(notes_favour(user, id, next_random(random, 2), &changed, &err));
	if (next_random(random, 2))
		assert_true(DB_RUN(user, SQL_SUBJECT_NOTE, &err, db_int(id),
				   db_text(random_bytes(random, arena))));
	/* As histories leave them: one tag in two spellings. */
	for (uint32_t n = next_random(random, 4); n > 0; n--) {
		struct str tag = random_tag(random);
		assert_true(DB_RUN(user, SQL_TAG_ADD, &err, db_int(id),
				   db_text(text_fold_copy(arena, tag)), db_text(tag)));
	}
	if (next_random(random, 3) == 0)
		assert_true(DB_RUN(user, SQL_CORRECTION_PUT, &err, db_int(id),
				   db_text(str_from(kinds[next_random(random, 2)])),
				   db_text(next_random(random, 2) ? STR("sdxl") : STR_NULL),
				   db_int(next_random(random, 1u << 30))));
}

/* More than are kept, at times. */
static void add_formers(struct db *user, int64_t id, uint32_t *random, struct arena *arena)
{
	struct error err;
	for (uint32_t n = next_random(random, SUBJECT_FORMERS_MAX + 3); n > 0; n--)
		assert_true(
			DB_RUN(user, SQL_FORMER_RESTORE, &err, db_int(id),
			       db_int(next_random(random, 1u << 20) * 70000ll),
			       db_text(arena_strf(arena, "%064x", next_random(random, 1u << 20))),
			       db_int(INT32_MAX)));
}

static size_t add_files(struct db *user, uint32_t *random, struct arena *arena, int64_t last_root,
			int64_t *ids)
{
	size_t n = next_random(random, FILES_MAX);
	struct error err;
	for (size_t i = 0; i < n; i++) {
		struct str path =
			arena_strf(arena, "%zu/%.*s", i, STR_ARG(random_bytes(random, arena)));
		assert_true(DB_RUN(user, SQL_SUBJECT_RESTORE, &err,
				   db_int(last_root - next_random(random, 3)), db_blob(path),
				   db_int(next_random(random, 1u << 20) * 70000ll),
				   db_text(random_hash(random)), db_text(random_hash(random))));
		ids[i] = sqlite3_last_insert_rowid(user->handle);
		if (next_random(random, 4))
			attach(user, ids[i], random, arena);
		if (next_random(random, 3) == 0)
			add_formers(user, ids[i], random, arena);
	}
	return n;
}

static void add_set(struct db *user, uint32_t *random, struct arena *arena, const int64_t *ids,
		    size_t n, int number)
{
	struct error err;
	bool changed = false;
	int64_t set;
	assert_true(
		sets_add(user, arena_strf(arena, "Set \"%d\" \xe4\xb8\xad", number), &set, &err));
	if (next_random(random, 2))
		assert_true(DB_RUN(user, SQL_SET_NOTE, &err, db_int(set),
				   db_text(random_bytes(random, arena))));
	if (next_random(random, 2))
		assert_true(sets_tag(user, set, random_tag(random), &changed, &err));
	if (n > 0 && next_random(random, 2))
		assert_true(sets_choose(user, set, ids[next_random(random, (uint32_t)n)], &changed,
					&err));
	for (size_t i = 0; i < n; i += 1 + next_random(random, 3)) {
		struct set_weights weights = {
			.weight = (next_random(random, 4000) - 2000.0) / 7,
			.has_weight_te = next_random(random, 2),
			.weight_te = next_random(random, 100) / 10.0,
		};
		assert_true(sets_put(user, set, ids[n - 1 - i], &weights, &changed, &err));
	}
}

static void fill(struct db *user, uint32_t *random, struct arena *arena)
{
	int64_t ids[FILES_MAX];
	add_roots(user, random, arena);
	int64_t last_root = sqlite3_last_insert_rowid(user->handle);
	size_t n = add_files(user, random, arena, last_root, ids);
	for (int i = 0; i < (int)next_random(random, 4); i++)
		add_set(user, random, arena, ids, n, i);
}

static void assert_same(const struct bytes *a, const struct bytes *b)
{
	assert_string_equal(a->ptr, b->ptr);
	assert_int_equal(a->len, b->len);
}

static void test_random(void **state)
{
	struct pair *pair = *state;
	struct db *from = pair->from.store.user, *into = pair->into.store.user;
	struct bytes one = { 0 }, two = { 0 };
	struct error err = { 0 };
	for (uint32_t seed = 0; seed < HISTORIES; seed++) {
		struct arena arena = { 0 };
		uint32_t random = seed * 7919 + 1;
		uint64_t n_changed;
		bytes_clear(&one);
		bytes_clear(&two);
		assert_true(operation_begin(from, &err));
		fill(from, &random, &arena);
		assert_true(dump_write(from, &one, &err));
		operation_rollback(from);
		assert_true(operation_begin(into, &err));
		if (!dump_restore(into, bytes_str(&one), &n_changed, &err))
			fail_msg("seed %u: %s\n%s", seed, err.text, one.ptr);
		assert_true(dump_write(into, &two, &err));
		assert_same(&one, &two);
		/* Once more changes nothing. */
		assert_true(dump_restore(into, bytes_str(&one), &n_changed, &err));
		assert_int_equal(n_changed, 0);
		operation_rollback(into);
		arena_finish(&arena);
	}
	bytes_finish(&one);
	bytes_finish(&two);
}

/* What is here is not pushed out by what a dump tells; of that as much as there is room for. */
static void test_formers(void **state)
{
	struct pair *pair = *state;
	struct db *into = pair->into.store.user;
	struct bytes text = { 0 }, again = { 0 };
	struct arena arena = { 0 };
	struct error err = { 0 };
	uint64_t n_changed;
	bytes_append_str(&text,
			 STR("{\"type\":\"lorarium-dump\",\"version\":2}\n"
			     "{\"type\":\"root\",\"name\":\"r\",\"root\":\"/r\",\"added\":null}\n"
			     "{\"type\":\"model\",\"root\":\"/r\",\"path\":\"a\",\"bytes\":9,"
			     "\"tags\":[\"x\"],\"former\":["));
	for (int i = 0; i < 100; i++)
		bytes_printf(&text, "%s{\"bytes\":%d,\"quick_hash\":\"%064x\"}", i ? "," : "", i,
			     i);
	bytes_append_str(&text, STR("]}\n"));
	assert_true(operation_begin(into, &err));
	for (int i = 0; i < 2; i++) {
		if (!dump_restore(into, bytes_str(&text), &n_changed, &err))
			fail_msg("%s", err.text);
		bytes_clear(&again);
		assert_true(dump_write(into, &again, &err));
		for (int hash = 0; hash < 100; hash++)
			assert_int_equal(
				str_find(bytes_str(&again), arena_strf(&arena, "%064x", hash)) >= 0,
				hash < SUBJECT_FORMERS_MAX);
	}
	operation_rollback(into);
	bytes_finish(&text);
	bytes_finish(&again);
	arena_finish(&arena);
}

/* All but roots goes with the operation, and comes again. */
static void test_undo(void **state)
{
	struct pair *pair = *state;
	struct db *from = pair->from.store.user, *into = pair->into.store.user;
	struct bytes one = { 0 }, two = { 0 };
	struct arena arena = { 0 };
	struct operation operation = { .what = STR("restore"), .words = STR(""), .is_asked = true };
	struct error err = { 0 };
	uint32_t random = 4;
	uint64_t n_changed;
	int64_t id;
	assert_true(operation_begin(from, &err));
	fill(from, &random, &arena);
	assert_true(dump_write(from, &one, &err));
	operation_rollback(from);
	assert_true(operation_begin(into, &err));
	assert_true(dump_restore(into, bytes_str(&one), &n_changed, &err));
	assert_true(n_changed > 6);
	assert_true(operation_commit(into, &operation, &id, &err));
	assert_true(operation_revert(into, id, OPERATION_UNDO, NULL, &err));
	assert_true(dump_write(into, &two, &err));
	assert_null(strstr(two.ptr, "\"type\":\"model\""));
	assert_null(strstr(two.ptr, "\"type\":\"set\""));
	assert_true(operation_revert(into, id, OPERATION_REDO, NULL, &err));
	bytes_clear(&two);
	assert_true(dump_write(into, &two, &err));
	assert_same(&one, &two);
	bytes_finish(&one);
	bytes_finish(&two);
	arena_finish(&arena);
}

/* Every day for a year: what stays is a week of days and four weeks. */
static void test_days(void **state)
{
	int64_t kept[400] = { 0 };
	size_t n = 0;
	(void)state;
	for (int64_t day = 20000; day < 20365; day++) {
		bool keep[400];
		for (size_t i = n++; i > 0; i--)
			kept[i] = kept[i - 1];
		kept[0] = day;
		copies_choose(kept, n, keep);
		size_t n_kept = 0;
		for (size_t i = 0; i < n; i++) {
			if (keep[i])
				kept[n_kept++] = kept[i];
		}
		n = n_kept;
		assert_true(n <= COPIES_DAYS + COPIES_WEEKS);
	}
	assert_int_equal(n, COPIES_DAYS + COPIES_WEEKS);
	for (size_t i = 0; i < COPIES_DAYS; i++)
		assert_int_equal(kept[i], 20364 - (int64_t)i);
	/* Weeks follow one another without a gap. */
	for (size_t i = COPIES_DAYS + 1; i < n; i++)
		assert_int_equal((kept[i - 1] + 3) / 7 - (kept[i] + 3) / 7, 1);
}

static bool is_there(struct made_up *made_up, const char *name)
{
	return access(arena_printf(&made_up->arena, "%s/%s", made_up->dir, name), F_OK) == 0;
}

/* Nothing while there is nothing; then once a day. */
static void test_copies(void **state)
{
	struct made_up *made_up = &((struct pair *)*state)->from;
	struct db *user = made_up->store.user;
	struct error err = { 0 };
	bool changed = false;
	int64_t set;
	time_t now = time(NULL);
	assert_true(copies_keep(user, made_up->dir, now, &err));
	assert_false(is_there(made_up, "user.jsonl"));
	assert_true(sets_add(user, STR("one"), &set, &err));
	assert_true(copies_keep(user, made_up->dir, now, &err));
	assert_true(is_there(made_up, "user.jsonl"));
	const char *path = arena_printf(&made_up->arena, "%s/user.jsonl", made_up->dir);
	struct stat before, after;
	assert_int_equal(stat(path, &before), 0);
	assert_int_equal(before.st_mode & 0777, 0600);
	assert_true(sets_note(user, set, STR("a note"), &changed, &err));
	assert_true(copies_keep(user, made_up->dir, now, &err));
	assert_int_equal(stat(path, &after), 0);
	assert_int_equal(after.st_ino, before.st_ino);
	for (int day = 1; day < 20; day++)
		assert_true(copies_keep(user, made_up->dir, now + day * 86400ll, &err));
	assert_int_equal(stat(path, &after), 0);
	assert_true(after.st_size > before.st_size);
	assert_false(is_there(made_up, "user.jsonl.part"));
	DIR *dir = opendir(arena_printf(&made_up->arena, "%s/backups", made_up->dir));
	size_t n = 0;
	while (readdir(dir))
		n++;
	closedir(dir);
	assert_true(n - 2 > COPIES_DAYS && n - 2 <= COPIES_DAYS + COPIES_WEEKS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_random, setup, teardown),
		cmocka_unit_test_setup_teardown(test_formers, setup, teardown),
		cmocka_unit_test_setup_teardown(test_undo, setup, teardown),
		cmocka_unit_test(test_days),
		cmocka_unit_test_setup_teardown(test_copies, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
