// SPDX-License-Identifier: MIT
#include "core/formats/state_walk.h"

#include <inttypes.h>
#include <stdio.h>

/* A module has its tensors in dicts of these names: torch/nn/modules/module.py. */
static bool is_inside_of_module(struct str name)
{
	return str_equal(name, STR("_parameters")) || str_equal(name, STR("_buffers")) ||
	       str_equal(name, STR("_modules"));
}

bool state_step_make(const struct pickle *pickle, uint32_t key, const struct state_step *up,
		     struct state_step *out)
{
	const struct pickle_value *value = pickle_at(&pickle->heap, key);
	out->up = up;
	out->text = pickle_text(&pickle->heap, key);
	if (value->kind != PICKLE_INT)
		return out->text.ptr != NULL;
	int len = snprintf(out->digits, sizeof out->digits, "%" PRId64, value->integer);
	out->text = (struct str){ out->digits, len > 0 ? (size_t)len : 0 };
	return true;
}

static bool is_ordered_dict(const struct pickle *pickle, const struct pickle_value *object)
{
	return object->kind == PICKLE_OBJECT &&
	       torch_is_global(pickle, object->callable, "collections", "OrderedDict");
}

bool state_has_pairs(const struct pickle *pickle, uint32_t value)
{
	const struct pickle_value *dict = pickle_at(&pickle->heap, value);
	return dict->kind == PICKLE_DICT || is_ordered_dict(pickle, dict) ||
	       (dict->kind == PICKLE_OBJECT && (dict->flags & PICKLE_HAS_PAIRS));
}

/* Python 2 makes an OrderedDict of a list of pairs, Python 3 fills an empty one. */
struct state_pairs state_pairs(const struct pickle *pickle, uint32_t value)
{
	const struct pickle_heap *heap = &pickle->heap;
	const struct pickle_value *dict = pickle_at(heap, value);
	uint32_t list = is_ordered_dict(pickle, dict) ? pickle_member(heap, dict->args, 0) : 0;
	return (struct state_pairs){
		heap,
		pickle_members(heap, list),
		pickle_members(heap, state_has_pairs(pickle, value) ? value : 0),
	};
}

bool state_pairs_next(struct state_pairs *pairs, uint32_t *key, uint32_t *value)
{
	uint32_t pair;
	if (!pickle_next(&pairs->listed, &pair))
		return pickle_next(&pairs->members, key) && pickle_next(&pairs->members, value);
	*key = pickle_member(pairs->heap, pair, 0);
	*value = pickle_member(pairs->heap, pair, 1);
	return true;
}

uint32_t state_find(const struct pickle *pickle, uint32_t dict, struct str key)
{
	struct state_pairs pairs = state_pairs(pickle, dict);
	uint32_t found = 0, name, value;
	while (state_pairs_next(&pairs, &name, &value))
		if (str_equal(pickle_text(&pickle->heap, name), key))
			found = value;
	return found;
}

bool state_walk_enter(struct state_walk *walk, uint32_t container)
{
	struct pickle_value *value = pickle_at(&walk->pickle->heap, container);
	if (value->flags & PICKLE_WAS_SEEN)
		return false;
	value->flags |= PICKLE_WAS_SEEN;
	return true;
}

static void walk_pairs(struct state_walk *walk, uint32_t dict, const struct state_step *up)
{
	struct state_pairs pairs = state_pairs(walk->pickle, dict);
	struct state_step step;
	uint32_t key, value;
	while (!walk->is_full && state_pairs_next(&pairs, &key, &value))
		if (state_step_make(walk->pickle, key, up, &step))
			state_walk_value(walk, value, is_inside_of_module(step.text) ? up : &step);
}

static void walk_members(struct state_walk *walk, uint32_t list, const struct state_step *up)
{
	struct pickle_walk members = pickle_members(&walk->pickle->heap, list);
	struct state_step step = { .up = up };
	uint32_t value;
	for (size_t i = 0; !walk->is_full && pickle_next(&members, &value); i++) {
		int len = snprintf(step.digits, sizeof step.digits, "%zu", i);
		step.text = (struct str){ step.digits, len > 0 ? (size_t)len : 0 };
		state_walk_value(walk, value, &step);
	}
}

/** What was put into it, and the attributes that it was given. */
static void walk_object(struct state_walk *walk, uint32_t object, const struct state_step *up)
{
	if (state_has_pairs(walk->pickle, object))
		walk_pairs(walk, object, up);
	else
		walk_members(walk, object, up);
	walk_pairs(walk, pickle_at(&walk->pickle->heap, object)->state, up);
}

static void walk_container(struct state_walk *walk, uint32_t value, const struct state_step *up)
{
	enum pickle_kind kind = (enum pickle_kind)pickle_at(&walk->pickle->heap, value)->kind;
	if (kind == PICKLE_DICT)
		walk_pairs(walk, value, up);
	else if (kind == PICKLE_LIST || kind == PICKLE_TUPLE)
		walk_members(walk, value, up);
	else if (kind == PICKLE_OBJECT)
		walk_object(walk, value, up);
}

static unsigned length_of(const struct state_step *step)
{
	unsigned n = 0;
	for (; step; step = step->up)
		n++;
	return n;
}

void state_walk_value(struct state_walk *walk, uint32_t value, const struct state_step *up)
{
	enum { VALUES_DEEP_MAX = 4 * STATE_DICT_DEPTH_MAX }; /* modules: four for a name */
	if (torch_is_tensor(walk->pickle, value)) {
		state_add_tensor(walk, value, up);
	} else if (walk->depth < VALUES_DEEP_MAX && length_of(up) < STATE_DICT_DEPTH_MAX &&
		   state_walk_enter(walk, value)) {
		walk->depth++;
		walk_container(walk, value, up);
		walk->depth--;
	}
}
