// SPDX-License-Identifier: MIT
#include "storage/scan/parts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/folder.h"
#include "core/formats/weights.h"
#include "storage/scan/names.h"
#include "storage/scan/states.h"

static bool lists(const struct listing *listing, struct str name)
{
	for (size_t i = 0; i < listing->names.len; i++)
		if (str_equal(ARRAY_AT(&listing->names, struct listed, i)->name, name))
			return true;
	return false;
}

static bool lists_usual_weights(const struct listing *listing)
{
	for (size_t i = 0; i < listing->names.len; i++)
		if (weights_is_usual(ARRAY_AT(&listing->names, struct listed, i)->name))
			return true;
	return false;
}

enum folder_model folder_model_of(const struct listing *listing)
{
	if (lists(listing, STR("model_index.json")))
		return FOLDER_PIPELINE;
	bool is_component = lists(listing, STR("config.json")) && lists_usual_weights(listing);
	return is_component ? FOLDER_COMPONENT : FOLDER_NONE;
}

bool folder_model_owns(enum folder_model folder, struct str name)
{
	switch (folder) {
	case FOLDER_NONE: return false;
	case FOLDER_PIPELINE: return weights_is_configuration(name);
	case FOLDER_COMPONENT: return weights_is_configuration(name) || weights_is_usual(name);
	}
	return false;
}

void parts_init(struct parts *parts, struct arena *arena, part_follow_fn follow, void *context)
{
	*parts = (struct parts){
		.arena = arena,
		.follow = follow,
		.context = context,
		.list = ARRAY_OF(struct part),
		.others = ARRAY_OF(struct str),
	};
}

void parts_finish(struct parts *parts)
{
	array_finish(&parts->list);
	array_finish(&parts->others);
}

static void join_state(struct parts *parts, struct str path, const struct file_state *state)
{
	struct file_state *all = &parts->state;
	all->size_bytes += state->size_bytes;
	if (state->mtime_ns > all->mtime_ns)
		all->mtime_ns = state->mtime_ns;
	if (state->ctime_ns > all->ctime_ns)
		all->ctime_ns = state->ctime_ns;
	parts->words += state_word(path, state);
}

static void fail(struct parts *parts, struct str path, const char *why)
{
	if (!parts->why_not)
		parts->why_not = arena_printf(parts->arena, "%.*s: %s", STR_ARG(path), why);
}

/** Without a word where there is no such thing any more: the listing is a moment old. */
static void fail_system(struct parts *parts, struct str path, int sys_errno)
{
	if (sys_errno == ENOENT)
		return;
	fail(parts, path, strerrordesc_np(sys_errno));
	if (!parts->sys_errno)
		parts->sys_errno = sys_errno;
}

/** Stats a name, and what it leads to where it is a link; false when there is nothing. */
static bool look_at(struct parts *parts, int folder_fd, struct str path, struct str name,
		    struct stat *st, struct part *out)
{
	*out = (struct part){ .path = path };
	if (fstatat(folder_fd, name.ptr, st, AT_SYMLINK_NOFOLLOW)) {
		fail_system(parts, path, errno);
		return false;
	}
	out->is_link = S_ISLNK(st->st_mode);
	if (out->is_link)
		out->why_not = parts->follow(parts->context, path, st);
	out->inode = st->st_ino;
	return true;
}

static void add_path(struct parts *parts, int folder_fd, struct str path, struct str name,
		     bool is_through_link)
{
	struct stat st;
	struct part part;
	if (!look_at(parts, folder_fd, path, name, &st, &part) ||
	    (!part.why_not && !S_ISREG(st.st_mode)))
		return;
	if (parts->list.len == FOLDER_FILES_MAX) {
		fail(parts, path, "the folder has more than 10000 files");
		return;
	}
	struct file_state state = { .inode = part.inode };
	if (!part.why_not)
		state = state_of(&st);
	join_state(parts, path, &state);
	part.is_link |= is_through_link;
	*ARRAY_PUSH(&parts->list, struct part) = part;
}

/** A file of the folder itself. */
static void add_name(struct parts *parts, int folder_fd, struct str name)
{
	add_path(parts, folder_fd, arena_str(parts->arena, name), name, false);
}

/* Components. */

static bool is_of_component(struct str name)
{
	return weights_is_name(name) || weights_is_configuration(name);
}

/** A folder of its own is none: only what the libraries would look into. */
static bool is_component(const struct listing *listing)
{
	for (size_t i = 0; i < listing->names.len; i++)
		if (weights_is_configuration(ARRAY_AT(&listing->names, struct listed, i)->name))
			return true;
	return lists_usual_weights(listing);
}

