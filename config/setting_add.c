// SPDX-License-Identifier: MIT
#include "config/setting_add.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/ini.h"
#include "config/read_file.h"
#include "core/base/path.h"
#include "core/base/write.h"

/** Where a setting stands in a text. */
struct place {
	struct str section, key;
	unsigned section_line, line; /* the last of each; 0: there is none */
	struct str value;
};

static bool take(void *context, struct str section, struct str key, struct str value, unsigned line,
		 struct error *err)
{
	struct place *place = context;
	(void)err;
	if (!str_equal(section, place->section))
		return true;
	if (key.len == 0)
		place->section_line = line;
	if (!str_equal(key, place->key))
		return true;
	place->line = line;
	place->value = value;
	return true;
}

static bool find(struct str text, const char *file, enum setting setting, struct place *out,
		 struct error *err)
{
	struct str name = str_from(setting_key(setting));
	size_t dot = (size_t)str_find_byte(name, '.');
	*out = (struct place){ .section = str_slice(name, 0, dot),
			       .key = str_slice(name, dot + 1, name.len),
			       .value = STR("") };
	return ini_parse_text(text, file, take, out, err);
}

/* Where line `line` begins, counted from 1; the end of the text behind the last. */
static size_t line_start(struct str text, unsigned line)
{
	size_t at = 0;
	while (--line > 0) {
		ptrdiff_t end = str_find_byte(str_slice(text, at, text.len), '\n');
		if (end < 0)
			return text.len;
		at += (size_t)end + 1;
	}
	return at;
}

/* Below the commented line that shows the default, if the section has one. */
static unsigned line_of_example(struct str text, const struct place *place)
{
	struct str rest = str_slice(text, line_start(text, place->section_line + 1), text.len),
		   line;
	for (unsigned i = place->section_line + 1; str_next_part(&rest, '\n', &line); i++) {
		line = str_trim(line);
		if (str_has_prefix(line, STR("[")))
			break;
		if (str_cut_prefix(&line, STR(";")) && str_cut_prefix(&line, place->key) &&
		    str_has_prefix(str_trim(line), STR("=")))
			return i;
	}
	return place->section_line;
}

static void insert(struct str text, size_t at, struct str line, struct bytes *out)
{
	bytes_append_str(out, str_slice(text, 0, at));
	bytes_append_str(out, line);
	bytes_append_str(out, str_slice(text, at, text.len));
}

/* Right behind the last part: spaces at the end of the line stay there. */
static void add_to_line(struct str text, const struct place *place, struct str part,
			struct arena *arena, struct bytes *out)
{
	size_t start = line_start(text, place->line), at;
	struct str rest = str_slice(text, start, text.len);
	if (place->value.len > 0)
		at = (size_t)(place->value.ptr + place->value.len - text.ptr);
	else
		at = start + (size_t)str_find_byte(rest, '=') + 1;
	insert(text, at,
	       arena_strf(arena, "%s%.*s", place->value.len > 0 ? ";" : " ", STR_ARG(part)), out);
}

static void add_line(struct str text, const struct place *place, struct str part,
		     struct arena *arena, struct bytes *out)
{
	const char *end = str_find(text, STR("\r\n")) >= 0 ? "\r\n" : "\n";
	size_t at =
		place->section_line ? line_start(text, line_of_example(text, place) + 1) : text.len;
	const char *before = at > 0 && text.ptr[at - 1] != '\n' ? end : "";
	struct str line =
		arena_strf(arena, "%.*s = %.*s%s", STR_ARG(place->key), STR_ARG(part), end);
	if (!place->section_line)
		line = arena_strf(arena, "%s[%.*s]%s%.*s", text.len > 0 ? end : "",
				  STR_ARG(place->section), end, STR_ARG(line));
	insert(text, at, arena_strf(arena, "%s%.*s", before, STR_ARG(line)), out);
}

