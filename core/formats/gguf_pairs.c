// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <string.h>

#include "core/base/utf8.h"
#include "core/formats/gguf.h"
#include "core/formats/repeats.h"

enum { KEPT_MAX = 32 << 20 }; /* bytes of texts, of all keys */

/* By number of the type in the file. */
enum form { UNSIGNED, SIGNED, REAL, TRUTH, TEXT, ARRAY };

static const struct value_type {
	uint8_t n_bytes; /* of a value; of texts and arrays the least */
	uint8_t form;
} types[] = {
	{ 1, UNSIGNED }, { 1, SIGNED }, { 2, UNSIGNED }, { 2, SIGNED }, { 4, UNSIGNED },
	{ 4, SIGNED },   { 4, REAL },   { 1, TRUTH },    { 8, TEXT },   { 12, ARRAY },
	{ 8, UNSIGNED }, { 8, SIGNED }, { 8, REAL },
};

static const struct value_type *type_of(uint32_t number)
{
	return number < sizeof types / sizeof *types ? &types[number] : NULL;
}

static bool fail_array(struct gguf *gguf, struct str key, uint32_t type, unsigned depth)
{
	key = reading_quote(key);
	return format_fail(gguf->job, "E_GG_ARRAY",
			   "key \"%.*s\": bad array (type %" PRIu32 ", depth %u)", STR_ARG(key),
			   type, depth);
}

static int64_t sign_extended(uint64_t number, size_t n_bytes)
{
	unsigned unused = 64 - 8 * (unsigned)n_bytes;
	uint64_t sign = UINT64_C(1) << (63 - unused);
	number = (number ^ sign) - sign; /* modulo 2^64 */
	int64_t out;
	memcpy(&out, &number, sizeof out);
	return out;
}

static struct str real_text(uint64_t bits, size_t n_bytes, struct arena *arena)
{
	float narrow;
	double wide;
	uint32_t low = (uint32_t)bits;
	memcpy(&narrow, &low, sizeof narrow);
	memcpy(&wide, &bits, sizeof wide);
	return n_bytes == sizeof narrow ? arena_strf(arena, "%.9g", (double)narrow)
					: arena_strf(arena, "%.17g", wide);
}

static struct str number_text(const struct value_type *type, uint64_t bits, struct arena *arena)
{
	switch (type->form) {
	case SIGNED: return arena_strf(arena, "%" PRId64, sign_extended(bits, type->n_bytes));
	case REAL: return real_text(bits, type->n_bytes, arena);
	case TRUTH: return bits ? STR("true") : STR("false");
	default: return arena_strf(arena, "%" PRIu64, bits);
	}
}

/** The start of a text, as much as is kept of one and of all of them; the rest is skipped. */
static bool read_text(struct gguf *gguf, struct str *out)
{
	uint64_t len;
	if (!gguf_text_length(gguf, GGUF_TEXT_MAX, &len))
		return false;
	size_t left = KEPT_MAX - gguf->kept_bytes;
	size_t max = left < METADATA_VALUE_MAX ? left : METADATA_VALUE_MAX;
	size_t n_read = len <= max ? (size_t)len : max + 1; /* one more shows where to cut */
	char *bytes = arena_try_bytes(gguf->job->arena, n_read + 1);
	if (!bytes)
		return format_fail_memory(gguf->job, n_read);
	if (!cursor_read(&gguf->cursor, bytes, n_read))
		return format_fail_read(gguf->job, &gguf->cursor.err);
	*out = utf8_cut((struct str){ bytes, n_read }, max);
	gguf->kept_bytes += out->len;
	return gguf_skip(gguf, len - n_read);
}

/** The head of an array whose items the file can hold. */
static bool read_array_head(struct gguf *gguf, struct str key, unsigned depth, uint32_t *type,
			    uint64_t *n_items)
{
	if (!gguf_u32(gguf, type) || !gguf_u64(gguf, n_items))
		return false;
	const struct value_type *item = type_of(*type);
	if (!item || depth > GGUF_DEPTH_MAX)
		return fail_array(gguf, key, *type, depth);
	key = reading_quote(key);
	if (*n_items > GGUF_ITEMS_MAX || *n_items > cursor_left(&gguf->cursor) / item->n_bytes)
		return format_fail(gguf->job, "E_GG_ARRAY",
				   "key \"%.*s\": bad array (type %" PRIu32
				   ", depth %u) of %" PRIu64 " items",
				   STR_ARG(key), *type, depth, *n_items);
	return true;
}

