// SPDX-License-Identifier: MIT
#include "tui/app/key.h"

#include <stdio.h>
#include <string.h>

#include "core/base/utf8.h"

static const struct {
	const char *name;
	uint32_t code;
} names[] = {
	{ "space", ' ' },
	{ "up", KEY_CODE_UP },
	{ "down", KEY_CODE_DOWN },
	{ "left", KEY_CODE_LEFT },
	{ "right", KEY_CODE_RIGHT },
	{ "home", KEY_CODE_HOME },
	{ "end", KEY_CODE_END },
	{ "pgup", KEY_CODE_PGUP },
	{ "pgdn", KEY_CODE_PGDN },
	{ "insert", KEY_CODE_INSERT },
	{ "delete", KEY_CODE_DELETE },
	{ "backspace", KEY_CODE_BACKSPACE },
	{ "enter", KEY_CODE_ENTER },
	{ "tab", KEY_CODE_TAB },
	{ "backtab", KEY_CODE_BACKTAB },
	{ "esc", KEY_CODE_ESC },
};

#define N_NAMES (sizeof(names) / sizeof(*names))

static bool parse_name(struct str name, uint32_t *code)
{
	for (size_t i = 0; i < N_NAMES; i++) {
		if (str_equal_nocase(name, str_from(names[i].name))) {
			*code = names[i].code;
			return true;
		}
	}
	uint64_t number;
	if (name.len < 2 || (name.ptr[0] != 'f' && name.ptr[0] != 'F') ||
	    !str_to_u64(str_slice(name, 1, name.len), &number) || number < 1 || number > 12)
		return false;
	*code = KEY_CODE_F1 + (uint32_t)number - 1;
	return true;
}

/* One character of UTF-8, nothing behind it. */
static bool parse_character(struct str name, uint32_t *code)
{
	size_t len = utf8_next(name, code);
	return len > 0 && len == name.len && *code > ' ' && *code != 0x7F;
}

bool key_parse(struct str name, struct key *out)
{
	struct key key = { 0 };
	if (name.len == 2 && name.ptr[0] == '^') {
		char letter = name.ptr[1];
		key.ctrl = true;
		key.code = (uint32_t)(letter >= 'A' && letter <= 'Z' ? letter + 32 : letter);
		*out = key;
		return key.code >= 'a' && key.code <= 'z';
	}
	if (!parse_name(name, &key.code) && !parse_character(name, &key.code))
		return false;
	*out = key;
	return true;
}

static const char *fixed_name(uint32_t code)
{
	for (size_t i = 0; i < N_NAMES; i++)
		if (names[i].code == code)
			return names[i].name;
	return NULL;
}

struct str key_name(struct key key, char out[KEY_NAME_BYTES])
{
	const char *name = fixed_name(key.code);
	int len;
	if (key.ctrl)
		len = snprintf(out, KEY_NAME_BYTES, "^%c", (char)(key.code - 32));
	else if (name)
		len = snprintf(out, KEY_NAME_BYTES, "%s", name);
	else if (key.code >= KEY_CODE_F1)
		len = snprintf(out, KEY_NAME_BYTES, "f%u", (unsigned)(key.code - KEY_CODE_F1 + 1));
	else
		len = (int)utf8_encode(key.code, out);
	return (struct str){ out, (size_t)len };
}

bool key_equal(struct key a, struct key b)
{
	return a.code == b.code && a.ctrl == b.ctrl;
}

bool key_is_ctrl(struct key key, char letter)
{
	return key.ctrl && key.code == (uint32_t)letter;
}
