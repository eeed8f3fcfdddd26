// SPDX-License-Identifier: MIT
/**
 * One candidate: opened, read, and looked at again whether it stayed as it was meanwhile.
 *
 * Knows no index and no walk. A broken file is a model with an error in it.
 */
#ifndef STORAGE_SCAN_PROBE_H
#define STORAGE_SCAN_PROBE_H

#include "storage/scan/model_reader.h"

/** What a probe found. */
struct probed {
	struct model model;		/* borrows from `flat` and the arena */
	struct flat flat;
	struct file_state state;	/* as the file was when it was read */
	bool is_there;			/* false: it was there a moment ago */
	bool was_opened;
};

/**
 * Opens, reads and identifies one model.
 *
 * @room   for what is needed on the way; may be emptied afterwards
 * @arena  owns what `out` points to
 */
void probe_model(struct model_reader *reader, const struct opened_target *target,
		 struct arena *room, struct arena *arena, struct probed *out);

#endif
