// SPDX-License-Identifier: MIT
/** Reads any bytes as a shard index, and as the name of a shard. */
#include "core/formats/shards.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_name(struct str name, struct arena *arena)
{
	struct shard_name shard, again;
	if (!shard_name_parse(name, &shard))
		return;
	if (shard.number > shard.count || shard.count > SHARDS_MAX || !shard.stem.len)
		abort();
	if (!shard_name_is_same_set(&shard, &shard))
		abort();
	if (!shard.count)
		return;
	/* A name cut at its first NUL is another one. */
	struct str part = shard_name_of_part(&shard, shard.number, arena);
	if (str_find_byte(name, '\0') < 0 &&
	    (!shard_name_parse(part, &again) || !shard_name_is_same_set(&shard, &again)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };
	struct arena arena = { 0 };
	struct shard_index index;
	struct error err;
	check_name(text, &arena);
	if (shard_index_parse(text, &arena, &index, &err)) {
		for (size_t i = 0; i < index.n_places; i++) {
			check_name(index.places[i].file, &arena);
			if (shard_file_is_plain(index.places[i].file) &&
			    str_find_byte(index.places[i].file, '/') >= 0)
				abort();
		}
	} else if (!err.slug) {
		abort();
	}
	arena_finish(&arena);
	return 0;
}
