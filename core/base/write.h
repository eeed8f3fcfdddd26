// SPDX-License-Identifier: MIT
/**
 * Writing to a descriptor until all of it is out.
 */
#ifndef CORE_BASE_WRITE_H
#define CORE_BASE_WRITE_H

#include "core/base/str.h"

/** Writes all of `text`, however the kernel cuts it; false leaves the reason in errno. */
NODISCARD bool write_all(int fd, struct str text);

#endif
