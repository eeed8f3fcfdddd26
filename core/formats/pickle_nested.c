// SPDX-License-Identifier: MIT
#include "core/formats/pickle_try.h"
#include "core/formats/pickle_verdict.h"
#include "core/formats/torch_remake.h"

enum { STREAM_PICKLES_MAX = 5, LATIN1_TWO_BYTES = 0xc2 };

/** Bytes that a function is called with. */
struct nested {
	struct blob blob;
	uint64_t at, end;
};

/** A text of Latin-1 back to the bytes it was made from; false when it holds anything else. */
static bool decode_latin1(struct str text, struct arena *arena, struct nested *out)
{
	char *bytes = arena_try_bytes(arena, text.len);
	size_t n = 0;
	for (size_t i = 0; bytes && i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		if (c >= 0x80) {
			if ((c & ~1u) != LATIN1_TWO_BYTES || i + 1 == text.len)
				return false;
			c = (unsigned char)((c & 1) << 6 | (text.ptr[++i] & 0x3f) | 0x80);
		}
		bytes[n++] = (char)c;
	}
	*out = (struct nested){ blob_from_memory(bytes, n), 0, n };
	return bytes != NULL;
}

/** The bytes of a value: as such, or as text that _codecs.encode makes bytes of. */
static bool find_bytes(struct pickle *pickle, uint32_t argument, struct nested *out)
{
	const struct pickle_value *value = pickle_at(&pickle->heap, argument);
	struct str text = pickle_text(&pickle->heap, argument);
	if (value->kind == PICKLE_BYTES) {
		uint64_t at = value->bytes.at;
		*out = (struct nested){ *pickle->source.blob, at, at + value->bytes.len };
		return true;
	}
	if (torch_is_global(pickle, value->kind == PICKLE_OBJECT ? value->callable : 0, "_codecs",
			    "encode"))
		text = pickle_text(&pickle->heap, pickle_member(&pickle->heap, value->args, 0));
	return text.ptr && pickle_budget_spend(pickle->budget, text.len) &&
	       decode_latin1(text, pickle->arena, out);
}

/** Reads the stream of pickles that the bytes are; returns the storage that one of them is. */
static uint32_t read_stream(struct pickle *pickle, const struct nested *nested, unsigned depth)
{
	struct arena arena = { 0 }; /* given back, and paid back */
	size_t bytes_left = pickle->budget->bytes_left;
	struct pickle_findings found;
	struct pickle inner;
	struct torch_storage storage = { 0 };
	bool has_storage = false;
	pickle_findings_init(&found, &arena);
	bool is_open = pickle_open(&inner, &nested->blob, nested->at, nested->end, &arena,
				   pickle->budget, &found);
	for (int i = 0; is_open && i < STREAM_PICKLES_MAX; i++) {
		is_open = pickle_read(&inner) == PICKLE_WHOLE;
		has_storage = has_storage || torch_storage_parse(&inner, inner.root, &storage);
	}
	pickle_read_nested(&inner, depth + 1);
	pickle_findings_merge(pickle->findings, &found);
	pickle->budget->bytes_left = bytes_left;
	storage.key = STR(""); /* it is nowhere in the file by itself */
	uint32_t made = has_storage ? torch_remake_storage(pickle, &storage) : 0;
	arena_finish(&arena);
	return made;
}

/** The global of an object's callable, where calling it is not harmless. */
static bool is_harmful_call(const struct pickle *pickle, const struct pickle_value *object)
{
	const struct pickle_global *global =
		object->kind == PICKLE_OBJECT ? torch_global(pickle, object->callable) : NULL;
	return global && !(global->uses & PICKLE_MAY_CALL);
}

static void read_arguments(struct pickle *pickle, uint32_t object, unsigned depth)
{
	uint32_t argument, storage = 0;
	struct nested nested;
	struct pickle_walk walk =
		pickle_members(&pickle->heap, pickle_at(&pickle->heap, object)->args);
	while (pickle_next(&walk, &argument)) {
		if (!(pickle_at(&pickle->heap, argument)->flags & PICKLE_WAS_READ) &&
		    find_bytes(pickle, argument, &nested) &&
		    pickle_has_magic(&nested.blob, nested.at, nested.end))
			storage = read_stream(pickle, &nested, depth);
		pickle_at(&pickle->heap, argument)->flags |= PICKLE_WAS_READ;
	}
	if (storage)
		pickle_at(&pickle->heap, object)->state = storage;
}

void pickle_read_nested(struct pickle *pickle, unsigned depth)
{
	size_t n = pickle_heap_count(&pickle->heap);
	for (uint32_t value = 1; value < n && depth <= PICKLE_NESTING_MAX; value++)
		if (is_harmful_call(pickle, pickle_at(&pickle->heap, value)))
			read_arguments(pickle, value, depth);
}
