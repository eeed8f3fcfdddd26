// SPDX-License-Identifier: MIT
/*
 * The walls themselves. Built without sanitizers, whatever the rest is built with: those need
 * system calls of their own.
 */
#include "storage/readers/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "storage/readers/reader_process.h"
#include "tests/support/trouble.h"
#include "tests/unit/storage/scan/scene.h"

enum { CALLS_END = 512, SURVIVED = 42 };

/* All that a reader needs; written down once more, so that the list cannot grow unseen. */
static const long needed[] = {
	SYS_read,          SYS_write,      SYS_close,     SYS_lseek,           SYS_mmap,
	SYS_mprotect,      SYS_munmap,     SYS_brk,       SYS_rt_sigreturn,    SYS_rt_sigprocmask,
	SYS_pread64,       SYS_mremap,     SYS_madvise,   SYS_getpid,          SYS_recvmsg,
	SYS_exit,          SYS_gettid,     SYS_futex,     SYS_restart_syscall, SYS_fadvise64,
	SYS_clock_gettime, SYS_exit_group, SYS_getrandom,
};

/** Linux asks no filter about the two that its own probes make; from elsewhere they do nothing. */
static bool is_unfiltered(long call)
{
#ifdef __x86_64__
	return call == 335 || call == 336;
#else
	(void)call;
	return false;
#endif
}

static bool is_needed(long call)
{
	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
		if (needed[i] == call)
			return true;
	return false;
}

