// SPDX-License-Identifier: MIT
/**
 * A small text file as a whole, for settings and knowledge.
 */
#ifndef CONFIG_READ_FILE_H
#define CONFIG_READ_FILE_H

#include "core/base/arena.h"
#include "core/base/error.h"

/**
 * @err  SYSTEM with its errno in `sys`; UNSUPPORTED for what is no regular file; LIMIT when larger
 *       than `bytes_max`
 */
NODISCARD bool read_file(const char *path, size_t bytes_max, struct arena *arena, struct str *text,
			 struct error *err);

#endif
