// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "storage/index/shelf.h"
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

static struct db *open_reader(struct made_up *made_up)
{
	struct db *db;
	struct error err;
	assert_true(db_open(made_up->dir, DB_INDEX, DB_READ, &db, &err));
	assert_true(db_attach_user(db, made_up->dir, &err));
	return db;
}

static void load(struct shelf *shelf, struct db *db)
{
	struct error err;
	bool done = false;
	shelf_init(shelf);
	assert_true(shelf_load_begin(shelf, db, &err));
	while (!done) {
		struct error told_before = { .code = ERROR_SYSTEM };
		assert_true(shelf_load_some(shelf, 3, &done, &told_before));
	}
}

/* Everything that can be seen of a shelf, in its order. */
static void describe(const struct shelf *shelf, struct bytes *out)
{
	struct bitmap live = shelf_live(shelf), present = shelf_present(shelf);
	for (size_t i = 0; i < shelf_n(shelf); i++) {
		size_t slot = i, found;
		if (shelf->order.len > 0 && i >= shelf->order.len)
			break;
		if (shelf->order.len > 0)
			slot = *ARRAY_AT(&shelf->order, uint32_t, i);
		assert_true(bitmap_has(&live, slot));
		uint32_t id = *ARRAY_AT(&shelf->ids, uint32_t, slot);
		assert_true(shelf_find(shelf, id, &found));
		assert_int_equal(found, slot);
		bytes_printf(out, "%u %u %d ", id, *ARRAY_AT(&shelf->classes, uint32_t, slot),
			     bitmap_has(&present, slot));
		bytes_append_str(out, shelf_slot_text(shelf, slot));
		bytes_append_byte(out, '\n');
	}
	bytes_append_byte(out, '\0');
}

static void name_extension_triggers_and_tags_are_in_the_text(void **state)
{
	struct made_up *made_up = *state;
	struct shelf shelf;
	uint32_t id =
		made_up_store(made_up, &(struct made_up_model){ .path = "a/Ink Wash.safetensors",
								.kind = KIND_LORA,
								.triggers = "InkWash,wet" });
	made_up_commit(made_up);
	made_up_tag(made_up, "a/Ink Wash.safetensors", "Style");
	struct db *db = open_reader(made_up);
	load(&shelf, db);
	size_t slot;
	assert_true(shelf_find(&shelf, id, &slot));
	assert_true(str_equal(shelf_slot_text(&shelf, slot),
			      STR("ink wash\x1fsafetensors\x1einkwash\x1dwet\x1estyle\x1e")));
	assert_true(
		str_equal(shelf_slot_field(&shelf, slot, SHELF_TRIGGERS), STR("inkwash\x1dwet")));
	assert_true(str_equal(shelf_slot_field(&shelf, slot, SHELF_TAGS), STR("style")));
	shelf_finish(&shelf);
	db_close(db);
}

static void tags_do_not_pass_for_triggers(void **state)
{
	struct made_up *made_up = *state;
	struct shelf shelf;
	made_up_store(made_up,
		      &(struct made_up_model){ .path = "x.safetensors", .kind = KIND_VAE });
	made_up_commit(made_up);
	made_up_tag(made_up, "x.safetensors", "style");
	struct db *db = open_reader(made_up);
	load(&shelf, db);
	assert_int_equal(shelf_slot_field(&shelf, 0, SHELF_TRIGGERS).len, 0);
	assert_true(str_equal(shelf_slot_field(&shelf, 0, SHELF_TAGS), STR("style")));
	shelf_finish(&shelf);
	db_close(db);
}

static void a_point_in_a_word_finds_extensions(void **state)
{
	struct made_up *made_up = *state;
	struct shelf shelf;
	struct arena arena = { 0 };
	made_up_store(made_up,
		      &(struct made_up_model){ .path = "v1.5.safetensors", .kind = KIND_VAE });
	made_up_commit(made_up);
	struct db *db = open_reader(made_up);
	load(&shelf, db);
	static const char *const words[] = { "1.5", "5.safe", "v1.5.safetensors", ".", "v1" };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		struct bitmap found = shelf_search(&shelf, str_from(words[i]), NULL, &arena);
		assert_int_equal(bitmap_count(&found), 1);
	}
	struct bitmap none = shelf_search(&shelf, STR("1.6"), NULL, &arena);
	assert_int_equal(bitmap_count(&none), 0);
	arena_finish(&arena);
	shelf_finish(&shelf);
	db_close(db);
}