/** The status of a confined process that makes one system call, all its arguments `argument`. */
static int status_of_call(long call, long argument)
{
	int status;
	pid_t pid = fork();
	if (pid == 0) {
		confine_self();
		syscall(call, argument, argument, argument, argument, argument, argument);
		syscall(SYS_exit_group, SURVIVED);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static bool was_stopped(int status)
{
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;
}

static bool kernel_has_filter(void)
{
	int status;
	pid_t pid = fork();
	if (pid == 0)
		_exit(confine_self().has_filter ? SURVIVED : 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) && WEXITSTATUS(status) == SURVIVED;
}

static void needs_a_kernel_that_can(void)
{
	if (!kernel_has_filter()) {
		print_message("this kernel has no seccomp: nothing to try\n");
		skip();
	}
}

static void stops_every_call_that_is_not_needed(void **state)
{
	(void)state;
	needs_a_kernel_that_can();
	for (long call = 0; call < CALLS_END; call++)
		if (!is_unfiltered(call) && was_stopped(status_of_call(call, 0)) == is_needed(call))
			fail_msg("system call %ld %s", call,
				 is_needed(call) ? "is stopped" : "goes through");
}

static void stops_calls_of_another_machine(void **state)
{
	(void)state;
	needs_a_kernel_that_can();
#ifdef __x86_64__
	enum { X32 = 0x40000000 };
	assert_true(was_stopped(status_of_call(X32 | SYS_open, 0)));
	assert_true(was_stopped(status_of_call(X32 | SYS_read, 0)));
#endif
	assert_true(was_stopped(status_of_call(-1, 0)));
}

/** A status of a confined process that runs `run`. */
static int status_of(void (*run)(void))
{
	int status;
	pid_t pid = fork();
	if (pid == 0) {
		confine_self();
		run();
		syscall(SYS_exit_group, SURVIVED);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void map_code(void)
{
	mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void make_code(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	mprotect(page, 4096, PROT_READ | PROT_EXEC);
}

static void kill_others(void)
{
	syscall(SYS_tgkill, 1, 1, SIGTERM);
}

static void abort_itself(void)
{
	abort();
}

static void take_memory(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	void *large = malloc(1 << 20);
	if (page == MAP_FAILED || !large || mprotect(page, 4096, PROT_READ))
		abort();
}

static void take_too_much(void)
{
	if (mmap(NULL, (size_t)3 << 30, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		 0) != MAP_FAILED)
		abort();
}

static void looks_at_arguments(void **state)
{
	(void)state;
	needs_a_kernel_that_can();
	assert_true(was_stopped(status_of(map_code)));
	assert_true(was_stopped(status_of(make_code)));
	assert_true(was_stopped(status_of(kill_others)));
	assert_int_equal(WTERMSIG(status_of(abort_itself)), SIGABRT);
	assert_int_equal(WEXITSTATUS(status_of(take_memory)), SURVIVED);
	assert_int_equal(WEXITSTATUS(status_of(take_too_much)), SURVIVED);
}

static rlim_t limit_of(pid_t pid, int resource)
{
	struct rlimit limits;
	assert_int_equal(prlimit(pid, (__rlimit_resource_t)resource, NULL, &limits), 0);
	assert_int_equal(limits.rlim_cur, limits.rlim_max);
	return limits.rlim_max;
}

static bool status_says(pid_t pid, const char *line)
{
	char path[64], text[4096] = { 0 };
	snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_true(read(fd, text, sizeof text - 1) > 0);
	assert_int_equal(close(fd), 0);
	return strstr(text, line) != NULL;
}

static void confines_every_reader(void **state)
{
	struct scene *scene = *state;
	struct error err;
	struct reader_child child;
	struct readers_options options = { .knowledge = scene->knowledge };
	needs_a_kernel_that_can();
	struct readers *readers = readers_open(&options, &err);
	assert_true(readers_spawn(readers, READER_IDENTIFIES_FOR_INDEX, &child, &err));
	assert_true(child.walls.has_filter);
	assert_int_equal(limit_of(child.pid, RLIMIT_AS), (rlim_t)2 << 30);
	assert_int_equal(limit_of(child.pid, RLIMIT_FSIZE), 0);
	assert_int_equal(limit_of(child.pid, RLIMIT_NPROC), 0);
	assert_int_equal(limit_of(child.pid, RLIMIT_CORE), 0);
	assert_true(limit_of(child.pid, RLIMIT_CPU) <= 3600);
	assert_true(status_says(child.pid, "\nNoNewPrivs:\t1\n"));
	assert_true(status_says(child.pid, "\nSeccomp:\t2\n"));
	assert_int_equal(readers_bury(readers, &child), SIGKILL);
	readers_close(readers);
}

/** A read as in a reader, with walls: one file of that name is lost, for that reason. */
static void lose_one(struct scene *scene, const char *name, const char *why)
{
	struct error err;
	struct readers_options options = { .knowledge = scene->knowledge, .read = trouble_read };
	struct readers *readers = readers_open(&options, &err);
	struct reader_process *process = reader_process_create(readers, true, NULL);
	const char *names[] = { "fine.pt", name, "good.pt" };
	struct candidate candidates[3];
	struct opened opened[3];
	const struct opened *list[3];
	struct reader_answer answers[3];
	for (size_t i = 0; i < 3; i++) {
		scene_model(scene, arena_printf(&scene->arena, "a/%s", names[i]), (unsigned)i);
		candidates[i] = (struct candidate){
			.path = str_from(
				scene_path(scene, arena_printf(&scene->arena, "a/%s", names[i]))),
		};
		const struct opened_target target = {
			.folder_fd = AT_FDCWD,
			.reach = OPENED_ANYWHERE,
			.candidate = &candidates[i],
		};
		opened_open(&target, &scene->arena, &opened[i]);
		list[i] = &opened[i];
	}
	reader_process_read(process, list, 3, &scene->arena, answers);
	assert_int_equal(answers[0].model.status, STATUS_OK);
	assert_int_equal(answers[2].model.status, STATUS_OK);
	assert_non_null(answers[1].trouble.code.ptr);
	if (str_find(answers[1].trouble.message, str_from(why)) < 0)
		fail_msg("%s does not say %s", answers[1].trouble.message.ptr, why);
	for (size_t i = 0; i < 3; i++)
		opened_close(&opened[i]);
	reader_process_destroy(process);
	readers_close(readers);
}

static void loses_what_goes_beyond_the_walls(void **state)
{
	needs_a_kernel_that_can();
	lose_one(*state, "peek.pt", "(forbidden system call)");
	lose_one(*state, "hoard.pt", "(memory)");
	lose_one(*state, "crash.pt", "(Aborted)");
}

/** A system without seccomp: for this process and its children the call is not there. */
static bool hide_seccomp(void)
{
	struct sock_filter steps[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_seccomp, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof steps / sizeof *steps, steps };
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}

/** Reads all the same, and tells, but once. */
static bool scans_twice(struct scene *scene)
{
	struct error err;
	const struct readers_options options = { .knowledge = scene->knowledge };
	scene->options.readers = readers_open(&options, &err);
	scene_model(scene, "a/one.pt", 1);
	scene_scan(scene);
	bool is_right = scene_was_told(scene, "cannot confine") && scene->told.len == 1 &&
			scene_finding(scene, "one.pt")->model.status == STATUS_OK;
	scene_model(scene, "a/two.pt", 2);
	scene_scan(scene);
	return is_right && scene->findings.len == 1 && scene->told.len == 0;
}

static void tells_when_there_is_no_filter(void **state)
{
	int status;
	needs_a_kernel_that_can();
	pid_t pid = fork();
	if (pid == 0)
		_exit(hide_seccomp() && scans_twice(*state) ? SURVIVED : 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), SURVIVED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stops_every_call_that_is_not_needed),
		cmocka_unit_test(stops_calls_of_another_machine),
		cmocka_unit_test(looks_at_arguments),
		cmocka_unit_test_setup_teardown(confines_every_reader, scene_setup, scene_teardown),
		cmocka_unit_test_setup_teardown(tells_when_there_is_no_filter, scene_setup,
						scene_teardown),
		cmocka_unit_test_setup_teardown(loses_what_goes_beyond_the_walls, scene_setup,
						scene_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
