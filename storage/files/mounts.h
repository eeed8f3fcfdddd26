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

/**
 * Is that device a disk that a FUSE program has opened? These are disks of Windows: exFAT and NTFS
 * are what such programs are for ("fuseblk", Documentation/filesystems/fuse.rst of Linux).
 */
bool mounts_is_fuse_disk(dev_t device);

#endif
