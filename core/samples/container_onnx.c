// SPDX-License-Identifier: MIT
/* A graph without nodes: initial values, their bytes in another file as large models have them. */
#include "core/samples/container.h"
#include "core/samples/parts.h"

enum { WIRE_VARINT = 0, WIRE_BYTES = 2 };

static void put_varint(struct bytes *out, uint64_t number)
{
	for (; number >= 0x80; number >>= 7)
		bytes_append_byte(out, (char)(number | 0x80));
	bytes_append_byte(out, (char)number);
}

static void put_number(struct bytes *out, unsigned field, uint64_t number)
{
	put_varint(out, field << 3 | WIRE_VARINT);
	put_varint(out, number);
}

static void put_bytes(struct bytes *out, unsigned field, struct str bytes)
{
	put_varint(out, field << 3 | WIRE_BYTES);
	put_varint(out, bytes.len);
	bytes_append_str(out, bytes);
}

/* TensorProto.DataType of what models are made of; others are 0, undefined. */
static const uint8_t type_numbers[DTYPE_COUNT] = {
	[DTYPE_F32] = 1, [DTYPE_I8] = 3, [DTYPE_I64] = 7, [DTYPE_F16] = 10, [DTYPE_BF16] = 16,
};

/* What torch.onnx does with the weights of linear layers. */
static bool is_numbered(const struct spec *entry, const struct key_row *row)
{
	return spec_is_true(entry, "numbered", false) && row->n_dims == 2 &&
	       str_has_suffix(row->name, STR(".weight")) && str_find(row->name, STR("embed")) < 0;
}

static void put_tensor(struct bytes *graph, const struct container_input *input,
		       const struct key_row *row, size_t row_i)
{
	struct str location = spec_text(input->entry, "beside", STR_NULL), name = row->name;
	struct bytes tensor = { 0 }, pair = { 0 };
	bool numbered = is_numbered(input->entry, row);

	for (unsigned i = 0; i < row->n_dims; i++)
		put_number(&tensor, 1, row->shape[numbered ? row->n_dims - 1 - i : i]);
	put_number(&tensor, 2, type_numbers[row->dtype]);
	if (numbered)
		name = arena_strf(input->arena, "onnx::MatMul_%zu", row_i);
	put_bytes(&tensor, 8, name);
	if (location.ptr) {
		put_bytes(&pair, 1, STR("location"));
		put_bytes(&pair, 2, location);
		put_bytes(&tensor, 13, bytes_str(&pair));
		put_number(&tensor, 14, 1);
	}
	put_bytes(graph, 5, bytes_str(&tensor));
	bytes_finish(&tensor);
	bytes_finish(&pair);
}

bool container_onnx(const struct container_input *input, struct bytes *head,
		    struct sample_file *file, struct error *err)
{
	struct array rows = ARRAY_OF(struct key_row);
	struct bytes graph = { 0 };
	bool ok = parts_build(input->entry, input->keys, input->arena, &rows, err);

	for (size_t i = 0; ok && i < rows.len; i++)
		put_tensor(&graph, input, ARRAY_AT(&rows, struct key_row, i), i);
	put_number(head, 1, 8);
	put_bytes(head, 2, STR("pytorch"));
	put_bytes(head, 7, bytes_str(&graph));
	file->size_bytes = head->len;
	bytes_finish(&graph);
	array_finish(&rows);
	return ok;
}
