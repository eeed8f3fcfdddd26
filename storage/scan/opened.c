// SPDX-License-Identifier: MIT
#include "storage/scan/opened.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/formats/picture.h"
#include "core/formats/sidecar.h"
#include "storage/scan/beneath.h"
#include "storage/scan/companions.h"
#include "storage/scan/names.h"
#include "storage/scan/states.h"

enum { PREVIEW_PLACE = OPENED_SIDECARS_MAX - 1 };

/* Most headers and sidecars are no larger. */
enum { FRONT_BYTES = 64 << 10 };

static void fail(struct opened *opened, struct str code, struct str message)
{
	opened->unread = (struct note){ code, message };
}

void opened_ask_again(struct opened *opened)
{
	opened->state.ctime_ns = 0;
}

static void fail_io(struct opened *opened, int sys_errno, struct arena *arena)
{
	fail(opened, STR("E_IO"), arena_strf(arena, "cannot read: %s", strerrordesc_np(sys_errno)));
	/* Permissions show in the ctime; other reasons pass unseen, so it is read again next time. */
	if (sys_errno != EACCES && sys_errno != EPERM)
		opened_ask_again(opened);
}

static void fail_changed(struct opened *opened)
{
	fail(opened, STR("E_CHANGED"), STR("file changed while being read; will retry"));
}

