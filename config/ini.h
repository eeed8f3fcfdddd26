// SPDX-License-Identifier: MIT
/**
 * INI text to (section, key, value, line); the only caller of inih.
 *
 * Has a line reader of its own: an over-long line is a mistake with its number, never cut.
 * A key may repeat. `;` and `#` begin comments at the start of a line only: values hold both.
 */
#ifndef CONFIG_INI_H
#define CONFIG_INI_H

#include "core/base/error.h"
#include "core/base/str.h"

#define INI_BYTES_MAX (4u << 20)
#define INI_LINE_BYTES_MAX 4096u

/** One `key = value`; `key` is empty when a section begins. False with `err` stops the reading. */
typedef bool (*ini_fn)(void *context, struct str section, struct str key, struct str value,
		       unsigned line, struct error *err);

/**
 * Reads a whole text; its slices go to `take`. (inih has taken the name ini_parse.)
 *
 * @err  FORMAT: "FILE:LINE: ..."; what `take` says is put behind "FILE:LINE: " too
 */
NODISCARD bool ini_parse_text(struct str text, const char *file, ini_fn take, void *context,
			      struct error *err);

#endif
