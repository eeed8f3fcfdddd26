// SPDX-License-Identifier: MIT
#include "storage/files/trash.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/base/array.h"
#include "core/base/path.h"
#include "core/base/write.h"
#include "storage/files/place.h"

enum { NAME_BYTES_MAX = 255 - (sizeof TRASH_INFO_SUFFIX - 1), NUMBER_BYTES = 8, TRIES = 10000 };

/* The device that a path lies on, or would: of the nearest folder that is there. */
static bool device_of(struct str path, struct arena *arena, dev_t *out, struct error *err)
{
	struct stat state;
	for (;; path = path_folder(path)) {
		if (lstat(arena_cstr(arena, path), &state) == 0) {
			*out = state.st_dev;
			return true;
		}
		if ((errno != ENOENT && errno != ENOTDIR) || path.len <= 1)
			return error_system(err, errno, "%.*s", STR_ARG(path));
	}
}

/* The highest folder above the path that is on the same device. */
static struct str top_of(struct str path, dev_t device, struct arena *arena)
{
	struct stat state;
	struct str top = path_folder(path);
	while (top.len > 1) {
		struct str above = path_folder(top);
		if (stat(arena_cstr(arena, above), &state) != 0 || state.st_dev != device)
			break;
		top = above;
	}
	return arena_str(arena, top);
}

/* An administrator's trash for all: a real folder that is sticky, or it is not to be used. */
static bool has_shared(struct str top, struct arena *arena)
{
	struct stat state;
	return lstat(path_join(arena, top, STR(".Trash")).ptr, &state) == 0 &&
	       S_ISDIR(state.st_mode) && (state.st_mode & S_ISVTX);
}

/* No link somewhere else. `errno` tells why it cannot be looked at. */
static bool is_ours(struct str folder, struct arena *arena)
{
	struct stat state;
	errno = 0;
	return lstat(arena_cstr(arena, folder), &state) == 0 && S_ISDIR(state.st_mode) &&
	       state.st_uid == geteuid();
}

/* Ours, or it can be made. */
static bool is_usable(struct str folder, struct str above, struct arena *arena)
{
	if (is_ours(folder, arena))
		return true;
	return errno == ENOENT &&
	       faccessat(AT_FDCWD, arena_cstr(arena, above), W_OK | X_OK, AT_EACCESS) == 0;
}

/** Where the trashes at the top of a device may be. */
struct top_trashes {
	struct str shared, own;
};

static struct top_trashes name_at_top(struct str top, struct arena *arena)
{
	char user[24];
	snprintf(user, sizeof user, ".Trash/%u", (unsigned)geteuid());
	struct top_trashes names = { .shared = path_join(arena, top, str_from(user)) };
	user[sizeof ".Trash" - 1] = '-';
	names.own = path_join(arena, top, str_from(user));
	return names;
}

static bool find_at_top(struct str top, struct arena *arena, struct trash *out, struct error *err)
{
	struct top_trashes names = name_at_top(top, arena);
	out->top = top;
	out->folder = names.shared;
	if (has_shared(top, arena) && is_usable(names.shared, path_folder(names.shared), arena))
		return true;
	out->folder = names.own;
	return is_usable(names.own, top, arena) ||
	       error_set(err, ERROR_UNSUPPORTED, NULL,
			 "its disk has no trash that can be used (%.*s)", STR_ARG(out->folder));
}

bool trash_find(struct str path, struct str home, struct arena *arena, struct trash *out,
		struct error *err)
{
	dev_t device, of_home;
	if (!device_of(path, arena, &device, err) || !device_of(home, arena, &of_home, err))
		return false;
	*out = (struct trash){ .folder = home, .top = STR("") };
	return device == of_home || find_at_top(top_of(path, device, arena), arena, out, err);
}

size_t trash_all(struct str path, struct str home, struct arena *arena,
		 struct trash out[TRASHES_MAX])
{
	struct error ignored; /* a disk that is not there has no trash */
	dev_t device;
	size_t n = 0;
	if (is_ours(home, arena))
		out[n++] = (struct trash){ .folder = home, .top = STR("") };
	if (!device_of(path, arena, &device, &ignored))
		return n;
	struct str top = top_of(path, device, arena);
	struct top_trashes names = name_at_top(top, arena);
	if (has_shared(top, arena) && is_ours(names.shared, arena))
		out[n++] = (struct trash){ .folder = names.shared, .top = top };
	if (is_ours(names.own, arena))
		out[n++] = (struct trash){ .folder = names.own, .top = top };
	return n;
}

/* The number goes before the extension, as people read names. */
static struct str numbered(struct str name, unsigned number, struct arena *arena)
{
	ptrdiff_t dot = str_rfind_byte(name, '.');
	size_t stem = dot > 0 ? (size_t)dot : name.len, tail = name.len - stem;
	if (number < 2 && name.len <= NAME_BYTES_MAX)
		return arena_str(arena, name);
	if (tail > NAME_BYTES_MAX / 2)
		tail = 0;
	if (stem + tail + NUMBER_BYTES > NAME_BYTES_MAX)
		stem = NAME_BYTES_MAX - NUMBER_BYTES - tail;
	char middle[NUMBER_BYTES + 1] = "";
	if (number >= 2)
		snprintf(middle, sizeof middle, ".%u", number);
	struct str end = str_slice(name, name.len - tail, name.len);
	return arena_strf(arena, "%.*s%s%.*s", (int)stem, name.ptr, middle, STR_ARG(end));
}

