// SPDX-License-Identifier: MIT
/**
 * A copy of a database that is open: whole, checked and on the disk before it has its name.
 */
#ifndef STORAGE_INDEX_DB_COPY_H
#define STORAGE_INDEX_DB_COPY_H

#include "storage/index/db.h"

/** @path  0600; what is there is replaced. Outside of a transaction. */
NODISCARD bool db_copy(sqlite3 *handle, const char *path, struct error *err);

/** Makes a name that was given in the folder of `path` last. */
NODISCARD bool db_copy_settle(const char *path, struct error *err);

#endif
