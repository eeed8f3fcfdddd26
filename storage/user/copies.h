// SPDX-License-Identifier: MIT
/**
 * What is kept beside user.db in case it is lost: its dump as user.jsonl, and copies of it in
 * backups/, one a day.
 */
#ifndef STORAGE_USER_COPIES_H
#define STORAGE_USER_COPIES_H

#include "storage/index/db.h"

#define COPIES_DAYS 7
#define COPIES_WEEKS 4

/** Is there something that people made, and no copy of today yet? */
bool copies_are_due(struct db *user, const char *data_dir, int64_t now_s);
/** Writes what is due today, and takes away copies that are too old. Nothing while there is nothing. */
NODISCARD bool copies_keep(struct db *user, const char *data_dir, int64_t now_s, struct error *err);

/**
 * Which of the days with a copy are still wanted: the last seven, and of those before the latest of
 * each of four weeks.
 *
 * @days  since 1970, falling
 */
void copies_choose(const int64_t *days, size_t n, bool *keep);

#endif
