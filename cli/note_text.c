// SPDX-License-Identifier: MIT
#include "cli/note_text.h"

#include <errno.h>
#include <unistd.h>

/* Nobody writes more by hand. */
enum { STDIN_BYTES_MAX = 1 << 20 };

static bool read_stdin(struct bytes *text, struct error *err)
{
	char part[4096];
	ssize_t n;
	while ((n = read(STDIN_FILENO, part, sizeof part)) > 0) {
		bytes_append(text, part, (size_t)n);
		if (text->len > STDIN_BYTES_MAX)
			return error_set(err, ERROR_LIMIT, NULL, "the note is longer than %d bytes",
					 STDIN_BYTES_MAX);
	}
	return n == 0 || error_system(err, errno, "standard input");
}

bool note_text_read(struct str text, struct arena *arena, struct str *out, struct error *err)
{
	struct bytes read = { 0 };
	bool ok = true;
	if (str_equal(text, STR("-"))) {
		ok = read_stdin(&read, err);
		text = bytes_str(&read);
	}
	text = str_trim(text);
	*out = text.len > 0 ? arena_str(arena, text) : STR_NULL;
	bytes_finish(&read);
	return ok;
}
