// SPDX-License-Identifier: MIT
#include "core/base/squeeze.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

#include "core/base/error.h"
#include "core/base/pack.h"

/* No header and no checksum: what is kept is checked by who keeps it. A small hash table, since
   clearing it is most of the work for a few hundred bytes. */
enum { WINDOW_BITS = -15, MEMORY_LEVEL = 6 };

struct squeezer {
	struct str dictionary; /* borrowed */
	z_stream in, out;
	struct arena room;
};

static void must(int result)
{
	if (result == Z_MEM_ERROR)
		die_oom();
	if (result != Z_OK)
		BUG("zlib failed with %d", result);
}

struct squeezer *squeezer_create(int level, struct str dictionary)
{
	struct squeezer *squeezer = calloc(1, sizeof *squeezer);
	if (!squeezer)
		die_oom();
	squeezer->dictionary = dictionary;
	must(deflateInit2(&squeezer->in, level, Z_DEFLATED, WINDOW_BITS, MEMORY_LEVEL,
			  Z_DEFAULT_STRATEGY));
	must(inflateInit2(&squeezer->out, WINDOW_BITS));
	return squeezer;
}

void squeezer_destroy(struct squeezer *squeezer)
{
	if (!squeezer)
		return;
	/* Of streams that were begun and not ended they complain; nothing is lost. */
	(void)deflateEnd(&squeezer->in);
	(void)inflateEnd(&squeezer->out);
	arena_finish(&squeezer->room);
	free(squeezer);
}

static void begin(const struct squeezer *squeezer, z_stream *stream,
		  int (*set)(z_stream *, const Bytef *, uInt), struct str from)
{
	if (squeezer->dictionary.len)
		must(set(stream, (const Bytef *)squeezer->dictionary.ptr,
			 (uInt)squeezer->dictionary.len));
	stream->next_in = (Bytef *)from.ptr; /* zlib only reads it */
	stream->avail_in = (uInt)from.len;
}

void squeezer_pack(struct squeezer *squeezer, struct str bytes, struct bytes *out)
{
	z_stream *stream = &squeezer->in;
	if (bytes.len > UINT_MAX / 2)
		BUG("%zu bytes are more than anybody keeps", bytes.len);
	must(deflateReset(stream));
	begin(squeezer, stream, deflateSetDictionary, bytes);
	size_t bound = deflateBound(stream, (uLong)bytes.len);
	arena_reset(&squeezer->room);
	char *room = arena_try_bytes(&squeezer->room, bound);
	if (!room)
		die_oom();
	stream->next_out = (Bytef *)room;
	stream->avail_out = (uInt)bound;
	if (deflate(stream, Z_FINISH) != Z_STREAM_END)
		BUG("zlib needs more room than it said");
	pack_u64(out, bytes.len);
	bytes_append(out, room, bound - stream->avail_out);
}

bool squeezer_unpack(struct squeezer *squeezer, struct str squeezed, size_t max,
		     struct arena *arena, struct str *out)
{
	struct packed from = { .rest = squeezed };
	z_stream *stream = &squeezer->out;
	uint64_t len = unpack_u64(&from);
	if (from.is_broken || len > max || len > UINT_MAX || from.rest.len > UINT_MAX)
		return false;
	char *room = arena_try_bytes(arena, (size_t)len + 1);
	if (!room)
		return false;
	must(inflateReset(stream));
	begin(squeezer, stream, inflateSetDictionary, from.rest);
	stream->next_out = (Bytef *)room;
	stream->avail_out = (uInt)len;
	*out = (struct str){ room, (size_t)len };
	return inflate(stream, Z_FINISH) == Z_STREAM_END && stream->avail_out == 0 &&
	       stream->avail_in == 0;
}
