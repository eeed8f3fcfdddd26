// SPDX-License-Identifier: MIT
#include "storage/files/target.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "core/base/path.h"
#include "storage/files/mounts.h"

/* File systems that fold case, and know names that cannot be; by statfs(2). */
#define MAGIC_MSDOS 0x4d44
#define MAGIC_EXFAT 0x2011bab0
#define MAGIC_NTFS 0x5346544e
#define MAGIC_NTFS3 0x7366746e
#define MAGIC_CIFS 0xff534d42
#define MAGIC_SMB2 0xfe534d42
#define MAGIC_FUSE 0x65735546

static bool is_of_windows(unsigned long magic)
{
	return magic == MAGIC_MSDOS || magic == MAGIC_EXFAT || magic == MAGIC_NTFS ||
	       magic == MAGIC_NTFS3 || magic == MAGIC_CIFS || magic == MAGIC_SMB2;
}

static void look_at_disk(struct target *target, const char *path)
{
	struct statfs disk;
	target->has_links = true;
	if (statfs(path, &disk) != 0)
		return;
	unsigned long magic = (unsigned long)disk.f_type & 0xffffffff;
	enum fuse_disk fuse = magic == MAGIC_FUSE ? mounts_fuse_disk(target->device) : FUSE_NO_DISK;
	target->is_windows = is_of_windows(magic) || fuse != FUSE_NO_DISK;
	target->folds_case = target->is_windows;
	target->has_links = magic != MAGIC_MSDOS && magic != MAGIC_EXFAT && fuse != FUSE_FAT_DISK;
	target->free_bytes = (uint64_t)disk.f_bavail * (uint64_t)disk.f_bsize;
}

/* ext4 and f2fs fold case folder by folder: ioctl_iflags(2). What is below one does as well. */
static bool is_marked_folding(const char *path)
{
	int flags = 0, fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return false;
	bool ok = ioctl(fd, FS_IOC_GETFLAGS, &flags) == 0;
	close(fd);
	return ok && flags & FS_CASEFOLD_FL;
}

static bool is_one_of(const struct str *roots, size_t n_roots, struct str path)
{
	while (n_roots > 0 && !str_equal(roots[n_roots - 1], path))
		n_roots--;
	return n_roots > 0;
}

void target_look(struct str path, const struct str *roots, size_t n_roots, struct arena *scratch,
		 struct target *target)
{
	struct stat state;
	target->is_there = true;
	for (;; path = path_folder(path), target->is_there = false) {
		bool is_root = is_one_of(roots, n_roots, path);
		const char *name = path_join(scratch, path, is_root ? STR(".") : STR("")).ptr;
		if (lstat(name, &state) == 0) {
			target->device = state.st_dev;
			target->sys = S_ISDIR(state.st_mode)   ? 0
				      : S_ISLNK(state.st_mode) ? ELOOP
							       : ENOTDIR;
			target->is_writable =
				faccessat(AT_FDCWD, name, W_OK | X_OK, AT_EACCESS) == 0;
			look_at_disk(target, name);
			target->folds_case |= is_marked_folding(name);
			return;
		}
		if (errno != ENOENT || path.len <= 1) {
			target->sys = errno;
			return;
		}
	}
}

/* Names that Windows has its own idea of. */
static bool is_reserved(struct str name)
{
	static const char words[] = "con prn aux nul com1 com2 com3 com4 com5 com6 com7 com8 com9 "
				    "lpt1 lpt2 lpt3 lpt4 lpt5 lpt6 lpt7 lpt8 lpt9";
	ptrdiff_t dot = str_find_byte(name, '.');
	char low[5] = "";
	size_t len = dot >= 0 ? (size_t)dot : name.len;
	if (len == 0 || len >= sizeof low)
		return false;
	for (size_t i = 0; i < len; i++)
		low[i] = name.ptr[i] >= 'A' && name.ptr[i] <= 'Z' ? (char)(name.ptr[i] + 32)
								  : name.ptr[i];
	return str_is_listed(words, (struct str){ low, len });
}

static bool can_be_on_windows(struct str name)
{
	char last = name.ptr[name.len - 1];
	for (size_t i = 0; i < name.len; i++)
		if ((unsigned char)name.ptr[i] < 0x20 || strchr("\\:*?\"<>|", name.ptr[i]))
			return false;
	return last != '.' && last != ' ' && !is_reserved(name);
}

/* Every component that would be made. */
const char *target_name_fault(const struct target *target, struct str path)
{
	struct str rest = path, part;
	if (path.len >= PATH_MAX)
		return "its path would be too long";
	while (str_next_part(&rest, '/', &part)) {
		if (part.len > NAME_MAX)
			return "its name would be too long";
		if (part.len > 0 && target->is_windows && !can_be_on_windows(part))
			return "the disk it would go to takes no such name";
	}
	return NULL;
}
