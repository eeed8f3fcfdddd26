// SPDX-License-Identifier: MIT
#include "core/base/json_patch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void assert_patched(const char *text, const char *with, const char *wanted)
{
	struct bytes out = { 0 };
	struct error err;
	assert_true(json_patch(str_from(text), str_from(with), &out, &err));
	bytes_append_byte(&out, '\0');
	assert_string_equal(out.ptr, wanted);
	bytes_finish(&out);
}

static void assert_refused(const char *text, const char *why)
{
	struct bytes out = { 0 };
	struct error err = { 0 };
	assert_false(json_patch(str_from(text), STR("{\"a\":1}"), &out, &err));
	assert_string_equal(err.text, why);
	bytes_finish(&out);
}

static void values_change_and_the_rest_keeps_its_bytes(void **state)
{
	(void)state;
	assert_patched(" {\"z\" :1.50,\"a\":\t\"old\" , \"b\":{\"a\":[1, 2]}}\r\n",
		       "{\"a\":\"new\"}",
		       " {\"z\" :1.50,\"a\":\t\"new\" , \"b\":{\"a\":[1, 2]}}\r\n");
	assert_patched("{\"b\":false,\"a\":null}", "{\"a\":true,\"b\":[]}",
		       "{\"b\":[],\"a\":true}");
}

static void elements_come_to_those_that_are_there(void **state)
{
	(void)state;
	assert_patched("{\"t\": [\"a\", 7], \"u\": 1}", "{\"t\":[\"b\",\"c\"]}",
		       "{\"t\": [\"a\", 7, \"b\", \"c\"], \"u\": 1}");
	assert_patched("{\"t\":[\"a\" ,\"b\" ]}", "{\"t\":[\"c\"]}",
		       "{\"t\":[\"a\" ,\"b\",\"c\" ]}");
	assert_patched("{\n  \"t\": [\n    {\"x\": [1]}\n  ]\n}", "{\"t\":[\"c\"]}",
		       "{\n  \"t\": [\n    {\"x\": [1]},\n    \"c\"\n  ]\n}");
	assert_patched("{\"t\": [ ]}", "{\"t\":[\"c\"]}", "{\"t\": [\"c\"]}");
}

static void what_is_new_is_written_as_the_rest(void **state)
{
	(void)state;
	assert_patched(
		"{\n    \"a\": 1,\n    \"b\": 2\n}", "{\"t\":[\"x\",\"y\"],\"f\":true}",
		"{\n    \"a\": 1,\n    \"b\": 2,\n    \"t\": [\n        \"x\",\n        \"y\"\n"
		"    ],\n    \"f\": true\n}");
	assert_patched("{\"a\":1,\"b\":2}", "{\"t\":[\"x\",\"y\"]}",
		       "{\"a\":1,\"b\":2,\"t\":[\"x\",\"y\"]}");
	assert_patched("{\"a\": 1, \"b\": 2}", "{\"t\":[\"x\",\"y\"]}",
		       "{\"a\": 1, \"b\": 2, \"t\": [\"x\", \"y\"]}");
	assert_patched("{ }", "{\"t\":1}", "{ \"t\": 1 }");
	assert_patched("{}", "{\"t\":1,\"u\":\"\"}", "{\"t\": 1,\"u\": \"\"}");
}

static void letters_are_written_as_the_rest_writes_them(void **state)
{
	(void)state;
	assert_patched("{\"a\": \"\\u00e4\", \"b\": 1}", "{\"b\":\"\xc3\xb6\xf0\x9f\x98\x80\"}",
		       "{\"a\": \"\\u00e4\", \"b\": \"\\u00f6\\ud83d\\ude00\"}");
	assert_patched("{\"a\": \"\xc3\xa4\\u0001\", \"b\": 1}", "{\"b\":\"\xc3\xb6\\n\"}",
		       "{\"a\": \"\xc3\xa4\\u0001\", \"b\": \"\xc3\xb6\\n\"}");
}

static void what_is_no_object_is_refused(void **state)
{
	(void)state;
	assert_refused("[1]", "it is no object");
	assert_refused("{\"a\":1", "ends too early");
	assert_refused("{\"a\":1} x", "text after the end");
	assert_refused("", "ends too early");
	assert_refused("{\"a\":1,\"\\u0061\":2}", "it says \"a\" twice");
	assert_refused("{\"b\":\"\xff\"}", "is not UTF-8");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_change_and_the_rest_keeps_its_bytes),
		cmocka_unit_test(elements_come_to_those_that_are_there),
		cmocka_unit_test(what_is_new_is_written_as_the_rest),
		cmocka_unit_test(letters_are_written_as_the_rest_writes_them),
		cmocka_unit_test(what_is_no_object_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
