// SPDX-License-Identifier: MIT
/**
 * The plan of taking models out of an archive: what it holds, where it would go, and what speaks
 * against it. Reads the archive in a process that can open nothing; writes nothing.
 */
#ifndef STORAGE_ANSWERS_IMPORT_H
#define STORAGE_ANSWERS_IMPORT_H

#include "storage/answers.h"

struct import_wish {
	struct str archive; /* absolute */
	struct str folder;  /* absolute; empty: the archive's own, if that lies in a root */
	const struct str *roots;
	size_t n_roots;
};

/**
 * Into which folder it goes: the one that is wished, or the archive's own; it must lie in a root.
 * @err  USAGE
 */
NODISCARD bool import_folder(const struct import_wish *wish, struct str *out, struct error *err);

/**
 * Opens the archive.
 * @return  -1 with `err`: SYSTEM; USAGE when it is no file
 */
int import_open(const struct import_wish *wish, struct plan_file *out, struct error *err);

/**
 * Makes the steps: a model's companions after it. What a survey finds is not in it yet.
 * @arena  owns what they point to
 * @err    USAGE: the folder; SYSTEM; FORMAT, LIMIT: what is wrong with the archive
 */
NODISCARD bool answers_import(struct answers *answers, const struct import_wish *wish,
			      struct arena *arena, struct plan *out, struct error *err);

#endif
