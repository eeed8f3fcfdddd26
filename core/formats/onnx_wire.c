// SPDX-License-Identifier: MIT
#include "core/formats/onnx_wire.h"

#include <inttypes.h>

#include "core/base/utf8.h"
#include "core/formats/onnx.h"

enum {
	VARINT_BYTES_MAX = 10,
	KEPT_MAX = 32 << 20,   /* bytes of metadata, of all keys */
	NAMED_MAX = 256 << 20, /* bytes of all names */
};

static bool fail_broken(struct onnx_wire *wire, const char *why)
{
	return format_fail(wire->job, "E_OX_PROTO", "protobuf is broken at byte %" PRIu64 ": %s",
			   wire->cursor.at, why);
}

bool onnx_has_failed(const struct onnx_wire *wire)
{
	return wire->job->out->error.code.ptr != NULL;
}

bool onnx_varint(struct onnx_wire *wire, uint64_t end, uint64_t *out)
{
	*out = 0;
	for (unsigned i = 0; i < VARINT_BYTES_MAX; i++) {
		unsigned char byte;
		if (wire->cursor.at >= end)
			return fail_broken(wire, "a number runs past its message");
		if (!cursor_read(&wire->cursor, &byte, 1))
			return format_fail_read(wire->job, &wire->cursor.err);
		*out |= (uint64_t)(byte & 0x7f) << 7 * i;
		if (!(byte & 0x80))
			return true;
	}
	return fail_broken(wire, "a number of more than 10 bytes");
}

static bool read_extent(struct onnx_wire *wire, uint64_t end, struct field *field)
{
	uint64_t len = 0;
	if (field->wire == WIRE_VARINT && !onnx_varint(wire, end, &field->value))
		return false;
	if (field->wire == WIRE_BYTES && !onnx_varint(wire, end, &len))
		return false;
	if (field->wire == WIRE_FIXED32 || field->wire == WIRE_FIXED64)
		len = field->wire == WIRE_FIXED32 ? 4 : 8;
	uint64_t size_bytes = wire->cursor.blob->size_bytes;
	if (len <= end - wire->cursor.at) {
		field->end = wire->cursor.at + len;
		return true;
	}
	if (end < size_bytes)
		return fail_broken(wire, "a field runs past its message");
	return cursor_skip(&wire->cursor, len) || format_fail_read(wire->job, &wire->cursor.err);
}

bool onnx_next_field(struct onnx_wire *wire, uint64_t end, struct field *field)
{
	uint64_t tag;
	if (wire->cursor.at == end || !onnx_varint(wire, end, &tag))
		return false;
	if (++wire->n_fields > ONNX_FIELDS_MAX)
		return format_fail(wire->job, "E_OX_COUNT", "more than %u fields, the limit",
				   ONNX_FIELDS_MAX);
	*field = (struct field){ .number = tag >> 3, .wire = (enum wire)(tag & 7) };
	if (field->number == 0 || field->number >= UINT64_C(1) << 29)
		return fail_broken(wire, "no such field");
	switch (field->wire) {
	case WIRE_VARINT:
	case WIRE_FIXED64:
	case WIRE_BYTES:
	case WIRE_FIXED32: return read_extent(wire, end, field);
	}
	return fail_broken(wire, "a group or no known layout");
}

bool onnx_pass(struct onnx_wire *wire, const struct field *field)
{
	return cursor_skip(&wire->cursor, field->end - wire->cursor.at) ||
	       format_fail_read(wire->job, &wire->cursor.err);
}

bool onnx_is_bytes(const struct field *field, uint64_t number)
{
	return field->number == number && field->wire == WIRE_BYTES;
}

/** The start of a field's text, at most `max` bytes of it. */
static bool read_text(struct onnx_wire *wire, const struct field *field, size_t max,
		      struct str *out)
{
	uint64_t len = field->end - wire->cursor.at;
	size_t n_read = len <= max ? (size_t)len : max + 1; /* one more shows where to cut */
	char *bytes = arena_try_bytes(wire->job->arena, n_read + 1);
	if (!bytes)
		return format_fail_memory(wire->job, n_read);
	if (!cursor_read(&wire->cursor, bytes, n_read))
		return format_fail_read(wire->job, &wire->cursor.err);
	*out = utf8_cut((struct str){ bytes, n_read }, max);
	return true;
}

bool onnx_name(struct onnx_wire *wire, const struct field *field, struct str *out)
{
	uint64_t len = field->end - wire->cursor.at;
	if (len > ONNX_NAME_MAX)
		return format_fail(wire->job, "E_OX_COUNT",
				   "a name of %" PRIu64 " bytes; the limit is %u", len,
				   ONNX_NAME_MAX);
	wire->named_bytes += (size_t)len;
	if (wire->named_bytes > NAMED_MAX)
		return format_fail(wire->job, "E_OX_COUNT",
				   "names of more than %d bytes, the limit", NAMED_MAX);
	return read_text(wire, field, ONNX_NAME_MAX, out);
}

static bool read_value(struct onnx_wire *wire, const struct field *field, struct str *out)
{
	size_t left = KEPT_MAX - wire->kept_bytes;
	if (!read_text(wire, field, left < METADATA_VALUE_MAX ? left : METADATA_VALUE_MAX, out))
		return false;
	wire->kept_bytes += out->len;
	return true;
}

bool onnx_pair(struct onnx_wire *wire, const struct field *message, struct metadata_pair *out)
{
	enum { KEY = 1, VALUE = 2 };
	struct field field;
	*out = (struct metadata_pair){ STR(""), STR("") };
	while (onnx_next_field(wire, message->end, &field))
		if ((onnx_is_bytes(&field, KEY) && !onnx_name(wire, &field, &out->key)) ||
		    (onnx_is_bytes(&field, VALUE) && !read_value(wire, &field, &out->value)) ||
		    !onnx_pass(wire, &field))
			return false;
	return !onnx_has_failed(wire);
}
