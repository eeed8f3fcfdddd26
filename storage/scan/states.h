// SPDX-License-Identifier: MIT
/**
 * struct stat to what is kept of it.
 */
#ifndef STORAGE_SCAN_STATES_H
#define STORAGE_SCAN_STATES_H

#include <sys/stat.h>

#include "storage/scan/finding.h"

struct file_state state_of(const struct stat *st);

/** Not one of the four moved. */
bool state_equal(const struct file_state *a, const struct file_state *b);

/** One word for (name, size, mtime), as part of a context. */
uint64_t state_word(struct str name, const struct file_state *state);

#endif
