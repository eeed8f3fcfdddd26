// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/base/arena.h"
#include "storage/index/lock.h"
#include "tests/support/sample_disk.h"

static void the_second_learns_who_holds_it(void **state)
{
	struct arena arena = { 0 };
	struct error err;
	const char *dir = sample_disk_make(&arena);
	int first, second, pid;
	(void)state;
	assert_true(lock_take(dir, 0, &first, &pid, &err));
	assert_false(lock_take(dir, 0, &second, &pid, &err));
	assert_int_equal(err.code, ERROR_LOCKED);
	assert_int_equal(pid, getpid());
	assert_int_equal(second, -1);
	lock_release(first);
	assert_true(lock_take(dir, 0, &second, &pid, &err));
	lock_release(second);
	sample_disk_remove(dir);
	arena_finish(&arena);
}

/* The child tells by a byte that it has the lock, and is killed with it. */
static void it_dies_with_its_holder(void **state)
{
	struct arena arena = { 0 };
	struct error err;
	const char *dir = sample_disk_make(&arena);
	int ends[2], fd, pid;
	char byte = 0;
	(void)state;
	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0) {
		if (lock_take(dir, 0, &fd, &pid, &err) && write(ends[1], "x", 1) == 1)
			pause();
		_exit(1);
	}
	assert_int_equal(read(ends[0], &byte, 1), 1);
	assert_false(lock_take(dir, 0, &fd, &pid, &err));
	assert_int_equal(pid, child);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_true(lock_take(dir, 0, &fd, &pid, &err));
	lock_release(fd);
	close(ends[0]);
	close(ends[1]);
	sample_disk_remove(dir);
	arena_finish(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_second_learns_who_holds_it),
		cmocka_unit_test(it_dies_with_its_holder),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
