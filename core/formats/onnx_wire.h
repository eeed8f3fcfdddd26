// SPDX-License-Identifier: MIT
/**
 * The messages that an ONNX file is made of, field by field, from front to back. For
 * core/formats/onnx*.c alone.
 */
#ifndef CORE_FORMATS_ONNX_WIRE_H
#define CORE_FORMATS_ONNX_WIRE_H

#include "core/formats/cursor.h"
#include "core/formats/reader.h"

/** How a field's value is laid out. */
enum wire { WIRE_VARINT, WIRE_FIXED64, WIRE_BYTES, WIRE_FIXED32 = 5 };

/** Numbers of ModelProto's fields. */
enum {
	MODEL_IR_VERSION = 1,
	MODEL_PRODUCER = 2,
	MODEL_VERSION = 5,
	MODEL_DOC = 6,
	MODEL_GRAPH = 7,
	MODEL_OPERATORS = 8,
	MODEL_METADATA = 14,
};

/** One file being walked; zeroed but for the job and the cursor. */
struct onnx_wire {
	struct format_job *job;
	struct cursor cursor;
	size_t kept_bytes, named_bytes, n_fields; /* so far: each has a limit */
};

struct field {
	uint64_t number;
	uint64_t value; /* of a varint */
	uint64_t end;   /* where the next field begins */
	enum wire wire;
};

bool onnx_has_failed(const struct onnx_wire *wire);

/** The next field before `end`; false at the end and when something is wrong. */
NODISCARD bool onnx_next_field(struct onnx_wire *wire, uint64_t end, struct field *field);
/** Goes to the end of the field, however much of it was read. */
NODISCARD bool onnx_pass(struct onnx_wire *wire, const struct field *field);
/** Is it of that number, and a text, a message or a list? */
bool onnx_is_bytes(const struct field *field, uint64_t number);

/** A number before `end`, which is that of the field or message around it. */
NODISCARD bool onnx_varint(struct onnx_wire *wire, uint64_t end, uint64_t *out);
/** The field as a name, on the job's arena. */
NODISCARD bool onnx_name(struct onnx_wire *wire, const struct field *field, struct str *out);
/** The field as a StringStringEntryProto. */
NODISCARD bool onnx_pair(struct onnx_wire *wire, const struct field *message,
			 struct metadata_pair *out);

#endif
