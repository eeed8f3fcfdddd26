// SPDX-License-Identifier: MIT
/**
 * The trash that desktops share: freedesktop.org Trash specification 1.0. Nothing is copied into one,
 * so each device has its own; nothing is ever emptied by us.
 */
#ifndef STORAGE_FILES_TRASH_H
#define STORAGE_FILES_TRASH_H

#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/error.h"

#define TRASH_INFO_SUFFIX ".trashinfo"

struct trash {
	struct str folder; /* holds "files" and "info" */
	struct str top;    /* paths in it are relative to this; empty: absolute */
};

/**
 * Which trash a file goes to: that of the home folder where it is on the same device, else the one at
 * the top of the file's device. Nothing is made.
 *
 * @path   absolute
 * @home   $XDG_DATA_HOME/Trash
 * @arena  owns the texts of `out`
 * @err    UNSUPPORTED: the device has none that can be used; SYSTEM
 */
NODISCARD bool trash_find(struct str path, struct str home, struct arena *arena, struct trash *out,
			  struct error *err);

/** Both folders of a trash. */
struct trash_folders {
	int files, info; /* descriptors; -1: not open */
};

/** Opens them; a link in their place is not followed. @err SYSTEM */
NODISCARD bool trash_open(const struct trash *trash, struct arena *arena, struct trash_folders *out,
			  struct error *err);
void trash_close(const struct trash_folders *folders);

enum { TRASHES_MAX = 3 };

/**
 * Every trash that a file of that path may lie in: that of the home folder and those of its disk, as
 * far as they are there and ours. More than trash_find gives: others choose differently.
 * @return  how many
 */
size_t trash_all(struct str path, struct str home, struct arena *arena,
		 struct trash out[TRASHES_MAX]);

/** The path that a file of that name gets there, unless it is taken when the time comes. On `arena`. */
struct str trash_path(const struct trash *trash, struct str name, struct arena *arena);

/** Told of the path, when it is not the wanted one, before the file is moved there. */
struct trash_told {
	bool (*renamed)(void *context, struct str path, struct error *err);
	void *context;
};

/**
 * Moves a file or folder into the trash: its info first, which reserves the name.
 *
 * @path     absolute
 * @folder   descriptor of the folder that holds it; `name` in there
 * @wanted   the path that trash_path gave
 * @now_s    when, for the info
 */
NODISCARD bool trash_put(const struct trash *trash, struct str path, int folder, const char *name,
			 struct str wanted, int64_t now_s, const struct trash_told *told,
			 struct error *err);

/** Which trash a path of trash_path lies in; false when it cannot be one. Borrows from `path`. */
bool trash_of(struct str path, struct trash *out);

/**
 * Moves it back out, and its info away.
 * @path  as trash_put placed it
 */
NODISCARD bool trash_take(struct str path, int folder, const char *name, struct error *err);

/** Removes the info of a file that was to come and did not, when it is ours. @path as by trash_path */
void trash_forget(struct str path, struct str old_path);

#endif
