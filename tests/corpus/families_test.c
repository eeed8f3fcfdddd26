// SPDX-License-Identifier: MIT
/*
 * Every architecture in every packing: each file must be taken for its own architecture and for no
 * other. families/models.jsonl says what there is, families/packings.jsonl how it is stored. And
 * every kind of part: families/parts.jsonl.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "config/knowledge.h"
#include "core/identify/identify.h"
#include "core/samples/derive.h"
#include "core/samples/parts.h"
#include "core/samples/regexp.h"
#include "tests/support/sample_disk.h"

enum { RANK = 16 };

struct families {
	struct arena arena;
	struct knowledge *knowledge;
	struct str layouts; /* the lists of families/layouts.keys */
	struct key_source shipped, keys;
	unsigned n, n_wrong;
	int64_t parameters; /* of the model that is stored in every way; 0: not known yet */
};

/* One model as one packing stores it. */
struct stored {
	struct families *families;
	const struct spec *model, *packing;
	struct arena arena;
	struct array rows; /* of struct key_row */
	struct reading reading;
	struct tensor_facts facts;
	struct model answer;
};

/* The list "[name]" of layouts.keys, else one of core/samples. */
static struct str find_keys(void *context, struct str name, struct arena *arena)
{
	struct families *families = context;
	struct str head = arena_strf(arena, "\n[%.*s]\n", STR_ARG(name));
	ptrdiff_t at = str_find(families->layouts, head);
	if (at < 0)
		return families->shipped.find(families->shipped.context, name, arena);
	struct str list =
		str_slice(families->layouts, (size_t)at + head.len, families->layouts.len);
	ptrdiff_t end = str_find(list, STR("\n["));
	return end < 0 ? list : str_slice(list, 0, (size_t)end + 1);
}

static void must(bool ok, const struct error *err)
{
	if (!ok)
		fail_msg("%s", err->text);
}

static void append_keys(struct stored *s, struct str name)
{
	struct error err = { 0 };
	const struct spec *entry;
	struct str json = arena_strf(
		&s->arena, "{\"parts\":[{\"keys\":\"%.*s\"}],\"dtype\":\"F16\"}", STR_ARG(name));
	must(spec_parse(json, &s->arena, &entry, &err), &err);
	must(parts_build(entry, &s->families->keys, &s->arena, &s->rows, &err), &err);
}

static void keep_layers(struct stored *s, struct str pattern)
{
	struct error err = { 0 };
	struct array kept = ARRAY_OF(struct key_row);
	struct regexp regexp;
	must(regexp_init(&regexp, pattern, &err), &err);
	for (size_t i = 0; i < s->rows.len; i++) {
		const struct key_row *row = ARRAY_AT(&s->rows, struct key_row, i);
		if (regexp_is_in(&regexp, row->name))
			*ARRAY_PUSH(&kept, struct key_row) = *row;
	}
	regexp_finish(&regexp);
	array_finish(&s->rows);
	s->rows = kept;
}

static void put_prefix(struct stored *s, struct str prefix)
{
	for (size_t i = 0; prefix.len && i < s->rows.len; i++) {
		struct key_row *row = ARRAY_AT(&s->rows, struct key_row, i);
		row->name = arena_strf(&s->arena, "%.*s%.*s", STR_ARG(prefix), STR_ARG(row->name));
	}
}

static void pack(struct stored *s)
{
	struct error err = { 0 };
	const struct spec *adapter = spec_find(s->packing, "adapter");
	const struct spec *quant = spec_find(s->packing, "quant");
	const struct spec *beside = spec_find(s->packing, "beside");
	const struct spec *marker = spec_find(s->packing, "marker");
	if (adapter) {
		keep_layers(s, spec_text(s->model, "layers", STR_NULL));
		must(derive_adapter(adapter, RANK, &s->arena, &s->rows, &err), &err);
	}
	if (quant)
		must(derive_quantised(quant, &s->arena, &s->rows, &err), &err);
	put_prefix(s, spec_text(s->packing, "prefix", STR("")));
	for (const struct spec *one = beside ? beside->first : NULL; one; one = one->next)
		append_keys(s, one->text);
	if (spec_find(s->packing, "parts"))
		must(parts_build(s->packing, &s->families->keys, &s->arena, &s->rows, &err), &err);
	if (marker)
		*ARRAY_PUSH(&s->rows, struct key_row) = (struct key_row){
			.name = marker->text,
			.shape = { 2 },
			.n_dims = 1,
			.dtype = DTYPE_F8_E4M3,
		};
}

