// SPDX-License-Identifier: MIT
/* Folders whose tensors say nothing: what their configuration tells, class by class. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "config/knowledge.h"
#include "core/identify/identify.h"
#include "core/samples/spec.h"
#include "tests/support/sample_disk.h"

enum { PAIRS_MAX = 8 };

static struct metadata_pair pairs[PAIRS_MAX];

static void put(struct metadata *config, struct arena *arena, struct str file, struct str path,
		struct str value)
{
	assert_true(config->n_pairs < PAIRS_MAX);
	pairs[config->n_pairs++] = (struct metadata_pair){
		arena_strf(arena, "%.*s:%.*s", STR_ARG(file), STR_ARG(path)),
		value,
	};
}

/* A row as the pairs of its folder: of a pipeline's component, or of the component alone. */
static struct metadata configure(const struct spec *row, struct arena *arena)
{
	struct metadata config = { .pairs = pairs };
	struct str component = spec_text(row, "in", STR_NULL);
	struct str file = component.ptr ? arena_strf(arena, "%.*s/config.json", STR_ARG(component))
					: STR("config.json");
	if (component.ptr)
		put(&config, arena, STR("model_index.json"), STR("_class_name"),
		    spec_text(row, "pipeline", STR("SomePipeline")));
	for (const struct spec *one = row->first; one; one = one->next) {
		if (str_equal(one->key, STR("class")))
			put(&config, arena, file, STR("_class_name"), one->text);
		else if (!str_equal(one->key, STR("in")) && !str_equal(one->key, STR("kind")) &&
			 !str_equal(one->key, STR("pipeline")) &&
			 !str_equal(one->key, STR("architecture")))
			put(&config, arena, file, one->key, one->text);
	}
	return config;
}

static struct model identify_row(const struct knowledge *knowledge, const struct metadata *config,
				 struct arena *arena)
{
	static const uint64_t shape[] = { 7, 7 };
	const struct tensor tensor = { .name = STR("unheard.of"), .shape = shape, .rank = 2 };
	struct gist gist = { .reading = {
				     .format = FORMAT_DIFFUSERS,
				     .table = { &tensor, 1 },
				     .has_table = true,
				     .config = *config,
			     } };
	struct tensor_facts facts;
	struct model model;
	const struct identify_input input = {
		.name = STR("folder"),
		.gist = &gist,
		.tensors = &facts,
	};
	identify_tensors(knowledge, &gist.reading.table, config, arena, &facts);
	identify(knowledge, &input, arena, &model);
	return model;
}

static unsigned judge(const struct knowledge *knowledge, struct str line)
{
	struct arena arena = { 0 };
	struct error err = { 0 };
	const struct spec *row;
	assert_true(spec_parse(line, &arena, &row, &err));
	struct metadata config = configure(row, &arena);
	struct model model = identify_row(knowledge, &config, &arena);
	struct str kind = spec_text(row, "kind", STR("checkpoint"));
	struct str architecture = spec_text(row, "architecture", STR("-"));
	struct str is = model.architecture.ptr ? model.architecture : STR("-");
	bool is_right = str_equal(kind, str_from(kind_word(model.kind))) &&
			str_equal(architecture, is) &&
			(!model.architecture.ptr || model.confidence <= CONFIDENCE_LIKELY);
	if (!is_right)
		printf("%.*s: %s %.*s\n", STR_ARG(line), kind_word(model.kind), STR_ARG(is));
	arena_finish(&arena);
	return !is_right;
}

static void each_class_is_known(void **state)
{
	struct arena arena = { 0 };
	struct error mistake = { 0 };
	struct knowledge *knowledge = knowledge_load(NULL, &mistake);
	struct str line,
		text = sample_disk_read(
			&arena, sample_disk_source(&arena, "tests/corpus/families/classes.jsonl"));
	unsigned n = 0, n_wrong = 0;
	(void)state;
	assert_non_null(text.ptr);
	while (str_next_part(&text, '\n', &line)) {
		if (!line.len)
			continue;
		n_wrong += judge(knowledge, line);
		n++;
	}
	knowledge_destroy(knowledge);
	arena_finish(&arena);
	assert_true(n > 50);
	assert_int_equal(n_wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_class_is_known),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
