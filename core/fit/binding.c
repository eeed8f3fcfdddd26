// SPDX-License-Identifier: MIT
#include "core/fit/binding.h"

const char *binding_word(enum binding_state state)
{
	static const char *const words[BINDING_STATES] = {
		[BINDING_BOUND] = "bound",
		[BINDING_UNBOUND] = "unbound",
		[BINDING_MISMATCH] = "shape-mismatch",
		[BINDING_IGNORED] = "ignored",
	};
	return words[state];
}

/* Nobody misses the change of a norm or bias that is not there, nor the projection of CLIP-L, which
   no pipeline uses. */
static bool is_dispensable(const struct bound_module *bound)
{
	return bound->delta->is_small || (bound->component == COMPONENT_TEXT_ENCODER_1 &&
					  str_has_suffix(bound->module, STR("text_projection")));
}

struct bound_module binding_of(const struct module_names *checkpoint,
			       const struct adapter_module *module)
{
	struct bound_module bound = { .module = module->stem, .delta = &module->delta };
	bound.target = module_names_find(checkpoint, module, &bound.component);
	if (!bound.target) {
		bool is_present = module_names_has(checkpoint, bound.component);
		bound.state =
			is_present && is_dispensable(&bound) ? BINDING_IGNORED : BINDING_UNBOUND;
		return bound;
	}
	switch (delta_fits(bound.delta, &bound.target->shape)) {
	case DELTA_FITS:
	case DELTA_FITS_PADDED: bound.state = BINDING_BOUND; break;
	case DELTA_INCOMPLETE: bound.state = BINDING_UNBOUND; break;
	case DELTA_DIFFERS: bound.state = BINDING_MISMATCH; break;
	}
	return bound;
}

static void count(struct binding_count *count, enum binding_state state)
{
	count->modules++;
	count->bound += state == BINDING_BOUND;
	count->unbound += state == BINDING_UNBOUND;
	count->mismatched += state == BINDING_MISMATCH;
}

static void keep_first(struct bound_module *first, const struct bound_module *bound)
{
	if (!first->module.ptr)
		*first = *bound;
}

/* Made for a first layer of fewer inputs: what the others bring it does not know. */
static bool is_padded(const struct bound_module *bound)
{
	return bound->target->shape.takes_any_inputs && bound->delta->columns &&
	       bound->delta->columns < bound->target->shape.columns;
}

void binding_read(const struct module_names *checkpoint, const struct adapter *adapter,
		  struct binding *out)
{
	*out = (struct binding){ .n_ignored = adapter->n_others };
	for (int i = 0; i < COMPONENT_COUNT; i++)
		out->is_present[i] = module_names_has(checkpoint, (enum component)i);
	for (size_t i = 0; i < adapter->n_modules; i++) {
		struct bound_module bound = binding_of(checkpoint, &adapter->modules[i]);
		if (bound.state == BINDING_IGNORED) {
			out->n_ignored++;
			continue;
		}
		count(&out->all, bound.state);
		count(&out->of[bound.component], bound.state);
		if (bound.state == BINDING_MISMATCH)
			keep_first(&out->mismatch, &bound);
		else if (bound.state == BINDING_UNBOUND && out->is_present[bound.component])
			keep_first(&out->lost, &bound);
		else if (bound.state == BINDING_BOUND && is_padded(&bound))
			keep_first(&out->padded, &bound);
	}
}

static void keep(struct bound_module *bound, struct arena *arena)
{
	if (!bound->module.ptr)
		return;
	struct delta *delta = ARENA_NEW(arena, struct delta);
	*delta = *bound->delta;
	bound->delta = delta;
	bound->module = arena_str(arena, bound->module);
	if (!bound->target)
		return;
	struct module_target *target = ARENA_NEW(arena, struct module_target);
	*target = *bound->target;
	target->name = arena_str(arena, target->name);
	bound->target = target;
}

const struct binding *binding_copy(const struct binding *binding, struct arena *arena)
{
	struct binding *copy = ARENA_NEW(arena, struct binding);
	*copy = *binding;
	keep(&copy->mismatch, arena);
	keep(&copy->lost, arena);
	keep(&copy->padded, arena);
	return copy;
}