static void make_table(struct stored *s)
{
	size_t n = s->rows.len;
	struct tensor *tensors = ARENA_NEW_N(&s->arena, struct tensor, n + 1);
	for (size_t i = 0; i < n; i++) {
		const struct key_row *row = ARRAY_AT(&s->rows, struct key_row, i);
		enum dtype dtype = row->dtype == DTYPE_UNKNOWN ? DTYPE_F16 : row->dtype;
		tensors[i] = (struct tensor){
			.name = row->name,
			.shape = row->shape,
			.rank = row->n_dims,
			.dtype = (uint8_t)dtype,
			.size_bytes = key_elements(row) * dtype_bits(dtype) / 8,
		};
	}
	s->reading = (struct reading){
		.format = FORMAT_SAFETENSORS,
		.table = { tensors, n },
		.has_table = true,
	};
}

static void ask(struct stored *s)
{
	const struct gist gist = { .reading = s->reading };
	const struct identify_input input = {
		.name = STR("model"),
		.gist = &gist,
		.tensors = &s->facts,
	};
	identify_tensors(s->families->knowledge, &s->reading.table, NULL, &s->arena, &s->facts);
	identify(s->families->knowledge, &input, &s->arena, &s->answer);
}

static void expect(struct bytes *complaints, const char *what, struct str wanted, struct str is)
{
	if (wanted.len && !str_equal(wanted, is.ptr ? is : STR("-")))
		bytes_printf(complaints, " %s %.*s (is %.*s)", what, STR_ARG(wanted),
			     STR_ARG(is.ptr ? is : STR("-")));
}

static void expect_variant(struct bytes *complaints, struct str wanted, const struct model *is)
{
	for (size_t i = 0; i < is->n_variants; i++)
		if (str_equal(is->variants[i], wanted))
			return;
	expect(complaints, "variant", wanted, is->n_variants ? is->variants[0] : STR_NULL);
}

/* What this packing of this model leaves to see, where that is less than the model is. */
static struct str architecture_of(struct stored *s, bool is_adapter)
{
	struct str own = spec_text(s->model, "architecture", STR_NULL);
	struct str packing = spec_text(s->packing, "name", STR(""));
	if (is_adapter)
		own = spec_text(s->model, "lora", own);
	return spec_text(spec_find(s->model, "as"),
			 arena_printf(&s->arena, "%.*s", STR_ARG(packing)), own);
}

/* However weights are stored, there are as many of them; half a column of an odd width is lost. */
static void expect_parameters(struct stored *s, struct bytes *complaints)
{
	int64_t *known = &s->families->parameters;
	bool is_more = str_equal(spec_text(s->packing, "kind", STR("")), STR("checkpoint"));
	if (spec_find(s->packing, "adapter") || is_more)
		return;
	if (!*known)
		*known = s->answer.parameters;
	if (llabs(s->answer.parameters - *known) > *known / 1000000)
		bytes_printf(complaints, " %lld parameters for %lld",
			     (long long)s->answer.parameters, (long long)*known);
}

static void judge(struct stored *s)
{
	struct bytes complaints = { 0 };
	struct str kind =
		spec_text(s->packing, "kind", spec_text(s->model, "kind", STR("diffusion-model")));
	bool is_adapter = spec_find(s->packing, "adapter");
	struct str wanted = architecture_of(s, is_adapter);
	struct str own = spec_text(s->model, "architecture", STR_NULL);
	struct str precision = spec_text(s->model, "precision", STR(""));
	expect(&complaints, "kind", kind, str_from(kind_word(s->answer.kind)));
	expect(&complaints, "architecture", wanted, s->answer.architecture);
	if (!str_equal(wanted, own) && s->answer.confidence == CONFIDENCE_CERTAIN &&
	    s->answer.architecture.ptr)
		bytes_printf(&complaints, " wrong and certain of it");
	if (!is_adapter)
		expect(&complaints, "base", spec_text(s->model, "base", STR("")),
		       s->answer.base_model);
	expect_variant(&complaints, spec_text(s->model, "variant", STR("")), &s->answer);
	expect(&complaints, "adapter", spec_text(s->packing, "type", STR("")),
	       str_from(adapter_word(s->answer.adapter.type)));
	if (!spec_is_true(s->model, "mixed", false)) /* convolutions stay as they are */
		expect(&complaints, "precision", spec_text(s->packing, "precision", precision),
		       s->answer.precision);
	expect_parameters(s, &complaints);
	s->families->n++;
	if (complaints.len) {
		struct str name = spec_text(s->model, "name", STR(""));
		struct str naming = spec_text(s->model, "naming", STR(""));
		struct str packing = spec_text(s->packing, "name", STR(""));
		printf("%.*s %.*s %.*s:%.*s\n", STR_ARG(name), STR_ARG(naming), STR_ARG(packing),
		       STR_ARG(bytes_str(&complaints)));
		s->families->n_wrong++;
	}
	bytes_finish(&complaints);
}

