// SPDX-License-Identifier: MIT
#include "core/base/json_write.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void writes_levels_and_commas(void **state)
{
	(void)state;
	struct bytes out = { 0 };
	struct json_writer json = json_writer(&out);
	json_object(&json, NULL);
	json_string(&json, "path", STR("a"));
	json_null(&json, "base");
	json_array(&json, "list");
	json_u64_value(&json, NULL, UINT64_MAX);
	json_i64_value(&json, NULL, INT64_MIN);
	json_object(&json, NULL);
	json_object_end(&json);
	json_array_end(&json);
	json_array(&json, "none");
	json_array_end(&json);
	json_bool(&json, "yes", true);
	json_object_end(&json);
	assert_string_equal(out.ptr, "{\"path\":\"a\",\"base\":null,\"list\":[18446744073709551615,"
				     "-9223372036854775808,{}],\"none\":[],\"yes\":true}");
	bytes_finish(&out);
}

static void assert_text(struct str text, const char *wanted)
{
	struct bytes out = { 0 };
	struct json_writer json = json_writer(&out);
	json_string(&json, NULL, text);
	assert_string_equal(out.ptr, wanted);
	bytes_finish(&out);
}

static void text_is_valid_and_harmless(void **state)
{
	(void)state;
	assert_text(STR("a\"b\\c\n\t/"), "\"a\\\"b\\\\c\\n\\t/\"");
	assert_text((struct str){ "\0\x1b[31m", 6 }, "\"\\u0000\\u001b[31m\"");
	assert_text(STR("\x7f\xc2\x9b"), "\"\\u007f\\u009b\"");
	assert_text(STR("a\xe2\x80\xae"
			"b"),
		    "\"a\\u202eb\"");
	assert_text(STR("\xe6\x97\xa5\xf0\x9f\x98\x80"), "\"\xe6\x97\xa5\xf0\x9f\x98\x80\"");
	assert_text(STR("a\xff\xc3z"), "\"a\xef\xbf\xbd\xef\xbf\xbdz\"");
	assert_text(STR_NULL, "null");
	assert_text(STR(""), "\"\"");
}

static void assert_number(double number, const char *wanted)
{
	struct bytes out = { 0 };
	struct json_writer json = json_writer(&out);
	json_double_value(&json, NULL, number);
	assert_string_equal(out.ptr, wanted);
	if (isfinite(number))
		assert_true(strtod(out.ptr, NULL) == number);
	bytes_finish(&out);
}

static void numbers_read_back(void **state)
{
	(void)state;
	assert_number(16, "16.0");
	assert_number(0.8, "0.8");
	assert_number(-0.5, "-0.5");
	assert_number(0.1 + 0.2, "0.30000000000000004");
	assert_number(1e300, "1e+300");
	assert_number(NAN, "null");
	assert_number(INFINITY, "null");
}

static void assert_base64(struct str bytes, const char *wanted)
{
	struct bytes out = { 0 };
	struct json_writer json = json_writer(&out);
	json_base64_if_broken(&json, "b", bytes);
	assert_string_equal(out.ptr, wanted);
	bytes_finish(&out);
}

static void broken_paths_are_given_exactly(void **state)
{
	(void)state;
	assert_base64(STR("caf\xc3\xa9"), "\"b\":null");
	assert_base64(STR("caf\xe9"), "\"b\":\"Y2Fm6Q==\"");
	assert_base64(STR("\xff\xfe"), "\"b\":\"//4=\"");
	assert_base64(STR("\xff\xfe\xfd"), "\"b\":\"//79\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_levels_and_commas),
		cmocka_unit_test(text_is_valid_and_harmless),
		cmocka_unit_test(numbers_read_back),
		cmocka_unit_test(broken_paths_are_given_exactly),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
