// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "storage/scan/facts.h"

#define TEXT(literal)                           \
	{                                       \
		"" literal, sizeof(literal) - 1 \
	} /* STR in a static table */

struct fixture {
	struct arena arena;
	struct squeezer *squeezer;
	struct facts facts;
};

static int open_fixture(void **state)
{
	struct fixture *fixture = test_calloc(1, sizeof(*fixture));
	fixture->squeezer = facts_squeezer_create(&fixture->arena);
	*state = fixture;
	return 0;
}

static int close_fixture(void **state)
{
	struct fixture *fixture = *state;
	squeezer_destroy(fixture->squeezer);
	arena_finish(&fixture->arena);
	test_free(fixture);
	return 0;
}

static void fill(struct fixture *fixture)
{
	static const struct metadata_pair pairs[] = {
		{ TEXT("ss_sd_model_name"), TEXT("pony.safetensors") },
		{ TEXT("ss_tag_frequency"), TEXT("{\"1_a\": {\"a\": 3, \"b\": 1}, \"2_c\": {}}") },
		{ TEXT("ss_none"), TEXT("") },
	};
	static const struct metadata_pair config[] = { { TEXT("model_index.json:_class_name"),
							 TEXT("X") } };
	static const struct str globals[] = { TEXT("posix.system"), TEXT("") };
	static const struct str triggers[] = { TEXT("ink"), TEXT("wash") };
	static const struct sidecar sidecars[] = {
		{ .file = TEXT("x.civitai.info"),
		  .base_model = TEXT("Pony"),
		  .triggers = triggers,
		  .n_triggers = 2 },
		{ .file = TEXT("x.json"), .prediction = TEXT("v") },
	};
	struct reading reading = {
		.format = FORMAT_GGUF,
		.status = STATUS_DAMAGED,
		.safety = SAFETY_RUNS_CODE,
		.error = { STR("E_TRUNCATED"), STR("cut") },
		.notes = { { STR("W_ZIP_CRC"), STR("crc") } },
		.n_notes = 1,
		.has_table = true,
		.metadata = { pairs, 3 },
		.config = { config, 1 },
		.globals = globals,
		.n_globals = 2,
		.size_bytes = UINT64_MAX,
	};
	struct facts *facts = &fixture->facts;
	gist_take(&facts->gist, &reading, sidecars, 2, &fixture->arena);
	facts->layout = STR("0123456789abcdef");
	facts->is_whole = true;
	facts->only_count = true;
}

static struct str encode(struct fixture *fixture, const struct facts *facts)
{
	struct bytes flat = { 0 };
	facts_encode(facts, fixture->squeezer, &flat);
	struct str copy = arena_str(&fixture->arena, bytes_str(&flat));
	bytes_finish(&flat);
	return copy;
}

static bool decode(struct fixture *fixture, struct str flat, struct facts *out)
{
	struct error err;
	bool ok = facts_decode(flat, fixture->squeezer, &fixture->arena, out, &err);
	assert_true(ok || err.code == ERROR_FORMAT);
	return ok;
}

static void what_was_read_comes_back(void **state)
{
	struct fixture *fixture = *state;
	struct facts out;
	fill(fixture);
	struct str flat = encode(fixture, &fixture->facts);
	assert_true(decode(fixture, flat, &out));
	assert_true(str_equal(encode(fixture, &out), flat));
	const struct reading *reading = &out.gist.reading;
	assert_int_equal(reading->format, FORMAT_GGUF);
	assert_int_equal(reading->status, STATUS_DAMAGED);
	assert_int_equal(reading->safety, SAFETY_RUNS_CODE);
	assert_true(str_equal(reading->error.code, STR("E_TRUNCATED")));
	assert_true(str_equal(reading->notes[0].message, STR("crc")));
	assert_true(reading->has_table && !reading->table.n_tensors);
	assert_true(reading->size_bytes == UINT64_MAX);
	assert_true(str_equal(reading->globals[0], STR("posix.system")));
	assert_true(str_equal(metadata_find(&reading->metadata, STR("ss_none")), STR("")));
	assert_true(str_equal(reading->config.pairs[0].value, STR("X")));
	assert_int_equal(out.gist.captions.n_folders, 2);
	assert_int_equal(out.gist.captions.tags[0].n, 3);
	assert_int_equal(out.gist.n_sidecars, 2);
	assert_null(out.gist.sidecars[0].prediction.ptr);
	assert_true(str_equal(out.gist.sidecars[0].triggers[1], STR("wash")));
	assert_true(out.only_count);
	assert_true(str_equal(out.layout, STR("0123456789abcdef")));
}

static void the_layout_is_told_without_unsqueezing(void **state)
{
	struct fixture *fixture = *state;
	struct str key;
	struct error err;
	bool is_whole = false;
	fill(fixture);
	struct str flat = encode(fixture, &fixture->facts);
	assert_true(facts_layout(flat, &key, &is_whole, &err));
	assert_true(is_whole && str_equal(key, STR("0123456789abcdef")));
	fixture->facts.layout = STR_NULL;
	assert_true(facts_layout(encode(fixture, &fixture->facts), &key, &is_whole, &err));
	assert_true(is_whole && !key.ptr);
	fixture->facts.layout = STR("short");
	assert_false(facts_layout(encode(fixture, &fixture->facts), &key, &is_whole, &err));
	assert_false(facts_layout(STR(""), &key, &is_whole, &err));
}

/* A layout that is too large, or thousands of names of what a pickle would run. */
static void what_is_too_large_is_not_whole(void **state)
{
	struct fixture *fixture = *state;
	struct facts out;
	struct str key;
	struct error err;
	bool is_whole = true;
	fill(fixture);
	fixture->facts.is_whole = false;
	struct str flat = encode(fixture, &fixture->facts);
	assert_true(facts_layout(flat, &key, &is_whole, &err) && !is_whole);
	assert_false(decode(fixture, flat, &out));
	fixture->facts.is_whole = true;
	size_t n = FACTS_BYTES_MAX / 8;
	struct str *globals = ARENA_NEW_N(&fixture->arena, struct str, n);
	for (size_t i = 0; i < n; i++)
		globals[i] = STR("os.system");
	fixture->facts.gist.reading.globals = globals;
	fixture->facts.gist.reading.n_globals = n;
	assert_true(facts_layout(encode(fixture, &fixture->facts), &key, &is_whole, &err) &&
		    !is_whole);
}

static void hostile_bytes_are_refused(void **state)
{
	struct fixture *fixture = *state;
	struct facts out;
	fill(fixture);
	struct str flat = encode(fixture, &fixture->facts);
	for (size_t len = 0; len < flat.len; len++)
		assert_false(decode(fixture, str_slice(flat, 0, len), &out));
	for (size_t i = 0; i < flat.len * 8; i++) {
		struct str copy = arena_str(&fixture->arena, flat);
		((char *)copy.ptr)[i / 8] ^= 1 << i % 8;
		(void)decode(fixture, copy, &out); /* only that nothing else happens */
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_fixture, close_fixture)
	const struct CMUnitTest tests[] = {
		TEST(what_was_read_comes_back),
		TEST(the_layout_is_told_without_unsqueezing),
		TEST(what_is_too_large_is_not_whole),
		TEST(hostile_bytes_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
