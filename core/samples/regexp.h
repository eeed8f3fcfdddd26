// SPDX-License-Identifier: MIT
/**
 * Regular expressions of the manifests: the common part of Python's and POSIX's.
 *
 * \d, \w and \s are translated; what only Python knows (lazy runs, look-around, named groups) is
 * refused, never misread.
 */
#ifndef CORE_SAMPLES_REGEXP_H
#define CORE_SAMPLES_REGEXP_H

#include <regex.h>

#include "core/base/arena.h"
#include "core/base/error.h"

struct regexp {
	regex_t compiled;
};

NODISCARD bool regexp_init(struct regexp *regexp, struct str pattern, struct error *err);
void regexp_finish(struct regexp *regexp);
/** Anywhere in `text`, which must be NUL-terminated. */
bool regexp_is_in(const struct regexp *regexp, struct str text);
/** Every match replaced by `with`, in which \1 to \9 stand for groups; on `arena`. */
struct str regexp_replace(const struct regexp *regexp, struct str text, struct str with,
			  struct arena *arena);

#endif
