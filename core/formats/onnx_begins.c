// SPDX-License-Identifier: MIT
/* The first bytes, before the file is believed to be ONNX. */
#include "core/base/text.h"
#include "core/formats/onnx.h"
#include "core/formats/onnx_wire.h"

static bool peek_varint(struct str *rest, uint64_t *out)
{
	*out = 0;
	for (unsigned i = 0; i < 10 && i < rest->len; i++) {
		*out |= (uint64_t)(rest->ptr[i] & 0x7f) << 7 * i;
		if (rest->ptr[i] & 0x80)
			continue;
		*rest = str_slice(*rest, i + 1, rest->len);
		return true;
	}
	return false;
}

static bool is_text(struct str text)
{
	size_t bad;
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] < ' ' && text.ptr[i] != '\n')
			return false;
	return text_is_utf8(text, &bad);
}

/** Passes over a field that may stand before the graph. */
static bool peek_field(struct str *rest, uint64_t number)
{
	uint64_t len;
	bool is_message = number == MODEL_OPERATORS || number == MODEL_METADATA;
	if (number == MODEL_IR_VERSION || number == MODEL_VERSION)
		return peek_varint(rest, &len);
	if ((!is_message && (number < MODEL_PRODUCER || number > MODEL_DOC)) ||
	    !peek_varint(rest, &len) || len > rest->len)
		return false;
	struct str value = str_slice(*rest, 0, (size_t)len);
	*rest = str_slice(*rest, (size_t)len, rest->len);
	return is_message || is_text(value);
}

bool onnx_begins(struct str front)
{
	enum { IR_VERSION_MAX = 99 };
	uint64_t tag, version;
	struct str rest = front;
	if (!peek_varint(&rest, &tag) || tag != (MODEL_IR_VERSION << 3 | WIRE_VARINT) ||
	    !peek_varint(&rest, &version) || version == 0 || version > IR_VERSION_MAX)
		return false;
	while (peek_varint(&rest, &tag)) {
		enum wire wire = tag >> 3 == MODEL_IR_VERSION || tag >> 3 == MODEL_VERSION
					 ? WIRE_VARINT
					 : WIRE_BYTES;
		if ((tag & 7) != wire)
			return false;
		if (tag >> 3 == MODEL_GRAPH)
			return true;
		if (!peek_field(&rest, tag >> 3))
			return false;
	}
	return false;
}
