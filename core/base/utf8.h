// SPDX-License-Identifier: MIT
/**
 * UTF-8, one sequence at a time: strict, without tables and without a locale.
 *
 * What a code point means is none of its business; that is base/text.
 */
#ifndef CORE_BASE_UTF8_H
#define CORE_BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/str.h"

#define UTF8_REPLACEMENT STR("\xef\xbf\xbd") /* U+FFFD */

/**
 * Bytes of the sequence at the front of `text` (1 to 4), its code point in `*code_point`;
 * 0 when it is broken, overlong, a surrogate, past U+10FFFF, or there is nothing.
 */
size_t utf8_next(struct str text, uint32_t *code_point);

/** Bytes written for a code point up to U+10FFFF that is no surrogate. */
size_t utf8_encode(uint32_t code_point, char to[4]);

/** At most `max` bytes of valid text, cut between code points. */
struct str utf8_cut(struct str text, size_t max);

#endif
