// SPDX-License-Identifier: MIT
#include "tui/app/line.h"

/* Takes one word off the text; its quotes and backslashes are gone. */
static bool next_word(struct str *text, struct bytes *word)
{
	char quote = '\0';
	size_t i = 0;
	bytes_clear(word);
	for (; i < text->len && (quote || text->ptr[i] != ' '); i++) {
		char byte = text->ptr[i];
		bool is_quote = byte == '\'' || byte == '"';
		if (byte == '\\' && quote != '\'' && i + 1 < text->len)
			bytes_append_byte(word, text->ptr[++i]);
		else if (is_quote && (!quote || quote == byte))
			quote = quote ? '\0' : byte;
		else
			bytes_append_byte(word, byte);
	}
	*text = str_slice(*text, i, text->len);
	return !quote;
}

bool line_split(struct str text, struct arena *arena, struct line *out)
{
	struct array words = ARRAY_OF(struct str);
	struct bytes word = { 0 };
	bool ok = true;
	for (text = str_trim(text); ok && text.len; text = str_trim(text)) {
		ok = next_word(&text, &word);
		*ARRAY_PUSH(&words, struct str) = arena_str(arena, bytes_str(&word));
	}
	out->n = words.len;
	out->words = array_to_arena(&words, arena);
	bytes_finish(&word);
	array_finish(&words);
	return ok;
}
