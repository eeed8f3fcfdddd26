// SPDX-License-Identifier: MIT
#include "tests/support/memory_folder.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/array.h"

void memory_folder_finish(struct memory_folder *folder)
{
	arena_finish(&folder->arena);
}

static int compare(const void *a, const void *b)
{
	const struct folder_file *left = a, *right = b;
	return str_compare(left->path, right->path);
}

void memory_folder_add(struct memory_folder *folder, const char *path, struct str bytes)
{
	size_t n = folder->folder.n_files;
	if (n == MEMORY_FOLDER_MAX)
		abort();
	struct str copy = arena_str(&folder->arena, bytes);
	folder->files[n] = (struct folder_file){
		.path = arena_str(&folder->arena, str_from(path)),
		.blob = blob_from_memory(copy.ptr, copy.len),
	};
	qsort(folder->files, n + 1, sizeof folder->files[0], compare);
	folder->folder = (struct folder){ folder->files, n + 1 };
}

void memory_folder_text(struct memory_folder *folder, const char *path, const char *text)
{
	memory_folder_add(folder, path, str_from(text));
}

static uint64_t elements_of(struct str shape)
{
	struct str dimension;
	uint64_t n = 1, size;
	while (str_next_part(&shape, ',', &dimension))
		if (str_to_u64(dimension, &size))
			n *= size;
	return n;
}

void memory_folder_tensors(struct memory_folder *folder, const char *path, const char *tensors)
{
	struct bytes header = { 0 }, file = { 0 };
	struct str rest = str_from(tensors), one;
	uint64_t end = 0;
	bytes_append_byte(&header, '{');
	while (str_next_part(&rest, ';', &one)) {
		one = str_trim(one);
		ptrdiff_t space = str_rfind_byte(one, ' ');
		struct str name = str_slice(one, 0, (size_t)space);
		struct str shape = str_slice(one, (size_t)space + 2, one.len - 1);
		uint64_t begin = end;
		end += 2 * elements_of(shape);
		bytes_printf(&header,
			     "%s\"%.*s\":{\"dtype\":\"F16\",\"shape\":[%.*s],"
			     "\"data_offsets\":[%llu,%llu]}",
			     begin ? "," : "", STR_ARG(name), STR_ARG(shape),
			     (unsigned long long)begin, (unsigned long long)end);
	}
	bytes_append_byte(&header, '}');
	for (int shift = 0; shift < 64; shift += 8)
		bytes_append_byte(&file, (char)((uint64_t)header.len >> shift));
	bytes_append_str(&file, bytes_str(&header));
	for (uint64_t i = 0; i < end; i++)
		bytes_append_byte(&file, 0);
	memory_folder_add(folder, path, bytes_str(&file));
	bytes_finish(&header);
	bytes_finish(&file);
}
