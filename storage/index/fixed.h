// SPDX-License-Identifier: MIT
/**
 * Databases in a folder that cannot be written, as on a disk that is mounted for reading: SQLite
 * needs a file of its own beside a database, unless it is told that nobody can change it.
 */
#ifndef STORAGE_INDEX_FIXED_H
#define STORAGE_INDEX_FIXED_H

#include "core/base/arena.h"

/** Can no file be made in that folder? */
bool fixed_folder(const char *folder);
/** What SQLite is told to open, a database without a log: needs SQLITE_OPEN_URI. */
const char *fixed_uri(const char *path, struct arena *arena);

#endif
