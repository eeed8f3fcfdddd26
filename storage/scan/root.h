// SPDX-License-Identifier: MIT
/**
 * Is a root there, and is it the one it was? never-lose-data.md, section 3.
 *
 * A root that is offline costs nothing: what the index knows of it stays as it is.
 */
#ifndef STORAGE_SCAN_ROOT_H
#define STORAGE_SCAN_ROOT_H

#include <sys/types.h>

#include "core/base/error.h"
#include "storage/scan/scanner.h"

struct root {
	int fd;                 /* -1: offline */
	bool stable_inodes;     /* false on FUSE, NFS, vfat and their like */
	bool has_events;        /* false where others change what this machine is not told of */
	struct str fingerprint; /* to be stored; of the last scan while offline */
	struct str real;        /* its path without links */
};

/**
 * Opens a root and looks whether it is the one that the index knows.
 *
 * The fingerprint is the type of the file system, its id where that survives a reboot, and the
 * folder's inode where inodes are stable. Another type or id is another disk. Another inode alone
 * is the same root when a known file is still there as it was: a folder restored from a backup.
 * An empty folder where there were files is a mount point without its disk, unless `accepted`.
 *
 * @accepted  the person knows that it is empty or another
 * @arena     owns the texts
 * @out       to be closed with root_close, also after failure
 * @err       OFFLINE and why
 */
NODISCARD bool root_open(struct root *out, const struct scan_root *known, bool accepted,
			 struct arena *arena, struct error *err);
void root_close(struct root *root);

#endif
