// SPDX-License-Identifier: MIT
/**
 * How the last session ended: well, or in the midst of writing. Told by what lies beside a database, and
 * by a mark in the data folder that stays until both databases were looked at as a whole.
 */
#ifndef STORAGE_INDEX_ENDING_H
#define STORAGE_INDEX_ENDING_H

#include "core/base/arena.h"
#include "core/base/error.h"

/** Did nobody close that database? Then a log of SQLite's has something in it. */
bool ending_is_bad(const char *path, struct arena *arena);
/** The same of the journal alone, which only who may write can take back. */
bool ending_left_journal(const char *path, struct arena *arena);

/** Damage was met, or may be: the next session looks for it, and mends what can be made again. */
void ending_suspect(const char *data_dir);
bool ending_is_suspect(const char *data_dir, struct arena *arena);
/** Both databases are sound. */
NODISCARD bool ending_trust(const char *data_dir, struct arena *arena, struct error *err);

#endif
