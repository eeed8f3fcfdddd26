// SPDX-License-Identifier: MIT
/**
 * The texts inside of a PNG: tEXt, zTXt and iTXt chunks, where programs keep the prompt that a
 * picture was made from. Reads chunk headers and those texts, never the pixels.
 */
#ifndef CORE_FORMATS_PNG_TEXT_H
#define CORE_FORMATS_PNG_TEXT_H

#include "core/base/array.h"
#include "core/base/blob.h"

/** Each text, unpacked; more of them than anybody writes are not looked at. */
#define PNG_TEXT_BYTES_MAX (16u << 20)
#define PNG_TEXTS_MAX 64
#define PNG_CHUNKS_MAX 1000000

struct png_text {
	struct str keyword, text;
};

bool png_text_is_png(const struct blob *blob);

/**
 * @texts  appended: struct png_text, on `arena`, as UTF-8 where the file says Latin-1; what is
 *         broken or too large is left out, and what follows a broken chunk
 * @err    SYSTEM when it cannot be read
 */
NODISCARD bool png_text_read(const struct blob *blob, struct arena *arena, struct array *texts,
			     struct error *err);

#endif
