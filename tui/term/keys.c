// SPDX-License-Identifier: MIT
#include "tui/term/keys.h"

#include <string.h>

#include "core/base/utf8.h"

#define ESC '\x1b'
#define SEQUENCE_MAX 64 /* longer ones are no keys */
#define PASTE_END STR("\x1b[201~")

/* What reading from the front of the bytes came to. */
enum outcome {
	OUTCOME_MSG,     /* `out` is filled */
	OUTCOME_NOTHING, /* understood, but nobody's business */
	OUTCOME_MORE,    /* the beginning of something */
	OUTCOME_BROKEN,  /* not what it looked like */
};

void keys_finish(struct keys *keys)
{
	bytes_finish(&keys->waiting);
	bytes_finish(&keys->paste);
}

void keys_feed(struct keys *keys, const char *bytes, size_t len)
{
	bytes_append(&keys->waiting, bytes, len);
}

bool keys_is_waiting(const struct keys *keys)
{
	return keys->waiting.len > 0;
}

static enum outcome key_msg(struct msg *out, uint32_t code, bool ctrl)
{
	*out = (struct msg){ .type = MSG_KEY, .as.key = { .code = code, .ctrl = ctrl } };
	return OUTCOME_MSG;
}

/* The final letter of CSI and SS3 sequences. Source: xterm control sequences, "PC-Style". */
static uint32_t code_of_letter(char letter)
{
	switch (letter) {
	case 'A': return KEY_CODE_UP;
	case 'B': return KEY_CODE_DOWN;
	case 'C': return KEY_CODE_RIGHT;
	case 'D': return KEY_CODE_LEFT;
	case 'H': return KEY_CODE_HOME;
	case 'F': return KEY_CODE_END;
	case 'Z': return KEY_CODE_BACKTAB;
	case 'M': return KEY_CODE_ENTER;
	case 'P':
	case 'Q':
	case 'R':
	case 'S': return KEY_CODE_F1 + (uint32_t)(letter - 'P');
	}
	return 0;
}

/* CSI number ~. Source: as above, VT220 keypad; 7 and 8 are rxvt's. */
static uint32_t code_of_number(unsigned number)
{
	static const uint32_t codes[] = {
		[1] = KEY_CODE_HOME,     [2] = KEY_CODE_INSERT,   [3] = KEY_CODE_DELETE,
		[4] = KEY_CODE_END,      [5] = KEY_CODE_PGUP,     [6] = KEY_CODE_PGDN,
		[7] = KEY_CODE_HOME,     [8] = KEY_CODE_END,      [11] = KEY_CODE_F1,
		[12] = KEY_CODE_F1 + 1,  [13] = KEY_CODE_F1 + 2,  [14] = KEY_CODE_F1 + 3,
		[15] = KEY_CODE_F1 + 4,  [17] = KEY_CODE_F1 + 5,  [18] = KEY_CODE_F1 + 6,
		[19] = KEY_CODE_F1 + 7,  [20] = KEY_CODE_F1 + 8,  [21] = KEY_CODE_F1 + 9,
		[23] = KEY_CODE_F1 + 10, [24] = KEY_CODE_F1 + 11,
	};
	return number < sizeof(codes) / sizeof(*codes) ? codes[number] : 0;
}

/* Up to `n` numbers with semicolons between; what is missing is 0. */
static void read_numbers(struct str text, unsigned *numbers, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct str part;
		uint64_t value = 0;
		if (!text.ptr || !str_next_part(&text, ';', &part) || !str_to_u64(part, &value) ||
		    value > 100000)
			value = 0;
		numbers[i] = (unsigned)value;
	}
}

/* SGR 1006: button ; column ; row, M pressed, m released. */
static enum outcome read_mouse(struct str parameters, char last, struct msg *out)
{
	unsigned numbers[3];
	read_numbers(parameters, numbers, 3);
	unsigned button = numbers[0];
	*out = (struct msg){ .type = MSG_MOUSE };
	out->as.mouse.x = (int)numbers[1] - 1;
	out->as.mouse.y = (int)numbers[2] - 1;
	if (button == 64 || button == 65)
		out->as.mouse.act = button == 64 ? MOUSE_WHEEL_UP : MOUSE_WHEEL_DOWN;
	else if (button == 0 && last == 'M')
		out->as.mouse.act = MOUSE_PRESS;
	else
		return OUTCOME_NOTHING;
	return OUTCOME_MSG;
}

static enum outcome read_csi(struct keys *keys, struct str text, size_t *len, struct msg *out)
{
	size_t end = 2;
	if (text.len > 2 && text.ptr[2] == '[') { /* the Linux console's F1 to F5 */
		*len = 4;
		if (text.len < 4)
			return OUTCOME_MORE;
		char letter = text.ptr[3];
		return letter >= 'A' && letter <= 'E'
			       ? key_msg(out, KEY_CODE_F1 + (uint32_t)(letter - 'A'), false)
			       : OUTCOME_NOTHING;
	}
	while (end < text.len && text.ptr[end] >= 0x20 && text.ptr[end] < 0x40)
		end++;
	*len = end + 1;
	if (end > SEQUENCE_MAX)
		return OUTCOME_BROKEN;
	if (end == text.len)
		return OUTCOME_MORE;
	char last = text.ptr[end];
	struct str parameters = str_slice(text, 2, end);
	if (last < 0x40)
		return OUTCOME_BROKEN;
	if (str_cut_prefix(&parameters, STR("<")) && (last == 'M' || last == 'm'))
		return read_mouse(parameters, last, out);
	if (last == 'M' && !parameters.len) { /* the mouse as X10 told it: three bytes behind */
		*len = end + 4;
		return text.len < *len ? OUTCOME_MORE : OUTCOME_NOTHING;
	}
	unsigned number; /* behind it may stand modifiers; shift-up is up */
	read_numbers(parameters, &number, 1);
	if (last == '~' && number == 200) {
		keys->in_paste = true;
		bytes_clear(&keys->paste);
		return OUTCOME_NOTHING;
	}
	bool is_reply = parameters.len && parameters.ptr[0] > '9';
	uint32_t code = is_reply ? 0 : last == '~' ? code_of_number(number) : code_of_letter(last);
	return code ? key_msg(out, code, false) : OUTCOME_NOTHING;
}

