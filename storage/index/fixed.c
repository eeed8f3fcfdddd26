// SPDX-License-Identifier: MIT
#include "storage/index/fixed.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/base/array.h"

bool fixed_folder(const char *folder)
{
	return faccessat(AT_FDCWD, folder, W_OK, AT_EACCESS) != 0 && errno != ENOENT;
}

const char *fixed_uri(const char *path, struct arena *arena)
{
	/* With two slashes before it, a path that begins with two is no name of a machine. */
	struct bytes uri = { 0 };
	bytes_append_str(&uri, path[0] == '/' ? STR("file://") : STR("file:"));
	for (const char *at = path; *at; at++) {
		if (strchr("%?#", *at))
			bytes_printf(&uri, "%%%02x", (unsigned)*at);
		else
			bytes_append_byte(&uri, *at);
	}
	bytes_append_str(&uri, STR("?immutable=1"));
	const char *copy = arena_cstr(arena, bytes_str(&uri));
	bytes_finish(&uri);
	return copy;
}
