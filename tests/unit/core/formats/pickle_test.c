// SPDX-License-Identifier: MIT
/* The pickle machine: its opcodes, its values, its limits. */
#include "core/formats/pickle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/array.h"
#include "core/formats/pickle_op.h"

struct run {
	struct arena arena;
	struct pickle_budget budget;
	struct pickle_findings findings;
	struct pickle pickle;
	struct blob blob;
	char *bytes; /* of the exact size, so that a read past the end is seen */
};

static enum pickle_end run_with(struct run *run, struct str bytes, struct pickle_budget budget)
{
	*run = (struct run){ .budget = budget, .bytes = malloc(bytes.len ? bytes.len : 1) };
	memcpy(run->bytes, bytes.ptr, bytes.len);
	run->blob = blob_from_memory(run->bytes, bytes.len);
	pickle_findings_init(&run->findings, &run->arena);
	if (!pickle_open(&run->pickle, &run->blob, 0, bytes.len, &run->arena, &run->budget,
			 &run->findings))
		return PICKLE_BROKEN;
	return pickle_read(&run->pickle);
}

static enum pickle_end run_bytes(struct run *run, struct str bytes)
{
	return run_with(run, bytes, pickle_budget_whole());
}

static void finish(struct run *run)
{
	arena_finish(&run->arena);
	free(run->bytes);
}

static void there_are_68_opcodes(void **state)
{
	unsigned n = 0;
	(void)state;
	for (unsigned byte = 0; byte < 256; byte++)
		n += pickle_op_find((unsigned char)byte) != NULL;
	assert_int_equal(n, 68);
	assert_null(pickle_op_find(0x99));
	assert_null(pickle_op_find(0));
}

/** A value in words: [1,'a',{..}], objects as callable(args)+state. */
static void tell(const struct pickle *pickle, uint32_t value, struct bytes *out)
{
	const struct pickle_value *v = pickle_at(&pickle->heap, value);
	struct pickle_walk walk = pickle_members(&pickle->heap, value);
	uint32_t member;
	switch ((enum pickle_kind)v->kind) {
	case PICKLE_UNKNOWN: bytes_append_str(out, STR("?")); break;
	case PICKLE_NONE: bytes_append_str(out, STR("None")); break;
	case PICKLE_BOOL: bytes_append_str(out, v->integer ? STR("True") : STR("False")); break;
	case PICKLE_INT: bytes_printf(out, "%lld", (long long)v->integer); break;
	case PICKLE_BIG: bytes_printf(out, "big%zu", v->text.len); break;
	case PICKLE_FLOAT: bytes_printf(out, "%g", v->real); break;
	case PICKLE_STR: bytes_printf(out, "'%.*s'", STR_ARG(v->text)); break;
	case PICKLE_BYTES:
		bytes_printf(out, "bytes%llu@%llu", (unsigned long long)v->bytes.len,
			     (unsigned long long)v->bytes.at);
		break;
	case PICKLE_GLOBAL:
		bytes_printf(out, "%.*s", STR_ARG(pickle->findings->globals[v->last]->name));
		break;
	case PICKLE_PERSID:
		bytes_append_byte(out, '@');
		tell(pickle, v->args, out);
		break;
	case PICKLE_OBJECT:
		tell(pickle, v->callable, out);
		tell(pickle, v->args, out);
		if (v->state) {
			bytes_append_byte(out, '+');
			tell(pickle, v->state, out);
		}
		break;
	case PICKLE_TUPLE:
	case PICKLE_LIST:
	case PICKLE_DICT:
	case PICKLE_SET: break;
	}
	static const char *const brackets[] = {
		[PICKLE_TUPLE] = "()",
		[PICKLE_LIST] = "[]",
		[PICKLE_DICT] = "{}",
		[PICKLE_SET] = "<>",
	};
	if (v->kind < PICKLE_TUPLE || v->kind > PICKLE_SET)
		return;
	bytes_append_byte(out, brackets[v->kind][0]);
	for (int i = 0; pickle_next(&walk, &member); i++) {
		if (i)
			bytes_append_byte(out, ' ');
		tell(pickle, member, out);
	}
	bytes_append_byte(out, brackets[v->kind][1]);
}

