// SPDX-License-Identifier: MIT
#include "core/formats/pickle.h"

#include <stdarg.h>
#include <stdio.h>

#include "core/formats/pickle_op.h"

enum { STACK_FIRST = 1024 };

static void note_fault(struct pickle *pickle)
{
	if (pickle->is_faulty)
		return;
	pickle->is_faulty = true;
	pickle->fault_at = pickle->op_at;
	pickle->fault_op = pickle->op;
}

bool pickle_give_up(struct pickle *pickle, const char *code, const char *format, ...)
{
	char text[256];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	pickle_findings_fail(pickle->findings, code, "%s", text);
	note_fault(pickle);
	pickle->end = PICKLE_BROKEN;
	pickle->is_over = true;
	return false;
}

bool pickle_give_up_here(struct pickle *pickle)
{
	return pickle_give_up(pickle, "E_PK_OPCODE",
			      "pickle is broken at byte %llu (opcode 0x%02x)",
			      (unsigned long long)pickle->op_at, pickle->op);
}

bool pickle_give_up_short(struct pickle *pickle)
{
	const struct error *err = &pickle->source.err;
	if (err->code == ERROR_NONE)
		return pickle_give_up(pickle, "E_PK_EOF", "pickle ends before it is complete");
	if (err->code == ERROR_LIMIT)
		return pickle_give_up_limit(pickle, "1 GiB of memory");
	return pickle_give_up(pickle, err->code == ERROR_FORMAT ? "E_TRUNCATED" : "E_IO", "%s",
			      err->text);
}

bool pickle_give_up_limit(struct pickle *pickle, const char *limit)
{
	return pickle_give_up(pickle, "E_PK_LIMIT", "pickle exceeds the limit of %s", limit);
}

void pickle_stray(struct pickle *pickle)
{
	pickle_findings_fail(pickle->findings, "E_PK_STACK", "pickle is malformed at byte %llu",
			     (unsigned long long)pickle->op_at);
	note_fault(pickle);
	pickle->is_astray = true;
}

static bool stack_room(struct pickle *pickle, struct pickle_stack *stack)
{
	if (stack->n < stack->cap)
		return true;
	if (stack->n >= PICKLE_STACK_MAX)
		return pickle_give_up_limit(pickle, "1000000 values on its stack");
	size_t cap = stack->cap ? stack->cap * 2 : STACK_FIRST;
	uint32_t *values = NULL;
	if (pickle_budget_spend(pickle->budget, cap * sizeof *values))
		values = arena_try_room(pickle->arena, cap * sizeof *values);
	if (!values)
		return pickle_give_up_limit(pickle, "1 GiB of memory");
	for (size_t i = 0; i < stack->n; i++)
		values[i] = stack->values[i];
	stack->values = values;
	stack->cap = cap;
	return true;
}

void pickle_push(struct pickle *pickle, uint32_t value)
{
	if (stack_room(pickle, &pickle->stack))
		pickle->stack.values[pickle->stack.n++] = value;
}

void pickle_push_mark(struct pickle *pickle)
{
	if (stack_room(pickle, &pickle->marks))
		pickle->marks.values[pickle->marks.n++] = (uint32_t)pickle->stack.n;
}

static size_t fence(const struct pickle *pickle)
{
	return pickle->marks.n ? pickle->marks.values[pickle->marks.n - 1] : 0;
}

uint32_t pickle_top(struct pickle *pickle)
{
	if (pickle->stack.n > fence(pickle))
		return pickle->stack.values[pickle->stack.n - 1];
	pickle_stray(pickle);
	return 0;
}

uint32_t pickle_pop(struct pickle *pickle)
{
	uint32_t value = pickle_top(pickle);
	if (pickle->stack.n > fence(pickle))
		pickle->stack.n--;
	return value;
}

const uint32_t *pickle_pop_mark(struct pickle *pickle, size_t *n)
{
	*n = 0;
	if (pickle->marks.n == 0) {
		pickle_stray(pickle);
		return NULL;
	}
	size_t from = fence(pickle);
	*n = pickle->stack.n - from;
	pickle->marks.n--;
	pickle->stack.n = from;
	return *n ? pickle->stack.values + from : NULL;
}

uint32_t pickle_make(struct pickle *pickle, enum pickle_kind kind)
{
	uint32_t value = pickle_heap_new(&pickle->heap, kind);
	if (!value)
		pickle_give_up_limit(pickle, "1 GiB of memory");
	return value;
}

void pickle_put_in(struct pickle *pickle, uint32_t container, const uint32_t *members, size_t n)
{
	if (!pickle_append(&pickle->heap, container, members, n))
		pickle_give_up_limit(pickle, "1 GiB of memory");
}

bool pickle_open(struct pickle *pickle, const struct blob *blob, uint64_t at, uint64_t end,
		 struct arena *arena, struct pickle_budget *budget,
		 struct pickle_findings *findings)
{
	*pickle = (struct pickle){ .findings = findings, .budget = budget, .arena = arena };
	pickle_source_init(&pickle->source, blob, at, end, arena, budget);
	if (budget->streams_left == 0)
		return pickle_give_up_limit(pickle, "300000 pickles");
	budget->streams_left--;
	return pickle_heap_init(&pickle->heap, arena, budget) ||
	       pickle_give_up_limit(pickle, "1 GiB of memory");
}

/** An opcode may not reach over the end of its frame: Python's readers of files and of memory go
 * on at different bytes then (python/cpython issue 154848). */
static void check_frame(struct pickle *pickle)
{
	if (!pickle->frame_end || pickle->source.at < pickle->frame_end)
		return;
	if (pickle->op_at < pickle->frame_end && pickle->source.at > pickle->frame_end) {
		pickle->findings->breaks_frames = true;
		pickle_findings_fail(pickle->findings, "E_PK_FRAME",
				     "pickle frames are inconsistent (hides code from scanners)");
	}
	pickle->frame_end = 0;
}

static void step(struct pickle *pickle)
{
	const unsigned char *byte = pickle_source_look(&pickle->source, 1);
	if (!byte) {
		pickle_give_up_short(pickle);
		return;
	}
	if (pickle->budget->ops_left == 0) {
		pickle_give_up_limit(pickle, "50000000 operations");
		return;
	}
	pickle->budget->ops_left--;
	pickle->n_ops++;
	pickle->op_at = pickle->source.at;
	pickle->op = *byte;
	const struct pickle_op *op = pickle_op_find(*byte);
	if (!op || !pickle_source_skip(&pickle->source, 1)) {
		pickle_give_up_here(pickle);
		return;
	}
	bool is_whole = pickle_argument_read(pickle, op->form);
	check_frame(pickle);
	if (is_whole)
		op->act(pickle);
}

static void begin(struct pickle *pickle)
{
	pickle->stack.n = pickle->marks.n = 0;
	pickle_memo_clear(&pickle->memo);
	pickle->begin = pickle->source.at;
	pickle->frame_end = 0;
	pickle->has_protocol = pickle->is_astray = pickle->is_over = false;
	pickle->is_faulty = false;
	pickle->root = 0;
	pickle->n_ops = 0;
}

enum pickle_end pickle_read(struct pickle *pickle)
{
	begin(pickle);
	if (pickle_source_left(&pickle->source) == 0)
		return pickle->end = PICKLE_ABSENT;
	while (!pickle->is_over)
		step(pickle);
	if (pickle->end == PICKLE_WHOLE)
		pickle->findings->n_whole++;
	return pickle->end;
}
