// SPDX-License-Identifier: MIT
#include "core/organise/sidecar_tell.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct str tags[] = { { "Ink", 3 }, { "new", 3 } };
static const struct sidecar_words words = { tags, 2, { "good at 0.6", 11 }, true };

static void assert_tells(const char *name, const char *text, const char *says, const char *said)
{
	struct arena arena = { 0 };
	struct sidecar_telling telling;
	struct error err;
	assert_true(sidecar_tell(str_from(name), str_from(text), &words, &arena, &telling, &err));
	assert_true(str_equal(telling.says, says ? str_from(says) : STR_NULL));
	assert_int_equal(telling.says.ptr == NULL, says == NULL);
	if (says) {
		assert_true(str_equal(telling.said, str_from(said)));
		assert_true(sidecar_may_say(str_from(name), telling.says));
	}
	arena_finish(&arena);
}

static void assert_refused(const char *name, const char *text, const char *why)
{
	struct arena arena = { 0 };
	struct sidecar_telling telling;
	struct error err = { 0 };
	assert_false(sidecar_tell(str_from(name), str_from(text), &words, &arena, &telling, &err));
	assert_string_equal(err.text, why);
	arena_finish(&arena);
}

static void what_is_not_said_yet_is_said(void **state)
{
	(void)state;
	assert_tells("a.metadata.json", "{\"file_name\":\"a\"}",
		     "{\"tags\":[\"Ink\",\"new\"],\"notes\":\"good at 0.6\",\"favorite\":true}",
		     "{\"tags\":[],\"notes\":\"\",\"favorite\":false}");
	assert_tells("a.metadata.json",
		     "{\"tags\":[\"paper, ink\",7],\"notes\":\"mine\",\"favorite\":true}",
		     "{\"tags\":[\"new\"],\"notes\":\"mine\\n\\ngood at 0.6\"}",
		     "{\"tags\":[\"paper, ink\"],\"notes\":\"mine\"}");
	assert_tells("a.json", "{\"sd version\":\"SD1\",\"notes\":\"good\"}",
		     "{\"notes\":\"good at 0.6\"}", "{\"notes\":\"good\"}");
	assert_tells("a.metadata.json", "{\"tags\":null,\"notes\":null,\"favorite\":null}",
		     "{\"tags\":[\"Ink\",\"new\"],\"notes\":\"good at 0.6\",\"favorite\":true}",
		     "{\"tags\":[],\"notes\":\"\",\"favorite\":false}");
}

static void what_is_said_already_is_not_said_again(void **state)
{
	(void)state;
	assert_tells(
		"a.metadata.json",
		"{\"tags\":[\"INK\",\"new\"],\"notes\":\"so: good at 0.6!\",\"favorite\":true}",
		NULL, NULL);
}

static void files_of_others_are_left_alone(void **state)
{
	(void)state;
	assert_tells("a.json", "{\"learning_rate\":1e-4,\"tags\":[]}", NULL, NULL);
	assert_tells("a.api_info.json", "{\"description\":\"\"}", NULL, NULL);
	assert_tells("a.civitai.info", "{\"description\":\"\"}", NULL, NULL);
	assert_tells("a.metadata.json", "{}", NULL, NULL);
	assert_true(sidecar_has_words(STR("b.METADATA.json")));
	assert_false(sidecar_has_words(STR("b.safetensors.rgthree-info.json")));
	assert_false(sidecar_has_words(STR("b.png")));
}

static void what_is_not_as_the_program_writes_it_is_refused(void **state)
{
	(void)state;
	assert_refused("a.metadata.json", "{\"tags\":\"x\"}", "its \"tags\" is no list");
	assert_refused("a.metadata.json", "{\"notes\":[]}", "its \"notes\" is no text");
	assert_refused("a.metadata.json", "{\"favorite\":1}", "its \"favorite\" is no yes or no");
	assert_refused("a.json", "{\"notes\":\"\",\"notes\":\"\"}", "it says \"notes\" twice");
	assert_refused("a.json", "{\"notes\":", "it is no JSON: ends too early");
}

static void a_plan_may_say_nothing_else(void **state)
{
	(void)state;
	assert_false(sidecar_may_say(STR("a.metadata.json"), STR("{\"file_path\":\"/etc\"}")));
	assert_false(sidecar_may_say(STR("a.metadata.json"), STR("{\"tags\":[[]]}")));
	assert_false(sidecar_may_say(STR("a.metadata.json"), STR("{\"notes\":1}")));
	assert_false(sidecar_may_say(STR("a.json"), STR("{\"tags\":[\"x\"]}")));
	assert_false(sidecar_may_say(STR("a.safetensors"), STR("{\"notes\":\"x\"}")));
	assert_false(sidecar_may_say(STR("a.json"), STR("{\"notes\":\"x\"")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_said_yet_is_said),
		cmocka_unit_test(what_is_said_already_is_not_said_again),
		cmocka_unit_test(files_of_others_are_left_alone),
		cmocka_unit_test(what_is_not_as_the_program_writes_it_is_refused),
		cmocka_unit_test(a_plan_may_say_nothing_else),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