/* A text of few signs, so that most words are nearly everywhere; the last two are no ASCII. */
static void write_text(char *out, size_t n_signs, uint32_t *seed)
{
	static const char *const signs[] = { "a", "b", "e", "3", "_", ".", "\xc3\xa9", "\xc3\xa7" };
	out[0] = '\0';
	for (size_t i = 0; i < n_signs; i++)
		strcat(out, signs[(*seed = *seed * 1664525 + 1013904223) >> 29]);
}

/* Byte by byte, with the point of an extension as a point. */
static bool has_word(const struct shelf *shelf, size_t slot, struct str word)
{
	struct str text = shelf_slot_text(shelf, slot);
	for (size_t i = 0; i + word.len <= text.len; i++) {
		size_t n = 0;
		while (n < word.len &&
		       (text.ptr[i + n] == SHELF_DOT ? '.' : text.ptr[i + n]) == word.ptr[n])
			n++;
		if (n == word.len)
			return true;
	}
	return false;
}

static void searching_agrees_with_the_slow_way(void **state)
{
	struct made_up *made_up = *state;
	struct shelf shelf;
	uint32_t seed = 11;
	size_t n_found = 0;
	for (size_t i = 0; i < 300; i++) {
		char name[64], path[96];
		write_text(name, 1 + i % 9, &seed);
		snprintf(path, sizeof path, "%zu/%s.pt", i, name);
		made_up_store(made_up, &(struct made_up_model){ .path = path, .kind = KIND_VAE });
	}
	made_up_commit(made_up);
	struct db *db = open_reader(made_up);
	load(&shelf, db);
	for (size_t round = 0; round < 600; round++) {
		struct arena arena = { 0 };
		char word[64];
		write_text(word, 1 + round % 4, &seed);
		struct str whole = str_from(word), part = str_slice(whole, 0, whole.len - 1);
		struct bitmap among = shelf_search(&shelf, part, NULL, &arena);
		struct bitmap found = shelf_search(&shelf, whole, NULL, &arena);
		struct bitmap narrowed =
			shelf_search(&shelf, whole, part.len ? &among : NULL, &arena);
		for (size_t slot = 0; slot < shelf_n(&shelf); slot++) {
			if (part.len > 0)
				assert_int_equal(bitmap_has(&among, slot),
						 has_word(&shelf, slot, part));
			assert_int_equal(bitmap_has(&found, slot), has_word(&shelf, slot, whole));
			assert_int_equal(bitmap_has(&narrowed, slot), bitmap_has(&found, slot));
		}
		n_found += bitmap_count(&found);
		arena_finish(&arena);
	}
	assert_true(n_found > 600);
	shelf_finish(&shelf);
	db_close(db);
}

/* Hundreds of random changes, updated step by step, must look like a shelf loaded afresh. */
static void updating_gives_what_loading_gives(void **state)
{
	struct made_up *made_up = *state;
	struct error err;
	struct shelf shelf, fresh;
	uint32_t ids[40] = { 0 }, seed = 3;
	struct db *db = open_reader(made_up);
	load(&shelf, db);
	for (int round = 0; round < 300; round++) {
		seed = seed * 1664525 + 1013904223;
		size_t which = (seed >> 16) % 40;
		char path[64], tag[16];
		snprintf(path, sizeof path, "f%zu/n%u.safetensors", which, (seed >> 8) % 5);
		snprintf(tag, sizeof tag, "t%u", (seed >> 20) % 3);
		ids[which] = made_up_store(
			made_up, &(struct made_up_model){ .path = path,
							  .kind = KIND_LORA,
							  .id = ids[which],
							  .rank = (seed >> 12) % 3,
							  .is_gone = ids[which] && seed % 4 == 0 });
		made_up_commit(made_up);
		made_up_tag(made_up, path, tag);
		assert_true(shelf_update(&shelf, db, &ids[which], 1, &err));
		if (round % 20 != 19)
			continue;
		/* Tags of places that were left or found again are the writer's to tell: read all. */
		assert_true(shelf_update(&shelf, db, ids, 40, &err));
		struct bytes a = { 0 }, b = { 0 };
		load(&fresh, db);
		describe(&shelf, &a);
		describe(&fresh, &b);
		assert_string_equal(a.ptr, b.ptr);
		shelf_finish(&fresh);
		bytes_finish(&a);
		bytes_finish(&b);
	}
	shelf_finish(&shelf);
	db_close(db);
}

