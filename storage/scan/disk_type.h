// SPDX-License-Identifier: MIT
/**
 * What a kind of file system can be relied on for.
 */
#ifndef STORAGE_SCAN_DISK_TYPE_H
#define STORAGE_SCAN_DISK_TYPE_H

#include <stdbool.h>
#include <stdint.h>

/** Does it tell inotify of every change, whoever makes it? @type  statfs.f_type */
bool disk_tells_changes(uint32_t type);

#endif
