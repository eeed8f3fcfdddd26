// SPDX-License-Identifier: MIT
#include "storage/scan/finding.h"

#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

enum { ROUNDS = 300, LIST_MAX = 5, TEXT_MAX = 40 };

static unsigned below(unsigned *seed, unsigned end)
{
	*seed = *seed * 1103515245u + 12345u;
	return (*seed >> 8) % end;
}

static uint64_t random_u64(unsigned *seed)
{
	uint64_t number = 0;
	for (int i = 0; i < 4; i++)
		number = number << 16 | below(seed, 1u << 16);
	return number >> below(seed, 64);
}

/* Unknown, empty or random bytes, NUL and broken UTF-8 among them. */
static struct str random_str(unsigned *seed, struct arena *arena)
{
	if (below(seed, 4) == 0)
		return STR_NULL;
	char buffer[TEXT_MAX];
	size_t len = below(seed, TEXT_MAX);
	for (size_t i = 0; i < len; i++)
		buffer[i] = (char)below(seed, 256);
	return arena_str(arena, (struct str){ buffer, len });
}

static const struct str *random_strs(unsigned *seed, struct arena *arena, size_t *n)
{
	*n = below(seed, LIST_MAX);
	struct str *list = ARENA_NEW_N(arena, struct str, *n + 1);
	for (size_t i = 0; i < *n; i++)
		list[i] = random_str(seed, arena);
	return list;
}

static const struct evidence *random_evidence(unsigned *seed, struct arena *arena, size_t *n)
{
	*n = below(seed, LIST_MAX);
	struct evidence *list = ARENA_NEW_N(arena, struct evidence, *n + 1);
	for (size_t i = 0; i < *n; i++)
		list[i] = (struct evidence){
			.source = (enum evidence_source)below(seed, SOURCE_COUNT),
			.field = random_str(seed, arena),
			.says = random_str(seed, arena),
			.detail = random_str(seed, arena),
		};
	return list;
}

static const struct note *random_notes(unsigned *seed, struct arena *arena, size_t *n)
{
	*n = below(seed, LIST_MAX);
	struct note *list = ARENA_NEW_N(arena, struct note, *n + 1);
	for (size_t i = 0; i < *n; i++)
		list[i] = (struct note){ random_str(seed, arena), random_str(seed, arena) };
	return list;
}

static struct adapter_summary random_adapter(unsigned *seed)
{
	bool has_alpha = below(seed, 2);
	return (struct adapter_summary){
		.type = (enum adapter_type)below(seed, ADAPTER_COUNT),
		.rank_min = (uint32_t)random_u64(seed),
		.rank_max = (uint32_t)random_u64(seed),
		.has_alpha = has_alpha,
		.alpha = has_alpha ? (double)below(seed, 1000) / 7 : 0,
		.n_modules = random_u64(seed),
		.has_text_encoder = below(seed, 2),
		.has_convolution = below(seed, 2),
	};
}

static struct model random_model(unsigned *seed, struct arena *arena)
{
	struct model model = {
		.name = random_str(seed, arena),
		.format = (enum format)below(seed, FORMAT_COUNT),
		.status = (enum status)below(seed, STATUS_COUNT),
		.error = { random_str(seed, arena), random_str(seed, arena) },
		.kind = (enum kind)below(seed, KIND_COUNT),
		.architecture = random_str(seed, arena),
		.base_model = random_str(seed, arena),
		.lineage_known = below(seed, 2),
		.prediction = random_str(seed, arena),
		.precision = random_str(seed, arena),
		.confidence = (enum confidence)below(seed, CONFIDENCE_COUNT),
		.size_bytes = random_u64(seed),
		.n_tensors = (int64_t)below(seed, 1000) - 1,
		.parameters = (int64_t)below(seed, 3) - 1,
		.adapter = random_adapter(seed),
		.trained_on = { random_str(seed, arena), random_str(seed, arena),
				random_str(seed, arena), random_str(seed, arena) },
		.title = random_str(seed, arena),
		.author = random_str(seed, arena),
		.description = random_str(seed, arena),
		.license = random_str(seed, arena),
		.resolution = random_str(seed, arena),
		.safety = (enum safety)below(seed, SAFETY_COUNT),
		.sha256 = random_str(seed, arena),
		.autov2 = random_str(seed, arena),
		.autov3 = random_str(seed, arena),
		.alias = random_str(seed, arena),
	};
	model.notes = random_notes(seed, arena, &model.n_notes);
	model.variants = random_strs(seed, arena, &model.n_variants);
	model.evidence = random_evidence(seed, arena, &model.n_evidence);
	model.conflicts = random_evidence(seed, arena, &model.n_conflicts);
	model.merged_from = random_strs(seed, arena, &model.n_merged_from);
	model.triggers = random_strs(seed, arena, &model.n_triggers);
	model.globals = random_strs(seed, arena, &model.n_globals);
	return model;
}

