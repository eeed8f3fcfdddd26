// SPDX-License-Identifier: MIT
#include "storage/files/trash_list.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/base/path.h"

static int hex_digit(char byte)
{
	if (str_is_digit(byte))
		return byte - '0';
	byte = (char)(byte | 0x20);
	return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* As in URIs. A NUL ends a path before its time. */
static bool decode(struct str text, struct bytes *out)
{
	for (size_t i = 0; i < text.len; i++) {
		char byte = text.ptr[i];
		if (byte == '%') {
			int high = i + 2 < text.len ? hex_digit(text.ptr[i + 1]) : -1;
			int low = i + 2 < text.len ? hex_digit(text.ptr[i + 2]) : -1;
			if (high < 0 || low < 0)
				return false;
			byte = (char)(high * 16 + low);
			i += 2;
		}
		if (byte == '\0')
			return false;
		bytes_append_byte(out, byte);
	}
	return out->len > 0 && out->len < PATH_MAX;
}

/* Each of its parts is a name, and no way up. */
static bool is_plain(struct str path)
{
	struct str rest = path, part;
	(void)str_cut_prefix(&rest, STR("/"));
	if (rest.len == 0)
		return false;
	while (str_next_part(&rest, '/', &part))
		if (part.len == 0 || part.len > NAME_MAX || str_equal(part, STR(".")) ||
		    str_equal(part, STR("..")))
			return false;
	return path.ptr[path.len - 1] != '/';
}

/* At the top of a disk a path is relative to it; where it is not, it must lie there all the same. */
static bool place(struct str path, struct str top, struct arena *arena, struct str *out)
{
	struct str rest;
	bool is_absolute = path.ptr[0] == '/';
	if (is_absolute && top.len > 0 && !path_is_below(path, top, &rest))
		return false;
	if (!is_absolute && top.len == 0)
		return false;
	*out = is_absolute ? arena_str(arena, path) : path_join(arena, top, path);
	return true;
}

static bool read_path(struct str value, struct str top, struct arena *arena, struct str *out)
{
	struct bytes path = { 0 };
	bool ok = decode(value, &path) && is_plain(bytes_str(&path)) &&
		  place(bytes_str(&path), top, arena, out);
	bytes_finish(&path);
	return ok;
}

static bool read_number(struct str *text, size_t n_digits, char end, int *out)
{
	uint64_t number;
	if (text->len < n_digits || !str_to_u64(str_slice(*text, 0, n_digits), &number))
		return false;
	*text = str_slice(*text, n_digits, text->len);
	*out = (int)number;
	if (end == '\0')
		return true;
	bool has_end = text->len > 0 && text->ptr[0] == end;
	*text = str_slice(*text, has_end, text->len);
	return has_end;
}

/* "2026-01-31T23:59:59", by the clock on the wall; what follows is nobody's. */
static int64_t read_time(struct str text)
{
	struct tm when = { .tm_isdst = -1 };
	if (!read_number(&text, 4, '-', &when.tm_year) ||
	    !read_number(&text, 2, '-', &when.tm_mon) ||
	    !read_number(&text, 2, 'T', &when.tm_mday) ||
	    !read_number(&text, 2, ':', &when.tm_hour) ||
	    !read_number(&text, 2, ':', &when.tm_min) || !read_number(&text, 2, '\0', &when.tm_sec))
		return 0;
	when.tm_year -= 1900;
	when.tm_mon -= 1;
	time_t time = mktime(&when);
	return time > 0 ? (int64_t)time : 0;
}

/* The first of each counts. */
bool trash_info_read(struct str text, struct str top, struct arena *arena, struct trash_info *out)
{
	struct str rest = text, line;
	*out = (struct trash_info){ .old = STR_NULL };
	bool has_time = false;
	if (!str_next_part(&rest, '\n', &line) || !str_equal(str_trim(line), STR("[Trash Info]")))
		return false;
	while (str_next_part(&rest, '\n', &line) && !str_has_prefix(line, STR("["))) {
		(void)str_cut_suffix(&line, STR("\r"));
		if (!out->old.ptr && str_cut_prefix(&line, STR("Path="))) {
			if (!read_path(line, top, arena, &out->old))
				return false;
		} else if (!has_time && str_cut_prefix(&line, STR("DeletionDate="))) {
			out->at_s = read_time(line);
			has_time = true;
		}
	}
	return out->old.ptr;
}

/* Only a file of its own, and only as much as an info can be. */
static bool read_info(int folder, const char *name, struct str top, struct arena *arena,
		      struct trash_info *out)
{
	char text[TRASH_INFO_BYTES_MAX + 1];
	struct stat state;
	int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return false;
	bool is_file = fstat(fd, &state) == 0 && S_ISREG(state.st_mode);
	ssize_t len = is_file ? read(fd, text, sizeof text) : -1;
	close(fd);
	return len > 0 && len <= (ssize_t)TRASH_INFO_BYTES_MAX &&
	       trash_info_read((struct str){ text, (size_t)len }, top, arena, out);
}

static bool fill(const struct trash *trash, struct str name, const struct stat *state,
		 const struct trash_info *info, struct arena *arena, struct trash_entry *out)
{
	bool is_folder = S_ISDIR(state->st_mode);
	if (!is_folder && !S_ISREG(state->st_mode) && !S_ISLNK(state->st_mode))
		return false;
	*out = (struct trash_entry){
		.file = { .path = arena_strf(arena, "%.*s/files/%.*s", STR_ARG(trash->folder),
					     STR_ARG(name)),
			  .old = info->old,
			  .size_bytes = is_folder ? 0 : (uint64_t)state->st_size,
			  .is_folder = is_folder },
		.at_s = info->at_s,
	};
	return true;
}

/* An info without its file is what a program left behind that emptied the trash. */
static void take(const struct trash *trash, const struct trash_folders *folders, const char *name,
		 struct arena *arena, struct trash_listing *out)
{
	struct str of = str_from(name);
	struct stat state;
	struct trash_info info;
	struct trash_entry entry;
	if (!str_cut_suffix(&of, STR(TRASH_INFO_SUFFIX)) || of.len == 0 ||
	    fstatat(folders->files, arena_cstr(arena, of), &state, AT_SYMLINK_NOFOLLOW) != 0)
		return;
	if (out->entries.len < TRASH_FILES_MAX &&
	    read_info(folders->info, name, trash->top, arena, &info) &&
	    fill(trash, of, &state, &info, arena, &entry))
		*ARRAY_PUSH(&out->entries, struct trash_entry) = entry;
	else
		out->n_left_out++;
}

void trash_list(const struct trash *trash, struct arena *arena, struct trash_listing *out)
{
	struct trash_folders folders = { -1, -1 };
	struct error ignored;
	bool ok = trash_open(trash, arena, &folders, &ignored);
	int fd = ok ? fcntl(folders.info, F_DUPFD_CLOEXEC, 0) : -1;
	DIR *infos = fd < 0 ? NULL : fdopendir(fd);
	if (!infos && fd >= 0)
		close(fd);
	for (struct dirent *name; infos && (name = readdir(infos));)
		take(trash, &folders, name->d_name, arena, out);
	if (infos)
		closedir(infos);
	trash_close(&folders);
}
