// SPDX-License-Identifier: MIT
#include "storage/files/place_tree.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/** A folder "a" that is copied to "b", both in one that is made for the test. */
struct scene {
	char path[32];
	int folder;
	struct arena arena;
	struct tree tree;
	char hex[SHA256_HEX + 1];
	struct error err;
};

static void put(const struct scene *scene, const char *path, const char *text)
{
	int fd = openat(scene->folder, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

static bool is_there(const struct scene *scene, const char *path)
{
	struct stat state;
	return fstatat(scene->folder, path, &state, AT_SYMLINK_NOFOLLOW) == 0;
}

static int remove_one(const char *path, const struct stat *state, int type, struct FTW *at)
{
	(void)state, (void)type, (void)at;
	return remove(path);
}

static int begin(void **state)
{
	static const struct timespec old[] = { { 1000000000, 5 }, { 1000000000, 7 } };
	struct scene *scene = calloc(1, sizeof *scene);
	assert_non_null(scene);
	snprintf(scene->path, sizeof scene->path, "/tmp/tree-XXXXXX");
	assert_non_null(mkdtemp(scene->path));
	scene->folder = open(scene->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(mkdirat(scene->folder, "a", 0755) |
				 mkdirat(scene->folder, "a/unet", 0700) |
				 mkdirat(scene->folder, "a/empty", 0711),
			 0);
	put(scene, "a/index.json", "{}");
	put(scene, "a/unet/model", "weights");
	put(scene, "a/unet/none", "");
	assert_int_equal(symlinkat("../index.json", scene->folder, "a/unet/link"), 0);
	const char *const all[] = { "a/unet/link", "a/unet", "a" };
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(utimensat(scene->folder, all[i], old, AT_SYMLINK_NOFOLLOW), 0);
	*state = scene;
	return 0;
}

static int end(void **state)
{
	struct scene *scene = *state;
	close(scene->folder);
	assert_int_equal(nftw(scene->path, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
	arena_finish(&scene->arena);
	free(scene);
	return 0;
}

static bool copy(struct scene *scene, const struct place_watch *watch)
{
	int source = openat(scene->folder, "a", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = place_tree_copy(source, scene->folder, "b", watch, &scene->arena, &scene->tree,
				  scene->hex, &scene->err);
	close(source);
	return ok;
}

static void hash(struct scene *scene, const char *name, char hex[SHA256_HEX + 1])
{
	int fd = openat(scene->folder, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(place_tree_hash(fd, NULL, hex, &scene->err));
	close(fd);
}

static bool take_away(struct scene *scene, const char *name, const char *twin,
		      const struct tree *as_read, bool is_part)
{
	const struct place_tree_removal removal = {
		.folder = scene->folder,
		.name = name,
		.twin_folder = scene->folder,
		.twin = twin,
		.as_read = as_read,
		.is_part = is_part,
	};
	return place_tree_remove(&removal, &scene->err);
}

static void test_copy(void **state)
{
	static const char *const names[] = { "",           "/index.json", "/unet", "/unet/model",
					     "/unet/link", "/empty" };
	struct scene *scene = *state;
	char old[32], new[32], hex[SHA256_HEX + 1], link[32] = "";
	assert_true(copy(scene, NULL));
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct stat from, to;
		snprintf(old, sizeof old, "a%s", names[i]);
		snprintf(new, sizeof new, "b%s", names[i]);
		assert_int_equal(fstatat(scene->folder, old, &from, AT_SYMLINK_NOFOLLOW) |
					 fstatat(scene->folder, new, &to, AT_SYMLINK_NOFOLLOW),
				 0);
		assert_int_equal(from.st_mode, to.st_mode);
		assert_memory_equal(&from.st_mtim, &to.st_mtim, sizeof from.st_mtim);
	}
	assert_int_equal(readlinkat(scene->folder, "b/unet/link", link, sizeof link), 13);
	assert_string_equal(link, "../index.json");
	hash(scene, "b", hex);
	assert_string_equal(hex, scene->hex);
	assert_int_equal(scene->tree.size_bytes, strlen("{}weights"));
	assert_false(copy(scene, NULL)); /* the name is taken */
	assert_int_equal(scene->err.sys, EEXIST);
}

/* Whatever another name, another content or another kind is, it is another hash. */
static void test_hash(void **state)
{
	struct scene *scene = *state;
	char first[SHA256_HEX + 1], then[SHA256_HEX + 1];
	hash(scene, "a", first);
	put(scene, "a/unet/model", "Weights");
	hash(scene, "a", then);
	assert_string_not_equal(first, then);
	put(scene, "a/unet/model", "weights");
	hash(scene, "a", then);
	assert_string_equal(first, then);
	assert_int_equal(renameat(scene->folder, "a/unet/none", scene->folder, "a/unet/nine"), 0);
	hash(scene, "a", then);
	assert_string_not_equal(first, then);
	assert_int_equal(unlinkat(scene->folder, "a/unet/nine", 0), 0);
	assert_int_equal(mkdirat(scene->folder, "a/unet/none", 0700), 0);
	hash(scene, "a", then);
	assert_string_not_equal(first, then);
}

static void test_special(void **state)
{
	struct scene *scene = *state;
	assert_int_equal(mkfifoat(scene->folder, "a/unet/pipe", 0600), 0);
	assert_false(copy(scene, NULL));
	assert_int_equal(scene->err.code, ERROR_UNSUPPORTED);
	assert_false(is_there(scene, "b"));
}

/* Another one writes to the folder while it is copied. */
static bool meddle(void *context, uint64_t at)
{
	(void)at;
	put(context, "a/late", "late");
	return true;
}

static bool stop(void *context, uint64_t at)
{
	(void)context, (void)at;
	return false;
}

static void test_meddled(void **state)
{
	struct scene *scene = *state;
	assert_false(copy(scene, &(struct place_watch){ meddle, scene }));
	assert_int_equal(scene->err.code, ERROR_CHANGED);
	assert_true(take_away(scene, "b", "a", NULL, true));
	assert_false(is_there(scene, "b"));
	assert_true(is_there(scene, "a/late") && is_there(scene, "a/unet/model"));
	assert_false(copy(scene, &(struct place_watch){ stop, NULL }));
	assert_int_equal(scene->err.code, ERROR_CANCELLED);
}

static void test_remove(void **state)
{
	struct scene *scene = *state;
	assert_int_equal(linkat(scene->folder, "a/unet/model", scene->folder, "a/second", 0), 0);
	assert_true(copy(scene, NULL));
	assert_true(take_away(scene, "a", "b", &scene->tree, false));
	assert_false(is_there(scene, "a"));
	assert_true(is_there(scene, "b/unet/model") && is_there(scene, "b/second"));
	assert_true(take_away(scene, "a", "b", &scene->tree, false)); /* it is gone already */
}

/* What changed since it was read, even if its size and time are the same. */
static void test_remove_changed(void **state)
{
	struct scene *scene = *state;
	struct stat was;
	assert_true(copy(scene, NULL));
	assert_int_equal(fstatat(scene->folder, "a/unet/model", &was, 0), 0);
	put(scene, "a/unet/model", "WEIGHTS");
	const struct timespec times[] = { was.st_atim, was.st_mtim };
	assert_int_equal(utimensat(scene->folder, "a/unet/model", times, 0), 0);
	put(scene, "a/empty/new", "new");
	assert_false(take_away(scene, "a", "b", &scene->tree, false));
	assert_int_equal(scene->err.code, ERROR_CHANGED);
	assert_true(is_there(scene, "a/unet/model") && is_there(scene, "a/empty/new"));
	assert_false(is_there(scene, "a/index.json") || is_there(scene, "a/unet/link"));
}

/* Nothing goes that is nowhere else, whatever was read before. */
static void test_remove_without_twin(void **state)
{
	struct scene *scene = *state;
	assert_true(copy(scene, NULL));
	assert_int_equal(unlinkat(scene->folder, "b/unet/model", 0), 0);
	put(scene, "b/index.json", "{} ");
	assert_false(take_away(scene, "a", "b", &scene->tree, false));
	assert_true(is_there(scene, "a/unet/model") && is_there(scene, "a/index.json"));
	assert_false(is_there(scene, "a/unet/none"));
}

/* After a crash nobody knows how it was: the bytes decide. */
static void test_remove_equal(void **state)
{
	struct scene *scene = *state;
	assert_true(copy(scene, NULL));
	put(scene, "a/unet/model", "Weights");
	put(scene, "a/new", "new");
	assert_int_equal(unlinkat(scene->folder, "a/unet/link", 0), 0);
	assert_int_equal(symlinkat("elsewhere", scene->folder, "a/unet/link"), 0);
	assert_int_equal(unlinkat(scene->folder, "a/unet/none", 0), 0); /* done before the crash */
	assert_false(take_away(scene, "a", "b", NULL, false));
	assert_true(is_there(scene, "a/unet/model") && is_there(scene, "a/new") &&
		    is_there(scene, "a/unet/link"));
	assert_false(is_there(scene, "a/index.json") || is_there(scene, "a/empty"));
}

static void test_remove_part(void **state)
{
	struct scene *scene = *state;
	assert_true(copy(scene, NULL));
	put(scene, "b/unet/model", "wei");
	assert_int_equal(unlinkat(scene->folder, "b/index.json", 0), 0);
	put(scene, "b/unet/of-others", "x");
	assert_false(take_away(scene, "b", "a", NULL, true));
	assert_true(is_there(scene, "b/unet/of-others"));
	assert_false(is_there(scene, "b/unet/model") || is_there(scene, "b/empty"));
	assert_true(is_there(scene, "a/unet/model"));
	assert_int_equal(unlinkat(scene->folder, "b/unet/of-others", 0), 0);
	assert_true(take_away(scene, "b", "a", NULL, true));
	assert_false(is_there(scene, "b"));
}

/* A link in place of a folder leads to files of others. */
static void test_remove_link(void **state)
{
	struct scene *scene = *state;
	assert_true(copy(scene, NULL));
	assert_int_equal(renameat(scene->folder, "a/unet", scene->folder, "others"), 0);
	assert_int_equal(symlinkat("../others", scene->folder, "a/unet"), 0);
	assert_false(take_away(scene, "a", "b", &scene->tree, false));
	assert_true(is_there(scene, "others/model") && is_there(scene, "a/unet"));
	assert_false(take_away(scene, "a", "b", NULL, false));
	assert_true(is_there(scene, "others/model"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_copy, begin, end),
		cmocka_unit_test_setup_teardown(test_hash, begin, end),
		cmocka_unit_test_setup_teardown(test_special, begin, end),
		cmocka_unit_test_setup_teardown(test_meddled, begin, end),
		cmocka_unit_test_setup_teardown(test_remove, begin, end),
		cmocka_unit_test_setup_teardown(test_remove_changed, begin, end),
		cmocka_unit_test_setup_teardown(test_remove_without_twin, begin, end),
		cmocka_unit_test_setup_teardown(test_remove_equal, begin, end),
		cmocka_unit_test_setup_teardown(test_remove_part, begin, end),
		cmocka_unit_test_setup_teardown(test_remove_link, begin, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
