// SPDX-License-Identifier: MIT
#include "storage/files/mounts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/sysmacros.h>
#include <cmocka.h>

static void a_line_tells_the_type_of_its_device(void **state)
{
	(void)state;
	struct str type;
	struct str line =
		STR("36 35 98:0 /mnt1 /mnt/par\\040ent rw,noatime master:1 - fuseblk /dev/sdb1 rw");
	assert_true(mounts_read_line(line, makedev(98, 0), &type));
	assert_true(str_equal(type, STR("fuseblk")));
	assert_false(mounts_read_line(line, makedev(98, 1), &type));
	assert_false(mounts_read_line(line, makedev(9, 80), &type));
	assert_true(
		mounts_read_line(STR("1 2 0:5 / /x rw - tmpfs tmpfs rw"), makedev(0, 5), &type));
	assert_true(str_equal(type, STR("tmpfs")));
}

static void what_is_no_such_line_tells_nothing(void **state)
{
	(void)state;
	static const char *const lines[] = {
		"",
		" ",
		"1",
		"1 2",
		"1 2 0:5",
		"1 2 0:5 / /x rw",
		"1 2 0:5 / /x rw -",
		"1 2 0 / /x rw - tmpfs a b",
		"1 2 :5 / /x - t",
		"1 2 0: / /x - t",
		"1 2 x:5 / /x - t",
	};
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct str type;
		assert_false(mounts_read_line(str_from(lines[i]), makedev(0, 5), &type));
	}
}

static void this_machine_can_be_asked(void **state)
{
	(void)state;
	assert_int_equal(mounts_fuse_disk(makedev(0, 0)), FUSE_NO_DISK);
}

static void programs_that_open_disks_of_windows_are_known(void **state)
{
	static const struct {
		const char *type;
		enum fuse_disk disk;
	} cases[] = {
		{ "fuseblk", FUSE_WINDOWS_DISK },  { "fuse.ntfs-3g", FUSE_WINDOWS_DISK },
		{ "fuse.fusefat", FUSE_FAT_DISK }, { "fuse.exfat", FUSE_FAT_DISK },
		{ "fuse.sshfs", FUSE_NO_DISK },    { "fuse", FUSE_NO_DISK },
		{ "vfat", FUSE_NO_DISK },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(mounts_fuse_disk_of(str_from(cases[i].type)), cases[i].disk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_tells_the_type_of_its_device),
		cmocka_unit_test(what_is_no_such_line_tells_nothing),
		cmocka_unit_test(this_machine_can_be_asked),
		cmocka_unit_test(programs_that_open_disks_of_windows_are_known),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