static void assert_same_str(struct str a, struct str b)
{
	assert_int_equal(a.ptr == NULL, b.ptr == NULL);
	assert_true(str_equal(a, b));
}

static void assert_same_strs(const struct str *a, size_t n_a, const struct str *b, size_t n_b)
{
	assert_int_equal(n_a, n_b);
	for (size_t i = 0; i < n_a; i++)
		assert_same_str(a[i], b[i]);
}

static void assert_same_evidence(const struct evidence *a, size_t n_a, const struct evidence *b,
				 size_t n_b)
{
	assert_int_equal(n_a, n_b);
	for (size_t i = 0; i < n_a; i++) {
		assert_int_equal(a[i].source, b[i].source);
		assert_same_str(a[i].field, b[i].field);
		assert_same_str(a[i].says, b[i].says);
		assert_same_str(a[i].detail, b[i].detail);
	}
}

static void assert_same_reading(const struct model *a, const struct model *b)
{
	assert_same_str(a->name, b->name);
	assert_int_equal(a->format, b->format);
	assert_int_equal(a->status, b->status);
	assert_same_str(a->error.code, b->error.code);
	assert_same_str(a->error.message, b->error.message);
	assert_int_equal(a->n_notes, b->n_notes);
	for (size_t i = 0; i < a->n_notes; i++) {
		assert_same_str(a->notes[i].code, b->notes[i].code);
		assert_same_str(a->notes[i].message, b->notes[i].message);
	}
	assert_true(a->size_bytes == b->size_bytes);
	assert_true(a->n_tensors == b->n_tensors && a->parameters == b->parameters);
	assert_int_equal(a->safety, b->safety);
	assert_same_strs(a->globals, a->n_globals, b->globals, b->n_globals);
}

static void assert_same_adapter(const struct adapter_summary *a, const struct adapter_summary *b)
{
	assert_int_equal(a->type, b->type);
	assert_int_equal(a->rank_min, b->rank_min);
	assert_int_equal(a->rank_max, b->rank_max);
	assert_int_equal(a->has_alpha, b->has_alpha);
	assert_memory_equal(&a->alpha, &b->alpha, sizeof a->alpha);
	assert_true(a->n_modules == b->n_modules);
	assert_int_equal(a->has_text_encoder, b->has_text_encoder);
	assert_int_equal(a->has_convolution, b->has_convolution);
}

static void assert_same_identity(const struct model *a, const struct model *b)
{
	assert_int_equal(a->kind, b->kind);
	assert_same_str(a->architecture, b->architecture);
	assert_same_str(a->base_model, b->base_model);
	assert_int_equal(a->lineage_known, b->lineage_known);
	assert_same_strs(a->variants, a->n_variants, b->variants, b->n_variants);
	assert_same_str(a->prediction, b->prediction);
	assert_same_str(a->precision, b->precision);
	assert_int_equal(a->confidence, b->confidence);
	assert_same_evidence(a->evidence, a->n_evidence, b->evidence, b->n_evidence);
	assert_same_evidence(a->conflicts, a->n_conflicts, b->conflicts, b->n_conflicts);
	assert_same_adapter(&a->adapter, &b->adapter);
}

