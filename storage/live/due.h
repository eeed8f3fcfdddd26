// SPDX-License-Identifier: MIT
/**
 * Gathers what was seen to change into folders that are due to be looked at. Pure: no clock, no disk;
 * times are milliseconds of any clock that only rises.
 *
 * Changes come in crowds, so a folder is due when it has been quiet for a moment, or when it never
 * is; all others that changed are then taken along, since a file that was moved changes two. What was
 * taken is kept until the scan of it is over: one that was cut short leaves it to the next.
 */
#ifndef STORAGE_LIVE_DUE_H
#define STORAGE_LIVE_DUE_H

#include "core/base/array.h"
#include "storage/messages.h"

#define DUE_QUIET_MS 300   /* without another change */
#define DUE_LATEST_MS 2000 /* after the first one */
#define DUE_AGAIN_MS 2000  /* what was being written; twice that the next time, and so on */
#define DUE_AGAIN_MAX_MS 60000
#define DUE_FOLDERS_MAX 1000 /* of all roots: more is everything */

struct due {
	struct array folders; /* struct due_folder *: by root, then by folder */
};

void due_init(struct due *due);
void due_finish(struct due *due);

/**
 * Something changed in a folder.
 * @is_deep  all below it may be another, or it came or went: the folder above is due as well
 */
void due_note(struct due *due, int64_t root_id, struct str folder, bool is_deep, int64_t now_ms);
/** The whole root is due at that time. */
void due_root(struct due *due, int64_t root_id, int64_t at_ms);
/** Something in it was being written when it was looked at. */
void due_again(struct due *due, int64_t root_id, struct str folder, int64_t now_ms);

/** When the next one is due; -1: none is. */
int64_t due_next_ms(const struct due *due);

/**
 * Takes all that is to be looked at now.
 *
 * @arena  owns the list and its folders
 * @return parts sorted by root and folder, none of them below a deep one; 0: nothing is due
 */
size_t due_take(struct due *due, int64_t now_ms, struct arena *arena,
		const struct scan_part **parts);
/** Somebody else looks at the whole root: what is due of it counts as taken. */
void due_take_root(struct due *due, int64_t root_id);
/** What was taken has been looked at. */
void due_done(struct due *due);
/** What was taken has not: it is due again. */
void due_failed(struct due *due, int64_t now_ms);
/** There is no such root any more. */
void due_forget(struct due *due, int64_t root_id);

#endif
