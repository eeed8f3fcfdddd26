// SPDX-License-Identifier: MIT
/**
 * Infos of a trash: any bytes are read or refused; a path that is read is absolute, lies below the top
 * that it is relative to, and climbs nowhere.
 */
#include <stdlib.h>

#include "core/base/path.h"
#include "storage/files/trash_list.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct str old, struct str top)
{
	struct str rest = old, part;
	if (!str_cut_prefix(&rest, STR("/")) || str_find_byte(old, '\0') >= 0 ||
	    (top.len > 0 && !path_is_below(old, top, &part)))
		abort();
	while (str_next_part(&rest, '/', &part))
		if (part.len == 0 || str_equal(part, STR(".")) || str_equal(part, STR("..")))
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct str tops[] = { STR(""), STR("/"), STR("/mnt/disk") };
	struct arena arena = { 0 };
	struct trash_info info;
	for (size_t i = 0; i < sizeof tops / sizeof *tops; i++)
		if (trash_info_read((struct str){ (const char *)data, size }, tops[i], &arena,
				    &info))
			check(info.old, tops[i]);
	arena_finish(&arena);
	return 0;
}
