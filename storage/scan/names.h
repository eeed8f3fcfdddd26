// SPDX-License-Identifier: MIT
/**
 * What a name alone says: a model, an unfinished download, a folder to leave alone.
 *
 * Pure; names are raw bytes, extensions compare without case.
 */
#ifndef STORAGE_SCAN_NAMES_H
#define STORAGE_SCAN_NAMES_H

#include "core/base/str.h"

/** What the user may replace; everything is borrowed. */
struct name_rules {
	const struct str *extensions;
	size_t n_extensions; /* ".pt"; none: the usual */
	const char *const *ignore;
	size_t n_ignore;  /* globs; one that begins with a slash is of absolute paths */
	const char *root; /* absolute: what paths lie below; NULL: absolute globs fit nothing */
};

/** Ends in one of the extensions, and is more than the extension. */
bool name_is_model(const struct name_rules *rules, struct str name);

/** The name without its final extension; the whole name when it has none. */
struct str name_stem(struct str name);

/** The last component of a path. */
struct str name_of_path(struct str path);

/** The last component of the folder that holds `path`; STR_NULL when the path names no folder. */
struct str name_of_folder(struct str path);

/** Suffixes of downloads under way, ".part" and its like; NULL-terminated. */
extern const char *const download_suffixes[];

/** Cuts such a suffix off: what is left is the name of the model it will be. */
bool name_cut_download(struct str *name);

/** .git, trash folders, @eaDir. @path: relative to the root, ending in the folder's name */
bool name_is_skipped_folder(struct str path);

/** A glob fits the name, or the path below the root. @path: NUL-terminated */
bool name_is_ignored(const struct name_rules *rules, const char *path);

/** It does, or a folder does that the path lies in. @path: raw, below the root */
bool name_is_passed_by(const struct name_rules *rules, struct str path);

#endif
