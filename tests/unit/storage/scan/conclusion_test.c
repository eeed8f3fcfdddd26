// SPDX-License-Identifier: MIT
/**
 * What the tensors of one layout tell is thought through once, unless a configuration says otherwise.
 */
#include "storage/scan/conclusion.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void teach(struct knowledge *knowledge, enum kind kind, const char *when)
{
	struct error err;
	struct rule *rule = ARENA_NEW(&knowledge->arena, struct rule);
	assert_true(rule_parse(str_from(when), &knowledge->arena, rule, &err));
	*ARRAY_PUSH(&knowledge->kinds, struct kind_rule) =
		(struct kind_rule){ kind, STR("taught"), { rule, 1 } };
}

static const struct tensor tensors[] = { { .name = { "weight", 6 }, .dtype = DTYPE_F16 } };

static enum kind conclude(struct concluder *concluder, const char *class)
{
	struct arena arena = { 0 };
	struct model model;
	const struct metadata_pair pair = { STR("config.json:_class_name"),
					    str_from(class ? class : "") };
	struct facts facts = { .layout = STR("0123456789abcdef") };
	facts.gist.reading.has_table = true;
	facts.gist.reading.table = (struct tensor_table){ tensors, 1 };
	facts.gist.reading.config = (struct metadata){ &pair, class ? 1 : 0 };
	concluder_conclude(concluder, &facts, STR("model"), STR_NULL, &arena, &model);
	enum kind kind = model.kind;
	arena_finish(&arena);
	return kind;
}

static void a_configuration_is_part_of_what_is_remembered(void **state)
{
	(void)state;
	struct error err;
	struct knowledge *knowledge = knowledge_create();
	teach(knowledge, KIND_VAE, "config(config.json:_class_name) = autoencoder*");
	teach(knowledge, KIND_CONTROLNET, "config(config.json:_class_name) = *controlnet*");
	assert_true(knowledge_finish(knowledge, &err));
	struct concluder *concluder = concluder_create(knowledge);
	for (int times = 0; times < 2; times++) {
		assert_int_equal(conclude(concluder, "AutoencoderKL"), KIND_VAE);
		assert_int_equal(conclude(concluder, "ControlNetModel"), KIND_CONTROLNET);
		assert_int_equal(conclude(concluder, NULL), KIND_UNKNOWN);
	}
	concluder_destroy(concluder);
	knowledge_destroy(knowledge);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_configuration_is_part_of_what_is_remembered),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
