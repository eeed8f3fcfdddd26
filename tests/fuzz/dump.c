// SPDX-License-Identifier: MIT
/**
 * Lines of a dump: any bytes are read or refused; what is read is written, and reads and writes the
 * same again.
 */
#include <stdlib.h>

#include "storage/user/dump_line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct str text, struct arena *arena)
{
	struct bytes one = { 0 }, two = { 0 };
	struct dump_line line, again;
	struct error err;
	if (dump_line_read(text, arena, &line, &err)) {
		dump_line_write(&line, &one);
		if (!dump_line_read(str_slice(bytes_str(&one), 0, one.len - 1), arena, &again,
				    &err))
			abort();
		dump_line_write(&again, &two);
		if (!str_equal(bytes_str(&one), bytes_str(&two)))
			abort();
	}
	bytes_finish(&one);
	bytes_finish(&two);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = { (const char *)data, size }, line;
	struct arena arena = { 0 };
	while (str_next_part(&rest, '\n', &line))
		check(line, &arena);
	arena_finish(&arena);
	return 0;
}
