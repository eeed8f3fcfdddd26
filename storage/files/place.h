// SPDX-License-Identifier: MIT
/**
 * Putting files where they shall be, without ever replacing one: the few system calls that change the
 * user's folders. Nothing in here decides anything.
 *
 * Paths are absolute and lie below one of the roots; from the root on no symbolic link is passed.
 * Folders that were touched are remembered, so that they reach the disk once a batch.
 */
#ifndef STORAGE_FILES_PLACE_H
#define STORAGE_FILES_PLACE_H

#include <sys/stat.h>

#include "core/base/array.h"
#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/base/map.h"

struct places {
	struct arena arena;
	const struct str *roots;
	size_t n_roots;     /* borrowed: absolute, without a slash at the end */
	struct map folders; /* path -> descriptor + 1 */
	struct array open;  /* int: descriptors of touched folders */
	/** Told of a folder before it is made; NULL: nobody is. @return false with `err`: it is not made */
	bool (*before_folder)(void *context, struct str path, struct error *err);
	void *context;
};

void places_init(struct places *places, const struct str *roots, size_t n_roots);
/** Forgets all folders. What was not synced may not be on the disk. */
void places_finish(struct places *places);

/** Which root a path lies below: the deepest, by its index; SIZE_MAX for none. */
size_t places_root_of(const struct places *places, struct str path);

/**
 * Opens the folder that holds `path`.
 *
 * @makes  folders that are not there are made
 * @name   out: the last component, NUL-terminated, on the arena of `places`
 * @return a descriptor of `places`; -1 with `err` (SYSTEM; USAGE outside of the roots)
 */
int places_folder(struct places *places, struct str path, bool makes, const char **name,
		  struct error *err);

/** All folders that were opened reach the disk, and are forgotten. @err  SYSTEM */
NODISCARD bool places_sync(struct places *places, struct error *err);

/**
 * Renames without replacing: by renameat2, or where the file system cannot, by a link and an unlink,
 * or by a claim that is ours. What the call said counts less than what is there then.
 *
 * @err  SYSTEM with errno in `sys`; EEXIST when the new name is taken, EXDEV between devices
 */
NODISCARD bool place_rename(int old_folder, const char *old, int new_folder, const char *new,
			    struct error *err);
/** The same for who has just looked at the old name. @source  what is there */
NODISCARD bool place_rename_seen(int old_folder, const char *old, int new_folder, const char *new,
				 const struct stat *source, struct error *err);

/**
 * Removes a name that is ours, or whose file is elsewhere as well. A second try, where the first fails
 * for no reason that lasts. Who is failing already may ignore the result.
 */
bool place_unlink(int folder, const char *name, struct error *err);

/** For utimensat and futimens: only when it was changed. */
void place_times(int64_t mtime_ns, struct timespec times[2]);

/** Is it asked from time to time whether to go on? */
struct place_watch {
	bool (*go_on)(void *context, uint64_t bytes_done);
	void *context;
};

/**
 * Copies a file under a temporary name: bytes, mode, times, the user's extended attributes; then
 * everything is on the disk, was read back and is equal.
 *
 * @source  descriptor of a regular file
 * @part    the temporary name; must be free; removed again after a failure
 * @hex     out: SHA-256 of the bytes
 * @err     SYSTEM; CHANGED when the source changed meanwhile; CANCELLED
 */
NODISCARD bool place_copy(int source, int folder, const char *part, const struct place_watch *watch,
			  char hex[SHA256_HEX + 1], struct error *err);

/** Other bytes in place of a file's, under a temporary name. */
struct place_text {
	int fd;                   /* -1: there is none */
	int folder;               /* a descriptor that outlives this one */
	const char *part;         /* so does this */
	char hex[SHA256_HEX + 1]; /* SHA-256 of the bytes */
};

/**
 * Writes them; mode, times and attributes are the file's. They are on the disk after place_text_end
 * alone, so that many can be on their way together.
 *
 * @source  descriptor of the file
 * @before  what it was when its bytes were read: CHANGED when it is another by now
 * @is_new  it is not the file under another name: its time is now
 * @out     `folder` and `part` are given
 */
NODISCARD bool place_text_begin(int source, const struct stat *before, struct str text, bool is_new,
				struct place_text *out, struct error *err);
/** The bytes are asked to go to the disk, without waiting for them. */
void place_text_hurry(const struct place_text *text);
/** On the disk and read back, as by place_copy; removed again after a failure. */
NODISCARD bool place_text_end(struct place_text *text, struct error *err);

/**
 * Have two open files the same bytes? Both are read from their beginning to their end.
 * @return  false without code when they have not
 * @err     SYSTEM, CANCELLED
 */
NODISCARD bool place_is_equal(int a, int b, const struct place_watch *watch, struct error *err);

/** SHA-256 of an open file from its beginning. @err  SYSTEM, CANCELLED */
NODISCARD bool place_hash(int fd, const struct place_watch *watch, char hex[SHA256_HEX + 1],
			  struct error *err);

#endif
