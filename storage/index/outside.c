// SPDX-License-Identifier: MIT
#include "storage/index/outside.h"

#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/path.h"
#include "storage/library.h"

struct str outside_path(struct str path, struct arena *arena)
{
	char here[PATH_MAX];
	struct stat status;
	if (path.len == 0 || lstat(arena_cstr(arena, path), &status) != 0 ||
	    !getcwd(here, sizeof here))
		return STR_NULL;
	return path_of_link(str_from(here), path, arena);
}

static bool read_table(const struct row_reader *reader, const char *path, struct outside *out)
{
	struct str key;
	struct layouts *layouts = library_layouts_open(reader->knowledge, reader->readers);
	bool ok = library_layout_find(layouts, path, &key) &&
		  library_layout_read(layouts, key, &out->arena, &out->table);
	library_layouts_close(layouts);
	return ok;
}

void outside_read(const struct row_reader *reader, struct str path, struct outside *out)
{
	*out = (struct outside){ 0 };
	const char *terminated = arena_cstr(&out->arena, path);
	struct inspector *inspector = library_inspector_create(reader->knowledge, reader->readers);
	library_inspect(inspector, &terminated, 1, &out->arena, &out->model);
	library_inspector_destroy(inspector);
	out->has_table = out->model.status == STATUS_OK && read_table(reader, terminated, out);
}

void outside_finish(struct outside *outside)
{
	arena_finish(&outside->arena);
}
