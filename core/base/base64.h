// SPDX-License-Identifier: MIT
/**
 * Base64 back to bytes: what json_base64_if_broken wrote.
 */
#ifndef CORE_BASE_BASE64_H
#define CORE_BASE_BASE64_H

#include "core/base/arena.h"

/** False for a letter that is none. @arena owns the bytes */
NODISCARD bool base64_decode(struct str text, struct arena *arena, struct str *out);

#endif
