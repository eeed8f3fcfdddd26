// SPDX-License-Identifier: MIT
/**
 * ONNX: a protobuf message that holds a graph and the graph's initial values.
 *
 * Of the graph only those tensors are listed; their bytes are passed over, whether they lie in the
 * file or in another one beside it. What computes is not looked at, but for which sets of operators
 * it needs.
 *
 * Source: onnx/onnx.proto.
 */
#ifndef CORE_FORMATS_ONNX_H
#define CORE_FORMATS_ONNX_H

#include "core/formats/reader.h"

#define ONNX_TENSORS_MAX 1000000u /* as in safetensors */
#define ONNX_FIELDS_MAX 4000000u  /* of messages walked; large graphs have some 100,000 nodes */
#define ONNX_NAME_MAX 65535u
#define ONNX_PAIRS_MAX 100000u

/** Do these first bytes of a file begin such a message, whatever it is named? */
bool onnx_begins(struct str front);

#endif
