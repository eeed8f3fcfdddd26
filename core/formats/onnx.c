// SPDX-License-Identifier: MIT
#include "core/formats/onnx.h"

#include <inttypes.h>

#include "core/base/array.h"
#include "core/formats/onnx_wire.h"
#include "core/formats/repeats.h"

/* Numbers of fields. */
enum { GRAPH_INITIALIZER = 5 };
enum { OPERATORS_DOMAIN = 1 };
enum {
	TENSOR_DIMS = 1,
	TENSOR_TYPE = 2,
	TENSOR_NAME = 8,
	TENSOR_RAW = 9,
	TENSOR_EXTERNAL = 13,
};

/* By number of the type in the file; the others have no elements of a fixed size. */
static const uint8_t types[] = {
	[1] = DTYPE_F32,          [2] = DTYPE_U8,       [3] = DTYPE_I8,
	[4] = DTYPE_U16,          [5] = DTYPE_I16,      [6] = DTYPE_I32,
	[7] = DTYPE_I64,          [9] = DTYPE_BOOL,     [10] = DTYPE_F16,
	[11] = DTYPE_F64,         [12] = DTYPE_U32,     [13] = DTYPE_U64,
	[14] = DTYPE_C64,         [16] = DTYPE_BF16,    [17] = DTYPE_F8_E4M3,
	[18] = DTYPE_F8_E4M3FNUZ, [19] = DTYPE_F8_E5M2, [20] = DTYPE_F8_E5M2FNUZ,
	[23] = DTYPE_F4,          [24] = DTYPE_F8_E8M0,
};

struct onnx {
	struct onnx_wire wire;
	struct array tensors; /* struct tensor */
	struct array pairs;   /* struct metadata_pair */
	struct str beside;    /* a file that holds data; ptr NULL: none does */
	bool has_more_beside, has_graph;
};

/* TensorProto. */

struct initializer {
	struct tensor tensor;
	uint64_t dims[TENSOR_RANK_MAX];
	bool has_raw;
};

static bool fail_shape(struct onnx *onnx, struct str name)
{
	name = reading_quote(name);
	return format_fail(onnx->wire.job, "E_OX_SHAPE", "tensor \"%.*s\" has an impossible shape",
			   STR_ARG(name));
}

static bool add_dim(struct onnx *onnx, struct initializer *initializer, uint64_t dim)
{
	struct tensor *tensor = &initializer->tensor;
	if (dim > INT64_MAX || tensor->rank == TENSOR_RANK_MAX)
		return fail_shape(onnx, tensor->name);
	initializer->dims[tensor->rank++] = dim;
	return true;
}

/** One dimension, or all of them as a packed list. */
static bool read_dims(struct onnx *onnx, const struct field *field, struct initializer *initializer)
{
	if (field->wire == WIRE_VARINT)
		return add_dim(onnx, initializer, field->value);
	while (field->wire == WIRE_BYTES && onnx->wire.cursor.at < field->end) {
		uint64_t dim;
		if (!onnx_varint(&onnx->wire, field->end, &dim) || !add_dim(onnx, initializer, dim))
			return false;
	}
	return true;
}

/* Only a name beside the model: data elsewhere would be somebody else's file. */
static bool is_plain_name(struct str name)
{
	return name.len && name.ptr[0] != '.' && str_find_byte(name, '/') < 0 &&
	       str_find_byte(name, '\\') < 0 && str_find_byte(name, '\0') < 0;
}

static bool read_external(struct onnx *onnx, const struct field *field)
{
	struct metadata_pair pair;
	if (!onnx_pair(&onnx->wire, field, &pair))
		return false;
	if (!str_equal(pair.key, STR("location")))
		return true;
	struct str name = reading_quote(pair.value);
	if (!is_plain_name(pair.value))
		return format_fail(onnx->wire.job, "E_IX_PATH",
				   "index points outside its folder: \"%.*s\"", STR_ARG(name));
	if (!onnx->beside.ptr)
		onnx->beside = pair.value;
	else if (!str_equal(onnx->beside, pair.value))
		onnx->has_more_beside = true;
	return true;
}

static bool read_tensor_field(struct onnx *onnx, const struct field *field,
			      struct initializer *initializer)
{
	struct tensor *tensor = &initializer->tensor;
	switch (field->number) {
	case TENSOR_DIMS: return read_dims(onnx, field, initializer);
	case TENSOR_TYPE:
		tensor->dtype = field->value < sizeof types ? types[field->value] : DTYPE_UNKNOWN;
		return true;
	case TENSOR_NAME:
		return field->wire != WIRE_BYTES || onnx_name(&onnx->wire, field, &tensor->name);
	case TENSOR_RAW:
		initializer->has_raw = true;
		tensor->offset_bytes = onnx->wire.cursor.at;
		tensor->size_bytes = field->end - onnx->wire.cursor.at;
		return true;
	case TENSOR_EXTERNAL: return field->wire != WIRE_BYTES || read_external(onnx, field);
	default: return true;
	}
}

/** Compares the bytes that are there with those that the shape needs. */
static bool measure(struct onnx *onnx, struct initializer *initializer)
{
	struct tensor *tensor = &initializer->tensor;
	uint64_t n_elements, needed;
	if (!tensor_elements(tensor, &n_elements) || n_elements > INT64_MAX / 16)
		return fail_shape(onnx, tensor->name);
	if (!dtype_size(tensor->dtype, n_elements, &needed))
		return true;
	struct str name = reading_quote(tensor->name);
	if (initializer->has_raw && tensor->size_bytes != needed)
		return format_fail(onnx->wire.job, "E_OX_SIZE",
				   "tensor \"%.*s\" needs %" PRIu64 " bytes but has %" PRIu64,
				   STR_ARG(name), needed, tensor->size_bytes);
	tensor->size_bytes = needed;
	return true;
}

