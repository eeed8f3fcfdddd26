// SPDX-License-Identifier: MIT
/**
 * safetensors: 8 bytes of length, a JSON header, the tensors. Only the header is read.
 *
 * Source: the safetensors README, "Format"; stricter on duplicates and numbers.
 */
#ifndef CORE_FORMATS_SAFETENSORS_H
#define CORE_FORMATS_SAFETENSORS_H

#include "core/formats/format.h"

#define SAFETENSORS_HEADER_MAX 100000000u /* the library's cap */
#define SAFETENSORS_TENSORS_MAX 1000000u  /* the largest known shard has some 70,000 */
#define SAFETENSORS_NAME_MAX 65535u
#define SAFETENSORS_DEPTH_MAX 8u

/**
 * Parses a header.
 *
 * @header      the N bytes after the length; borrowed by names without escapes
 * @file_bytes  size of the whole file, for E_TRUNCATED and E_ST_TAIL
 * @arena       owns tensors, shapes, unescaped names, metadata
 * @out         table, metadata, notes, error, status; a table is given even when data is cut off
 */
void safetensors_parse(struct str header, uint64_t file_bytes, struct arena *arena,
		       struct reading *out);

#endif