static void compaction_keeps_everything(void **state)
{
	struct made_up *made_up = *state;
	struct error err;
	struct shelf shelf, fresh;
	uint32_t ids[50];
	for (size_t i = 0; i < 50; i++) {
		char path[64];
		snprintf(path, sizeof path, "%zu.safetensors", (i * 37) % 50);
		ids[i] = made_up_store(made_up,
				       &(struct made_up_model){ .path = path, .kind = KIND_VAE });
	}
	made_up_commit(made_up);
	struct db *db = open_reader(made_up);
	load(&shelf, db);
	for (int round = 0; round < 200; round++)
		assert_true(shelf_update(&shelf, db, ids + round % 10, 40, &err));
	assert_true(shelf_n(&shelf) < 200 * 40);
	struct bytes a = { 0 }, b = { 0 };
	load(&fresh, db);
	describe(&shelf, &a);
	describe(&fresh, &b);
	assert_string_equal(a.ptr, b.ptr);
	struct arena arena = { 0 };
	struct bitmap found = shelf_search(&shelf, STR("49.safe"), NULL, &arena),
		      live = shelf_live(&shelf);
	bitmap_and(&found, &live);
	assert_int_equal(bitmap_count(&found), 1);
	arena_finish(&arena);
	bytes_finish(&a);
	bytes_finish(&b);
	shelf_finish(&shelf);
	shelf_finish(&fresh);
	db_close(db);
}

/* A model that changes again before anybody looks is told of twice. */
static void a_model_told_of_twice_is_there_once(void **state)
{
	struct made_up *made_up = *state;
	struct error err;
	struct shelf shelf, fresh;
	uint32_t ids[100];
	for (size_t i = 0; i < 50; i++) {
		char path[64];
		snprintf(path, sizeof path, "%zu.safetensors", i);
		ids[i] = ids[i + 50] = made_up_store(
			made_up, &(struct made_up_model){ .path = path, .kind = KIND_VAE });
	}
	made_up_commit(made_up);
	struct db *db = open_reader(made_up);
	load(&shelf, db);
	load(&fresh, db);
	for (int round = 0; round < 200; round++) {
		struct bytes a = { 0 }, b = { 0 };
		assert_true(shelf_update(&shelf, db, ids, 100, &err));
		assert_int_equal(shelf.order.len, 50);
		describe(&shelf, &a);
		describe(&fresh, &b);
		assert_string_equal(a.ptr, b.ptr);
		bytes_finish(&a);
		bytes_finish(&b);
	}
	shelf_finish(&shelf);
	shelf_finish(&fresh);
	db_close(db);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(name_extension_triggers_and_tags_are_in_the_text,
						setup, teardown),
		cmocka_unit_test_setup_teardown(tags_do_not_pass_for_triggers, setup, teardown),
		cmocka_unit_test_setup_teardown(a_point_in_a_word_finds_extensions, setup,
						teardown),
		cmocka_unit_test_setup_teardown(searching_agrees_with_the_slow_way, setup,
						teardown),
		cmocka_unit_test_setup_teardown(updating_gives_what_loading_gives, setup, teardown),
		cmocka_unit_test_setup_teardown(compaction_keeps_everything, setup, teardown),
		cmocka_unit_test_setup_teardown(a_model_told_of_twice_is_there_once, setup,
						teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
