// SPDX-License-Identifier: MIT
#include "storage/files/place.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { RACERS = 32, NAMES = 20 };

static int make_scene(char folder[32])
{
	snprintf(folder, 32, "/tmp/place-XXXXXX");
	assert_non_null(mkdtemp(folder));
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(fd >= 0);
	return fd;
}

static void put(int folder, const char *name, const char *text)
{
	int fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

static bool reads(int folder, const char *name, const char *text)
{
	char found[64] = "";
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	ssize_t n = read(fd, found, sizeof found - 1);
	close(fd);
	return n == (ssize_t)strlen(text) && strcmp(found, text) == 0;
}

static int remove_one(const char *path, const struct stat *state, int type, struct FTW *at)
{
	(void)state, (void)type, (void)at;
	return remove(path);
}

static void remove_scene(int folder, const char *path)
{
	close(folder);
	assert_int_equal(nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

/** One that wants to move all of its files onto names that all others want as well. */
struct racer {
	int folder, number;
	pthread_t thread;
};

static void *race(void *context)
{
	const struct racer *racer = context;
	for (int i = 0; i < NAMES; i++) {
		struct error err;
		char old[32], new[32];
		snprintf(old, sizeof old, "own-%d-%d", racer->number, i);
		snprintf(new, sizeof new, "new-%d", i);
		if (!place_rename(racer->folder, old, racer->folder, new, &err) &&
		    err.sys != EEXIST)
			abort();
	}
	return NULL;
}

static void run_racers(int folder, int first)
{
	struct racer racers[RACERS];
	for (int i = 0; i < RACERS; i++) {
		racers[i] = (struct racer){ .folder = folder, .number = first + i };
		if (pthread_create(&racers[i].thread, NULL, race, &racers[i]) != 0)
			abort();
	}
	for (int i = 0; i < RACERS; i++)
		pthread_join(racers[i].thread, NULL);
}

/* Two processes of many threads: each name is won once, and those who lose keep what they have. */
static void test_race(void **state)
{
	char path[32], name[32], text[32];
	int folder = make_scene(path), n_old = 0, n_new = 0, status;
	(void)state;
	for (int racer = 0; racer < 2 * RACERS; racer++)
		for (int i = 0; i < NAMES; i++) {
			snprintf(name, sizeof name, "own-%d-%d", racer, i);
			put(folder, name, name);
		}
	pid_t other = fork();
	if (other == 0) {
		run_racers(folder, RACERS);
		_exit(0);
	}
	run_racers(folder, 0);
	assert_int_equal(waitpid(other, &status, 0), other);
	assert_int_equal(status, 0);
	for (int i = 0; i < NAMES; i++) {
		int n_won = 0;
		snprintf(name, sizeof name, "new-%d", i);
		for (int racer = 0; racer < 2 * RACERS; racer++) {
			snprintf(text, sizeof text, "own-%d-%d", racer, i);
			n_won += reads(folder, name, text);
			n_old += reads(folder, text, text);
		}
		assert_int_equal(n_won, 1);
		n_new += n_won;
	}
	assert_int_equal(n_old + n_new, 2 * RACERS * NAMES);
	remove_scene(folder, path);
}

static void test_taken(void **state)
{
	char path[32];
	struct error err;
	int folder = make_scene(path);
	(void)state;
	put(folder, "a", "a");
	put(folder, "b", "b");
	assert_false(place_rename(folder, "a", folder, "b", &err));
	assert_int_equal(err.sys, EEXIST);
	assert_true(reads(folder, "a", "a") && reads(folder, "b", "b"));
	remove_scene(folder, path);
}

static void test_copy(void **state)
{
	char path[32], hex[SHA256_HEX + 1];
	struct error err;
	struct stat old, new;
	int folder = make_scene(path);
	(void)state;
	put(folder, "a", "abc");
	assert_int_equal(fchmodat(folder, "a", 0640, 0), 0);
	int fd = openat(folder, "a", O_RDONLY | O_CLOEXEC);
	assert_true(place_copy(fd, folder, "b", NULL, hex, &err));
	assert_string_equal(hex,
			    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_true(reads(folder, "b", "abc"));
	assert_int_equal(fstatat(folder, "a", &old, 0) | fstatat(folder, "b", &new, 0), 0);
	assert_int_equal(old.st_mode, new.st_mode);
	assert_memory_equal(&old.st_mtim, &new.st_mtim, sizeof old.st_mtim);
	assert_false(place_copy(fd, folder, "b", NULL, hex, &err));
	assert_true(reads(folder, "b", "abc"));
	close(fd);
	remove_scene(folder, path);
}

static void test_walls(void **state)
{
	char path[32], inside[64], outside[64];
	struct error err;
	const char *name;
	int folder = make_scene(path);
	struct str root = str_from(path);
	struct places places;
	(void)state;
	assert_int_equal(symlinkat("/tmp", folder, "link"), 0);
	places_init(&places, &root, 1);
	snprintf(inside, sizeof inside, "%s/made/too/x", path);
	assert_true(places_folder(&places, str_from(inside), true, &name, &err) >= 0);
	assert_string_equal(name, "x");
	const char *const refused[] = { "/link/x", "/../x", "/made/../../x", "/./x", "//x" };
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		snprintf(outside, sizeof outside, "%s%s", path, refused[i]);
		assert_int_equal(places_folder(&places, str_from(outside), true, &name, &err), -1);
	}
	assert_int_equal(places_folder(&places, STR("/etc/x"), false, &name, &err), -1);
	places_finish(&places);
	remove_scene(folder, path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_race),
		cmocka_unit_test(test_taken),
		cmocka_unit_test(test_copy),
		cmocka_unit_test(test_walls),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
