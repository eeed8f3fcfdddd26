// SPDX-License-Identifier: MIT
/**
 * After files were moved by us: what people attached goes along, the index knows the new places, and
 * the journal closes.
 */
#ifndef STORAGE_SETTLE_H
#define STORAGE_SETTLE_H

#include "storage/file_session.h"
#include "storage/files/journal.h"

struct settlement {
	struct store *store;
	const struct roots *roots;
	int64_t operation;
	struct file_reversal reversal;
	struct journal_step *steps; /* `is_known` is filled */
	size_t n_steps;             /* each is ended */
	uint64_t n_changed;
};

/** user.db first: where index.db cannot follow now, the next scan finds the files by their inodes. */
NODISCARD bool settle_files(const struct settlement *settlement, struct error *err);

#endif