/* DCS, OSC, PM, APC: answers of the terminal, up to ST or BEL. */
static enum outcome skip_string(struct str text, size_t *len)
{
	for (size_t i = 2; i < text.len; i++) {
		bool is_end =
			text.ptr[i] == '\a' || (text.ptr[i] == '\\' && text.ptr[i - 1] == ESC);
		*len = i + 1;
		if (is_end)
			return OUTCOME_NOTHING;
	}
	return text.len > 4096 ? OUTCOME_BROKEN : OUTCOME_MORE;
}

static enum outcome read_escape(struct keys *keys, struct str text, size_t *len, struct msg *out)
{
	if (text.len < 2)
		return OUTCOME_MORE;
	switch (text.ptr[1]) {
	case '[': return read_csi(keys, text, len, out);
	case 'O':
		*len = 3;
		if (text.len < 3)
			return OUTCOME_MORE;
		return code_of_letter(text.ptr[2])
			       ? key_msg(out, code_of_letter(text.ptr[2]), false)
			       : OUTCOME_BROKEN;
	case ']':
	case 'P':
	case '^':
	case '_': return skip_string(text, len);
	}
	return OUTCOME_BROKEN;
}

static enum outcome read_control(char byte, struct msg *out)
{
	if (byte == '\r' || byte == '\n')
		return key_msg(out, KEY_CODE_ENTER, false);
	if (byte == '\t')
		return key_msg(out, KEY_CODE_TAB, false);
	if (byte == '\b' || byte == 0x7F)
		return key_msg(out, KEY_CODE_BACKSPACE, false);
	if (byte >= 1 && byte <= 26)
		return key_msg(out, (uint32_t)('a' + byte - 1), true);
	return OUTCOME_NOTHING;
}

/* Could more bytes still make this a character? */
static bool is_cut_character(struct str text)
{
	unsigned char first = (unsigned char)text.ptr[0];
	size_t wanted = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 1;
	if (text.len >= wanted || first > 0xF4)
		return false;
	for (size_t i = 1; i < text.len; i++)
		if (((unsigned char)text.ptr[i] & 0xC0) != 0x80)
			return false;
	return true;
}

static enum outcome read_character(struct str text, size_t *len, struct msg *out)
{
	uint32_t code;
	size_t n = utf8_next(text, &code);
	if (n == 0)
		return is_cut_character(text) ? OUTCOME_MORE : OUTCOME_NOTHING;
	*len = n;
	return code >= 0x80 && code < 0xA0 ? OUTCOME_NOTHING : key_msg(out, code, false);
}

static void drop(struct keys *keys, size_t len)
{
	struct bytes *waiting = &keys->waiting;
	if (len > waiting->len)
		len = waiting->len;
	memmove(waiting->ptr, waiting->ptr + len, waiting->len - len);
	waiting->len -= len;
}

/* Moves bytes into the paste up to its end. @return true when the end was there */
static bool read_paste(struct keys *keys)
{
	struct str text = bytes_str(&keys->waiting);
	ptrdiff_t end = str_find(text, PASTE_END);
	/* The end may be cut in two: its length is held back. */
	size_t len = end >= 0                   ? (size_t)end
		     : text.len > PASTE_END.len ? text.len - PASTE_END.len
						: 0;
	size_t room = KEYS_PASTE_MAX - keys->paste.len;
	bytes_append(&keys->paste, text.ptr, len < room ? len : room);
	drop(keys, end >= 0 ? len + PASTE_END.len : len);
	keys->in_paste = end < 0;
	return end >= 0;
}

static enum outcome read_front(struct keys *keys, bool waited, size_t *len, struct msg *out)
{
	struct str text = bytes_str(&keys->waiting);
	char first = text.ptr[0];
	bool is_escape = first == ESC;
	*len = 1;
	if (!is_escape && ((unsigned char)first < 0x20 || first == 0x7F))
		return read_control(first, out);
	enum outcome outcome =
		is_escape ? read_escape(keys, text, len, out) : read_character(text, len, out);
	if (outcome == OUTCOME_BROKEN || (outcome == OUTCOME_MORE && waited)) {
		*len = 1;
		return is_escape ? key_msg(out, KEY_CODE_ESC, false) : OUTCOME_NOTHING;
	}
	return outcome;
}

bool keys_next(struct keys *keys, bool waited, struct msg *out)
{
	while (keys->waiting.len > 0) {
		if (keys->in_paste) {
			if (!read_paste(keys))
				return false;
			*out = (struct msg){ .type = MSG_PASTE,
					     .as.paste = bytes_str(&keys->paste) };
			return true;
		}
		size_t len;
		enum outcome outcome = read_front(keys, waited, &len, out);
		if (outcome == OUTCOME_MORE)
			return false;
		drop(keys, len);
		if (outcome == OUTCOME_MSG)
			return true;
	}
	return false;
}
