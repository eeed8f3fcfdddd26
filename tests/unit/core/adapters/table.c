// SPDX-License-Identifier: MIT
#include "tests/unit/core/adapters/table.h"

#include <stdlib.h>

static void fill(struct arena *arena, struct str line, enum dtype dtype, struct tensor *out)
{
	struct str word;
	uint64_t *shape = ARENA_NEW_N(arena, uint64_t, 8), n = 1;
	if (!str_next_part(&line, ' ', &out->name))
		abort();
	while (str_next_part(&line, ' ', &word)) {
		if (!str_to_u64(word, &shape[out->rank]))
			abort();
		n *= shape[out->rank++];
	}
	out->dtype = (uint8_t)dtype;
	out->shape = shape;
	out->size_bytes = n * dtype_bits(dtype) / 8;
}

struct tensor_table table_of(struct arena *arena, enum dtype dtype, const char *lines)
{
	struct tensor *tensors = ARENA_NEW_N(arena, struct tensor, 64);
	struct str rest = str_from(lines), line;
	size_t n = 0;
	while (n < 64 && str_next_part(&rest, '\n', &line))
		if (line.len)
			fill(arena, line, dtype, &tensors[n++]);
	return (struct tensor_table){ tensors, n };
}