static void add_listed(struct parts *parts, int fd, const struct listing *listing,
		       struct str prefix, bool is_link)
{
	for (size_t i = 0; i < listing->names.len; i++) {
		struct str name = ARRAY_AT(&listing->names, struct listed, i)->name, model = name;
		parts->is_partial |= name_cut_download(&model) && weights_is_name(model);
		if (is_of_component(name))
			add_path(parts, fd,
				 arena_strf(parts->arena, "%.*s%s", STR_ARG(prefix), name.ptr),
				 name, is_link);
	}
}

/** Opens a component's folder as it was looked at: a link may be turned elsewhere meanwhile. */
static int open_component(struct parts *parts, int folder_fd, const struct part *folder,
			  const struct stat *st)
{
	int fd = openat(folder_fd, folder->path.ptr,
			O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY |
				(folder->is_link ? 0 : O_NOFOLLOW));
	struct stat now;
	if (fd >= 0 && fstat(fd, &now) == 0 && now.st_ino == st->st_ino && now.st_dev == st->st_dev)
		return fd;
	fail_system(parts, folder->path, fd < 0 ? errno : EAGAIN);
	if (fd >= 0)
		close(fd);
	return -1;
}

static void add_open_component(struct parts *parts, int fd, struct str name, bool is_link)
{
	struct listing listing = { 0 };
	struct error err;
	if (!listing_read(&listing, fd, &err))
		fail_system(parts, name, err.sys);
	if (is_component(&listing))
		add_listed(parts, fd, &listing, arena_strf(parts->arena, "%s/", name.ptr), is_link);
	else if (!is_link)
		*ARRAY_PUSH(&parts->others, struct str) = name;
	listing_finish(&listing);
}

static void add_component(struct parts *parts, int folder_fd, struct str name)
{
	struct stat st;
	struct part folder;
	if (!look_at(parts, folder_fd, name, name, &st, &folder))
		return;
	if (folder.why_not) {
		/* A file's link matters only where the file is a part. */
		if (fstatat(folder_fd, name.ptr, &st, 0) == 0 && S_ISDIR(st.st_mode))
			fail(parts, name, folder.why_not);
		return;
	}
	int fd = S_ISDIR(st.st_mode) ? open_component(parts, folder_fd, &folder, &st) : -1;
	if (fd < 0)
		return;
	add_open_component(parts, fd, name, folder.is_link);
	close(fd);
}

/** Hidden folders are no components; they are walked as any other. */
static void take_subfolder(struct parts *parts, int folder_fd, const struct listed *listed)
{
	if (listed->name.ptr[0] != '.')
		add_component(parts, folder_fd, listed->name);
	else if (listed->type == DT_DIR)
		*ARRAY_PUSH(&parts->others, struct str) = listed->name;
}

void parts_add_folder(struct parts *parts, int folder_fd, const struct listing *listing,
		      enum folder_model folder)
{
	for (size_t i = 0; i < listing->names.len; i++) {
		const struct listed *listed = ARRAY_AT(&listing->names, struct listed, i);
		if (listed->type != DT_DIR && folder_model_owns(folder, listed->name))
			add_name(parts, folder_fd, listed->name);
		else if (listed->type != DT_REG && folder == FOLDER_PIPELINE)
			take_subfolder(parts, folder_fd, listed);
	}
}

static bool is_of_set(struct str name, const struct shard_name *shard)
{
	struct shard_name other;
	return shard_name_parse(name, &other) && shard_name_is_same_set(&other, shard);
}

void parts_add_shards(struct parts *parts, int folder_fd, const struct listing *listing,
		      const struct shard_name *shard)
{
	for (size_t i = 0; i < listing->names.len; i++) {
		struct str name = ARRAY_AT(&listing->names, struct listed, i)->name, model = name;
		parts->is_partial |= name_cut_download(&model) && is_of_set(model, shard);
		if (is_of_set(name, shard))
			add_name(parts, folder_fd, name);
	}
}

static int compare_parts(const void *a, const void *b)
{
	const struct part *left = a, *right = b;
	return str_compare(left->path, right->path);
}

const struct part *parts_sorted(const struct parts *parts, struct arena *arena)
{
	struct part *list = array_to_arena(&parts->list, arena);
	if (list)
		qsort(list, parts->list.len, sizeof *list, compare_parts);
	return list;
}
