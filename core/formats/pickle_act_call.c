// SPDX-License-Identifier: MIT
#include "core/base/text.h"
#include "core/formats/pickle_op.h"
#include "core/formats/pickle_verdict.h"

static void push_global(struct pickle *pickle, uint32_t global_i)
{
	uint32_t value = pickle_make(pickle, PICKLE_GLOBAL);
	if (value)
		pickle_at(&pickle->heap, value)->last = global_i;
	pickle_push(pickle, value);
}

/** The global of two lines; Python decodes them strictly, so that what is not UTF-8 ends it. */
static bool global_of_lines(struct pickle *pickle, uint32_t *global_i)
{
	struct str module = pickle->argument.text, name = pickle->argument.more;
	size_t bad;
	if (!text_is_utf8(module, &bad) || !text_is_utf8(name, &bad))
		return pickle_give_up_here(pickle);
	*global_i = pickle_findings_global(pickle->findings, module, name);
	return true;
}

void act_global(struct pickle *pickle)
{
	uint32_t global_i;
	if (global_of_lines(pickle, &global_i))
		push_global(pickle, global_i);
}

void act_stack_global(struct pickle *pickle)
{
	struct str name = pickle_text(&pickle->heap, pickle_pop(pickle));
	struct str module = pickle_text(&pickle->heap, pickle_pop(pickle));
	if (module.ptr && name.ptr)
		push_global(pickle, pickle_findings_global(pickle->findings, module, name));
	else if (pickle->is_astray)
		pickle_push(pickle, 0);
	else
		push_global(pickle, pickle_findings_hidden(pickle->findings, module, name));
}

/* A number in a registry that the importing program fills. */
void act_extension(struct pickle *pickle)
{
	push_global(pickle, pickle_findings_hidden(pickle->findings, STR_NULL, STR_NULL));
}

/** ('module', class, file, source): torch.save of a module before 1.6 names its classes so. */
static uint32_t class_of_id(const struct pickle *pickle, uint32_t id)
{
	uint32_t class = pickle_member(&pickle->heap, id, 1);
	bool is_class = str_equal(pickle_text(&pickle->heap, pickle_member(&pickle->heap, id, 0)),
				  STR("module")) &&
			pickle_at(&pickle->heap, class)->kind == PICKLE_GLOBAL;
	return is_class ? class : 0;
}

static void push_persistent(struct pickle *pickle, uint32_t id)
{
	uint32_t class = class_of_id(pickle, id);
	if (class) {
		pickle_push(pickle, class);
		return;
	}
	uint32_t value = pickle_make(pickle, PICKLE_PERSID);
	if (value)
		pickle_at(&pickle->heap, value)->args = id;
	pickle_push(pickle, value);
}

void act_persistent(struct pickle *pickle)
{
	push_persistent(pickle, pickle_pop(pickle));
}

void act_persistent_line(struct pickle *pickle)
{
	uint32_t id = pickle_make(pickle, PICKLE_STR);
	if (id)
		pickle_at(&pickle->heap, id)->text = pickle->argument.text;
	push_persistent(pickle, id);
}

static void call(struct pickle *pickle, enum pickle_making making, uint32_t callable, uint32_t args)
{
	if (!pickle->is_astray)
		pickle_verdict_call(pickle->findings, &pickle->heap, callable, args);
	uint32_t object = pickle_make(pickle, PICKLE_OBJECT);
	if (object) {
		struct pickle_value *value = pickle_at(&pickle->heap, object);
		value->making = (uint8_t)making;
		value->callable = callable;
		value->args = args;
	}
	pickle_push(pickle, object);
}

void act_reduce(struct pickle *pickle)
{
	uint32_t args = pickle_pop(pickle);
	call(pickle, MADE_BY_CALL, pickle_pop(pickle), args);
}

void act_new_object(struct pickle *pickle)
{
	uint32_t args = pickle_pop(pickle);
	call(pickle, MADE_BY_CLASS, pickle_pop(pickle), args);
}

void act_new_object_named(struct pickle *pickle)
{
	(void)pickle_pop(pickle); /* arguments by name: no fact is taken from them */
	act_new_object(pickle);
}

static uint32_t tuple_of(struct pickle *pickle, const uint32_t *members, size_t n)
{
	uint32_t tuple = pickle_make(pickle, PICKLE_TUPLE);
	pickle_put_in(pickle, tuple, members, n);
	return tuple;
}

void act_object(struct pickle *pickle)
{
	size_t n;
	const uint32_t *members = pickle_pop_mark(pickle, &n);
	if (n == 0) {
		pickle_stray(pickle);
		pickle_push(pickle, 0);
		return;
	}
	uint32_t class = members[0];
	call(pickle, MADE_BY_CLASS, class, tuple_of(pickle, members + 1, n - 1));
}

void act_instance(struct pickle *pickle)
{
	size_t n;
	uint32_t global_i;
	if (!global_of_lines(pickle, &global_i))
		return;
	const uint32_t *members = pickle_pop_mark(pickle, &n);
	uint32_t args = tuple_of(pickle, members, n);
	uint32_t class = pickle_make(pickle, PICKLE_GLOBAL);
	if (class)
		pickle_at(&pickle->heap, class)->last = global_i;
	call(pickle, MADE_BY_CLASS, class, args);
}

void act_build(struct pickle *pickle)
{
	uint32_t state = pickle_pop(pickle), value = pickle_top(pickle);
	if (!pickle->is_astray)
		pickle_verdict_build(pickle->findings, &pickle->heap, value);
	struct pickle_value *object = pickle_at(&pickle->heap, value);
	if (object->kind == PICKLE_OBJECT)
		object->state = state;
}