static void assert_same_words(const struct model *a, const struct model *b)
{
	assert_same_str(a->trained_on.name, b->trained_on.name);
	assert_same_str(a->trained_on.sha256, b->trained_on.sha256);
	assert_same_str(a->trained_on.autov2, b->trained_on.autov2);
	assert_same_str(a->trained_on.model_id, b->trained_on.model_id);
	assert_same_strs(a->merged_from, a->n_merged_from, b->merged_from, b->n_merged_from);
	assert_same_strs(a->triggers, a->n_triggers, b->triggers, b->n_triggers);
	assert_same_str(a->title, b->title);
	assert_same_str(a->author, b->author);
	assert_same_str(a->description, b->description);
	assert_same_str(a->license, b->license);
	assert_same_str(a->resolution, b->resolution);
	assert_same_str(a->sha256, b->sha256);
	assert_same_str(a->autov2, b->autov2);
	assert_same_str(a->autov3, b->autov3);
	assert_same_str(a->alias, b->alias);
}

static void decodes_what_it_encodes(void **state)
{
	(void)state;
	for (unsigned round = 0; round < ROUNDS; round++) {
		unsigned seed = round;
		struct arena arena = { 0 };
		struct bytes flat = { 0 };
		struct error err;
		struct model before = random_model(&seed, &arena), after;
		model_encode(&before, &flat);
		assert_true(model_decode(bytes_str(&flat), &arena, &after, &err));
		assert_same_reading(&before, &after);
		assert_same_identity(&before, &after);
		assert_same_words(&before, &after);
		bytes_finish(&flat);
		arena_finish(&arena);
	}
}

static void refuses_every_cut_and_every_tail(void **state)
{
	(void)state;
	unsigned seed = 7;
	struct arena arena = { 0 };
	struct bytes flat = { 0 };
	struct model model = random_model(&seed, &arena), out;
	model_encode(&model, &flat);
	for (size_t len = 0; len < flat.len; len++) {
		/* A copy of its exact size, so that a read past the end is seen. */
		char *cut = malloc(len ? len : 1);
		assert_non_null(cut);
		memcpy(cut, flat.ptr, len);
		struct error err;
		assert_false(model_decode((struct str){ cut, len }, &arena, &out, &err));
		assert_int_equal(err.code, ERROR_FORMAT);
		free(cut);
	}
	struct error err;
	bytes_append_byte(&flat, 0);
	assert_false(model_decode(bytes_str(&flat), &arena, &out, &err));
	bytes_finish(&flat);
	arena_finish(&arena);
}

static void refuses_another_version(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct bytes flat = { 0 };
	struct model model = { .n_tensors = -1, .parameters = -1 }, out;
	struct error err;
	model_encode(&model, &flat);
	assert_true(model_decode(bytes_str(&flat), &arena, &out, &err));
	flat.ptr[0]++;
	assert_false(model_decode(bytes_str(&flat), &arena, &out, &err));
	assert_int_equal(err.code, ERROR_FORMAT);
	bytes_finish(&flat);
	arena_finish(&arena);
}

/* What was stored before aliases were known: the same without the last text. */
static void reads_the_first_version(void **state)
{
	(void)state;
	unsigned seed = 3;
	struct arena arena = { 0 };
	struct bytes flat = { 0 };
	struct error err;
	struct model model = random_model(&seed, &arena), out;
	model.alias = STR_NULL; /* one byte */
	model_encode(&model, &flat);
	flat.ptr[0] = 1;
	assert_true(model_decode((struct str){ flat.ptr, flat.len - 1 }, &arena, &out, &err));
	assert_same_words(&model, &out);
	assert_false(model_decode(bytes_str(&flat), &arena, &out, &err));
	bytes_finish(&flat);
	arena_finish(&arena);
}

static void promises_no_more_than_the_bytes_hold(void **state)
{
	(void)state;
	/* A name of 2^63 bytes; then a list of 2^60 notes. */
	static const char name[] = "\x01\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01";
	static const char notes[] = "\x01\0\0\0\0\0\x80\x80\x80\x80\x80\x80\x80\x80\x10";
	const struct str flats[] = { { name, sizeof name - 1 }, { notes, sizeof notes - 1 } };
	for (size_t i = 0; i < sizeof flats / sizeof *flats; i++) {
		struct arena arena = { 0 };
		struct model out;
		struct error err;
		assert_false(model_decode(flats[i], &arena, &out, &err));
		assert_true(arena.used_bytes < 4096);
		arena_finish(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decodes_what_it_encodes),
		cmocka_unit_test(refuses_every_cut_and_every_tail),
		cmocka_unit_test(refuses_another_version),
		cmocka_unit_test(reads_the_first_version),
		cmocka_unit_test(promises_no_more_than_the_bytes_hold),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