static bool is_of(struct str namings, struct str naming)
{
	struct str word;
	while (str_next_part(&namings, ' ', &word))
		if (str_equal(word, naming))
			return true;
	return false;
}

static void store_and_judge(struct families *families, const struct spec *model,
			    const struct spec *packing)
{
	struct error err = { 0 };
	struct stored s = {
		.families = families,
		.model = model,
		.packing = packing,
		.rows = ARRAY_OF(struct key_row),
	};
	bool is_adapter = spec_find(packing, "adapter");
	if (!is_of(spec_text(packing, "of", STR("")), spec_text(model, "naming", STR(""))) ||
	    (is_adapter && !spec_find(model, "layers")))
		return;
	must(parts_build(model, &families->keys, &s.arena, &s.rows, &err), &err);
	pack(&s);
	if (s.rows.len) { /* else it has no such layers */
		make_table(&s);
		ask(&s);
		judge(&s);
	}
	array_finish(&s.rows);
	arena_finish(&s.arena);
}

/* The lines of a file of objects, as a list. */
static struct array read_lines(struct families *families, const char *path)
{
	struct array lines = ARRAY_OF(const struct spec *);
	struct error err = { 0 };
	struct str line, text = sample_disk_read(&families->arena,
						 sample_disk_source(&families->arena, path));
	assert_non_null(text.ptr);
	while (str_next_part(&text, '\n', &line)) {
		const struct spec *spec;
		if (!line.len)
			continue;
		must(spec_parse(line, &families->arena, &spec, &err), &err);
		*ARRAY_PUSH(&lines, const struct spec *) = spec;
	}
	return lines;
}

static void store_all(struct families *families, const char *path)
{
	struct array models = read_lines(families, path);
	struct array packings = read_lines(families, "tests/corpus/families/packings.jsonl");
	for (size_t i = 0; i < models.len; i++, families->parameters = 0)
		for (size_t k = 0; k < packings.len; k++)
			store_and_judge(families, *ARRAY_AT(&models, const struct spec *, i),
					*ARRAY_AT(&packings, const struct spec *, k));
	printf("right: %u of %u\n", families->n - families->n_wrong, families->n);
	array_finish(&models);
	array_finish(&packings);
	assert_int_equal(families->n_wrong, 0);
}

static void each_file_is_its_own_architecture_and_no_other(void **state)
{
	store_all(*state, "tests/corpus/families/models.jsonl");
}

static void each_part_is_of_its_kind_and_family(void **state)
{
	store_all(*state, "tests/corpus/families/parts.jsonl");
}

static int set_up(void **state)
{
	struct families *families = test_calloc(1, sizeof(*families));
	struct error mistake = { 0 };
	families->knowledge = knowledge_load(NULL, &mistake);
	families->layouts = sample_disk_read(
		&families->arena,
		sample_disk_source(&families->arena, "tests/corpus/families/layouts.keys"));
	families->shipped = sample_disk_keys();
	families->keys = (struct key_source){ find_keys, families };
	*state = families;
	return !families->knowledge || !families->layouts.ptr || mistake.code != ERROR_NONE;
}

static int tear_down(void **state)
{
	struct families *families = *state;
	knowledge_destroy(families->knowledge);
	arena_finish(&families->arena);
	test_free(families);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_file_is_its_own_architecture_and_no_other),
		cmocka_unit_test(each_part_is_of_its_kind_and_family),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