#define S(literal)                              \
	{                                       \
		"" literal, sizeof(literal) - 1 \
	}

static const struct {
	struct str bytes;
	const char *value;
} values[] = {
	{ S("N."), "None" },
	{ S("\x88."), "True" },
	{ S("\x89."), "False" },
	{ S("I01\n."), "True" },
	{ S("I00\n."), "False" },
	{ S("I-12\n."), "-12" },
	{ S("I12\0ignored\n."), "?" },
	{ S("L5L\n."), "5" },
	{ S("L99999999999999999999L\n."), "?" },
	{ S("J\xfe\xff\xff\xff."), "-2" },
	{ S("K\xff."), "255" },
	{ S("M\1\2."), "513" },
	{ S("\x8a\0."), "0" },
	{ S("\x8a\1\xff."), "-1" },
	{ S("\x8a\2\xff\0."), "255" },
	{ S("\x8a\x09\0\0\0\0\0\0\0\0\1."), "big9" },
	{ S("\x8b\2\0\0\0\0\1."), "256" },
	{ S("F1.5\n."), "1.5" },
	{ S("Fx\n."), "?" },
	{ S("G\x3f\xf8\0\0\0\0\0\0."), "1.5" },
	{ S("S'a\\'b'\n."), "'a'b'" },
	{ S("S\"\\x41\\n\"\n."), "'A\n'" },
	{ S("Snaked\n."), "?" },
	{ S("S'\\q'\n."), "'\\q'" },
	{ S("U\2ab."), "'ab'" },
	{ S("T\2\0\0\0ab."), "'ab'" },
	{ S("Va\xe9\\u20ac\\U0001F600\n."), "'a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80'" },
	{ S("V\\u00\n."), "'\\u00'" },
	{ S("\x8c\1a."), "'a'" },
	{ S("X\1\0\0\0a."), "'a'" },
	{ S("\x8d\1\0\0\0\0\0\0\0a."), "'a'" },
	{ S("C\2ab."), "bytes2@2" },
	{ S("B\1\0\0\0a."), "bytes1@5" },
	{ S("\x8e\1\0\0\0\0\0\0\0a."), "bytes1@9" },
	{ S("\x96\1\0\0\0\0\0\0\0a."), "bytes1@9" },
	{ S(")."), "()" },
	{ S("N\x85."), "(None)" },
	{ S("NK\1\x86."), "(None 1)" },
	{ S("K\1K\2K\3\x87."), "(1 2 3)" },
	{ S("(K\1K\2t."), "(1 2)" },
	{ S("(t."), "()" },
	{ S("]."), "[]" },
	{ S("(K\1l."), "[1]" },
	{ S("]K\1aK\2a."), "[1 2]" },
	{ S("](K\1K\2e(e."), "[1 2]" },
	{ S("}."), "{}" },
	{ S("(K\1Nd."), "{1 None}" },
	{ S("}K\1Ns."), "{1 None}" },
	{ S("}(K\1NK\2Nu."), "{1 None 2 None}" },
	{ S("\x8f(K\1\x90."), "<1>" },
	{ S("(K\1\x91."), "<1>" },
	{ S("K\1"
	    "2\x86."),
	  "(1 1)" },
	{ S("NK\1"
	    "0."),
	  "None" },
	{ S("N(K\1K\2"
	    "1."),
	  "None" },
	{ S("N(0."), "None" },
	{ S("K\7p5\n0g5\n."), "7" },
	{ S("K\7q\5"
	    "0h\5."),
	  "7" },
	{ S("K\7r\0\0\0\x80"
	    "0j\0\0\0\x80."),
	  "7" },
	{ S("K\7\x94K\x8\x94h\0\x86."), "(8 7)" },
	{ S("h\1."), "?" },
	{ S("gx\n."), "?" },
	{ S("cm\nn\n."), "n" },
	{ S("\x8c\1m\x8c\1n\x93."), "n" },
	{ S("cm\nn\n)R."), "n()" },
	{ S("(K\1im\nn\n."), "n(1)" },
	{ S("(cm\nn\nK\1o."), "n(1)" },
	{ S("cm\nn\n)\x81."), "n()" },
	{ S("cm\nn\n)}\x92."), "n()" },
	{ S("cm\nn\n)RK\1b."), "n()+1" },
	{ S("Pkey\n."), "@'key'" },
	{ S("K\1Q."), "@1" },
	{ S("(S'module'\ncm\nn\ntQ)R."), "n()" },
	{ S("\x97."), "?" },
	{ S("\x97\x98."), "?" },
	{ S("\x82\1."), "unknown" },
	{ S("\x80\5\x95\2\0\0\0\0\0\0\0N."), "None" },
};

