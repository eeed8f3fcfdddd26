// SPDX-License-Identifier: MIT
#include "storage/scan/scope.h"

struct str scope_above(struct str path)
{
	ptrdiff_t slash = str_rfind_byte(path, '/');
	return slash < 0 ? STR("") : str_slice(path, 0, (size_t)slash);
}

bool scope_is_whole(struct scope scope)
{
	/* The root sorts before all that is in it. */
	return scope.n == 0 || (scope.parts[0].folder.len == 0 && scope.parts[0].is_deep);
}

const struct scan_part *scope_find(struct scope scope, struct str folder)
{
	size_t from = 0, to = scope.n;
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		int order = str_compare(scope.parts[middle].folder, folder);
		if (order == 0)
			return &scope.parts[middle];
		if (order < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return NULL;
}

bool scope_is_deep(struct scope scope, struct str folder)
{
	if (scope_is_whole(scope))
		return true;
	for (; folder.len; folder = scope_above(folder)) {
		const struct scan_part *part = scope_find(scope, folder);
		if (part && part->is_deep)
			return true;
	}
	return false;
}

bool scope_has(struct scope scope, struct str path)
{
	return scope_is_deep(scope, path) || scope_find(scope, path) ||
	       scope_find(scope, scope_above(path));
}
