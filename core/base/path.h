// SPDX-License-Identifier: MIT
/**
 * Paths as slices: their parts, by slashes and points alone. Looks at no disk.
 */
#ifndef CORE_BASE_PATH_H
#define CORE_BASE_PATH_H

#include "core/base/arena.h"

/** What stands before the last slash: "/" at the top, empty where there is no slash. */
struct str path_folder(struct str path);

/**
 * A name, or a path, in a folder: one slash between, none where either is empty. On `arena`, with NUL
 * behind.
 */
struct str path_join(struct arena *arena, struct str folder, struct str name);

/** The last component without its final extension; a dot in front begins none. */
struct str path_stem(struct str path);

/** Does it lie below that folder, which has no slash at its end (but "/")? `rest`: what follows it. */
bool path_is_below(struct str path, struct str folder, struct str *rest);

/** Where a link in that folder leads, by its words: absolute, without "." and "..". On `arena`. */
struct str path_of_link(struct str folder, struct str link, struct arena *arena);

#endif
