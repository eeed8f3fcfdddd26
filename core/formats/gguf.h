// SPDX-License-Identifier: MIT
/**
 * GGUF, versions 2 and 3 in either byte order: key-value pairs, a list of tensors, the tensors.
 *
 * Everything before the tensors is read piece by piece, the tensors never. Dimensions stand
 * fastest first in the file and outermost first in the table; where ComfyUI-GGUF folded a tensor,
 * `comfy.gguf.orig_shape.NAME` gives its true shape. Single values become metadata as text;
 * arrays, which are mostly a tokenizer's, are passed over.
 *
 * Source: ggml docs/gguf.md and gguf.cpp; ComfyUI-GGUF loader.py.
 */
#ifndef CORE_FORMATS_GGUF_H
#define CORE_FORMATS_GGUF_H

#include "core/formats/cursor.h"
#include "core/formats/reader.h"

#define GGUF_HEADER_MAX ((uint64_t)256 << 20) /* the largest tokenizers take some 30 MiB */
#define GGUF_TENSORS_MAX 1000000u             /* as in safetensors */
#define GGUF_PAIRS_MAX 100000u
#define GGUF_NAME_MAX 65535u /* of a key, by the specification */
#define GGUF_TEXT_MAX (16u << 20)
#define GGUF_ITEMS_MAX (16u << 20) /* of an array */
#define GGUF_DEPTH_MAX 4u          /* of arrays in arrays; llama.cpp takes none */
#define GGUF_RANK_MAX 8u           /* ggml has 4; some writers keep video's five */
#define GGUF_ALIGNMENT_USUAL 32u
#define GGUF_ALIGNMENT_MAX (1u << 20)

#define GGUF_TYPES 43u /* numbers of types, some of them given up */

/** The type of a number in a list of tensors; DTYPE_UNKNOWN when it has none. */
enum dtype gguf_dtype(uint32_t number);

/* The stages of the reader; for core/formats/gguf*.c alone. */

/** What `comfy.gguf.orig_shape.NAME` says. */
struct gguf_true_shape {
	struct str name;
	const uint64_t *shape;
	uint8_t rank;
};

struct gguf {
	struct format_job *job;
	struct cursor cursor;
	bool is_big_endian;
	uint64_t n_tensors, n_pairs; /* as the header says, checked */
	uint64_t alignment;
	struct array pairs;       /* struct metadata_pair */
	struct array true_shapes; /* struct gguf_true_shape */
	size_t kept_bytes;        /* of values */
};

/** Little things in the file's byte order; false with the error told. */
NODISCARD bool gguf_u32(struct gguf *gguf, uint32_t *out);
NODISCARD bool gguf_u64(struct gguf *gguf, uint64_t *out);
/** A number of 1 to 8 bytes, not extended by its sign. */
NODISCARD bool gguf_number(struct gguf *gguf, size_t n_bytes, uint64_t *out);
NODISCARD bool gguf_skip(struct gguf *gguf, uint64_t len);
/** The length of a text, which is there and at most `max`. */
NODISCARD bool gguf_text_length(struct gguf *gguf, uint64_t max, uint64_t *len);
/** A name: a text of at most GGUF_NAME_MAX bytes, on the job's arena. */
NODISCARD bool gguf_name(struct gguf *gguf, struct str *out);

/** All key-value pairs: gguf->pairs, true_shapes, alignment. */
NODISCARD bool gguf_read_pairs(struct gguf *gguf);
/** The list of tensors: job->out->table, not yet believed. */
NODISCARD bool gguf_read_tensors(struct gguf *gguf);
/** Whether every tensor lies where it can; also tells of a file that is cut off. */
NODISCARD bool gguf_check_places(struct gguf *gguf);

#endif
