// SPDX-License-Identifier: MIT
/**
 * After a scan: what people attached goes where the content went.
 *
 * The scan itself follows a moved file by its inode. This is for what leaves no trace but the
 * content: moved to another disk, changed places with another, moved while there was no index. What
 * went in this scan may have left a copy that was known before; what was written over in place, and
 * lies nowhere else, is known by its new content from then on. Should it go as well, a person is asked
 * about what it was before.
 * Only files whose size is right are hashed, and only their ends.
 */
#ifndef STORAGE_REUNITE_H
#define STORAGE_REUNITE_H

#include "storage/store.h"

/** At most so many files are hashed after one scan. */
#define REUNITE_HASHES_MAX 4096

/** What a scan saw of files: those that it read, those that are gone. */
struct fresh_files {
	struct arena arena;
	struct array list; /* of a type of its own */
	struct array gone; /* uint32_t: ids */
};

void fresh_files_init(struct fresh_files *fresh);
void fresh_files_finish(struct fresh_files *fresh);
/** @was_known  it was in the index before: its content may be another now */
void fresh_files_add(struct fresh_files *fresh, uint32_t id, bool was_known, uint64_t size_bytes);

/** A file that was there before this scan. */
void fresh_files_gone(struct fresh_files *fresh, uint32_t id);

/**
 * Moves subjects whose file is gone or has other content to where their content is. Where two are gone
 * that had the same content, or two came that have it, nobody knows which is which: that is for a person.
 * @n_asked  out: subjects that stay where they were for that reason
 */
NODISCARD bool reunite(struct store *store, const struct roots *roots, struct fresh_files *fresh,
		       uint64_t *n_asked, struct error *err);

#endif
