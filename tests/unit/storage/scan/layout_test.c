// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/pack.h"
#include "storage/scan/layout.h"

#define TEXT(literal)                           \
	{                                       \
		"" literal, sizeof(literal) - 1 \
	} /* STR in a static table */

static const uint64_t square[] = { 320, 768 }, kernel[] = { 4, 320, 3, 3 }, one[] = { 1 };
static const uint64_t huge[] = { UINT64_MAX, UINT64_MAX };

static const struct tensor tensors[] = {
	{ TEXT("blocks.0.attn.to_k.weight"), square, 0, 320 * 768 * 2, 2, DTYPE_F16 },
	{ TEXT("blocks.0.attn.to_q.weight"), square, 491520, 320 * 768 * 2, 2, DTYPE_F16 },
	{ TEXT("blocks.0.attn.to_q.weight.alpha"), NULL, 983040, 4, 0, DTYPE_F32 },
	{ TEXT(""), kernel, 0, 17, 4, DTYPE_UNKNOWN },
	{ TEXT("b"), one, 0, 5, 1, DTYPE_F32 }, /* no size that type and shape make */
	{ TEXT("b\0c\xff"), huge, 0, 0, 2, DTYPE_F32 },
	{ TEXT("q4"), square, 0, 320 * 768 / 256 * 144, 2, DTYPE_Q4_K },
};
#define N_TENSORS (sizeof tensors / sizeof *tensors)

static const struct tensor_table whole = { tensors, N_TENSORS };

static struct str encode(const struct tensor_table *table, struct arena *arena)
{
	struct bytes flat = { 0 };
	assert_true(layout_encode(table, &flat));
	struct str copy = arena_str(arena, bytes_str(&flat));
	bytes_finish(&flat);
	return copy;
}

static struct str squeeze(struct str flat, struct arena *arena)
{
	struct bytes squeezed = { 0 };
	layout_squeeze(flat, &squeezed);
	struct str copy = arena_str(arena, bytes_str(&squeezed));
	bytes_finish(&squeezed);
	return copy;
}

static void what_was_read_comes_back(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct tensor_table out;
	struct error err;
	for (size_t n = 0; n <= N_TENSORS; n++) {
		struct tensor_table table = { tensors, n };
		struct str flat = encode(&table, &arena);
		if (!layout_decode(squeeze(flat, &arena), &arena, &out, &err))
			fail_msg("%zu: %s", n, err.text);
		assert_int_equal(out.n_tensors, n);
		for (size_t i = 0; i < n; i++) {
			assert_true(str_equal(out.tensors[i].name, tensors[i].name));
			assert_int_equal(out.tensors[i].rank, tensors[i].rank);
			assert_int_equal(out.tensors[i].dtype, tensors[i].dtype);
			assert_int_equal(out.tensors[i].size_bytes, tensors[i].size_bytes);
			if (tensors[i].rank)
				assert_memory_equal(out.tensors[i].shape, tensors[i].shape,
						    tensors[i].rank * sizeof *square);
		}
		assert_true(str_equal(encode(&out, &arena), flat));
	}
	arena_finish(&arena);
}

static void keys_tell_layouts_apart_but_not_places(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct tensor other[N_TENSORS];
	struct tensor_table table = { other, N_TENSORS };
	struct str key = layout_key(encode(&whole, &arena), &arena), again;
	struct error err;
	assert_int_equal(key.len, LAYOUT_KEY_BYTES);
	memcpy(other, tensors, sizeof tensors);
	other[1].offset_bytes = 77;
	assert_true(str_equal(layout_key(encode(&table, &arena), &arena), key));
	other[1].dtype = DTYPE_BF16;
	assert_false(str_equal(layout_key(encode(&table, &arena), &arena), key));
	memcpy(other, tensors, sizeof tensors);
	other[0] = tensors[1];
	other[1] = tensors[0];
	assert_false(str_equal(layout_key(encode(&table, &arena), &arena), key));
	assert_true(layout_key_of_squeezed(squeeze(encode(&whole, &arena), &arena), &arena, &again,
					   &err));
	assert_true(str_equal(again, key));
	assert_false(layout_key_of_squeezed(STR("nonsense"), &arena, &again, &err));
	arena_finish(&arena);
}

static bool decodes(struct str flat, struct arena *arena)
{
	struct tensor_table out;
	struct error err;
	return layout_decode(squeeze(flat, arena), arena, &out, &err);
}

static void hostile_bytes_are_refused(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct str flat = encode(&whole, &arena);
	assert_true(decodes(flat, &arena));
	for (size_t len = 0; len < flat.len; len++)
		assert_false(decodes(str_slice(flat, 0, len), &arena));
	assert_false(decodes(arena_strf(&arena, "%.*s%c", (int)flat.len, flat.ptr, 1), &arena));
	/* Any bit turned gives another layout or none, never more than there is. */
	for (size_t i = 0; i < flat.len; i++) {
		struct str copy = arena_str(&arena, flat);
		((char *)copy.ptr)[i] ^= 1 << i % 8;
		(void)decodes(copy, &arena); /* only that nothing else happens */
	}
	arena_finish(&arena);
}

/* Each name is the one before and a byte more: bytes that stand for a square of bytes. */
static void names_do_not_grow_without_end(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct bytes flat = { 0 };
	const size_t n = 60000;
	pack_u64(&flat, LAYOUT_FLAT_VERSION);
	pack_u64(&flat, DTYPE_COUNT);
	pack_u64(&flat, n);
	for (size_t i = 0; i < n; i++) {
		pack_u64(&flat, i);
		pack_u64(&flat, 1);
		bytes_append_byte(&flat, 'x');
		pack_u64(&flat, DTYPE_F32);
		pack_u64(&flat, 0);
		pack_u64(&flat, 0);
	}
	assert_false(decodes(bytes_str(&flat), &arena));
	bytes_finish(&flat);
	arena_finish(&arena);
}

static void what_is_too_large_is_not_kept(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct bytes flat = { 0 };
	const size_t n = 1100;
	char *name = arena_alloc(&arena, 65535);
	memset(name, 'x', 65535);
	struct tensor *many = ARENA_NEW_N(&arena, struct tensor, n);
	for (size_t i = 0; i < n; i++)
		many[i] = (struct tensor){ .name = { name, 65535 },
					   .dtype = DTYPE_F32,
					   .size_bytes = 4 };
	assert_false(layout_encode(&(struct tensor_table){ many, n }, &flat));
	bytes_clear(&flat);
	assert_true(layout_encode(&(struct tensor_table){ many, 1000 }, &flat));
	bytes_finish(&flat);
	arena_finish(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_read_comes_back),
		cmocka_unit_test(keys_tell_layouts_apart_but_not_places),
		cmocka_unit_test(hostile_bytes_are_refused),
		cmocka_unit_test(names_do_not_grow_without_end),
		cmocka_unit_test(what_is_too_large_is_not_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
