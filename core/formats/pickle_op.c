// SPDX-License-Identifier: MIT
#include "core/formats/pickle_op.h"

static void act_protocol(struct pickle *pickle)
{
	if (pickle->op_at == pickle->begin)
		pickle->has_protocol = true;
	if (pickle->argument.number <= PICKLE_PROTOCOL_MAX)
		return;
	pickle_findings_fail(pickle->findings, "E_PK_PROTO",
			     "pickle protocol %u is newer than this program knows",
			     (unsigned)pickle->argument.number);
}

static void act_frame(struct pickle *pickle)
{
	struct pickle_source *source = &pickle->source;
	uint64_t len = pickle->argument.number;
	if (pickle->frame_end > source->at) {
		pickle->findings->breaks_frames = true;
		pickle_findings_fail(pickle->findings, "E_PK_FRAME",
				     "pickle frames are inconsistent (hides code from scanners)");
	}
	if (len > pickle_source_left(source)) {
		pickle_findings_fail(pickle->findings, "E_PK_EOF",
				     "pickle ends before it is complete");
		len = pickle_source_left(source);
	}
	pickle->frame_end = source->at + len;
}

static void act_stop(struct pickle *pickle)
{
	pickle->root = pickle_pop(pickle);
	pickle->end = PICKLE_WHOLE;
	pickle->is_over = true;
}

static void act_pop(struct pickle *pickle)
{
	struct pickle_stack *marks = &pickle->marks;
	if (marks->n && marks->values[marks->n - 1] == pickle->stack.n)
		marks->n--;
	else
		pickle_pop(pickle);
}

static void act_pop_mark(struct pickle *pickle)
{
	size_t n;
	pickle_pop_mark(pickle, &n);
}

static void act_duplicate(struct pickle *pickle)
{
	pickle_push(pickle, pickle_top(pickle));
}

static void remember(struct pickle *pickle, uint64_t slot)
{
	if (!pickle_memo_put(&pickle->memo, slot, pickle_top(pickle), pickle->arena,
			     pickle->budget))
		pickle_give_up_limit(pickle, "8000000 memo slots");
}

static void recall(struct pickle *pickle, uint64_t slot)
{
	uint32_t value = 0;
	struct pickle_findings *findings = pickle->findings;
	if (!pickle_memo_get(&pickle->memo, slot, &value) && !pickle->is_astray &&
	    !findings->has_unset_slot) {
		findings->has_unset_slot = true;
		findings->unset_slot = slot;
	}
	pickle_push(pickle, value);
}

/** A slot written in digits; UINT64_MAX for what is no number, which no one sets. */
static uint64_t slot_of_line(const struct pickle *pickle)
{
	uint64_t slot;
	return str_to_u64(str_trim(pickle->argument.text), &slot) ? slot : UINT64_MAX;
}

static void act_put(struct pickle *pickle)
{
	remember(pickle, pickle->argument.number);
}

static void act_put_line(struct pickle *pickle)
{
	remember(pickle, slot_of_line(pickle));
}

static void act_memoize(struct pickle *pickle)
{
	remember(pickle, pickle->memo.n);
}

static void act_get(struct pickle *pickle)
{
	recall(pickle, pickle->argument.number);
}

static void act_get_line(struct pickle *pickle)
{
	recall(pickle, slot_of_line(pickle));
}

/* No fact about the value changes. */
static void act_read_only(struct pickle *pickle)
{
	(void)pickle_top(pickle);
}

/* All 68 of protocols 0 to 5 (CPython: Lib/pickle.py). */
static const struct pickle_op ops[256] = {
	[0x80] = { FORM_U8, act_protocol },
	[0x95] = { FORM_U64, act_frame },
	['.'] = { FORM_NONE, act_stop },
	['('] = { FORM_NONE, pickle_push_mark },
	['0'] = { FORM_NONE, act_pop },
	['1'] = { FORM_NONE, act_pop_mark },
	['2'] = { FORM_NONE, act_duplicate },
	['N'] = { FORM_NONE, act_none },
	[0x88] = { FORM_NONE, act_bool },
	[0x89] = { FORM_NONE, act_bool },
	['I'] = { FORM_LINE, act_number_line },
	['L'] = { FORM_LINE, act_number_line },
	['J'] = { FORM_I32, act_number },
	['K'] = { FORM_U8, act_number },
	['M'] = { FORM_U16, act_number },
	[0x8a] = { FORM_LONG1, act_long },
	[0x8b] = { FORM_LONG4, act_long },
	['F'] = { FORM_LINE, act_real_line },
	['G'] = { FORM_REAL, act_real },
	['S'] = { FORM_LINE, act_quoted_line },
	['U'] = { FORM_TEXT1, act_text },
	['T'] = { FORM_OLD_TEXT4, act_text },
	['V'] = { FORM_LINE, act_unicode_line },
	[0x8c] = { FORM_TEXT1, act_text },
	['X'] = { FORM_TEXT4, act_text },
	[0x8d] = { FORM_TEXT8, act_text },
	['C'] = { FORM_BYTES1, act_bytes },
	['B'] = { FORM_BYTES4, act_bytes },
	[0x8e] = { FORM_BYTES8, act_bytes },
	[0x96] = { FORM_BYTES8, act_bytes },
	[')'] = { FORM_NONE, act_empty },
	[']'] = { FORM_NONE, act_empty },
	['}'] = { FORM_NONE, act_empty },
	[0x8f] = { FORM_NONE, act_empty },
	[0x85] = { FORM_NONE, act_few },
	[0x86] = { FORM_NONE, act_few },
	[0x87] = { FORM_NONE, act_few },
	['t'] = { FORM_NONE, act_many },
	['l'] = { FORM_NONE, act_many },
	['d'] = { FORM_NONE, act_many },
	[0x91] = { FORM_NONE, act_many },
	['a'] = { FORM_NONE, act_append },
	['e'] = { FORM_NONE, act_appends },
	[0x90] = { FORM_NONE, act_appends },
	['s'] = { FORM_NONE, act_set_item },
	['u'] = { FORM_NONE, act_set_items },
	['p'] = { FORM_LINE, act_put_line },
	['q'] = { FORM_U8, act_put },
	['r'] = { FORM_U32, act_put },
	[0x94] = { FORM_NONE, act_memoize },
	['g'] = { FORM_LINE, act_get_line },
	['h'] = { FORM_U8, act_get },
	['j'] = { FORM_U32, act_get },
	['c'] = { FORM_TWO_LINES, act_global },
	[0x93] = { FORM_NONE, act_stack_global },
	[0x82] = { FORM_U8, act_extension },
	[0x83] = { FORM_U16, act_extension },
	[0x84] = { FORM_I32, act_extension },
	['P'] = { FORM_LINE, act_persistent_line },
	['Q'] = { FORM_NONE, act_persistent },
	['i'] = { FORM_TWO_LINES, act_instance },
	['o'] = { FORM_NONE, act_object },
	['R'] = { FORM_NONE, act_reduce },
	[0x81] = { FORM_NONE, act_new_object },
	[0x92] = { FORM_NONE, act_new_object_named },
	['b'] = { FORM_NONE, act_build },
	[0x97] = { FORM_NONE, act_unknown },
	[0x98] = { FORM_NONE, act_read_only },
};

const struct pickle_op *pickle_op_find(unsigned char byte)
{
	return ops[byte].act ? &ops[byte] : NULL;
}