static void every_opcode_makes_its_value(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		struct run run;
		struct bytes text = { 0 };
		assert_int_equal(run_bytes(&run, values[i].bytes), PICKLE_WHOLE);
		assert_int_equal(run.pickle.source.at, values[i].bytes.len);
		tell(&run.pickle, run.pickle.root, &text);
		assert_string_equal(text.ptr, values[i].value);
		bytes_finish(&text);
		finish(&run);
	}
}

static void pickles_follow_each_other(void **state)
{
	struct run run;
	(void)state;
	assert_int_equal(run_bytes(&run, STR("K\1q\0.h\0.")), PICKLE_WHOLE);
	uint32_t first = run.pickle.root;
	assert_int_equal(pickle_read(&run.pickle), PICKLE_WHOLE);
	assert_int_equal(run.pickle.root, 0); /* the memo is each pickle's own */
	assert_true(run.findings.has_unset_slot);
	assert_int_equal(pickle_at(&run.pickle.heap, first)->integer, 1);
	assert_int_equal(pickle_read(&run.pickle), PICKLE_ABSENT);
	finish(&run);
}

static void assert_limit(struct run *run, const char *message)
{
	assert_int_equal(run->pickle.end, PICKLE_BROKEN);
	assert_true(str_equal(run->findings.error.code, STR("E_PK_LIMIT")));
	assert_string_equal(run->findings.error.message.ptr, message);
	finish(run);
}

/** Appends until there are `len` bytes. */
static void fill(struct bytes *bytes, char byte, size_t len)
{
	char chunk[4096];
	memset(chunk, byte, sizeof chunk);
	while (bytes->len < len)
		bytes_append(bytes, chunk,
			     len - bytes->len < sizeof chunk ? len - bytes->len : sizeof chunk);
}

static void limits_hold(void **state)
{
	struct run run;
	struct bytes bytes = { 0 };
	struct pickle_budget few = pickle_budget_whole(), little = few;
	(void)state;
	few.ops_left = 3;
	run_with(&run, STR("NNNN."), few);
	assert_limit(&run, "pickle exceeds the limit of 50000000 operations");
	struct pickle_budget none = few;
	none.streams_left = 0;
	assert_int_equal(run_with(&run, STR("N."), none), PICKLE_BROKEN);
	assert_limit(&run, "pickle exceeds the limit of 300000 pickles");
	little.bytes_left = 40000;
	fill(&bytes, 'N', 10000);
	run_with(&run, bytes_str(&bytes), little);
	assert_limit(&run, "pickle exceeds the limit of 1 GiB of memory");
	fill(&bytes, ')', PICKLE_STACK_MAX + 100000 + 1);
	run_bytes(&run, bytes_str(&bytes));
	assert_limit(&run, "pickle exceeds the limit of 1000000 values on its stack");
	bytes_clear(&bytes);
	fill(&bytes, '(', PICKLE_STACK_MAX + 100000 + 1);
	run_bytes(&run, bytes_str(&bytes));
	assert_limit(&run, "pickle exceeds the limit of 1000000 values on its stack");
	bytes_clear(&bytes);
	bytes_append(&bytes, "\x8b\1\0\x10\0", 5);
	fill(&bytes, 0, PICKLE_LONG_MAX + 10 + 1);
	run_bytes(&run, bytes_str(&bytes));
	assert_limit(&run, "pickle exceeds the limit of 1 MiB for a number");
	bytes_clear(&bytes);
	bytes_append(&bytes, "X\1\0\0\1", 5);
	fill(&bytes, 'a', PICKLE_STRING_MAX + 10 + 1);
	run_bytes(&run, bytes_str(&bytes));
	assert_limit(&run, "pickle exceeds the limit of 16 MiB for a text");
	bytes.ptr[0] = 'V';
	fill(&bytes, 'a', 2 * PICKLE_STRING_MAX + 1);
	bytes_append_byte(&bytes, '\n');
	run_bytes(&run, bytes_str(&bytes));
	assert_limit(&run, "pickle exceeds the limit of 16 MiB for a text");
	bytes_finish(&bytes);
}

