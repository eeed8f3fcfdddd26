// SPDX-License-Identifier: MIT
/**
 * Opening what lies below a folder and nothing else, whatever links are put in the way meanwhile.
 */
#ifndef STORAGE_SCAN_BENEATH_H
#define STORAGE_SCAN_BENEATH_H

/**
 * openat() for a path below `folder_fd` that passes no symbolic link.
 *
 * @path   relative, NUL-terminated; "" is the folder itself
 * @flags  O_CLOEXEC, O_NONBLOCK and O_NOCTTY are added: a FIFO must not hang us
 * @return a descriptor, or -1 with errno (ELOOP: there is a link)
 */
int beneath_open(int folder_fd, const char *path, int flags);

#endif
