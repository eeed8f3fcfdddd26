// SPDX-License-Identifier: MIT
/**
 * A model in numbered parts, and the index that says which tensor lies in which part.
 *
 * Names: "model-00001-of-00003.safetensors", "model.safetensors.index.json", and the same with a
 * variant ("fp16") in one of the places where diffusers and transformers put it. File names in an
 * index are untrusted paths: only a plain name in the same folder is accepted.
 */
#ifndef CORE_FORMATS_SHARDS_H
#define CORE_FORMATS_SHARDS_H

#include "core/base/arena.h"
#include "core/base/error.h"

#define SHARDS_MAX 10000u

struct shard_name {
	struct str stem;        /* "model", "model.fp16" */
	struct str tail;        /* a variant that stands behind the stem: ".fp16"; else "" */
	struct str extension;   /* ".safetensors" */
	uint32_t number, count; /* part `number` of 1..count; both 0: the index */
};

/** False when the name is neither a part's nor an index's. */
bool shard_name_parse(struct str name, struct shard_name *out);

/** Parts of one model, or its index and a part. */
bool shard_name_is_same_set(const struct shard_name *a, const struct shard_name *b);

/** The same of paths: in one folder. */
bool shard_path_is_same_set(struct str a, struct str b);

/** The name that the parts have in common: stem and variant. */
struct str shard_name_common(const struct shard_name *name, struct arena *arena);

/** The name that all of it would have in one file. */
struct str shard_name_of_whole(const struct shard_name *name, struct arena *arena);

/** The name of part `number` of the set. */
struct str shard_name_of_part(const struct shard_name *part, uint32_t number, struct arena *arena);

struct shard_place {
	struct str tensor, file;
};

struct shard_index {
	const struct shard_place *places; /* in the order of the text */
	size_t n_places;
	bool has_total;
	uint64_t total_bytes; /* of all tensors, as the index believes */
};

/**
 * Parses an index. File names are as written: shard_file_is_plain() says which may be opened.
 *
 * @arena  owns `out`, but for texts without escapes: those borrow from `text`
 * @err    FORMAT with slug W_JSON
 */
NODISCARD bool shard_index_parse(struct str text, struct arena *arena, struct shard_index *out,
				 struct error *err);

/** One component, not hidden: no way out of the folder. */
bool shard_file_is_plain(struct str file);

#endif
