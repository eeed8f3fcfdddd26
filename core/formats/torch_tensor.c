// SPDX-License-Identifier: MIT
#include "core/formats/torch_tensor.h"

enum { WRAPPINGS_MAX = 8, VALUES_MAX = 8 };

const struct pickle_global *torch_global(const struct pickle *pickle, uint32_t value)
{
	const struct pickle_value *global = pickle_at(&pickle->heap, value);
	return global->kind == PICKLE_GLOBAL ? pickle->findings->globals[global->last] : NULL;
}

bool torch_is_global(const struct pickle *pickle, uint32_t value, const char *module,
		     const char *name)
{
	const struct pickle_global *global = torch_global(pickle, value);
	return global && str_equal(global->module, str_from(module)) &&
	       str_equal(global->name, str_from(name));
}

/** The first members of a tuple; returns how many there are, VALUES_MAX at most. */
static size_t members_of(const struct pickle *pickle, uint32_t tuple, uint32_t out[VALUES_MAX])
{
	struct pickle_walk walk = pickle_members(&pickle->heap, tuple);
	size_t n = 0;
	while (n < VALUES_MAX && pickle_next(&walk, &out[n]))
		n++;
	for (size_t i = n; i < VALUES_MAX; i++)
		out[i] = 0;
	return n;
}

/* Storages. */

static bool parse_view(const struct pickle *pickle, uint32_t value, struct torch_storage *out)
{
	uint32_t view[VALUES_MAX];
	if (members_of(pickle, value, view) < 3)
		return false;
	out->is_view = pickle_count(&pickle->heap, view[1], &out->view_at) &&
		       pickle_count(&pickle->heap, view[2], &out->view_elements);
	return out->is_view;
}

/** ('storage', class, key, location, number of elements[, None or (key, offset, size)]) */
static bool parse_id(const struct pickle *pickle, uint32_t id, struct torch_storage *out)
{
	uint32_t parts[VALUES_MAX];
	size_t n = members_of(pickle, id, parts);
	const struct pickle_global *class = torch_global(pickle, parts[1]);
	if (n < 5 || !class || !str_equal(pickle_text(&pickle->heap, parts[0]), STR("storage")))
		return false;
	*out = (struct torch_storage){
		.module = class->module,
		.name = class->name,
		.key = pickle_text(&pickle->heap, parts[2]),
		.is_untyped = str_equal(class->name, STR("UntypedStorage")),
	};
	if (!out->key.ptr || !pickle_count(&pickle->heap, parts[4], &out->n_elements))
		return false;
	if (!torch_type_find_class(class->name, &out->type))
		out->type = (struct torch_type){ DTYPE_UNKNOWN, 0 };
	return pickle_at(&pickle->heap, parts[5])->kind != PICKLE_TUPLE ||
	       parse_view(pickle, parts[5], out);
}

bool torch_storage_parse(const struct pickle *pickle, uint32_t value, struct torch_storage *out)
{
	const struct pickle_value *storage = pickle_at(&pickle->heap, value);
	if (storage->kind == PICKLE_OBJECT) /* read from bytes: pickle_read_nested */
		storage = pickle_at(&pickle->heap, storage->state);
	return storage->kind == PICKLE_PERSID && parse_id(pickle, storage->args, out);
}

/* Tensors. */

/** Numbers of a tuple, or of a torch.Size made of one. */
static bool parse_numbers(const struct pickle *pickle, uint32_t value,
			  uint64_t out[TENSOR_RANK_MAX], uint8_t *n)
{
	const struct pickle_value *object = pickle_at(&pickle->heap, value);
	if (object->kind == PICKLE_OBJECT &&
	    torch_is_global(pickle, object->callable, "torch", "Size"))
		value = pickle_member(&pickle->heap, object->args, 0);
	else if (object->kind != PICKLE_TUPLE && object->kind != PICKLE_LIST)
		return false;
	struct pickle_walk walk = pickle_members(&pickle->heap, value);
	uint32_t member;
	for (*n = 0; pickle_next(&walk, &member); ++*n)
		if (*n == TENSOR_RANK_MAX || !pickle_count(&pickle->heap, member, &out[*n]))
			return false;
	return true;
}

/** (storage, offset, size, stride, ...) */
static bool parse_strided(const struct pickle *pickle, const uint32_t *args,
			  struct torch_tensor *out)
{
	uint8_t n_strides;
	out->has_storage = true;
	if (!torch_storage_parse(pickle, args[0], &out->storage) ||
	    !pickle_count(&pickle->heap, args[1], &out->at_element) ||
	    !parse_numbers(pickle, args[2], out->shape, &out->rank) ||
	    !parse_numbers(pickle, args[3], out->strides, &n_strides))
		return false;
	out->type = out->storage.type;
	return n_strides == out->rank;
}

static bool parse_dtype(const struct pickle *pickle, uint32_t value, struct torch_type *out)
{
	const struct pickle_global *dtype = torch_global(pickle, value);
	if (!dtype)
		return false;
	if (!torch_type_find_dtype(dtype->name, out))
		*out = (struct torch_type){ DTYPE_UNKNOWN, 0 };
	return true;
}

/** (storage, offset, size, stride, requires_grad, hooks, dtype, ...) */
static bool parse_typed(const struct pickle *pickle, const uint32_t *args, struct torch_tensor *out)
{
	return parse_strided(pickle, args, out) && parse_dtype(pickle, args[6], &out->type);
}

