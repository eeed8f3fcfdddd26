// SPDX-License-Identifier: MIT
#include "config/knowledge.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config/ini.h"
#include "config/knowledge_reader.h"
#include "config/read_file.h"

/* The user's files as far as they are of use. */
struct user_files {
	struct arena arena;    /* names and texts */
	struct array files;    /* struct knowledge_file: the shipped ones, then the user's */
	struct error *mistake; /* borrowed: the first one is told */
};

static void tell(struct user_files *user, const struct error *err)
{
	if (user->mistake->code == ERROR_NONE)
		*user->mistake = *err;
}

static int is_ini(const struct dirent *entry)
{
	struct str name = str_from(entry->d_name);
	return name.ptr[0] != '.' && str_has_suffix(name, STR(".ini"));
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void add_file(struct user_files *user, const char *path)
{
	struct error err = { 0 };
	struct knowledge_file file = { .name = path };
	if (read_file(path, INI_BYTES_MAX, &user->arena, &file.text, &err))
		*ARRAY_PUSH(&user->files, struct knowledge_file) = file;
	else
		tell(user, &err);
}

static void add_dir(struct user_files *user, const char *dir)
{
	struct dirent **names;
	int n = scandir(dir, &names, is_ini, by_name);
	if (n < 0) {
		struct error err;
		if (errno != ENOENT) {
			error_system(&err, errno, "%s", dir);
			tell(user, &err);
		}
		return;
	}
	for (int i = 0; i < n; i++) {
		add_file(user, arena_printf(&user->arena, "%s/%s", dir, names[i]->d_name));
		free(names[i]);
	}
	free(names);
}

static void drop(struct array *files, size_t i)
{
	struct knowledge_file *list = files->ptr;
	memmove(&list[i], &list[i + 1], (files->len - i - 1) * sizeof *list);
	array_pop(files);
}

/* Everything at once, which is nearly always right; a broken file is taken out and the rest tried
 * again. */
static struct knowledge *read_sound(struct user_files *user)
{
	struct error err;
	size_t broken;
	for (;;) {
		struct knowledge *k = knowledge_read(user->files.ptr, user->files.len,
						     knowledge_embedded_n, &broken, &err);
		if (k)
			return k;
		if (broken < knowledge_embedded_n)
			BUG("%s", err.text);
		tell(user, &err);
		drop(&user->files, broken);
	}
}

struct knowledge *knowledge_load(const char *user_dir, struct error *mistake)
{
	struct user_files user = { .mistake = mistake };
	*mistake = (struct error){ 0 };
	arena_init(&user.arena);
	user.files = ARRAY_OF(struct knowledge_file);
	for (size_t i = 0; i < knowledge_embedded_n; i++)
		*ARRAY_PUSH(&user.files, struct knowledge_file) = knowledge_embedded[i];
	if (user_dir)
		add_dir(&user, user_dir);
	struct knowledge *k = read_sound(&user);
	array_finish(&user.files);
	arena_finish(&user.arena);
	return k;
}

struct knowledge *knowledge_load_files(const struct knowledge_file *files, size_t n_files,
				       struct error *err)
{
	size_t broken;
	return knowledge_read(files, n_files, n_files, &broken, err);
}
