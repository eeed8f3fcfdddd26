// SPDX-License-Identifier: MIT
/**
 * One line of a dump: what people made, as JSON. Pure text, no database.
 *
 * Written the same for the same content, byte for byte. Bytes that are not UTF-8 stand in base64
 * beside the text: "path" and "path_bytes". Reading refuses what it does not know, so that nothing
 * is lost in silence.
 */
#ifndef STORAGE_USER_DUMP_LINE_H
#define STORAGE_USER_DUMP_LINE_H

#include "core/base/array.h"
#include "core/base/error.h"

/** 2: what files were before they were written over. */
#define DUMP_VERSION 2
/** A note of the largest size, each of its bytes escaped, and room for the rest. */
#define DUMP_LINE_BYTES_MAX (8u << 20)

enum dump_type { DUMP_HEAD, DUMP_ROOT, DUMP_MODEL, DUMP_SET, DUMP_TYPE_COUNT };

/** A file by where it was last; root STR_NULL: none. */
struct dump_place {
	struct str root, path;
};

struct dump_lora {
	struct dump_place place;
	double weight, weight_te;
	bool has_weight, has_weight_te;
};

/** What a file was before others wrote it over. */
struct dump_former {
	uint64_t size_bytes;
	struct str quick_hash;
};

struct dump_line {
	enum dump_type type;
	uint64_t version;        /* HEAD */
	struct dump_place place; /* MODEL; SET: its checkpoint; ROOT: `root` alone */
	struct str name;         /* ROOT, SET */
	struct str note;         /* MODEL, SET; STR_NULL: none */
	const struct str *tags;
	size_t n_tags;   /* MODEL, SET */
	int64_t added_s; /* ROOT */
	bool has_removed;
	int64_t removed_s;
	uint64_t size_bytes;               /* MODEL */
	struct str quick_hash, sha256;     /* 64 lower-case hex digits or STR_NULL */
	const struct dump_former *formers; /* the oldest first */
	size_t n_formers;
	uint64_t rating; /* 0: none */
	bool is_favourite;
	struct str kind, base_model; /* as corrected; STR_NULL: not */
	int64_t corrected_s;
	const struct dump_lora *loras;
	size_t n_loras; /* SET, in order */
};

/** Appends the line with its end. */
void dump_line_write(const struct dump_line *line, struct bytes *out);

/**
 * @text   without its end
 * @arena  owns what is decoded; the rest borrows from `text`
 * @err    FORMAT: what is wrong with it; LIMIT: too long; UNSUPPORTED: of a newer lorarium
 */
NODISCARD bool dump_line_read(struct str text, struct arena *arena, struct dump_line *out,
			      struct error *err);

#endif
