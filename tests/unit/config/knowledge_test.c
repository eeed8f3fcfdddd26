// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "config/knowledge.h"

static void embedded(void **state)
{
	(void)state;
	struct error err;
	struct knowledge *k = knowledge_load(NULL, &err);
	assert_int_equal(err.code, ERROR_NONE);
	assert_true(knowledge_is_within(k, STR("sdxl-noobai"), STR("sdxl")));
	knowledge_destroy(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(embedded) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
