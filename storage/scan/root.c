// SPDX-License-Identifier: MIT
#include "storage/scan/root.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "storage/scan/beneath.h"
#include "storage/scan/disk_type.h"
#include "storage/scan/listing.h"
#include "storage/scan/states.h"

enum { FILES_TO_TRY = 64 };

/* Inodes made up on the fly, or ids that change with every mount. From <linux/magic.h> and the
   file systems' own sources. */
static const uint32_t unstable_types[] = {
	0x6969,                             /* NFS */
	0x65735546,                         /* FUSE: sshfs, rclone, mergerfs, ntfs-3g */
	0x4d44,                             /* vfat */
	0x2011bab0,                         /* exfat */
	0x517b,     0xff534d42, 0xfe534d42, /* SMB, CIFS, SMB2 */
	0x01021997,                         /* 9p */
	0x786f4256,                         /* VirtualBox folders */
};

/* f_fsid comes from what is written on the disk; elsewhere from device numbers, or is random. */
static const uint32_t types_with_id[] = {
	0xef53,     /* ext2, ext3, ext4 */
	0x9123683e, /* btrfs */
	0x2fc12fc1, /* ZFS */
};

static bool is_one_of(const uint32_t *list, size_t n, uint32_t type)
{
	for (size_t i = 0; i < n; i++)
		if (list[i] == type)
			return true;
	return false;
}

#define IS_ONE_OF(list, type) is_one_of((list), sizeof(list) / sizeof *(list), (type))

/** "TYPE:ID:INODE" in hexadecimal; 0 for what is not stable. */
static struct str make_fingerprint(const struct statfs *disk, uint64_t inode, struct arena *arena)
{
	uint32_t type = (uint32_t)disk->f_type;
	uint64_t id = 0;
	if (IS_ONE_OF(types_with_id, type) && sizeof disk->f_fsid == sizeof id)
		memcpy(&id, &disk->f_fsid, sizeof id);
	if (IS_ONE_OF(unstable_types, type))
		inode = 0;
	return arena_strf(arena, "%" PRIx32 ":%" PRIx64 ":%" PRIx64, type, id, inode);
}

/** The part of a fingerprint that names the disk. */
static struct str disk_of(struct str fingerprint)
{
	ptrdiff_t colon = str_rfind_byte(fingerprint, ':');
	return str_slice(fingerprint, 0, colon < 0 ? 0 : (size_t)colon);
}

/** Is one of the first known files still there as it was? */
static bool has_known_file(int fd, const struct scan_root *known)
{
	for (size_t i = 0; i < known->n_known && i < FILES_TO_TRY; i++) {
		struct arena arena = { 0 };
		struct stat st;
		const struct file_state *before = &known->known[i].state;
		bool is_there = fstatat(fd, arena_cstr(&arena, known->known[i].path), &st, 0) == 0;
		arena_finish(&arena);
		struct file_state now = is_there ? state_of(&st) : (struct file_state){ 0 };
		if (is_there && now.size_bytes == before->size_bytes &&
		    now.mtime_ns == before->mtime_ns)
			return true;
	}
	return false;
}

static bool had_files(const struct scan_root *known)
{
	for (size_t i = 0; i < known->n_known; i++)
		if (!known->known[i].is_missing)
			return true;
	return false;
}

static bool check_same(const struct root *root, const struct scan_root *known, struct error *err)
{
	if (known->fingerprint.len == 0 || str_equal(root->fingerprint, known->fingerprint))
		return true;
	if (!str_equal(disk_of(root->fingerprint), disk_of(known->fingerprint)))
		return error_set(err, ERROR_OFFLINE, NULL, "another disk is mounted there");
	if (had_files(known) && !has_known_file(root->fd, known))
		return error_set(err, ERROR_OFFLINE, NULL, "it is another folder of that name");
	return true;
}

static bool check_not_emptied(const struct root *root, const struct scan_root *known,
			      struct error *err)
{
	if (!had_files(known))
		return true;
	struct listing listing = { 0 };
	bool is_read = listing_read(&listing, root->fd, err);
	bool is_empty = listing.names.len == 0;
	listing_finish(&listing);
	if (!is_read) {
		err->code = ERROR_OFFLINE;
		return false;
	}
	return !is_empty || error_set(err, ERROR_OFFLINE, NULL, "the folder is empty");
}

/** Links on the way to a root are the user's word and are followed. */
static int open_folder(const char *path)
{
	return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
}

bool root_open(struct root *out, const struct scan_root *known, bool accepted, struct arena *arena,
	       struct error *err)
{
	const char *path = arena_cstr(arena, known->path);
	*out = (struct root){ .fd = open_folder(path), .fingerprint = known->fingerprint };
	char real[PATH_MAX];
	struct statfs disk;
	struct stat st;
	if (out->fd < 0 || fstatfs(out->fd, &disk) || fstat(out->fd, &st) ||
	    !realpath(path, real)) {
		error_system(err, errno, "it cannot be opened");
		err->code = ERROR_OFFLINE;
		return false;
	}
	out->real = arena_str(arena, str_from(real));
	out->stable_inodes = !IS_ONE_OF(unstable_types, (uint32_t)disk.f_type);
	out->has_events = disk_tells_changes((uint32_t)disk.f_type);
	out->fingerprint = make_fingerprint(&disk, st.st_ino, arena);
	if (accepted || (check_same(out, known, err) && check_not_emptied(out, known, err)))
		return true;
	out->fingerprint = known->fingerprint;
	return false;
}

void root_close(struct root *root)
{
	if (root->fd >= 0)
		close(root->fd);
	root->fd = -1;
}
