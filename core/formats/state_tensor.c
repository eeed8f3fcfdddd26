// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <string.h>

#include "core/formats/state_walk.h"

enum { TENSORS_FIRST = 256, SHOWN_NAME_MAX = 256 };

static bool fail_limit(struct state_walk *walk, const char *limit)
{
	walk->is_full = true;
	if (!walk->job->out->error.code.ptr)
		reading_fail(walk->job->out, walk->job->arena, "E_PK_LIMIT",
			     "pickle exceeds the limit of %s", limit);
	return false;
}

static bool room_for_tensor(struct state_walk *walk)
{
	if (walk->n_tensors < walk->cap_tensors)
		return true;
	if (walk->n_tensors >= STATE_DICT_TENSORS_MAX)
		return fail_limit(walk, "1000000 tensors");
	size_t cap = walk->cap_tensors ? walk->cap_tensors * 2 : TENSORS_FIRST;
	struct tensor *more = arena_try_room(&walk->job->reader->room, cap * sizeof *more);
	if (!more)
		return fail_limit(walk, "memory");
	if (walk->n_tensors)
		memcpy(more, walk->tensors, walk->n_tensors * sizeof *more);
	walk->tensors = more;
	walk->cap_tensors = cap;
	return true;
}

/** The steps with dots between them; a model that is one tensor has a name too. */
static bool join(struct state_walk *walk, const struct state_step *last, struct str *out)
{
	size_t len = 0;
	for (const struct state_step *step = last; step; step = step->up)
		if (!size_add(len, step->text.len + 1, &len) || len > STATE_DICT_NAME_MAX)
			return fail_limit(walk, "65535 bytes for a name");
	if (!last) {
		*out = STR("tensor");
		return true;
	}
	char *name = arena_try_bytes(walk->job->arena, len);
	if (!name)
		return fail_limit(walk, "memory");
	size_t at = len;
	for (const struct state_step *step = last; step; step = step->up) {
		name[--at] = '.';
		at -= step->text.len;
		memcpy(name + at, step->text.ptr, step->text.len);
	}
	*out = (struct str){ name, len - 1 };
	return true;
}

static struct str shown(struct str name)
{
	return str_slice(name, 0, name.len < SHOWN_NAME_MAX ? name.len : SHOWN_NAME_MAX);
}

static bool keep_shape(struct state_walk *walk, const struct torch_tensor *from, struct tensor *to)
{
	if (from->rank == 0)
		return true;
	uint64_t *shape = arena_try_room(walk->job->arena, from->rank * sizeof *shape);
	if (!shape)
		return fail_limit(walk, "memory");
	memcpy(shape, from->shape, from->rank * sizeof *shape);
	to->shape = shape;
	to->rank = from->rank;
	return true;
}

/** Is the storage in the file, and all of it? */
static void check_storage(struct state_walk *walk, const struct torch_tensor *from,
			  struct tensor *tensor)
{
	const struct torch_storage *storage = &from->storage;
	if (!walk->places || !from->has_storage)
		return;
	const struct torch_place *place = map_find(walk->places, storage->key);
	unsigned width = storage->is_untyped ? 1 : storage->type.element_bytes;
	size_t needed;
	if (!size_mul(storage->n_elements, width, &needed))
		needed = SIZE_MAX;
	if (place)
		tensor->offset_bytes = place->at + from->at_element * from->type.element_bytes;
	if ((place && place->size_bytes >= needed) || walk->job->out->error.code.ptr)
		return;
	struct str name = shown(tensor->name), key = shown(storage->key);
	reading_fail(walk->job->out, walk->job->arena, "E_PT_STORAGE",
		     "tensor \"%.*s\": storage %.*s is missing or has %" PRIu64 " of %zu bytes",
		     STR_ARG(name), STR_ARG(key), place ? place->size_bytes : 0, needed);
}

static void check_span(struct state_walk *walk, const struct torch_tensor *from,
		       const struct tensor *tensor)
{
	struct str name = shown(tensor->name);
	if (!torch_tensor_fits(from) && !walk->job->out->error.code.ptr)
		reading_fail(walk->job->out, walk->job->arena, "E_PT_SPAN",
			     "tensor \"%.*s\" reaches past the end of its storage", STR_ARG(name));
}

static void check_type(struct state_walk *walk, const struct torch_tensor *from,
		       const struct tensor *tensor)
{
	struct str name = shown(tensor->name), class = shown(from->storage.name);
	if (from->type.element_bytes == 0)
		reading_note(walk->job->out, walk->job->arena, "W_PT_DTYPE",
			     "tensor \"%.*s\" has unknown storage type %.*s", STR_ARG(name),
			     STR_ARG(class));
}

/** No more than its storage has: a tensor may repeat one element along a whole dimension. Of one
 * without a storage, or outside of it, nothing is in the file. */
static uint64_t bytes_of(const struct torch_tensor *from)
{
	const struct torch_storage *storage = &from->storage;
	unsigned width = storage->is_untyped ? 1 : storage->type.element_bytes;
	uint64_t elements;
	size_t bytes, stored;
	if (!from->has_storage || !torch_tensor_fits(from) ||
	    !torch_tensor_elements(from, &elements) ||
	    !size_mul(elements, from->type.element_bytes, &bytes) ||
	    !size_mul(storage->n_elements, width, &stored))
		return 0;
	return bytes < stored ? bytes : stored;
}

void state_add_tensor(struct state_walk *walk, uint32_t value, const struct state_step *up)
{
	struct torch_tensor from;
	if (!torch_tensor_parse(walk->pickle, value, &from))
		return;
	if (walk->only_counts) {
		walk->counted_bytes += bytes_of(&from);
		return;
	}
	struct tensor tensor = { .dtype = (uint8_t)from.type.dtype, .size_bytes = bytes_of(&from) };
	if (!room_for_tensor(walk) || !join(walk, up, &tensor.name) ||
	    !keep_shape(walk, &from, &tensor))
		return;
	check_type(walk, &from, &tensor);
	check_span(walk, &from, &tensor);
	check_storage(walk, &from, &tensor);
	walk->tensors[walk->n_tensors++] = tensor;
}
