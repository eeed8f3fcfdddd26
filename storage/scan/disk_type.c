// SPDX-License-Identifier: MIT
#include "storage/scan/disk_type.h"

#include <stddef.h>

/* Another machine, or a program behind the file system, may change them without a word. From
   <linux/magic.h> and the file systems' own sources. */
static const uint32_t silent_types[] = {
	0x6969,                             /* NFS */
	0x65735546,                         /* FUSE */
	0x517b,     0xff534d42, 0xfe534d42, /* SMB, CIFS, SMB2 */
	0x01021997,                         /* 9p */
	0x786f4256,                         /* VirtualBox folders */
	0x5346414f,                         /* AFS */
	0x00c36400,                         /* Ceph */
};

bool disk_tells_changes(uint32_t type)
{
	for (size_t i = 0; i < sizeof silent_types / sizeof *silent_types; i++)
		if (silent_types[i] == type)
			return false;
	return true;
}
