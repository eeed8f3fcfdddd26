// SPDX-License-Identifier: MIT
#include "storage/scan/named.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/formats/sidecar.h"
#include "storage/scan/companions.h"
#include "storage/scan/hub.h"
#include "storage/scan/names.h"

/** Is there a file of that name beside the model? */
static bool is_beside(struct str path, const char *name, struct arena *arena)
{
	size_t folder_len = (size_t)(name_of_path(path).ptr - path.ptr);
	struct stat st;
	return stat(arena_printf(arena, "%.*s%s", (int)folder_len, path.ptr, name), &st) == 0;
}

/** A downloader's own file beside it: asked for by name, since a folder may hold thousands. */
static bool has_download_beside(struct str path, struct arena *arena)
{
	for (size_t i = 0; download_suffixes[i]; i++)
		if (is_beside(path,
			      arena_printf(arena, "%s%s", name_of_path(path).ptr,
					   download_suffixes[i]),
			      arena))
			return true;
	return false;
}

/** The picture that shows the model: asked for by name as well. */
static struct str find_preview(struct str path, struct str file, struct arena *arena)
{
	struct str name;
	for (size_t i = 0; (name = companion_preview_name(file, i, arena)).ptr; i++)
		if (is_beside(path, name.ptr, arena))
			break;
	return name;
}

/** The sidecars that exist, and one picture. */
static void find_sidecars(struct candidate *candidate, struct arena *arena)
{
	size_t n = 0;
	while (sidecar_suffixes[n])
		n++;
	struct str file = candidate_file_name(candidate, arena);
	struct str *found = ARENA_NEW_N(arena, struct str, n + 1);
	for (size_t i = 0; i < n; i++) {
		struct str name = companion_sidecar_name(file, i, arena);
		if (name.ptr && is_beside(candidate->path, name.ptr, arena))
			found[candidate->n_companions++] = name;
	}
	struct str preview = find_preview(candidate->path, file, arena);
	if (preview.ptr)
		found[candidate->n_companions++] = preview;
	candidate->companions = found;
}

/** A link to a folder that holds the link: following it never ends. */
static bool is_loop(const char *path, struct arena *arena)
{
	char target[PATH_MAX], folder[PATH_MAX];
	size_t folder_len = (size_t)(name_of_path(str_from(path)).ptr - path);
	struct str above = { path, folder_len };
	if (!realpath(path, target) ||
	    !realpath(folder_len ? arena_cstr(arena, above) : ".", folder))
		return false;
	struct str inner = str_from(folder), outer = str_from(target);
	return str_cut_prefix(&inner, outer) && (inner.len == 0 || inner.ptr[0] == '/');
}

static enum candidate_type type_of(const char *path, struct stat *st, struct arena *arena)
{
	struct stat link;
	bool is_link = lstat(path, &link) == 0 && S_ISLNK(link.st_mode);
	*st = (struct stat){ 0 };
	if (stat(path, st) || S_ISREG(st->st_mode))
		return CANDIDATE_FILE;
	return is_link && S_ISDIR(st->st_mode) && is_loop(path, arena) ? CANDIDATE_LINK_OUT
								       : CANDIDATE_NOT_FILE;
}

/** "folder/" is named "folder". */
static struct str without_slashes(const char *path, struct arena *arena)
{
	struct str trimmed = str_from(path);
	while (trimmed.len > 1 && trimmed.ptr[trimmed.len - 1] == '/')
		trimmed.len--;
	return arena_str(arena, trimmed);
}

/** The bytes of a model under another name, as browsers write them. */
static bool is_download(struct str name)
{
	struct name_rules usual = { 0 };
	bool is_temporary = str_has_suffix(name, STR(".tmp"));
	return name_cut_download(&name) && (!is_temporary || name_is_model(&usual, name));
}

/** The path from the top of the disk, a link at its end left as it is. */
static struct str absolute(struct str path, bool is_folder, struct arena *arena)
{
	char real[PATH_MAX];
	struct str name = is_folder ? STR("") : name_of_path(path);
	struct str folder = str_slice(path, 0, path.len - name.len);
	if (!path.len || !realpath(folder.len ? arena_cstr(arena, folder) : ".", real))
		return path;
	return name.len ? arena_strf(arena, "%s/%.*s", real, STR_ARG(name))
			: arena_str(arena, str_from(real));
}

