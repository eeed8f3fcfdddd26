// SPDX-License-Identifier: MIT
/**
 * What statfs(2) does not tell of a mounted file system: which program is behind FUSE.
 */
#ifndef STORAGE_FILES_MOUNTS_H
#define STORAGE_FILES_MOUNTS_H

#include <sys/types.h>

#include "core/base/str.h"

/** Of a line of /proc/self/mountinfo (proc(5)): is it that device, and of which type? */
bool mounts_read_line(struct str line, dev_t device, struct str *type);

enum fuse_disk {
	FUSE_NO_DISK,      /* a network, an archive, ... */
	FUSE_WINDOWS_DISK, /* exFAT or NTFS: what "fuseblk" is for */
	FUSE_FAT_DISK,     /* it knows no links either */
};

/**
 * Which disk a FUSE program has opened, by the type of its mount: "fuseblk" with the rights of root, else
 * "fuse." and the program's name (Documentation/filesystems/fuse.rst of Linux).
 */
enum fuse_disk mounts_fuse_disk_of(struct str type);
/** The same of a device. */
enum fuse_disk mounts_fuse_disk(dev_t device);

#endif
