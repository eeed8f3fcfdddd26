// SPDX-License-Identifier: MIT
/**
 * The stages of reading a safetensors header, for those who take them one by one: the parser
 * itself, the cache of layouts, and the tests that compare its two ways.
 *
 * Not for the rest of the program, which calls safetensors_parse() or format_read().
 */
#ifndef CORE_FORMATS_ST_SCAN_H
#define CORE_FORMATS_ST_SCAN_H

#include "core/base/array.h"
#include "core/base/json.h"
#include "core/formats/safetensors.h"

#define ST_METADATA_KEY STR("__metadata__")
#define ST_ESCAPE_BYTES_MAX 6u /* \u0041 is one byte of text */
#define SHAPE_SLOTS 256u       /* a model has a few dozen different shapes */

struct shape_slot {
	const uint64_t *shape;
	uint8_t rank;
};

/** One tensor as its entry says it. */
struct tensor_entry {
	struct str name, dtype_word;
	enum dtype dtype;
	uint64_t shape[TENSOR_RANK_MAX];
	uint64_t begin, end;
	unsigned rank;
};

/** One header being read. Zeroed but for the first four members, it is at the start. */
struct st_scan {
	struct str header;
	struct arena *arena;          /* tensors, shapes, unescaped names */
	struct arena *metadata_arena; /* metadata, notes, errors */
	struct reading *out;
	bool is_strict_only; /* do not try the fast way: for comparing */
	bool has_metadata, has_metadata_first;
	size_t at;
	size_t metadata_from, metadata_to; /* the value's place in the header */
	size_t metadata_bytes;             /* kept so far */
	struct array pairs;                /* of struct metadata_pair */
	struct tensor *tensors;
	size_t n_tensors, cap;
	struct str dtype_word; /* the last one met, and what it means */
	enum dtype dtype;
	struct tensor_entry entry; /* the one being read: too large to clear each time */
	struct shape_slot shapes[SHAPE_SLOTS];
};

/** Reads the opening brace and, when it comes first, `__metadata__`. False: `out` has the error. */
NODISCARD bool st_begin(struct st_scan *scan);

/** Reads all other entries to the end of the header and gives the table, unchecked. */
NODISCARD bool st_rest(struct st_scan *scan);

/** Reads the value of `__metadata__` at `scan->at`, moving past it. */
NODISCARD bool st_metadata(struct st_scan *scan);

/** Hands the metadata to `out` and frees what the scan held; call once, whatever happened. */
void st_finish(struct st_scan *scan);

/**
 * Checks names, sizes and places as the library does. `*data_end`: where the last tensor ends.
 * @err  in `out`: E_ST_DUP, E_ST_RANGE, E_ST_OVERFLOW, E_ST_ALIGN, E_ST_SIZE
 */
NODISCARD bool st_check(const struct tensor_table *table, struct arena *arena, struct reading *out,
			uint64_t *data_end);

/** Compares the end of the data with the end of the file: E_TRUNCATED, E_ST_TAIL. */
void st_check_end(uint64_t header_bytes, uint64_t data_end, uint64_t file_bytes,
		  struct arena *arena, struct reading *out);

/** A reading without a table has nothing that could be believed: neither metadata nor tensors. */
void st_drop_unless_table(struct reading *out);

/** As safetensors_parse, without the fast way. */
void st_parse_strictly(struct str header, uint64_t file_bytes, struct arena *arena,
		       struct reading *out);

/**
 * Reads one entry `"name":{"dtype":"F16","shape":[4,320],"data_offsets":[0,2560]}` at `*at`.
 *
 * @return  false, `*at` untouched, when there is anything unusual about it: escapes, bytes outside
 *          ASCII, other fields, numbers past 19 digits, mistakes. The strict way then decides.
 */
bool st_fast_entry(struct str header, size_t *at, struct tensor_entry *out);

/** No memory for a list of `n`: sets the error, returns false. */
bool st_fail_memory(struct reading *out, struct arena *arena, size_t n);

/* What the stages are made of. Each failure sets the error in `out` and returns false. */

bool st_fail_json(struct st_scan *scan, size_t at, const char *why);
bool st_fail_limit(struct st_scan *scan, const char *what, size_t n, size_t limit);
void st_skip_blanks(struct st_scan *scan);
/** Blanks and then this byte; false, and only blanks passed, when it is another. */
bool st_eat(struct st_scan *scan, char byte);
/** `why`, unless the header is simply over. */
const char *st_why_not(const struct st_scan *scan, const char *why);

/** A JSON reader that begins with the value at `scan->at`. */
struct json st_json_here(const struct st_scan *scan);
/** The next token, or JSON_ERROR with the error told. */
enum json_token st_next(struct st_scan *scan, struct json *json);
NODISCARD bool st_skip_value(struct st_scan *scan, struct json *json);

/** A key of the header with its colon. */
NODISCARD bool st_strict_name(struct st_scan *scan, struct str *name);
/** The value of a tensor whose name has been read. */
NODISCARD bool st_strict_entry(struct st_scan *scan, struct tensor_entry *entry);
NODISCARD bool st_add_tensor(struct st_scan *scan, const struct tensor_entry *entry);

#endif
