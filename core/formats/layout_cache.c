// SPDX-License-Identifier: MIT
#include "core/formats/layout_cache.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/error.h"

enum {
	SAMPLES = 16,
	SAMPLE_BYTES = 64, /* of a header, for its key */
	COPIED_SLOTS = 256,
};

struct layout_cache {
	struct layout *layouts[LAYOUT_CACHE_MAX];
	size_t n, bytes;
	uint64_t clock;
	uint32_t last_id;
};

struct layout_cache *layout_cache_create(void)
{
	struct layout_cache *cache = calloc(1, sizeof *cache);
	if (!cache)
		die_oom();
	return cache;
}

static void layout_destroy(struct layout *layout)
{
	arena_finish(&layout->arena);
	free(layout);
}

void layout_cache_destroy(struct layout_cache *cache)
{
	for (size_t i = 0; cache && i < cache->n; i++)
		layout_destroy(cache->layouts[i]);
	free(cache);
}

/** The header without the padding that aligns the data: its length differs with the metadata's. */
static struct str trimmed(struct str header)
{
	while (header.len && header.ptr[header.len - 1] == ' ')
		header.len--;
	return header;
}

/** Cheap, and different for different trainers: length and samples spread over the text. */
static uint64_t sample_hash(struct str text)
{
	uint64_t hash = text.len;
	for (size_t i = 0; i < SAMPLES; i++) {
		size_t from = text.len / SAMPLES * i;
		hash = (hash ^ str_hash(str_slice(text, from, from + SAMPLE_BYTES))) *
		       0x9e3779b97f4a7c15u;
	}
	return hash;
}

/**
 * With metadata in front the rest of the header is known before it is parsed, and gives the key.
 * Where metadata comes last, or not at all, the first bytes have to do.
 */
static uint64_t key_of(struct str header, bool has_metadata_first, size_t metadata_to)
{
	if (has_metadata_first)
		return sample_hash(str_slice(header, metadata_to, header.len));
	return str_hash(str_slice(header, 0, LAYOUT_HEADER_MIN / 4));
}

/** Reads the metadata that stands where the layout has it; false, and nothing changed, if not. */
static bool try_metadata(struct st_scan *scan, const struct layout *layout)
{
	struct reading *out = scan->out;
	enum status status = out->status;
	size_t at = scan->at, n_notes = out->n_notes;
	scan->at = layout->before.len;
	if (st_metadata(scan))
		return true;
	scan->at = at;
	scan->has_metadata = false;
	scan->metadata_bytes = 0;
	array_clear(&scan->pairs);
	out->status = status;
	out->n_notes = n_notes;
	out->error = (struct note){ 0 };
	return false;
}

static bool matches(const struct layout *layout, struct st_scan *scan, struct str header)
{
	if (!str_has_prefix(header, layout->before))
		return false;
	if (!layout->has_metadata)
		return !scan->has_metadata && header.len == layout->before.len;
	/* Not to be read in vain: what follows it must fit. */
	if (!str_has_suffix(header, layout->after))
		return false;
	if (!scan->has_metadata && !try_metadata(scan, layout))
		return false;
	return scan->metadata_from == layout->before.len &&
	       header.len - scan->metadata_to == layout->after.len;
}

const struct layout *layout_cache_find(struct layout_cache *cache, struct st_scan *scan)
{
	struct str header = trimmed(scan->header);
	uint64_t key = key_of(header, scan->has_metadata, scan->metadata_to);
	for (size_t i = 0; i < cache->n; i++) {
		struct layout *layout = cache->layouts[i];
		if (layout->key != key || !matches(layout, scan, header))
			continue;
		layout->used = ++cache->clock;
		return layout;
	}
	return NULL;
}

void layout_move_names(struct tensor *tensors, size_t n, struct str from, const char *to)
{
	for (size_t i = 0; i < n; i++) {
		uintptr_t offset = (uintptr_t)tensors[i].name.ptr - (uintptr_t)from.ptr;
		if (offset < from.len)
			tensors[i].name.ptr = to + offset;
	}
}