/** Whoever named the folder wants what its links lead to. */
static const char *follow_part(void *context, struct str path, struct stat *target)
{
	const char *folder = context;
	struct arena arena = { 0 };
	bool is_there = stat(arena_printf(&arena, "%s/%s", folder, path.ptr), target) == 0;
	arena_finish(&arena);
	return is_there ? NULL : PARTS_LINK_DEAD;
}

static void take_parts(struct candidate *candidate, enum candidate_type type,
		       const struct parts *parts, struct arena *arena)
{
	if (!parts->list.len && !parts->why_not)
		return;
	candidate->type = type;
	candidate->parts = parts_sorted(parts, arena);
	candidate->n_parts = parts->list.len;
	candidate->why_not = parts->why_not;
	candidate->state.size_bytes = parts->state.size_bytes;
	candidate->is_partial |= parts->is_partial;
}

/** Looks into an open folder: that of the model, or the one that holds a shard. */
static void look_into(struct candidate *candidate, int fd, const char *folder,
		      const struct shard_name *shard, struct arena *arena)
{
	struct listing listing = { 0 };
	struct parts parts;
	struct error err;
	parts_init(&parts, arena, follow_part, (void *)folder);
	/* What could be read of it is better than nothing. */
	bool is_whole = listing_read(&listing, fd, &err);
	enum folder_model model = shard ? FOLDER_NONE : folder_model_of(&listing);
	if (shard)
		parts_add_shards(&parts, fd, &listing, shard);
	else if (model != FOLDER_NONE)
		parts_add_folder(&parts, fd, &listing, model);
	if (!is_whole && !parts.why_not)
		parts.why_not = arena_printf(arena, "%s", err.text);
	if (shard || model != FOLDER_NONE)
		take_parts(candidate, shard ? CANDIDATE_SHARDS : CANDIDATE_FOLDER, &parts, arena);
	parts_finish(&parts);
	listing_finish(&listing);
}

/** A folder, a shard or an index stands for the whole; anything else stays what it is. */
static void find_parts(struct candidate *candidate, bool is_folder, struct arena *arena)
{
	const struct name_rules usual = { 0 };
	struct str name = name_of_path(candidate->path);
	struct shard_name shard;
	bool is_shard = candidate->type == CANDIDATE_FILE && shard_name_parse(name, &shard) &&
			name_is_model(&usual, shard_name_of_whole(&shard, arena));
	struct str above = str_slice(candidate->path, 0, candidate->path.len - name.len);
	const char *folder = is_folder   ? candidate->path.ptr
			     : above.len ? arena_cstr(arena, above)
					 : ".";
	if (candidate->type == CANDIDATE_LINK_OUT || (!is_folder && !is_shard))
		return;
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return;
	look_into(candidate, fd, folder, is_shard ? &shard : NULL, arena);
	close(fd);
}

static bool is_dead_link(const struct candidate *candidate)
{
	struct stat st;
	const char *path = candidate->path.ptr;
	return candidate->type == CANDIDATE_FILE && lstat(path, &st) == 0 && S_ISLNK(st.st_mode) &&
	       stat(path, &st) && (errno == ENOENT || errno == ELOOP);
}

/** What a walk would have seen of it. */
static struct candidate *candidate_of(const char *path, struct arena *arena)
{
	struct stat st;
	struct candidate *candidate = ARENA_NEW(arena, struct candidate);
	candidate->type = type_of(path, &st, arena);
	candidate->path = without_slashes(path, arena);
	bool is_folder = S_ISDIR(st.st_mode);
	find_parts(candidate, is_folder, arena);
	if (is_dead_link(candidate))
		candidate->type = CANDIDATE_LINK_DEAD;
	struct str whole = absolute(candidate->path, is_folder, arena);
	candidate_call(candidate, whole, is_folder, arena);
	candidate->is_awaited = candidate->n_parts && hub_is_fetching(whole);
	if (candidate->type == CANDIDATE_FILE)
		candidate->is_partial = has_download_beside(candidate->path, arena);
	if (candidate->type == CANDIDATE_FILE || candidate->n_parts)
		find_sidecars(candidate, arena);
	return candidate;
}

struct opened_target named_target(const char *path, struct arena *arena)
{
	const struct candidate *candidate = candidate_of(path, arena);
	return (struct opened_target){
		.folder_fd = AT_FDCWD,
		.reach = OPENED_ANYWHERE,
		.candidate = candidate,
		.only_count = candidate->type == CANDIDATE_FILE &&
			      is_download(name_of_path(candidate->path)),
	};
}
