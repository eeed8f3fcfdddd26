// SPDX-License-Identifier: MIT
#include "core/base/path.h"

struct str path_folder(struct str path)
{
	ptrdiff_t slash = str_rfind_byte(path, '/');
	return str_slice(path, 0, slash > 0 ? (size_t)slash : slash == 0 ? 1 : 0);
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
