// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "tui/app/keymap.h"

static enum command find(const struct keymap *keymap, const char *name)
{
	struct key key;
	assert_true(key_parse(str_from(name), &key));
	return keymap_find(keymap, key, WHERE_MODELS);
}

static void names_of_keys_read_back(void **state)
{
	(void)state;
	static const char *const names[] = { "j",  "^D",  "space", "pgdn", "esc",
					     "f1", "f12", "?",     "^",    "水" };
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct key key;
		char out[KEY_NAME_BYTES];
		assert_true(key_parse(str_from(names[i]), &key));
		struct str name = key_name(key, out);
		assert_true(str_equal(name, str_from(names[i])));
	}
	static const char *const wrong[] = { "", "jj", "^1", "f0", "f13", "hyper-x", "\xff" };
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct key key;
		assert_false(key_parse(str_from(wrong[i]), &key));
	}
}

/* Two commands on one key must not make one of them unreachable without anybody being told. */
static void every_default_key_does_something_somewhere(void **state)
{
	(void)state;
	struct keymap keymap;
	struct error mistake;
	keymap_init(&keymap, NULL, &mistake);
	assert_int_equal(mistake.code, ERROR_NONE);
	for (size_t i = 0; i < keymap.lines.len; i++) {
		const struct keymap_line *line = ARRAY_AT(&keymap.lines, struct keymap_line, i);
		bool is_reached = false;
		for (unsigned where = 1; where <= WHERE_ANY; where <<= 1)
			is_reached |= command_table[line->command].where & where &&
				      keymap_find(&keymap, line->key, where) == line->command;
		assert_true(is_reached);
	}
	keymap_finish(&keymap);
}

/* What a person puts on a key takes it where it is valid, and leaves it alone elsewhere. */
static void a_key_means_what_is_valid_there(void **state)
{
	(void)state;
	struct settings settings = { .keys = ARRAY_OF(struct key_setting) };
	struct keymap keymap;
	struct error mistake;
	struct bytes keys = { 0 };
	struct key j;
	assert_true(key_parse(STR("j"), &j));
	*ARRAY_PUSH(&settings.keys, struct key_setting) =
		(struct key_setting){ STR("mark"), STR("j"), 3 };
	keymap_init(&keymap, &settings, &mistake);
	assert_int_equal(keymap_find(&keymap, j, WHERE_MODELS), COMMAND_MARK);
	assert_int_equal(keymap_find(&keymap, j, WHERE_HELP), COMMAND_DOWN);
	keymap_keys(&keymap, COMMAND_DOWN, WHERE_MODELS, 3, &keys);
	assert_string_equal(keys.ptr, "down");
	bytes_finish(&keys);
	keymap_finish(&keymap);
	array_finish(&settings.keys);
}

static void every_command_is_whole(void **state)
{
	(void)state;
	for (size_t i = 1; i < COMMAND_COUNT; i++) {
		assert_true(command_table[i].name && *command_table[i].name);
		assert_true(*command_table[i].help);
		assert_true(command_table[i].where);
		assert_int_equal(command_find(str_from(command_table[i].name)), i);
	}
	assert_int_equal(command_find(STR("list")), COMMAND_FILTER);
	assert_int_equal(command_find(STR("nothing")), COMMAND_NONE);
}

static void the_person_wins(void **state)
{
	(void)state;
	struct settings settings = { .keys = ARRAY_OF(struct key_setting) };
	struct keymap keymap;
	struct error mistake;
	*ARRAY_PUSH(&settings.keys, struct key_setting) =
		(struct key_setting){ STR("mark"), STR("x j"), 3 };
	*ARRAY_PUSH(&settings.keys, struct key_setting) =
		(struct key_setting){ STR("frobnicate"), STR("y"), 4 };
	*ARRAY_PUSH(&settings.keys, struct key_setting) =
		(struct key_setting){ STR("help"), STR("hyper-h ?"), 5 };
	keymap_init(&keymap, &settings, &mistake);
	assert_int_equal(find(&keymap, "x"), COMMAND_MARK);
	assert_int_equal(find(&keymap, "j"), COMMAND_MARK);
	assert_int_equal(find(&keymap, "down"), COMMAND_DOWN);
	assert_int_equal(find(&keymap, "space"), COMMAND_NONE);
	assert_int_equal(find(&keymap, "?"), COMMAND_HELP);
	assert_int_equal(mistake.code, ERROR_USAGE);
	assert_non_null(strstr(mistake.text, "config.ini:4"));
	assert_non_null(strstr(mistake.text, "frobnicate"));
	keymap_finish(&keymap);
	array_finish(&settings.keys);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_of_keys_read_back),
		cmocka_unit_test(every_default_key_does_something_somewhere),
		cmocka_unit_test(a_key_means_what_is_valid_there),
		cmocka_unit_test(every_command_is_whole),
		cmocka_unit_test(the_person_wins),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
