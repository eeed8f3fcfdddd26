// SPDX-License-Identifier: MIT
#include <errno.h>
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "core/base/json_write.h"
#include "core/samples/sample.h"

/* Stands in every folder that this command made: only such a one is written to again. */
#define MARKER ".lorarium-demo"
#define MARKER_TEXT "A demo library made by lorarium: headers without weights. May be deleted.\n"

struct demo {
	int folder_fd;
	uint64_t size_bytes;
};

/* Opens the next folder on the way, making it when it is not there; never through a link. */
static int enter(int parent_fd, const char *name)
{
	if (mkdirat(parent_fd, name, 0777) != 0 && errno != EEXIST)
		return -1;
	return openat(parent_fd, name, O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* The folder that `path` lies in, below `folder_fd`; `*name` its last part. -1 with errno. */
static int enter_path(int folder_fd, struct str path, struct arena *arena, const char **name)
{
	int fd = dup(folder_fd);
	struct str rest = path, part;
	while (fd >= 0 && str_next_part(&rest, '/', &part) && rest.ptr) {
		int next = enter(fd, arena_cstr(arena, part));
		int why = errno;
		close(fd);
		errno = why;
		fd = next;
	}
	*name = arena_cstr(arena, part);
	return fd;
}

static bool write_at(int fd, uint64_t at, struct str bytes)
{
	size_t done = 0;
	while (done < bytes.len) {
		ssize_t n = pwrite(fd, bytes.ptr + done, bytes.len - done, (off_t)(at + done));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		done += (size_t)n;
	}
	return true;
}

static bool fill(int fd, const struct sample_file *file, struct error *err)
{
	bool ok = write_at(fd, 0, file->head);
	for (size_t i = 0; ok && i < file->n_pieces; i++)
		ok = write_at(fd, file->pieces[i].at, file->pieces[i].bytes);
	if (!ok)
		return error_system(err, errno, "%.*s", STR_ARG(file->path));
	/* The weights are a hole: a library of hundreds of gigabytes takes a few megabytes. */
	if (ftruncate(fd, (off_t)file->size_bytes) != 0)
		return error_system(err, errno, "%.*s", STR_ARG(file->path));
	return true;
}

static bool write_file(void *context, const struct sample_file *file, struct error *err)
{
	struct demo *demo = context;
	struct arena arena = { 0 };
	const char *name;
	bool ok = true;
	demo->size_bytes += file->size_bytes;
	int folder_fd = enter_path(demo->folder_fd, file->path, &arena, &name);
	int fd = folder_fd < 0
			 ? -1
			 : openat(folder_fd, name,
				  O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, file->mode);
	/* A file that is there already stays as it is, whoever wrote it. */
	if (fd < 0 && !(folder_fd >= 0 && errno == EEXIST))
		ok = error_system(err, errno, "%.*s", STR_ARG(file->path));
	if (fd >= 0) {
		ok = fill(fd, file, err);
		if (close(fd) != 0 && ok)
			ok = error_system(err, errno, "%.*s", STR_ARG(file->path));
	}
	if (folder_fd >= 0)
		close(folder_fd);
	arena_finish(&arena);
	return ok;
}

/* Empty, or marked as ours? */
static bool may_write(int folder_fd, const char *path, struct error *err)
{
	struct stat status;
	if (fstatat(folder_fd, MARKER, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISREG(status.st_mode))
		return true;
	int fd = openat(folder_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);
	if (!folder) {
		int why = errno;
		if (fd >= 0)
			close(fd);
		return error_system(err, why, "%s", path);
	}
	bool is_empty = true;
	for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder))
		is_empty &= strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
	closedir(folder);
	return is_empty || error_set(err, ERROR_CHANGED, NULL,
				     "%s: this folder holds files that are not "
				     "the demo's; name an empty or new one",
				     path);
}

/* mkdir -p: every folder on the way that is not there. */
static bool make_folder(struct cli *cli, struct str path, struct error *err)
{
	for (size_t i = 1; i <= path.len; i++) {
		if (i < path.len && path.ptr[i] != '/')
			continue;
		if (mkdir(arena_cstr(&cli->arena, str_slice(path, 0, i)), 0777) != 0 &&
		    errno != EEXIST && i == path.len)
			return error_system(err, errno, "%.*s", STR_ARG(path));
	}
	return true;
}

static bool write_demo(struct cli *cli, struct str path, struct demo *demo, size_t *n_models,
		       struct error *err)
{
	const char *terminated = arena_cstr(&cli->arena, path);
	if (!make_folder(cli, path, err))
		return false;
	demo->folder_fd = open(terminated, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (demo->folder_fd < 0)
		return error_system(err, errno, "%s", terminated);
	struct sample_file marker = { .path = STR(MARKER),
				      .head = STR(MARKER_TEXT),
				      .size_bytes = sizeof MARKER_TEXT - 1,
				      .mode = SAMPLE_MODE_USUAL };
	bool ok = may_write(demo->folder_fd, terminated, err) && write_file(demo, &marker, err);
	demo->size_bytes = 0; /* of the models and their companions, not of the marker */
	ok = ok && sample_demo(write_file, demo, n_models, err);
	close(demo->folder_fd);
	return ok;
}

static void print(struct cli *cli, struct str path, const struct demo *demo, size_t n_models)
{
	if (!cli_json(cli)) {
		out_printf(&cli->out, "%zu models in ", n_models);
		out_text(&cli->out, path);
		out_printf(&cli->out, "\n");
		return;
	}
	struct bytes line = { 0 };
	struct json_writer json = json_writer(&line);
	json_object(&json, NULL);
	json_string(&json, "path", path);
	json_u64_value(&json, "models", n_models);
	json_u64_value(&json, "bytes", demo->size_bytes);
	json_object_end(&json);
	out_line(&cli->out, &line);
	bytes_finish(&line);
}

enum exit_status cmd_demo(struct cli *cli)
{
	struct error err;
	struct demo demo = { .folder_fd = -1 };
	size_t n_models = 0;
	struct str path = cli_absolute(cli, cli_operand(cli, 0));
	if (!write_demo(cli, path, &demo, &n_models, &err))
		return cli_fail(cli, &err);
	print(cli, path, &demo, n_models);
	return EXIT_DONE;
}
