// SPDX-License-Identifier: MIT
/**
 * Looking at many files by their paths: the folder of the last one stays open, since the next one
 * mostly lies beside it. What changes its folder's name meanwhile may go unnoticed: for plans, which
 * are looked at again before anything is done.
 */
#ifndef STORAGE_FILES_GLANCE_H
#define STORAGE_FILES_GLANCE_H

#include <sys/stat.h>

#include "core/base/arena.h"

/** All 0: it has not looked at anything. */
struct glance {
	struct arena arena; /* owns `folder` */
	struct str folder;
	int fd, sys; /* of the folder; why it could not be opened, or 0 */
};

void glance_finish(struct glance *glance);

/** As lstat. @path  absolute. @return  false with errno */
NODISCARD bool glance_at(struct glance *glance, struct str path, struct stat *state);

#endif
