// SPDX-License-Identifier: MIT
/**
 * A folder of its own for a test, with files written into it.
 */
#ifndef TESTS_UNIT_CONFIG_TEMP_DIR_H
#define TESTS_UNIT_CONFIG_TEMP_DIR_H

struct temp_dir {
	char path[64];
};

void temp_dir_create(struct temp_dir *dir);
/** Writes a text file and gives its path, which is valid until the next call. */
const char *temp_dir_write(const struct temp_dir *dir, const char *name, const char *text);
void temp_dir_remove(const struct temp_dir *dir);

#endif
