// SPDX-License-Identifier: MIT
/**
 * Tensor tables that were read before, found again by the bytes they came from.
 *
 * Files of one trainer share every byte of their header but the value of `__metadata__`. Comparing
 * those bytes is six times faster than parsing them, and proves the same: what lies around the
 * value is equal, so is what it means. Only sound headers are kept.
 */
#ifndef CORE_FORMATS_LAYOUT_CACHE_H
#define CORE_FORMATS_LAYOUT_CACHE_H

#include "core/formats/st_scan.h"

#define LAYOUT_HEADER_MIN 4096u      /* smaller ones are parsed as fast */
#define LAYOUT_HEADER_MAX (4u << 20) /* larger ones are rare and would push out the rest */
#define LAYOUT_CACHE_BYTES_MAX (64u << 20)
#define LAYOUT_CACHE_MAX 512u

struct layout {
	struct arena arena;       /* owns the table and the bytes */
	struct str before, after; /* of the metadata value; without metadata all is before */
	bool has_metadata;
	struct tensor_table table;
	uint64_t data_end;
	uint64_t key;
	uint64_t used; /* when last asked for */
	uint32_t id;
};

struct layout_cache;

struct layout_cache *layout_cache_create(void);
void layout_cache_destroy(struct layout_cache *cache);

/**
 * Finds the layout of the header that `scan` has begun; NULL when it was not met before.
 * After a hit the metadata has been read. After a miss the scan is as it was.
 */
const struct layout *layout_cache_find(struct layout_cache *cache, struct st_scan *scan);

/** Keeps a copy of the table just read and checked; others may have to go. NULL: no memory. */
const struct layout *layout_cache_keep(struct layout_cache *cache, const struct st_scan *scan,
				       const struct tensor_table *table, uint64_t data_end);

/** Lets names that lie in `from` lie at the same place of a copy of it. */
void layout_move_names(struct tensor *tensors, size_t n, struct str from, const char *to);

#endif
