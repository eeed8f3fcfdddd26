// SPDX-License-Identifier: MIT
#include "tui/app/keymap.h"

static void drop_lines(struct keymap *keymap, enum command command)
{
	struct keymap_line *lines = keymap->lines.ptr;
	size_t kept = 0;
	for (size_t i = 0; i < keymap->lines.len; i++)
		if (lines[i].command != command)
			lines[kept++] = lines[i];
	keymap->lines.len = kept;
}

static bool add_keys(struct keymap *keymap, enum command command, struct str keys, struct str *bad)
{
	struct str part, rest = keys;
	bool all_known = true;
	while (str_next_part(&rest, ' ', &part)) {
		struct key key;
		if (!part.len)
			continue;
		if (!key_parse(part, &key)) {
			all_known = false;
			*bad = part;
			continue;
		}
		*ARRAY_PUSH(&keymap->lines, struct keymap_line) =
			(struct keymap_line){ key, command };
	}
	return all_known;
}

static void add_setting(struct keymap *keymap, const struct key_setting *setting,
			struct error *mistake)
{
	struct error first;
	struct error *err = mistake->code == ERROR_NONE ? mistake : &first;
	enum command command = command_find(setting->command);
	struct str bad;
	if (command == COMMAND_NONE) {
		error_set(err, ERROR_USAGE, NULL, "config.ini:%u: [keys]: no command \"%.*s\"",
			  setting->line, STR_ARG(setting->command));
		return;
	}
	drop_lines(keymap, command);
	if (!add_keys(keymap, command, setting->keys, &bad))
		error_set(err, ERROR_USAGE, NULL, "config.ini:%u: [keys] %.*s: no key \"%.*s\"",
			  setting->line, STR_ARG(setting->command), STR_ARG(bad));
}

void keymap_init(struct keymap *keymap, const struct settings *settings, struct error *mistake)
{
	struct str bad;
	*keymap = (struct keymap){ .lines = ARRAY_OF(struct keymap_line) };
	*mistake = (struct error){ 0 };
	for (size_t i = 1; i < COMMAND_COUNT; i++)
		if (!add_keys(keymap, (enum command)i, str_from(command_table[i].keys), &bad))
			BUG("key \"%.*s\" of command %s", STR_ARG(bad), command_table[i].name);
	for (size_t i = 0; settings && i < settings->keys.len; i++)
		add_setting(keymap, ARRAY_AT(&settings->keys, struct key_setting, i), mistake);
}

void keymap_finish(struct keymap *keymap)
{
	array_finish(&keymap->lines);
}

enum command keymap_find(const struct keymap *keymap, struct key key, unsigned where)
{
	const struct keymap_line *lines = keymap->lines.ptr;
	enum command elsewhere = COMMAND_NONE;
	for (size_t i = keymap->lines.len; i-- > 0;) {
		enum command command = lines[i].command;
		if (!key_equal(lines[i].key, key))
			continue;
		if (command_table[command].where & where)
			return command;
		if (elsewhere == COMMAND_NONE)
			elsewhere = command;
	}
	return elsewhere;
}

void keymap_keys(const struct keymap *keymap, enum command command, unsigned where, size_t n_max,
		 struct bytes *out)
{
	const struct keymap_line *lines = keymap->lines.ptr;
	char name[KEY_NAME_BYTES];
	for (size_t i = 0, n = 0; i < keymap->lines.len && n < n_max; i++) {
		if (lines[i].command != command ||
		    keymap_find(keymap, lines[i].key, where) != command)
			continue;
		if (n++)
			bytes_append_byte(out, ' ');
		bytes_append_str(out, key_name(lines[i].key, name));
	}
}