struct copied_shape {
	const uint64_t *from, *to;
};

/** Shapes are shared by pointer; so are their copies. */
static const uint64_t *copy_shape(struct arena *arena, struct copied_shape *slots,
				  const struct tensor *tensor)
{
	if (!tensor->rank)
		return NULL;
	struct copied_shape *slot = &slots[(uintptr_t)tensor->shape / 8 % COPIED_SLOTS];
	if (slot->from == tensor->shape)
		return slot->to;
	uint64_t *copy = ARENA_NEW_N(arena, uint64_t, tensor->rank);
	memcpy(copy, tensor->shape, tensor->rank * sizeof *copy);
	*slot = (struct copied_shape){ tensor->shape, copy };
	return copy;
}

/** Names with escapes were unescaped elsewhere: they lie in no part of the header. */
static void copy_escaped_names(struct layout *layout, struct tensor *tensors, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uintptr_t before = (uintptr_t)tensors[i].name.ptr - (uintptr_t)layout->before.ptr;
		uintptr_t after = (uintptr_t)tensors[i].name.ptr - (uintptr_t)layout->after.ptr;
		if (before >= layout->before.len && after >= layout->after.len)
			tensors[i].name = arena_str(&layout->arena, tensors[i].name);
	}
}

static bool copy_table(struct layout *layout, const struct tensor_table *table, struct str before,
		       struct str after)
{
	size_t n = table->n_tensors;
	struct tensor *tensors = arena_try_room(&layout->arena, n * sizeof *tensors);
	char *text = arena_try_bytes(&layout->arena, before.len + after.len);
	if (!tensors || !text)
		return false;
	memcpy(text, before.ptr, before.len);
	if (after.len)
		memcpy(text + before.len, after.ptr, after.len);
	layout->before = (struct str){ text, before.len };
	layout->after = (struct str){ text + before.len, after.len };
	if (n)
		memcpy(tensors, table->tensors, n * sizeof *tensors);
	layout_move_names(tensors, n, before, layout->before.ptr);
	layout_move_names(tensors, n, after, layout->after.ptr);
	copy_escaped_names(layout, tensors, n);
	struct copied_shape slots[COPIED_SLOTS] = { { 0 } };
	for (size_t i = 0; i < n; i++)
		tensors[i].shape = copy_shape(&layout->arena, slots, &tensors[i]);
	layout->table = (struct tensor_table){ tensors, n };
	return true;
}

static void evict_one(struct layout_cache *cache)
{
	size_t oldest = 0;
	for (size_t i = 1; i < cache->n; i++)
		if (cache->layouts[i]->used < cache->layouts[oldest]->used)
			oldest = i;
	cache->bytes -= cache->layouts[oldest]->arena.used_bytes;
	layout_destroy(cache->layouts[oldest]);
	cache->layouts[oldest] = cache->layouts[--cache->n];
}

const struct layout *layout_cache_keep(struct layout_cache *cache, const struct st_scan *scan,
				       const struct tensor_table *table, uint64_t data_end)
{
	struct layout *layout = calloc(1, sizeof *layout);
	if (!layout)
		die_oom();
	struct str header = trimmed(scan->header);
	size_t from = scan->has_metadata ? scan->metadata_from : header.len;
	size_t to = scan->has_metadata ? scan->metadata_to : header.len;
	if (!copy_table(layout, table, str_slice(header, 0, from),
			str_slice(header, to, header.len))) {
		layout_destroy(layout);
		return NULL;
	}
	layout->has_metadata = scan->has_metadata;
	layout->data_end = data_end;
	layout->key = key_of(header, scan->has_metadata_first, scan->metadata_to);
	layout->id = ++cache->last_id;
	layout->used = ++cache->clock;
	size_t bytes = layout->arena.used_bytes;
	while (cache->n &&
	       (cache->n == LAYOUT_CACHE_MAX || cache->bytes + bytes > LAYOUT_CACHE_BYTES_MAX))
		evict_one(cache);
	cache->layouts[cache->n++] = layout;
	cache->bytes += bytes;
	return layout;
}
