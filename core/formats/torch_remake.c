// SPDX-License-Identifier: MIT
#include "core/formats/torch_remake.h"

#include "core/formats/pickle_op.h"

static uint32_t make_text(struct pickle *pickle, struct str text)
{
	uint32_t value = pickle_make(pickle, PICKLE_STR);
	if (value)
		pickle_at(&pickle->heap, value)->text = text;
	return value;
}

/** Above what a pickle's small numbers hold it is 0, and the tensor does not fit its storage. */
static uint32_t make_number(struct pickle *pickle, uint64_t number)
{
	uint32_t value = pickle_make(pickle, PICKLE_INT);
	if (value && number <= INT64_MAX)
		pickle_at(&pickle->heap, value)->integer = (int64_t)number;
	return value;
}

static uint32_t make_global(struct pickle *pickle, struct str module, struct str name)
{
	uint32_t value = pickle_make(pickle, PICKLE_GLOBAL);
	if (value)
		pickle_at(&pickle->heap, value)->last =
			pickle_findings_global(pickle->findings, module, name);
	return value;
}

static uint32_t make_tuple(struct pickle *pickle, const uint32_t *members, size_t n)
{
	uint32_t value = pickle_make(pickle, PICKLE_TUPLE);
	pickle_put_in(pickle, value, members, n);
	return value;
}

static uint32_t make_numbers(struct pickle *pickle, const uint64_t *numbers, unsigned n)
{
	uint32_t members[TENSOR_RANK_MAX];
	for (unsigned i = 0; i < n; i++)
		members[i] = make_number(pickle, numbers[i]);
	return make_tuple(pickle, members, n);
}

uint32_t torch_remake_storage(struct pickle *pickle, const struct torch_storage *storage)
{
	uint32_t id[] = {
		make_text(pickle, STR("storage")),
		make_global(pickle, storage->module, storage->name),
		make_text(pickle, storage->key),
		make_text(pickle, STR("cpu")),
		make_number(pickle, storage->n_elements),
	};
	uint32_t value = pickle_make(pickle, PICKLE_PERSID);
	uint32_t tuple = make_tuple(pickle, id, sizeof id / sizeof *id);
	if (value)
		pickle_at(&pickle->heap, value)->args = tuple;
	return value;
}

void torch_remake_tensor(struct pickle *pickle, uint32_t value, const struct torch_tensor *tensor)
{
	uint32_t args[] = {
		torch_remake_storage(pickle, &tensor->storage),
		make_number(pickle, tensor->at_element),
		make_numbers(pickle, tensor->shape, tensor->rank),
		make_numbers(pickle, tensor->strides, tensor->rank),
	};
	uint32_t callable = make_global(pickle, STR("torch._utils"), STR("_rebuild_tensor"));
	uint32_t tuple = make_tuple(pickle, args, sizeof args / sizeof *args);
	struct pickle_value *object = pickle_at(&pickle->heap, value);
	*object = (struct pickle_value){ .kind = PICKLE_OBJECT };
	object->callable = callable;
	object->args = tuple;
}
