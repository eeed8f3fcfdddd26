// SPDX-License-Identifier: MIT
/**
 * Numbers in the records of a zip. For its readers alone.
 */
#ifndef CORE_FORMATS_ZIP_BYTES_H
#define CORE_FORMATS_ZIP_BYTES_H

#include <stdint.h>

#include "core/base/str.h"

#define ZIP_SATURATED 0xffffffffu /* the number stands in the zip64 record */

/** A little-endian number of `width` bytes; 0 when the record is too short. */
static inline uint64_t zip_number(struct str record, size_t at, unsigned width)
{
	uint64_t number = 0;
	if (at > record.len || width > record.len - at)
		return 0;
	for (unsigned i = width; i-- > 0;)
		number = number << 8 | (unsigned char)record.ptr[at + i];
	return number;
}

#endif
