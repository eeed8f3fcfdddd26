// SPDX-License-Identifier: MIT
#include "core/base/folder.h"

/** Index of the first file whose path is not before `path`. */
static size_t lower_bound(const struct folder *folder, struct str path)
{
	size_t low = 0, high = folder->n_files;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (str_compare(folder->files[middle].path, path) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct folder_file *folder_find(const struct folder *folder, struct str path)
{
	size_t i = lower_bound(folder, path);
	bool is_there = i < folder->n_files && str_equal(folder->files[i].path, path);
	return is_there ? &folder->files[i] : NULL;
}

struct folder folder_below(const struct folder *folder, struct str prefix)
{
	size_t first = lower_bound(folder, prefix), n = 0;
	while (first + n < folder->n_files && str_has_prefix(folder->files[first + n].path, prefix))
		n++;
	return (struct folder){ n ? &folder->files[first] : NULL, n };
}
