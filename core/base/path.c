// SPDX-License-Identifier: MIT
#include "core/base/path.h"

#include <string.h>

#include "core/base/array.h"

struct str path_folder(struct str path)
{
	ptrdiff_t slash = str_rfind_byte(path, '/');
	return str_slice(path, 0, slash > 0 ? (size_t)slash : slash == 0 ? 1 : 0);
}

struct str path_join(struct arena *arena, struct str folder, struct str name)
{
	bool has_slash = folder.len == 0 || name.len == 0 || folder.ptr[folder.len - 1] == '/';
	size_t len = folder.len + (has_slash ? 0 : 1) + name.len;
	char *joined = arena_alloc(arena, len + 1); /* zeroed */
	if (folder.len > 0)
		memcpy(joined, folder.ptr, folder.len);
	if (!has_slash)
		joined[folder.len] = '/';
	if (name.len > 0)
		memcpy(joined + len - name.len, name.ptr, name.len);
	return (struct str){ joined, len };
}

struct str path_stem(struct str path)
{
	struct str name = str_after_last(path, '/');
	ptrdiff_t dot = str_rfind_byte(name, '.');
	return dot > 0 ? str_slice(name, 0, (size_t)dot) : name;
}

bool path_is_below(struct str path, struct str folder, struct str *rest)
{
	*rest = path;
	return str_cut_prefix(rest, folder) &&
	       (str_cut_prefix(rest, STR("/")) || str_has_suffix(folder, STR("/"))) &&
	       rest->len > 0;
}

static void append_parts(struct bytes *path, struct str rest)
{
	struct str part;
	while (str_next_part(&rest, '/', &part)) {
		if (part.len == 0 || str_equal(part, STR(".")))
			continue;
		if (str_equal(part, STR(".."))) {
			ptrdiff_t slash = str_rfind_byte(bytes_str(path), '/');
			path->len = slash > 0 ? (size_t)slash : 0;
			continue;
		}
		bytes_append_byte(path, '/');
		bytes_append_str(path, part);
	}
}

struct str path_of_link(struct str folder, struct str link, struct arena *arena)
{
	struct bytes path = { 0 };
	if (link.len == 0 || link.ptr[0] != '/')
		append_parts(&path, folder);
	append_parts(&path, link);
	struct str out = arena_str(arena, path.len > 0 ? bytes_str(&path) : STR("/"));
	bytes_finish(&path);
	return out;
}
