// SPDX-License-Identifier: MIT
/**
 * Looking at many files by their paths: the folder of the last one stays open, since the next one
 * mostly lies beside it. What changes its folder's name meanwhile may go unnoticed: for plans, which
 * are looked at again before anything is done.
 */
#ifndef STORAGE_FILES_GLANCE_H
#define STORAGE_FILES_GLANCE_H

#include <sys/stat.h>

#include "core/organise/plan.h"

/** All 0: it has not looked at anything. */
struct glance {
	struct arena arena; /* owns `folder` */
	struct str folder;
	int fd, sys; /* of the folder; why it could not be opened, or 0 */
};

void glance_finish(struct glance *glance);

/** As lstat. @path  absolute. @return  false with errno */
NODISCARD bool glance_at(struct glance *glance, struct str path, struct stat *state);

/** What there is under a path. */
struct glanced {
	struct str path;       /* given: absolute */
	struct plan_file file; /* all 0: nothing */
	bool is_there, is_folder, is_plain;
};

void glance_into(struct glance *glance, struct glanced *out);

/**
 * Looks at many, several at once: each takes its time where the disk is far away.
 * @first   the first of n that lie `stride_bytes` apart, in something larger
 */
void glance_into_all(struct glanced *first, size_t stride_bytes, size_t n);

#endif
