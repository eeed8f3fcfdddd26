// SPDX-License-Identifier: MIT
/**
 * Roots: the folders that the person told us to look after (user.db), and what the last scan
 * concluded about each (index.db).
 */
#ifndef STORAGE_USER_ROOTS_H
#define STORAGE_USER_ROOTS_H

#include "core/base/array.h"
#include "storage/index/db.h"

struct root {
	int64_t id;
	struct str name;
	struct str path;        /* absolute, without a slash at its end (but "/") */
	struct str fingerprint; /* empty: never scanned */
	bool is_online;         /* at the last scan; true before the first */
	int64_t last_scan_s;    /* 0: never */
};

struct roots {
	const struct root *list;
	size_t n;
};

/** @user, @index: may be the same connection, with user.db attached. On `arena`. */
NODISCARD bool roots_load(struct db *user, struct db *index, struct arena *arena, struct roots *out,
			  struct error *err);
const struct root *roots_find(const struct roots *roots, int64_t id);
/** By name, else by path. */
/** The deepest root that a path lies in, and the rest of the path; NULL: none. */
const struct root *roots_locate(const struct roots *roots, struct str path, struct str *rest);
const struct root *roots_find_named(const struct roots *roots, struct str name_or_path);

/** It was offline at the last scan, or is now: `err` (OFFLINE) names it. */
bool root_is_away(const struct root *root, struct error *err);
/** The same of the root, if any, that a file lies in which could not be opened. */
bool roots_are_away(const struct roots *roots, struct str path, struct error *err);

/**
 * Adds a folder, or says that it is there already.
 *
 * @path   made absolute; must be a folder that can be reached now
 * @name   STR_NULL: its last component, with a number when that is taken
 * @added  out: false when it was a root before
 * @err    USAGE in words for people; OFFLINE when there is no such folder
 */
NODISCARD bool roots_add(struct db *user, struct str path, struct str name, int64_t now_s,
			 bool *added, struct error *err);
/** The absolute path of a folder that can be reached now, without "." and "..". On `arena`. */
NODISCARD bool roots_settle_path(struct str path, struct arena *arena, struct str *out,
				 struct error *err);
/**
 * It is elsewhere now, and its subjects with it. What is attached there under a root that was
 * removed joins them.
 * removed joins them. As part of the transaction that is open.
 * @path  settled, and no other root's
 */
NODISCARD bool roots_relocate(struct db *user, int64_t id, struct str path, struct error *err);
/** Its subjects stay: they come back with it. */
NODISCARD bool roots_remove(struct db *user, int64_t id, int64_t now_s, struct error *err);

/** Stores what a scan concluded. */
NODISCARD bool roots_store_state(struct db *index, const struct root *root, struct error *err);

#endif