struct str trash_path(const struct trash *trash, struct str name, struct arena *arena)
{
	struct str short_name = numbered(name, 1, arena);
	return arena_strf(arena, "%.*s/files/%.*s", STR_ARG(trash->folder), STR_ARG(short_name));
}

bool trash_of(struct str path, struct trash *out)
{
	struct str files = path_folder(path);
	if (!str_has_suffix(files, STR("/files")) || str_after_last(path, '/').len == 0)
		return false;
	*out = (struct trash){ .folder = str_slice(files, 0, files.len - (sizeof "/files" - 1)) };
	return true;
}

static bool make_folder(struct str path, struct arena *arena, struct error *err)
{
	struct stat state;
	const char *name = arena_cstr(arena, path);
	if (mkdir(name, 0700) != 0 && errno != EEXIST)
		return error_system(err, errno, "%s", name);
	if (lstat(name, &state) != 0 || !S_ISDIR(state.st_mode) || state.st_uid != geteuid())
		return error_set(err, ERROR_UNSUPPORTED, NULL, "%s: this trash is not ours", name);
	return true;
}

/* The folders above the home's trash may not be there yet on a new machine. */
static bool make_above(struct str path, struct arena *arena, struct error *err)
{
	struct stat state;
	struct str above = path_folder(path);
	if (above.len <= 1 || stat(arena_cstr(arena, above), &state) == 0)
		return true;
	return make_above(above, arena, err) &&
	       (mkdir(arena_cstr(arena, above), 0700) == 0 || errno == EEXIST ||
		error_system(err, errno, "%.*s", STR_ARG(above)));
}

static int open_in(const struct trash *trash, const char *name, struct arena *arena,
		   struct error *err)
{
	const char *path = path_join(arena, trash->folder, str_from(name)).ptr;
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		error_system(err, errno, "%s", path);
	return fd;
}

void trash_close(const struct trash_folders *opened)
{
	if (opened->files >= 0)
		close(opened->files);
	if (opened->info >= 0)
		close(opened->info);
}

bool trash_open(const struct trash *trash, struct arena *arena, struct trash_folders *out,
		struct error *err)
{
	*out = (struct trash_folders){ .files = open_in(trash, "files", arena, err), .info = -1 };
	if (out->files >= 0)
		out->info = open_in(trash, "info", arena, err);
	return out->info >= 0;
}

static bool make_both(const struct trash *trash, struct arena *arena, struct error *err)
{
	return make_above(trash->folder, arena, err) && make_folder(trash->folder, arena, err) &&
	       make_folder(path_join(arena, trash->folder, STR("files")), arena, err) &&
	       make_folder(path_join(arena, trash->folder, STR("info")), arena, err);
}

/* As in URIs: everything but letters, digits and a few signs. */
static void encode(struct bytes *out, struct str path)
{
	for (size_t i = 0; i < path.len; i++) {
		unsigned char byte = (unsigned char)path.ptr[i];
		bool is_plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
				(byte >= '0' && byte <= '9') || (byte && strchr("/-_.~", byte));
		if (is_plain)
			bytes_append_byte(out, (char)byte);
		else
			bytes_printf(out, "%%%02X", byte);
	}
}

static void write_info(const struct trash *trash, struct str path, int64_t now_s, struct bytes *out)
{
	char when[sizeof "2026-01-31T23:59:59"] = "";
	time_t time = (time_t)now_s;
	struct tm broken;
	struct str shown = path;
	if (trash->top.len > 0)
		shown = str_slice(path, trash->top.len == 1 ? 1 : trash->top.len + 1, path.len);
	bytes_printf(out, "[Trash Info]\nPath=");
	encode(out, shown);
	if (localtime_r(&time, &broken))
		strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%S", &broken);
	bytes_printf(out, "\nDeletionDate=%s\n", when);
}

