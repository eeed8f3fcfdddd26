// SPDX-License-Identifier: MIT
#include "storage/scan/listing.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

/* A folder of a thousand models in one call; names stay where the kernel wrote them. */
enum { STEP_BYTES = 64 << 10 };

void listing_finish(struct listing *listing)
{
	array_finish(&listing->names);
	arena_finish(&listing->arena);
}

static void take_name(struct listing *listing, const struct dirent64 *found)
{
	struct str name = str_from(found->d_name);
	if (str_equal(name, STR(".")) || str_equal(name, STR("..")))
		return;
	*ARRAY_PUSH(&listing->names, struct listed) = (struct listed){ name, found->d_type };
}

bool listing_read(struct listing *listing, int folder_fd, struct error *err)
{
	arena_reset(&listing->arena);
	listing->names.element_bytes = sizeof(struct listed);
	array_clear(&listing->names);
	if (lseek(folder_fd, 0, SEEK_SET) < 0)
		return error_system(err, errno, "lseek");
	for (;;) {
		char *step = arena_try_room(&listing->arena, STEP_BYTES);
		if (!step)
			return error_system(err, ENOMEM, "reading the folder");
		ssize_t len = getdents64(folder_fd, step, STEP_BYTES);
		if (len < 0)
			return error_system(err, errno, "reading the folder");
		if (len == 0)
			return true;
		for (size_t at = 0; at < (size_t)len;) {
			const struct dirent64 *found = (const void *)(step + at);
			take_name(listing, found);
			at += found->d_reclen;
		}
		arena_trim(&listing->arena, step, (size_t)len);
	}
}