/** Bytes of any length are gone over, not read. */
static void bytes_are_not_copied(void **state)
{
	struct run run;
	struct bytes bytes = { 0 };
	struct pickle_budget budget = pickle_budget_whole();
	(void)state;
	bytes_append(&bytes, "B\0\0\0\2", 5);
	fill(&bytes, 'a', 5 + (32 << 20));
	bytes_append_byte(&bytes, '.');
	budget.bytes_left = 1 << 20;
	assert_int_equal(run_with(&run, bytes_str(&bytes), budget), PICKLE_WHOLE);
	assert_int_equal(pickle_at(&run.pickle.heap, run.pickle.root)->bytes.len, 32 << 20);
	finish(&run);
	bytes.ptr[0] = 'T'; /* what Python 2 had for bytes */
	assert_int_equal(run_with(&run, bytes_str(&bytes), budget), PICKLE_WHOLE);
	assert_int_equal(pickle_at(&run.pickle.heap, run.pickle.root)->kind, PICKLE_BYTES);
	finish(&run);
	bytes_finish(&bytes);
}

static void a_memo_of_many_slots_finds_them_all(void **state)
{
	struct arena arena = { 0 };
	struct pickle_memo memo = { 0 };
	struct pickle_budget budget = pickle_budget_whole();
	uint32_t value;
	(void)state;
	assert_false(pickle_memo_get(&memo, 0, &value));
	for (uint32_t i = 0; i < 5000; i++)
		assert_true(pickle_memo_put(&memo, (uint64_t)i << 40, i + 1, &arena, &budget));
	assert_int_equal(memo.n, 5000);
	for (uint32_t i = 0; i < 5000; i++) {
		assert_true(pickle_memo_get(&memo, (uint64_t)i << 40, &value));
		assert_int_equal(value, i + 1);
	}
	assert_false(pickle_memo_get(&memo, 1, &value));
	pickle_memo_clear(&memo);
	assert_false(pickle_memo_get(&memo, 0, &value));
	budget.bytes_left = 0;
	struct pickle_memo poor = { 0 };
	assert_false(pickle_memo_put(&poor, 1, 1, &arena, &budget));
	arena_finish(&arena);
}

static void too_many_globals_share_a_place(void **state)
{
	struct arena arena = { 0 };
	struct pickle_findings findings;
	char name[16];
	(void)state;
	pickle_findings_init(&findings, &arena);
	for (unsigned i = 0; i < PICKLE_GLOBALS_MAX + 10; i++) {
		uint32_t at = pickle_findings_global(
			&findings, STR("torch"),
			(struct str){ name, (size_t)snprintf(name, sizeof name, "x%u", i) });
		assert_true(at < PICKLE_GLOBALS_MAX);
	}
	assert_int_equal(findings.n_globals, PICKLE_GLOBALS_MAX);
	assert_true(pickle_findings_run_code(&findings));
	arena_finish(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_are_68_opcodes),
		cmocka_unit_test(every_opcode_makes_its_value),
		cmocka_unit_test(pickles_follow_each_other),
		cmocka_unit_test(limits_hold),
		cmocka_unit_test(bytes_are_not_copied),
		cmocka_unit_test(a_memo_of_many_slots_finds_them_all),
		cmocka_unit_test(too_many_globals_share_a_place),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
