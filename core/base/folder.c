// SPDX-License-Identifier: MIT
#include "core/base/folder.h"

const struct folder_file *folder_find(const struct folder *folder, struct str path)
{
	size_t low = 0, high = folder->n_files;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = str_compare(folder->files[middle].path, path);
		if (order == 0)
			return &folder->files[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}
