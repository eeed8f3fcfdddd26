// SPDX-License-Identifier: MIT
#include "storage/files/pack_files.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/member.h"

/* As the scan sees a folder: its own files, sorted; what a link leads to is looked at when it is read. */
static int compare_names(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static void add(const struct pack *pack, struct str path, struct str member, struct array *files)
{
	*ARRAY_PUSH(files, struct pack_file) =
		(struct pack_file){ arena_str(pack->arena, path),
				    member_name(member, pack->arena) };
}

static bool add_entry(const struct pack *pack, const struct pack_source *source,
		      const FTSENT *entry, struct array *files, struct error *err)
{
	struct str path = { entry->fts_path, entry->fts_pathlen };
	struct str below = str_slice(path, source->path.len, path.len);
	if (entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR || entry->fts_info == FTS_NS)
		return error_system(err, entry->fts_errno, "%s", entry->fts_path);
	if (entry->fts_level >= (int)MEMBER_DEPTH_MAX || files->len >= MANIFEST_FILES_MAX)
		return error_set(err, ERROR_LIMIT, NULL, "%s: too deep, or too many files to pack",
				 entry->fts_path);
	if ((entry->fts_info != FTS_F && entry->fts_info != FTS_SL) || !manifest_may_hold(path))
		return true;
	struct arena scratch = { 0 };
	add(pack, path, arena_strf(&scratch, "%.*s%.*s", STR_ARG(source->member), STR_ARG(below)),
	    files);
	arena_finish(&scratch);
	return true;
}

static bool add_source(const struct pack *pack, const struct pack_source *source,
		       struct array *files, struct error *err)
{
	struct arena scratch = { 0 };
	char *paths[] = { arena_cstr(&scratch, source->path), NULL };
	FTS *walk = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, compare_names);
	bool ok = walk || error_system(err, errno, "%s", paths[0]);
	while (ok) {
		errno = 0;
		const FTSENT *entry = fts_read(walk);
		if (!entry)
			break;
		ok = add_entry(pack, source, entry, files, err);
	}
	if (ok && errno != 0)
		ok = error_system(err, errno, "%s", paths[0]);
	if (walk)
		fts_close(walk);
	arena_finish(&scratch);
	return ok;
}

bool pack_files_list(const struct pack *pack, struct array *files, struct error *err)
{
	for (size_t i = 0; i < pack->n_sources; i++)
		if (!add_source(pack, &pack->sources[i], files, err))
			return false;
	return true;
}

/* Folders above a root may have become links since it was added. */
static bool is_inside(const struct pack *pack, struct str path, struct arena *scratch)
{
	bool is_found = false;
	for (size_t i = 0; !is_found && i < pack->n_roots; i++) {
		char *root = realpath(arena_cstr(scratch, pack->roots[i]), NULL);
		struct str rest = path;
		is_found = root && str_cut_prefix(&rest, str_from(root)) &&
			   (str_equal(str_from(root), STR("/")) || str_has_prefix(rest, STR("/")));
		free(root);
	}
	return is_found;
}

int pack_file_open(const struct pack *pack, const struct pack_file *file, struct stat *state,
		   struct error *err)
{
	struct arena scratch = { 0 };
	char *real = realpath(arena_cstr(&scratch, file->path), NULL);
	int fd = -1;
	if (!real)
		error_system(err, errno, "%.*s", STR_ARG(file->path));
	else if (!is_inside(pack, str_from(real), &scratch))
		error_set(err, ERROR_UNSUPPORTED, NULL, "%.*s: this link leads out of the roots",
			  STR_ARG(file->path));
	else if ((fd = open(real, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)) < 0)
		error_system(err, errno, "%.*s", STR_ARG(file->path));
	if (fd >= 0 && (fstat(fd, state) != 0 || !S_ISREG(state->st_mode))) {
		error_set(err, ERROR_UNSUPPORTED, NULL, "%.*s: it is no file", STR_ARG(file->path));
		close(fd);
		fd = -1;
	}
	free(real);
	arena_finish(&scratch);
	return fd;
}