static int open_path(const struct opened_target *target, const char *path, bool follows)
{
	if (target->reach == OPENED_BENEATH && !follows)
		return beneath_open(target->folder_fd, path, O_RDONLY);
	return openat(target->folder_fd, path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

/** A link was followed only as far as the walk looked: not to a file put there since. */
static bool is_as_walked(const struct opened_target *target, const struct file_state *state)
{
	return target->reach == OPENED_ANYWHERE || target->candidate->type != CANDIDATE_LINK ||
	       target->candidate->state.inode == state->inode;
}

/** A plain model: one file. */
static void take_file(struct opened *opened, int fd, struct arena *arena)
{
	struct folder_file *file = ARENA_NEW(arena, struct folder_file);
	struct file_state *state = ARENA_NEW(arena, struct file_state);
	*state = opened->state;
	*file = (struct folder_file){
		.path = opened->file_name,
		.blob = blob_from_fd(fd, opened->state.size_bytes),
	};
	opened->files = (struct folder){ file, 1 };
	opened->states = state;
}

/** Is what was opened what is to be read? Else `unread` says why not. */
static bool look_at(struct opened *opened, const struct opened_target *target, int fd,
		    struct arena *arena)
{
	struct stat st;
	if (fstat(fd, &st)) {
		fail_io(opened, errno, arena);
		return false;
	}
	opened->state = state_of(&st);
	opened->size_bytes = opened->state.size_bytes;
	if (!S_ISREG(st.st_mode)) {
		fail(opened, STR("E_NOT_FILE"), STR("not a regular file"));
		return false;
	}
	opened->has_changed = !is_as_walked(target, &opened->state);
	if (opened->has_changed)
		fail_changed(opened);
	return !opened->has_changed;
}

static void open_file(struct opened *opened, const struct opened_target *target,
		      struct arena *arena)
{
	int fd = open_path(target, target->candidate->path.ptr,
			   target->candidate->type == CANDIDATE_LINK);
	if (fd < 0) {
		opened->is_gone = errno == ENOENT || errno == ENOTDIR;
		fail_io(opened, errno, arena);
		return;
	}
	opened->was_opened = true;
	if (look_at(opened, target, fd, arena))
		take_file(opened, fd, arena);
	else
		close(fd);
}

/** The bytes of a link are not those of what it leads to. */
static void fail_link(struct opened *opened, struct str code, struct str message)
{
	opened->size_bytes = 0;
	fail(opened, code, message);
}

/* Several files. */

/** Why that part cannot be read; NULL with its state: it can. */
static const char *look_at_part(struct opened *opened, const struct part *part, int fd,
				struct file_state *state)
{
	struct stat st;
	if (fd < 0 || fstat(fd, &st))
		return strerrordesc_np(errno);
	if (!S_ISREG(st.st_mode))
		return "not a regular file";
	*state = state_of(&st);
	opened->has_changed |= part->is_link && state->inode != part->inode;
	return NULL;
}

static void open_part(struct opened *opened, const struct opened_target *target,
		      const struct part *part, const char *path, struct folder_file *file,
		      struct file_state *state)
{
	*file = (struct folder_file){
		.path = part->path,
		.blob = blob_from_memory("", 0),
		.why_not = part->why_not,
	};
	/* That there is any Python is all that is asked. */
	if (file->why_not || str_has_suffix(part->path, STR(".py")))
		return;
	int fd = open_path(target, path, part->is_link);
	opened->is_gone |= fd < 0 && errno == ENOENT;
	file->why_not = look_at_part(opened, part, fd, state);
	if (!file->why_not)
		file->blob = blob_from_fd(fd, state->size_bytes);
	else if (fd >= 0)
		close(fd);
}

static struct str folder_of_parts(const struct candidate *candidate, struct arena *arena)
{
	struct str path = candidate->path;
	if (candidate->type == CANDIDATE_SHARDS)
		return str_slice(path, 0, path.len - name_of_path(path).len);
	return path.len ? arena_strf(arena, "%.*s/", STR_ARG(path)) : path;
}

static void open_parts(struct opened *opened, const struct opened_target *target,
		       struct arena *arena)
{
	const struct candidate *candidate = target->candidate;
	struct str folder = folder_of_parts(candidate, arena);
	size_t n = candidate->n_parts, n_open = 0;
	struct folder_file *files = ARENA_NEW_N(arena, struct folder_file, n);
	struct file_state *states = ARENA_NEW_N(arena, struct file_state, n);
	if (candidate->why_not) {
		fail(opened, STR("E_IO"), arena_strf(arena, "cannot read: %s", candidate->why_not));
		return;
	}
	for (size_t i = 0; i < n && n_open < OPENED_FILES_MAX; i++) {
		const struct part *part = &candidate->parts[i];
		open_part(opened, target, part,
			  arena_printf(arena, "%.*s%s", STR_ARG(folder), part->path.ptr), &files[i],
			  &states[i]);
		n_open += !files[i].blob.memory;
		opened->files.n_files = i + 1;
	}
	opened->files.files = files;
	opened->states = states;
	opened->was_opened = n_open > 0;
	opened->is_gone &= !n_open;
	if (opened->files.n_files < n)
		fail(opened, STR("E_IO"),
		     arena_strf(arena,
				"cannot read: %zu files, more than the %u that can "
				"be open at once",
				n, OPENED_FILES_MAX));
	if (opened->has_changed)
		fail_changed(opened);
}

static void open_model(struct opened *opened, const struct opened_target *target,
		       struct arena *arena)
{
	switch (target->candidate->type) {
	case CANDIDATE_FILE:
	case CANDIDATE_LINK: open_file(opened, target, arena); break;
	case CANDIDATE_FOLDER:
	case CANDIDATE_SHARDS: open_parts(opened, target, arena); break;
	case CANDIDATE_LINK_OUT: fail_link(opened, STR("W_LINK"), STR(PARTS_LINK_OUT)); break;
	case CANDIDATE_LINK_DEAD:
		fail_link(opened, STR("E_IO"), STR("cannot read: " PARTS_LINK_DEAD));
		break;
	case CANDIDATE_NOT_FILE: fail(opened, STR("E_NOT_FILE"), STR("not a regular file")); break;
	}
}

/** Why that descriptor is no sidecar to be read; STR_NULL: it is one. Of a picture only the front is. */
static struct str look_at_sidecar(int fd, bool is_picture, uint64_t *size_bytes,
				  struct arena *arena)
{
	struct stat st;
	if (fd < 0 || fstat(fd, &st))
		return arena_strf(arena, "cannot read: %s", strerrordesc_np(errno));
	*size_bytes = (uint64_t)st.st_size;
	if (!S_ISREG(st.st_mode))
		return STR("not a regular file");
	return *size_bytes > SIDECAR_BYTES_MAX && !is_picture ? STR("larger than 16 MiB")
							      : STR_NULL;
}

static void open_sidecar(struct opened *opened, const struct opened_target *target, struct str name,
			 struct arena *arena)
{
	struct opened_sidecar *sidecar = &opened->sidecars[opened->n_sidecars++];
	struct str path = target->candidate->path;
	size_t folder_len = (size_t)(name_of_path(path).ptr - path.ptr);
	uint64_t size_bytes = 0;
	int fd = open_path(
		target, arena_printf(arena, "%.*s%s", (int)folder_len, path.ptr, name.ptr), false);
	*sidecar = (struct opened_sidecar){ .name = name };
	sidecar->why_not = look_at_sidecar(fd, picture_is_name(name), &size_bytes, arena);
	sidecar->blob = blob_from_fd(fd, size_bytes);
}

/** In the order of the suffixes, whatever the order of the folder; the picture last. */
static void open_sidecars(struct opened *opened, const struct opened_target *target,
			  struct arena *arena)
{
	const struct candidate *candidate = target->candidate;
	struct str found[OPENED_SIDECARS_MAX] = { 0 };
	for (size_t i = 0; i < candidate->n_companions; i++) {
		struct str name = candidate->companions[i];
		size_t place = companion_sidecar(opened->file_name, name);
		if (place < PREVIEW_PLACE)
			found[place] = name;
	}
	found[PREVIEW_PLACE] = companion_preview(opened->file_name, candidate->companions,
						 candidate->n_companions);
	for (size_t i = 0; i < OPENED_SIDECARS_MAX; i++)
		if (found[i].ptr)
			open_sidecar(opened, target, found[i], arena);
}

void opened_open(const struct opened_target *target, struct arena *arena, struct opened *out)
{
	const struct candidate *candidate = target->candidate;
	*out = (struct opened){
		.name = candidate->name,
		.file_name = candidate_file_name(candidate, arena),
		.folder_name = candidate->folder_name,
		.sha256 = candidate->sha256,
		.is_folder =
			candidate->type == CANDIDATE_FOLDER || candidate->type == CANDIDATE_SHARDS,
		.is_partial = candidate->is_partial || target->only_count,
		.is_awaited = candidate->is_awaited,
		.only_count = target->only_count,
		.size_bytes = candidate->state.size_bytes,
		.state = candidate->state,
	};
	open_model(out, target, arena);
	if (!out->unread.code.ptr && !out->only_count)
		open_sidecars(out, target, arena);
}

static void expect_front(const struct blob *blob)
{
	uint64_t len = blob->size_bytes < FRONT_BYTES ? blob->size_bytes : FRONT_BYTES;
	blob_will_read(blob, 0, (size_t)len);
}

void opened_expect(const struct opened *opened)
{
	for (size_t i = 0; i < opened->files.n_files; i++)
		expect_front(&opened->files.files[i].blob);
	for (size_t i = 0; i < opened->n_sidecars; i++)
		expect_front(&opened->sidecars[i].blob);
}

static void close_blob(const struct blob *blob)
{
	if (!blob->memory && blob->fd >= 0)
		close(blob->fd);
}

void opened_close(struct opened *opened)
{
	for (size_t i = 0; i < opened->files.n_files; i++)
		close_blob(&opened->files.files[i].blob);
	for (size_t i = 0; i < opened->n_sidecars; i++)
		close_blob(&opened->sidecars[i].blob);
	opened->files = (struct folder){ 0 };
	opened->n_sidecars = 0;
}

bool opened_is_steady(const struct opened *opened)
{
	for (size_t i = 0; i < opened->files.n_files; i++) {
		struct stat st;
		if (opened->files.files[i].blob.memory)
			continue;
		if (fstat(opened->files.files[i].blob.fd, &st))
			return false;
		struct file_state after = state_of(&st);
		if (!state_equal(&opened->states[i], &after))
			return false;
	}
	return !opened->has_changed;
}

void opened_give_up(struct opened *opened)
{
	opened_close(opened);
	fail_changed(opened);
}
