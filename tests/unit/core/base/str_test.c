// SPDX-License-Identifier: MIT
#include "core/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void cuts_prefix_and_suffix_only_when_there(void **state)
{
	(void)state;
	struct str key = STR("lora_unet_x.lora_down.weight");
	assert_false(str_cut_suffix(&key, STR(".lora_up.weight")));
	assert_true(str_cut_suffix(&key, STR(".lora_down.weight")));
	assert_true(str_cut_prefix(&key, STR("lora_unet_")));
	assert_true(str_equal(key, STR("x")));
	assert_false(str_cut_prefix(&key, STR("xx")));
	assert_true(str_cut_prefix(&key, STR("")));
	assert_true(str_has_suffix(STR_NULL, STR_NULL));
}

static void compares_bytes(void **state)
{
	(void)state;
	assert_true(str_compare(STR("a"), STR("b")) < 0);
	assert_true(str_compare(STR("ab"), STR("a")) > 0);
	assert_true(str_compare(STR("\xff"), STR("a")) > 0);
	assert_int_equal(str_compare(STR_NULL, STR("")), 0);
	assert_true(str_equal_nocase(STR("SDXL"), STR("sdxl")));
	assert_false(str_equal_nocase(STR("\xc3\x84"), STR("\xc3\xa4")));
	assert_true(str_has_suffix_nocase(STR("a.YAML"), STR(".yaml")));
	assert_false(str_has_suffix_nocase(STR("yaml"), STR(".yaml")));
	assert_true(str_equal(str_after_last(STR("a/b/c"), '/'), STR("c")));
	assert_true(str_equal(str_after_last(STR("abc"), '/'), STR("abc")));
	assert_int_equal(str_after_last(STR("a/"), '/').len, 0);
}

static void finds(void **state)
{
	(void)state;
	struct str text = { "a\0b\0b", 5 };
	assert_int_equal(str_find(text, (struct str){ "\0b", 2 }), 1);
	assert_int_equal(str_find(text, STR("x")), -1);
	assert_int_equal(str_find_byte(text, 'b'), 2);
	assert_int_equal(str_rfind_byte(text, 'b'), 4);
	assert_int_equal(str_find_byte(STR_NULL, 'b'), -1);
	assert_int_equal(str_slice(text, 3, 100).len, 2);
	assert_int_equal(str_slice(text, 9, 100).len, 0);
	assert_true(str_equal(str_trim(STR(" \t a b \r\n")), STR("a b")));
}

static void splits_into_parts(void **state)
{
	(void)state;
	struct str rest = STR("a;;b"), part;
	assert_true(str_next_part(&rest, ';', &part) && str_equal(part, STR("a")));
	assert_true(str_next_part(&rest, ';', &part) && str_equal(part, STR("")));
	assert_true(str_next_part(&rest, ';', &part) && str_equal(part, STR("b")));
	assert_false(str_next_part(&rest, ';', &part));
	rest = STR("a;");
	assert_true(str_next_part(&rest, ';', &part));
	assert_true(str_next_part(&rest, ';', &part) && part.len == 0);
	assert_false(str_next_part(&rest, ';', &part));
}

static void reads_whole_numbers(void **state)
{
	(void)state;
	uint64_t u;
	int64_t i;
	assert_true(str_to_u64(STR("18446744073709551615"), &u) && u == UINT64_MAX);
	assert_false(str_to_u64(STR("18446744073709551616"), &u));
	assert_false(str_to_u64(STR(""), &u));
	assert_false(str_to_u64(STR("+1"), &u));
	assert_false(str_to_u64(STR("1 "), &u));
	assert_true(str_to_i64(STR("-9223372036854775808"), &i) && i == INT64_MIN);
	assert_false(str_to_i64(STR("9223372036854775808"), &i));
}

static void reads_decimals_exactly(void **state)
{
	(void)state;
	static const struct {
		struct str text;
		double value;
	} rows[] = {
		{ { "0.8", 3 }, 0.8 },
		{ { "-16", 3 }, -16 },
		{ { "1e-4", 4 }, 1e-4 },
		{ { "2.5E+3", 6 }, 2500 },
		{ { ".5", 2 }, 0.5 },
		{ { "0.1", 3 }, 0.1 },
		{ { "123456789.125", 13 }, 123456789.125 },
		{ { "0", 1 }, 0 },
		{ { "1.7976931348623157e308", 22 }, 1.7976931348623157e308 },
		{ { "0.30000000000000004", 19 }, 0.30000000000000004 },
	};
	double value;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_true(str_to_double(rows[i].text, &value));
		assert_true(value == rows[i].value);
	}
	assert_false(str_to_double(STR("."), &value));
	assert_false(str_to_double(STR("1e"), &value));
	assert_false(str_to_double(STR("1x"), &value));
	assert_false(str_to_double(STR("nan"), &value));
	assert_true(str_to_double(STR("1e99999"), &value) && value > 1e300);
	assert_true(str_to_double(STR("1e-99999"), &value) && value == 0);
}

static void hashes_differ(void **state)
{
	(void)state;
	assert_true(str_hash(STR("abcdefgh")) != str_hash(STR("abcdefgi")));
	assert_true(str_hash(STR("")) != str_hash((struct str){ "\0", 1 }));
	assert_true(str_hash(STR("x")) == str_hash(STR("x")));
}

static void words_of_a_list(void **state)
{
	(void)state;
	assert_true(str_is_listed("ckpt pt pth", STR("pt")));
	assert_true(str_is_listed("ckpt pt pth", STR("pth")));
	assert_false(str_is_listed("ckpt pt pth", STR("p")));
	assert_false(str_is_listed("ckpt pt pth", STR("ckpt pt")));
	assert_false(str_is_listed("ckpt  pt", STR("")));
	assert_false(str_is_listed("", STR("")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_of_a_list),
		cmocka_unit_test(cuts_prefix_and_suffix_only_when_there),
		cmocka_unit_test(compares_bytes),
		cmocka_unit_test(finds),
		cmocka_unit_test(splits_into_parts),
		cmocka_unit_test(reads_whole_numbers),
		cmocka_unit_test(reads_decimals_exactly),
		cmocka_unit_test(hashes_differ),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
