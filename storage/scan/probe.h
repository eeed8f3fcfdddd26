// SPDX-License-Identifier: MIT
/**
 * One candidate: an open descriptor to a model. Opens, reads the header, looks whether the file
 * stayed as it was, identifies.
 *
 * Knows no index and no walk. A broken file is a model with an error in it.
 */
#ifndef STORAGE_SCAN_PROBE_H
#define STORAGE_SCAN_PROBE_H

#include "core/knowledge/knowledge.h"
#include "storage/scan/finding.h"
#include "storage/scan/walk.h"

/** One thread's reader, its buffers, and what it concluded from the layouts that it has seen. */
struct probe;

struct probe *probe_create(const struct knowledge *knowledge);
void probe_destroy(struct probe *probe);

enum probe_reach {
	PROBE_BENEATH,		/* passes no link on the way from `folder_fd` */
	PROBE_ANYWHERE,		/* a path that a person named: links are followed */
};

struct probe_target {
	int folder_fd;			/* what the path is relative to; AT_FDCWD */
	enum probe_reach reach;
	const struct candidate *candidate;	/* path, type, neighbours, state of a link */
	bool only_count;		/* a download under way: not identified */
};

/**
 * Reads and identifies one file.
 *
 * @arena   owns what `out` points to, but for what it borrows from the knowledge and, until the
 *          next call, from `probe`
 * @state   out: as the file was when it was read
 * @opened  out: counts up when the file was opened
 * @return  false when there is no such file any more: it was there a moment ago
 */
NODISCARD bool probe_model(struct probe *probe, const struct probe_target *target,
			   struct arena *arena, struct model *out, struct file_state *state,
			   uint64_t *opened);

#endif