/** (dtype, size, stride, requires_grad) */
static bool parse_meta(const struct pickle *pickle, const uint32_t *args, struct torch_tensor *out)
{
	return parse_dtype(pickle, args[0], &out->type) &&
	       parse_numbers(pickle, args[1], out->shape, &out->rank);
}

enum wrapping { WRAPS_NOTHING, WRAPS_TENSOR, WRAPS_CALL, WRAPS_SPARSE };

static const struct rebuilding {
	const char *module, *name;
	bool (*parse)(const struct pickle *pickle, const uint32_t *args, struct torch_tensor *out);
	enum wrapping wraps;
} rebuildings[] = {
	{ "torch._utils", "_rebuild_tensor_v2", parse_strided, WRAPS_NOTHING },
	{ "torch._utils", "_rebuild_tensor", parse_strided, WRAPS_NOTHING },
	{ "torch._utils", "_rebuild_tensor_v3", parse_typed, WRAPS_NOTHING },
	{ "torch._utils", "_rebuild_qtensor", parse_strided, WRAPS_NOTHING },
	{ "torch._utils", "_rebuild_meta_tensor_no_storage", parse_meta, WRAPS_NOTHING },
	{ "torch._utils", "_rebuild_parameter", NULL, WRAPS_TENSOR },
	{ "torch._utils", "_rebuild_parameter_with_state", NULL, WRAPS_TENSOR },
	{ "torch.nn.parameter", "Parameter", NULL, WRAPS_TENSOR },
	{ "torch._utils", "_rebuild_device_tensor_from_cpu_tensor", NULL, WRAPS_TENSOR },
	{ "torch._utils", "_rebuild_sparse_tensor", NULL, WRAPS_SPARSE },
	{ "torch._tensor", "_rebuild_from_type_v2", NULL, WRAPS_CALL },
};

static const struct rebuilding *find_rebuilding(const struct pickle *pickle, uint32_t callable)
{
	for (size_t i = 0; i < sizeof rebuildings / sizeof *rebuildings; i++)
		if (torch_is_global(pickle, callable, rebuildings[i].module, rebuildings[i].name))
			return &rebuildings[i];
	return NULL;
}

bool torch_is_tensor(const struct pickle *pickle, uint32_t value)
{
	const struct pickle_value *object = pickle_at(&pickle->heap, value);
	return object->kind == PICKLE_OBJECT && find_rebuilding(pickle, object->callable);
}

/** A call, seen through what wraps it. */
struct called {
	uint32_t callable, args;
};

static bool open_object(const struct pickle *pickle, uint32_t value, struct called *out)
{
	const struct pickle_value *object = pickle_at(&pickle->heap, value);
	*out = (struct called){ object->callable, object->args };
	return object->kind == PICKLE_OBJECT;
}

static bool unwrap(const struct pickle *pickle, enum wrapping wraps,
		   const uint32_t args[VALUES_MAX], struct called *call)
{
	switch (wraps) {
	case WRAPS_NOTHING: return false;
	case WRAPS_TENSOR: return open_object(pickle, args[0], call);
	case WRAPS_CALL: *call = (struct called){ args[0], args[2] }; return true;
	case WRAPS_SPARSE: /* (layout, (indices, values, size)) */
		return open_object(pickle, pickle_member(&pickle->heap, args[1], 1), call);
	}
	return false;
}

bool torch_tensor_parse(const struct pickle *pickle, uint32_t value, struct torch_tensor *out)
{
	struct called call;
	if (!open_object(pickle, value, &call))
		return false;
	for (int i = 0; i < WRAPPINGS_MAX; i++) {
		uint32_t args[VALUES_MAX];
		const struct rebuilding *rebuilding = find_rebuilding(pickle, call.callable);
		if (!rebuilding)
			return false;
		members_of(pickle, call.args, args);
		*out = (struct torch_tensor){ 0 };
		if (rebuilding->parse)
			return rebuilding->parse(pickle, args, out);
		if (!unwrap(pickle, rebuilding->wraps, args, &call))
			return false;
	}
	return false;
}

static bool product_fits(uint64_t a, uint64_t b, uint64_t *out)
{
	size_t product;
	bool fits = size_mul(a, b, &product);
	*out = product;
	return fits;
}

bool torch_tensor_elements(const struct torch_tensor *tensor, uint64_t *out)
{
	struct tensor shape = { .shape = tensor->shape, .rank = tensor->rank };
	return tensor_elements(&shape, out);
}

bool torch_tensor_fits(const struct torch_tensor *tensor)
{
	const struct torch_storage *storage = &tensor->storage;
	uint64_t elements, end = tensor->at_element, step, room = storage->n_elements;
	if (!torch_tensor_elements(tensor, &elements))
		return false;
	if (!tensor->has_storage || elements == 0)
		return true;
	for (unsigned i = 0; i < tensor->rank; i++) {
		if (!product_fits(tensor->shape[i] - 1, tensor->strides[i], &step) ||
		    step > UINT64_MAX - 1 - end)
			return false;
		end += step;
	}
	end++;
	if (storage->is_view)
		room = storage->view_elements;
	if (storage->is_untyped && !product_fits(end, tensor->type.element_bytes, &end))
		return false;
	return end <= room;
}
