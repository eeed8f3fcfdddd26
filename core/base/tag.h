// SPDX-License-Identifier: MIT
/**
 * What may be a tag.
 */
#ifndef CORE_BASE_TAG_H
#define CORE_BASE_TAG_H

#include "core/base/error.h"
#include "core/base/str.h"

#define TAG_BYTES_MAX 200

/** A control character, also of those that a terminal obeys beyond ASCII? */
bool tag_has_control(struct str text);

/**
 * What may be a tag: UTF-8 without control characters and commas, not empty, not beginning with
 * + or -; spaces at the ends are taken off.
 * @err  USAGE: which rule is broken
 */
NODISCARD bool tag_check(struct str raw, struct str *tag, struct error *err);

#endif
