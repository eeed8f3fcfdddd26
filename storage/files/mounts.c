// SPDX-License-Identifier: MIT
#include "storage/files/mounts.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/sysmacros.h>

/* "8:1", the third field. */
static bool is_device(struct str text, dev_t device)
{
	struct str rest = text, number;
	uint64_t major_number, minor_number;
	return str_next_part(&rest, ':', &number) && str_to_u64(number, &major_number) &&
	       str_to_u64(rest, &minor_number) && major_number == major(device) &&
	       minor_number == minor(device);
}

bool mounts_read_line(struct str line, dev_t device, struct str *type)
{
	struct str rest = line, part;
	size_t n = 0;
	while (str_next_part(&rest, ' ', &part) && n++ < 2)
		;
	if (!part.ptr || !is_device(part, device))
		return false;
	/* Optional fields end with a dash. */
	while (str_next_part(&rest, ' ', &part))
		if (str_equal(part, STR("-")))
			return str_next_part(&rest, ' ', type);
	return false;
}

enum fuse_disk mounts_fuse_disk_of(struct str type)
{
	if (str_equal(type, STR("fuseblk")))
		return FUSE_WINDOWS_DISK;
	if (!str_cut_prefix(&type, STR("fuse.")))
		return FUSE_NO_DISK;
	return str_find(type, STR("fat")) >= 0    ? FUSE_FAT_DISK
	       : str_find(type, STR("ntfs")) >= 0 ? FUSE_WINDOWS_DISK
						  : FUSE_NO_DISK;
}

enum fuse_disk mounts_fuse_disk(dev_t device)
{
	FILE *file = fopen("/proc/self/mountinfo", "re");
	char *line = NULL;
	size_t cap = 0;
	ssize_t len;
	enum fuse_disk disk = FUSE_NO_DISK;
	while (file && disk == FUSE_NO_DISK && (len = getline(&line, &cap, file)) > 0) {
		struct str type;
		if (mounts_read_line(str_trim((struct str){ line, (size_t)len }), device, &type))
			disk = mounts_fuse_disk_of(type);
	}
	free(line);
	if (file)
		fclose(file);
	return disk;
}