/** Passes over what is left of an array; arrays in it go at most GGUF_DEPTH_MAX deep. */
static bool skip_items(struct gguf *gguf, struct str key, unsigned depth, uint32_t type,
		       uint64_t n_items)
{
	const struct value_type *item = type_of(type);
	uint64_t len;
	if (item->form != TEXT && item->form != ARRAY)
		return gguf_skip(gguf, n_items * item->n_bytes);
	for (uint64_t i = 0; i < n_items; i++) {
		uint32_t inner;
		if (item->form == TEXT
			    ? !gguf_text_length(gguf, GGUF_TEXT_MAX, &len) || !gguf_skip(gguf, len)
			    : !read_array_head(gguf, key, depth + 1, &inner, &len) ||
				      !skip_items(gguf, key, depth + 1, inner, len))
			return false;
	}
	return true;
}

static bool keep_true_shape(struct gguf *gguf, struct str name, uint32_t type, uint64_t n_items)
{
	uint64_t *shape = ARENA_NEW_N(gguf->job->arena, uint64_t, GGUF_RANK_MAX);
	for (uint64_t i = 0; i < n_items; i++)
		if (!gguf_number(gguf, types[type].n_bytes, &shape[i]))
			return false;
	*ARRAY_PUSH(&gguf->true_shapes, struct gguf_true_shape) =
		(struct gguf_true_shape){ name, shape, (uint8_t)n_items };
	return true;
}

static bool read_array(struct gguf *gguf, struct str key)
{
	uint32_t type;
	uint64_t n_items;
	struct str name = key;
	if (!read_array_head(gguf, key, 1, &type, &n_items))
		return false;
	bool is_whole = types[type].form == SIGNED || types[type].form == UNSIGNED;
	if (is_whole && n_items <= GGUF_RANK_MAX &&
	    str_cut_prefix(&name, STR("comfy.gguf.orig_shape.")))
		return keep_true_shape(gguf, name, type, n_items);
	return skip_items(gguf, key, 1, type, n_items);
}

static bool check_alignment(struct gguf *gguf, const struct value_type *type, uint64_t bits)
{
	gguf->alignment = bits;
	if (type->form == UNSIGNED && type->n_bytes == 4 && bits > 0 &&
	    bits <= GGUF_ALIGNMENT_MAX && (bits & (bits - 1)) == 0)
		return true;
	return format_fail(gguf->job, "E_GG_ALIGN",
			   "general.alignment is %" PRIu64 "; must be a power of two", bits);
}

static bool read_scalar(struct gguf *gguf, struct str key, const struct value_type *type,
			struct str *value)
{
	uint64_t bits;
	if (!gguf_number(gguf, type->n_bytes, &bits))
		return false;
	*value = number_text(type, bits, gguf->job->arena);
	return !str_equal(key, STR("general.alignment")) || check_alignment(gguf, type, bits);
}

static bool read_pair(struct gguf *gguf, struct str *key)
{
	uint32_t number;
	struct str value;
	if (!gguf_name(gguf, key) || !gguf_u32(gguf, &number))
		return false;
	const struct value_type *type = type_of(number);
	if (!type)
		return fail_array(gguf, *key, number, 0);
	if (type->form == ARRAY)
		return read_array(gguf, *key);
	if (type->form == TEXT ? !read_text(gguf, &value) : !read_scalar(gguf, *key, type, &value))
		return false;
	*ARRAY_PUSH(&gguf->pairs, struct metadata_pair) = (struct metadata_pair){ *key, value };
	return true;
}

bool gguf_read_pairs(struct gguf *gguf)
{
	struct arena scratch = { 0 };
	size_t n = (size_t)gguf->n_pairs;
	struct str *keys = arena_try(&scratch, (n + 1) * sizeof *keys);
	bool is_read = keys || format_fail_memory(gguf->job, n * sizeof *keys);
	for (size_t i = 0; is_read && i < n; i++)
		is_read = read_pair(gguf, &keys[i]);
	is_read = is_read && repeats_refuse(gguf->job, "E_GG_DUP", keys, sizeof *keys, n);
	arena_finish(&scratch);
	return is_read;
}