bool setting_add_text(struct str text, const char *file, enum setting setting, struct str part,
		      struct arena *arena, struct bytes *out, struct str *value, struct error *err)
{
	struct place place, after;
	if (!find(text, file, setting, &place, err))
		return false;
	if (place.line)
		add_to_line(text, &place, part, arena, out);
	else
		add_line(text, &place, part, arena, out);
	struct str wanted = place.value.len > 0 ? arena_strf(arena, "%.*s;%.*s",
							     STR_ARG(place.value), STR_ARG(part))
						: part;
	if (!find(bytes_str(out), file, setting, &after, err))
		return false;
	*value = arena_str(arena, after.value);
	return str_equal(after.value, wanted) ||
	       error_set(err, ERROR_UNSUPPORTED, NULL, "%s: this cannot be written there", file);
}

/* The folder of the settings may not be there either, nor the one above it. */
static void make_folder(struct str path, struct arena *arena)
{
	if (path.len <= 1 || access(arena_cstr(arena, path), F_OK) == 0)
		return;
	make_folder(path_folder(path), arena);
	(void)mkdir(arena_cstr(arena, path), 0700); /* whoever writes below it says why not */
}

static bool write_new(const char *part, struct str text, mode_t mode, struct error *err)
{
	int fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return error_system(err, errno, "%s", part);
	bool ok = write_all(fd, text) && fchmod(fd, mode) == 0 && fsync(fd) == 0;
	int sys = errno;
	close(fd);
	return ok || error_system(err, sys, "%s", part);
}

static bool replace(const char *file, struct str text, struct arena *arena, struct error *err)
{
	struct stat state;
	char *real = realpath(file, NULL);
	const char *path = real ? arena_cstr(arena, str_from(real)) : file;
	free(real);
	const char *part = arena_printf(arena, "%s.%ld.part", path, (long)getpid());
	mode_t mode = stat(path, &state) == 0 ? state.st_mode & 07777 : 0600;
	make_folder(path_folder(str_from(path)), arena);
	bool ok = access(path, F_OK) != 0 || access(path, W_OK) == 0 ||
		  error_system(err, errno, "%s", path);
	ok = ok && write_new(part, text, mode, err);
	if (ok && rename(part, path) != 0)
		ok = error_system(err, errno, "%s", path);
	if (!ok)
		unlink(part);
	return ok;
}

bool setting_add(const char *file, enum setting setting, struct str part, struct arena *arena,
		 struct str *value, struct error *err)
{
	struct str text = STR("");
	struct bytes changed = { 0 };
	if (strcmp(file, "/dev/null") == 0)
		return error_set(err, ERROR_UNSUPPORTED, NULL, "there is no file of settings");
	bool is_there = read_file(file, INI_BYTES_MAX, arena, &text, err);
	if (!is_there && (err->code != ERROR_SYSTEM || err->sys != ENOENT))
		return false;
	bool ok = setting_add_text(is_there ? text : STR(""), file, setting, part, arena, &changed,
				   value, err) &&
		  replace(file, bytes_str(&changed), arena, err);
	bytes_finish(&changed);
	return ok;
}

bool setting_make_file(const char *file, struct arena *arena, struct error *err)
{
	struct stat state;
	if (stat(file, &state) == 0)
		return S_ISREG(state.st_mode) ||
		       error_set(err, ERROR_UNSUPPORTED, NULL, "%s: not a regular file", file);
	if (errno != ENOENT)
		return error_system(err, errno, "%s", file);
	make_folder(path_folder(str_from(file)), arena);
	return write_new(file, settings_example, 0600, err);
}

/* What would end the part or be trimmed from it is any byte. */
struct str setting_glob(struct str path, struct arena *arena)
{
	struct bytes out = { 0 };
	for (size_t i = 0; i < path.len; i++) {
		unsigned char byte = (unsigned char)path.ptr[i];
		bool is_end = i + 1 == path.len;
		if (strchr("*?[\\", byte) && byte)
			bytes_append_byte(&out, '\\');
		bool is_lost = byte < ' ' || byte == ';' || (byte == ' ' && is_end);
		bytes_append_byte(&out, is_lost ? '?' : (char)byte);
	}
	struct str glob = arena_str(arena, bytes_str(&out));
	bytes_finish(&out);
	return glob;
}
