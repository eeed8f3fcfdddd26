// SPDX-License-Identifier: MIT
/**
 * After the walk of all roots: which of the new files are known ones that were moved.
 */
#ifndef STORAGE_SCAN_MOVES_H
#define STORAGE_SCAN_MOVES_H

#include "storage/scan/worker.h"

/** Is a known file gone? Only where its folder, or the one that held the folder, was read whole. */
bool moves_is_gone(const struct site *site, size_t known_i);

/**
 * Settles what the workers held back, while they have nothing to do: a file that is a known one is
 * sent as moved, or read again where its name changed; every other is read.
 * @return how many were moved without being read
 */
NODISCARD uint64_t moves_settle(struct scan *scan, struct worker *workers, size_t n_workers);

#endif