static bool put_info(int info, const char *name, const struct bytes *text, struct error *err)
{
	int fd = openat(info, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return error_system(err, errno, "%s", name);
	bool ok = write_all(fd, bytes_str(text)) && fsync(fd) == 0;
	int sys = errno;
	close(fd);
	if (ok)
		return true;
	struct error ignored; /* ours, and of no use half written */
	place_unlink(info, name, &ignored);
	return error_system(err, sys, "%s", name);
}

static const char *info_name(struct str name, struct arena *arena)
{
	return arena_strf(arena, "%.*s" TRASH_INFO_SUFFIX, STR_ARG(name)).ptr;
}

static bool is_free(int files, const char *name)
{
	struct stat state;
	return fstatat(files, name, &state, AT_SYMLINK_NOFOLLOW) != 0 && errno == ENOENT;
}

/* The first name that is free in both folders; its info then holds it. */
static bool reserve(const struct trash_folders *opened, struct str wanted, const struct bytes *text,
		    struct arena *arena, struct str *name, struct error *err)
{
	for (unsigned i = 1; i <= TRIES; i++) {
		*name = numbered(wanted, i, arena);
		if (!is_free(opened->files, name->ptr))
			continue;
		if (put_info(opened->info, info_name(*name, arena), text, err))
			return true;
		if (err->sys != EEXIST)
			return false;
	}
	return error_set(err, ERROR_LIMIT, NULL, "the trash holds too many of that name");
}

static bool tell(const struct trash *trash, struct str name, struct str wanted,
		 const struct trash_told *told, struct arena *arena, struct error *err)
{
	struct str path =
		arena_strf(arena, "%.*s/files/%.*s", STR_ARG(trash->folder), STR_ARG(name));
	return !told || str_equal(path, wanted) || told->renamed(told->context, path, err);
}

/* What the disk does not vouch for goes back: whoever is told of a failure takes it for not done. */
static bool settle_in(const struct trash_folders *opened, const char *name, int folder,
		      const char *old, struct error *err)
{
	struct error ignored;
	if (fsync(opened->files) == 0)
		return true;
	error_system(err, errno, "the trash");
	if (place_rename(opened->files, name, folder, old, &ignored))
		return false;
	return error_context(err, "it lies in the trash all the same");
}

static bool put(const struct trash *trash, const struct trash_folders *opened, int folder,
		const char *old, struct str wanted, const struct bytes *text,
		const struct trash_told *told, struct arena *arena, struct error *err)
{
	struct str name;
	struct error ignored;
	if (!reserve(opened, str_after_last(wanted, '/'), text, arena, &name, err))
		return false;
	if (tell(trash, name, wanted, told, arena, err) && fsync(opened->info) == 0 &&
	    place_rename(folder, old, opened->files, name.ptr, err) &&
	    settle_in(opened, name.ptr, folder, old, err))
		return true;
	if (is_free(opened->files, name.ptr))
		place_unlink(opened->info, info_name(name, arena),
			     &ignored); /* of a file that stayed */
	return err->code != ERROR_NONE ? false : error_system(err, errno, "the trash");
}

bool trash_put(const struct trash *trash, struct str path, int folder, const char *name,
	       struct str wanted, int64_t now_s, const struct trash_told *told, struct error *err)
{
	struct arena arena = { 0 };
	struct bytes text = { 0 };
	struct trash_folders opened = { -1, -1 };
	err->code = ERROR_NONE;
	write_info(trash, path, now_s, &text);
	bool ok = make_both(trash, &arena, err) && trash_open(trash, &arena, &opened, err) &&
		  put(trash, &opened, folder, name, wanted, &text, told, &arena, err);
	trash_close(&opened);
	bytes_finish(&text);
	arena_finish(&arena);
	return ok;
}

bool trash_take(struct str path, int folder, const char *name, struct error *err)
{
	struct arena arena = { 0 };
	struct trash_folders opened = { -1, -1 };
	struct trash trash;
	struct error ignored;
	struct str in_trash = str_after_last(path, '/');
	bool ok = trash_of(path, &trash) ||
		  error_set(err, ERROR_CHANGED, NULL, "%.*s: this is in no trash", STR_ARG(path));
	ok = ok && trash_open(&trash, &arena, &opened, err) &&
	     place_rename(opened.files, arena_cstr(&arena, in_trash), folder, name, err);
	if (ok)
		place_unlink(opened.info, info_name(in_trash, &arena),
			     &ignored); /* of nothing any more */
	trash_close(&opened);
	arena_finish(&arena);
	return ok;
}

/* The whole path of ours, or the end of it that follows the top of the device. */
static bool is_info_of(struct str info, struct str old_path)
{
	struct bytes whole = { 0 };
	struct str line = info, path;
	encode(&whole, old_path);
	bool is_it = str_cut_prefix(&line, STR("[Trash Info]\nPath="));
	path = line;
	ptrdiff_t end = is_it ? str_find_byte(line, '\n') : -1;
	if (end >= 0)
		path = str_slice(line, 0, (size_t)end);
	is_it = end > 0 && str_has_suffix(bytes_str(&whole), path);
	bytes_finish(&whole);
	return is_it;
}

void trash_forget(struct str path, struct str old_path)
{
	char text[16384]; /* a path of PATH_MAX bytes, all of them encoded, and the rest */
	struct arena arena = { 0 };
	struct trash_folders opened = { -1, -1 };
	struct trash trash;
	struct error ignored;
	struct str name = str_after_last(path, '/');
	if (trash_of(path, &trash) && trash_open(&trash, &arena, &opened, &ignored) &&
	    is_free(opened.files, arena_cstr(&arena, name))) {
		const char *info = info_name(name, &arena);
		int fd = openat(opened.info, info, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
		ssize_t len = fd < 0 ? -1 : read(fd, text, sizeof text);
		if (fd >= 0)
			close(fd);
		if (len > 0 && is_info_of((struct str){ text, (size_t)len }, old_path))
			place_unlink(opened.info, info, &ignored);
	}
	trash_close(&opened);
	arena_finish(&arena);
}
