// SPDX-License-Identifier: MIT
#include "temp_dir.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char *path_in(const struct temp_dir *dir, const char *name)
{
	static char path[512];
	snprintf(path, sizeof path, "%s/%s", dir->path, name);
	return path;
}

void temp_dir_create(struct temp_dir *dir)
{
	snprintf(dir->path, sizeof dir->path, "/tmp/lorarium-test-XXXXXX");
	assert_non_null(mkdtemp(dir->path));
}

const char *temp_dir_write(const struct temp_dir *dir, const char *name, const char *text)
{
	const char *path = path_in(dir, name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
	assert_int_equal(fclose(file), 0);
	return path;
}

void temp_dir_remove(const struct temp_dir *dir)
{
	struct dirent **names;
	int n = scandir(dir->path, &names, NULL, NULL);
	for (int i = 0; i < n; i++) {
		const char *path = path_in(dir, names[i]->d_name);
		if (strcmp(names[i]->d_name, ".") != 0 && strcmp(names[i]->d_name, "..") != 0 &&
		    unlink(path) != 0)
			rmdir(path);
		free(names[i]);
	}
	free(names);
	assert_int_equal(rmdir(dir->path), 0);
}
