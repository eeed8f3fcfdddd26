// SPDX-License-Identifier: MIT
/**
 * Base64 read back: what json_base64_if_broken wrote.
 */
#ifndef CORE_BASE_BASE64_H
#define CORE_BASE_BASE64_H

#include "core/base/arena.h"

/** @return  false for what is no base64 with its padding (RFC 4648, section 4); bits left over are 0 */
NODISCARD bool base64_decode(struct str text, struct arena *arena, struct str *out);

#endif
