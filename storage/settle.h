// SPDX-License-Identifier: MIT
/**
 * After files were moved by us: what people attached goes along, the index knows the new places, and
 * the journal closes.
 */
#ifndef STORAGE_SETTLE_H
#define STORAGE_SETTLE_H

#include "storage/file_session.h"
#include "storage/files/journal.h"
#include "storage/reconcluder.h"

struct settlement {
	struct store *store;
	const struct roots *roots;
	int64_t operation;
	struct file_reversal reversal;
	struct journal_step *steps; /* `is_followed` and `is_known` are filled */
	size_t n_steps;             /* each is ended */
	uint64_t n_changed;
	bool is_cut_short;               /* some were never tried */
	struct reconcluder *reconcluder; /* NULL: what it would be wanted for is to be read */
};

/**
 * The index follows what the steps from `first` to before `end` did, which are ended: so that settle_index
 * has less to do. The batch stays open. Where user.db never comes to know, the next start ends the
 * operation by its journal.
 */
NODISCARD bool settle_steps(const struct settlement *settlement, size_t first, size_t end,
			    struct error *err);

/** What people attached goes along, and the journal closes. */
NODISCARD bool settle_user(const struct settlement *settlement, struct error *err);

/**
 * After settle_user: where index.db cannot follow now, the next scan finds the files by their inodes.
 * Folders that were made for nothing go.
 */
NODISCARD bool settle_index(const struct settlement *settlement, struct error *err);

#endif
