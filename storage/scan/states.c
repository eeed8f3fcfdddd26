// SPDX-License-Identifier: MIT
#include "storage/scan/states.h"

static int64_t to_ns(struct timespec time)
{
	/* Seconds that do not fit wrap: any disk may claim any year, and equal stays equal. */
	return (int64_t)((uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec);
}

struct file_state state_of(const struct stat *st)
{
	return (struct file_state){
		.inode = st->st_ino,
		.size_bytes = (uint64_t)st->st_size,
		.mtime_ns = to_ns(st->st_mtim),
		.ctime_ns = to_ns(st->st_ctim),
	};
}

bool state_equal(const struct file_state *a, const struct file_state *b)
{
	return a->inode == b->inode && a->size_bytes == b->size_bytes &&
	       a->mtime_ns == b->mtime_ns && a->ctime_ns == b->ctime_ns;
}

uint64_t state_word(struct str name, const struct file_state *state)
{
	uint64_t parts[] = { str_hash(name), state->size_bytes, (uint64_t)state->mtime_ns };
	return str_hash((struct str){ (const char *)parts, sizeof parts });
}