static bool read_initializer(struct onnx *onnx, const struct field *message)
{
	struct initializer initializer = { .tensor = { .name = STR("") } };
	struct tensor *tensor = &initializer.tensor;
	struct field field;
	while (onnx_next_field(&onnx->wire, message->end, &field))
		if (!read_tensor_field(onnx, &field, &initializer) ||
		    !onnx_pass(&onnx->wire, &field))
			return false;
	if (onnx_has_failed(&onnx->wire))
		return false;
	if (onnx->tensors.len == ONNX_TENSORS_MAX)
		return format_fail(onnx->wire.job, "E_OX_COUNT", "more than %u tensors, the limit",
				   ONNX_TENSORS_MAX);
	uint64_t *shape = arena_try_room(onnx->wire.job->arena, tensor->rank * sizeof *shape);
	if (tensor->rank && !shape)
		return format_fail_memory(onnx->wire.job, tensor->rank * sizeof *shape);
	for (unsigned i = 0; i < tensor->rank; i++)
		shape[i] = initializer.dims[i];
	tensor->shape = tensor->rank ? shape : NULL;
	if (!measure(onnx, &initializer))
		return false;
	*ARRAY_PUSH(&onnx->tensors, struct tensor) = *tensor;
	return true;
}

/* ModelProto and GraphProto. */

static bool read_graph(struct onnx *onnx, const struct field *message)
{
	struct field field;
	onnx->has_graph = true;
	while (onnx_next_field(&onnx->wire, message->end, &field))
		if ((onnx_is_bytes(&field, GRAPH_INITIALIZER) && !read_initializer(onnx, &field)) ||
		    !onnx_pass(&onnx->wire, &field))
			return false;
	return !onnx_has_failed(&onnx->wire);
}

/* Operators of the standard need nothing; others need a library that has them. */
static bool is_standard(struct str domain)
{
	return domain.len == 0 || str_equal(domain, STR("ai.onnx")) ||
	       str_has_prefix(domain, STR("ai.onnx."));
}

static bool read_operators(struct onnx_wire *wire, const struct field *message)
{
	struct str domain = STR("");
	struct field field;
	while (onnx_next_field(wire, message->end, &field))
		if ((onnx_is_bytes(&field, OPERATORS_DOMAIN) &&
		     !onnx_name(wire, &field, &domain)) ||
		    !onnx_pass(wire, &field))
			return false;
	if (onnx_has_failed(wire))
		return false;
	domain = reading_quote(domain);
	if (!is_standard(domain))
		reading_note(wire->job->out, wire->job->arena, "W_OX_DOMAIN",
			     "needs operators that are not of the standard: %.*s", STR_ARG(domain));
	return true;
}

static bool keep_metadata(struct onnx *onnx, const struct field *field)
{
	struct metadata_pair pair;
	if (!onnx_pair(&onnx->wire, field, &pair))
		return false;
	if (onnx->pairs.len == ONNX_PAIRS_MAX)
		return format_fail(onnx->wire.job, "E_OX_COUNT", "more than %u keys, the limit",
				   ONNX_PAIRS_MAX);
	*ARRAY_PUSH(&onnx->pairs, struct metadata_pair) = pair;
	return true;
}

static bool read_model_field(struct onnx *onnx, const struct field *field)
{
	if (onnx_is_bytes(field, MODEL_GRAPH))
		return read_graph(onnx, field);
	if (onnx_is_bytes(field, MODEL_OPERATORS))
		return read_operators(&onnx->wire, field);
	if (onnx_is_bytes(field, MODEL_METADATA))
		return keep_metadata(onnx, field);
	return true;
}

static bool read_model(struct onnx *onnx)
{
	struct field field;
	while (onnx_next_field(&onnx->wire, onnx->wire.cursor.blob->size_bytes, &field))
		if (!read_model_field(onnx, &field) || !onnx_pass(&onnx->wire, &field))
			return false;
	if (onnx_has_failed(&onnx->wire))
		return false;
	if (!onnx->has_graph)
		return format_fail(onnx->wire.job, "E_OX_PROTO", "there is no graph");
	const struct tensor *tensors = onnx->tensors.ptr;
	size_t n = onnx->tensors.len;
	return !n || repeats_refuse(onnx->wire.job, "E_OX_DUP", &tensors->name, sizeof *tensors, n);
}

static void tell_beside(struct onnx *onnx)
{
	struct str name = reading_quote(onnx->beside);
	if (name.ptr)
		reading_note(onnx->wire.job->out, onnx->wire.job->arena, "W_OX_DATA",
			     "weights are in another file: \"%.*s\"%s", STR_ARG(name),
			     onnx->has_more_beside ? " and more" : "");
}

void onnx_read(struct format_job *job)
{
	struct onnx onnx = {
		.wire.job = job,
		.tensors = ARRAY_OF(struct tensor),
		.pairs = ARRAY_OF(struct metadata_pair),
	};
	struct reading *out = job->out;
	struct str front = { job->reader->front, job->front_len };
	cursor_init(&onnx.wire.cursor, job->blob, front, &job->reader->room);
	out->safety = SAFETY_DATA_ONLY;
	out->has_table = read_model(&onnx);
	if (out->has_table) {
		out->table = (struct tensor_table){
			array_to_arena(&onnx.tensors, job->arena),
			onnx.tensors.len,
		};
		out->metadata = (struct metadata){
			array_to_arena(&onnx.pairs, job->arena),
			onnx.pairs.len,
		};
		tell_beside(&onnx);
	}
	array_finish(&onnx.tensors);
	array_finish(&onnx.pairs);
}
