// SPDX-License-Identifier: MIT
#include "storage/readers/reader_team.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "storage/readers/passing.h"
#include "storage/scan/names.h"
#include "tests/support/trouble.h"
#include "tests/unit/storage/scan/scene.h"

enum { WALL_MS = 20000, CPU_MS = 500 };

/** Models in one folder, and a reader for them. */
struct desk {
	struct scene *scene;
	struct readers *readers;
	struct reader_process *process;
	struct candidate candidates[WIRE_MODELS_MAX];
	struct opened opened[WIRE_MODELS_MAX];
	struct reader_answer answers[WIRE_MODELS_MAX];
	size_t n;
	int folder_fd;
	size_t n_descriptors; /* open before anything was */
};

static size_t count_descriptors(void)
{
	size_t n = 0;
	DIR *dir = opendir("/proc/self/fd");
	assert_non_null(dir);
	while (readdir(dir))
		n++;
	assert_int_equal(closedir(dir), 0);
	return n;
}

static void desk_open(struct desk *desk, struct scene *scene, int wall_ms)
{
	struct error err;
	struct readers_options options = {
		.knowledge = scene->knowledge,
		.read = trouble_read,
		.wall_ms = wall_ms,
		.cpu_ms = CPU_MS,
	};
	*desk = (struct desk){ .scene = scene, .n_descriptors = count_descriptors() };
	desk->readers = readers_open(&options, &err);
	assert_non_null(desk->readers);
	desk->process = reader_process_create(desk->readers, true, NULL);
	desk->folder_fd = open(scene_path(scene, "a"), O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_true(desk->folder_fd >= 0);
}

/** Nothing is left of it: no descriptor, no process. */
static void desk_close(struct desk *desk)
{
	for (size_t i = 0; i < desk->n; i++)
		opened_close(&desk->opened[i]);
	reader_process_destroy(desk->process);
	readers_close(desk->readers);
	assert_int_equal(close(desk->folder_fd), 0);
	assert_int_equal(count_descriptors(), desk->n_descriptors);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

/** Writes a model of that name and opens it. */
static void desk_add(struct desk *desk, const char *name)
{
	struct arena *arena = &desk->scene->arena;
	struct candidate *candidate = &desk->candidates[desk->n];
	scene_model(desk->scene, arena_printf(arena, "a/%s", name), (unsigned)desk->n);
	*candidate = (struct candidate){
		.type = CANDIDATE_FILE,
		.path = str_from(name),
		.name = name_stem(str_from(name)),
	};
	const struct opened_target target = {
		.folder_fd = desk->folder_fd,
		.reach = OPENED_BENEATH,
		.candidate = candidate,
	};
	opened_open(&target, arena, &desk->opened[desk->n]);
	assert_null(desk->opened[desk->n].unread.code.ptr);
	desk->n++;
}

static void desk_read(struct desk *desk)
{
	const struct opened *opened[WIRE_MODELS_MAX];
	for (size_t i = 0; i < desk->n; i++)
		opened[i] = &desk->opened[i];
	reader_process_read(desk->process, opened, desk->n, &desk->scene->arena, desk->answers);
}

static void assert_read(const struct reader_answer *answer)
{
	assert_null(answer->trouble.code.ptr);
	assert_int_equal(answer->model.status, STATUS_OK);
	assert_int_equal(answer->model.n_tensors, 1);
}

static void assert_trouble(const struct reader_answer *answer, const char *why)
{
	assert_non_null(answer->trouble.code.ptr);
	assert_string_equal(answer->trouble.code.ptr, "E_WORKER");
	if (str_find(answer->trouble.message, str_from(why)) < 0)
		fail_msg("%s does not say %s", answer->trouble.message.ptr, why);
}

/** One file of that name among others: it alone is lost, for that reason. */
static void lose_one(struct scene *scene, const char *name, const char *why)
{
	struct desk desk;
	desk_open(&desk, scene, WALL_MS);
	desk_add(&desk, "first.pt");
	desk_add(&desk, "second.pt");
	desk_add(&desk, name);
	desk_add(&desk, "last.pt");
	desk_read(&desk);
	assert_read(&desk.answers[0]);
	assert_read(&desk.answers[1]);
	assert_trouble(&desk.answers[2], why);
	assert_false(desk.answers[2].is_passing);
	assert_read(&desk.answers[3]);
	desk_close(&desk);
}

static void reads_what_it_is_handed(void **state)
{
	struct desk desk;
	desk_open(&desk, *state, WALL_MS);
	for (size_t i = 0; i < WIRE_MODELS_MAX; i++)
		desk_add(&desk, arena_printf(&desk.scene->arena, "%zu.safetensors", i));
	for (int round = 0; round < 3; round++) {
		desk_read(&desk);
		for (size_t i = 0; i < desk.n; i++) {
			assert_read(&desk.answers[i]);
			assert_int_equal(desk.answers[i].model.name.len, i < 10 ? 1 : 2);
		}
	}
	desk_close(&desk);
}

static void loses_what_a_reader_dies_of(void **state)
{
	lose_one(*state, "crash.pt", "(Aborted)");
	lose_one(*state, "killed.pt", "(memory)");
	lose_one(*state, "starve.pt", "(memory)");
	lose_one(*state, "leave.pt", "(it ended)");
}

static void loses_what_takes_too_long(void **state)
{
	lose_one(*state, "loop.pt", "(time)");
}

static void loses_what_makes_a_reader_lie(void **state)
{
	lose_one(*state, "babble.pt", "(its answer makes no sense)");
	lose_one(*state, "mislead.pt", "(its answer makes no sense)");
}

static void loses_several_of_one_batch(void **state)
{
	struct desk desk;
	desk_open(&desk, *state, WALL_MS);
	static const char *const names[] = { "crash.pt", "crash-2.pt", "fine.pt",
					     "leave.pt", "good.pt",    "crash-3.pt" };
	for (size_t i = 0; i < 6; i++)
		desk_add(&desk, names[i]);
	desk_read(&desk);
	for (size_t i = 0; i < 6; i++)
		if (i == 2 || i == 4)
			assert_read(&desk.answers[i]);
		else
			assert_trouble(&desk.answers[i], "crashed the reader");
	desk_close(&desk);
}

/** Who did not compute has waited for the disk, which may be faster the next time. */
static void tells_waiting_from_computing(void **state)
{
	struct desk desk;
	desk_open(&desk, *state, 300);
	desk_add(&desk, "hang.pt");
	desk_add(&desk, "stutter.pt");
	desk_read(&desk);
	for (size_t i = 0; i < desk.n; i++) {
		assert_string_equal(desk.answers[i].trouble.code.ptr, "E_IO");
		assert_true(desk.answers[i].is_passing);
	}
	desk_close(&desk);
}

/** It says something all the time, and never gets done. */
static void loses_what_makes_a_reader_trickle(void **state)
{
	struct desk desk;
	desk_open(&desk, *state, 500);
	desk_add(&desk, "trickle.pt");
	desk_read(&desk);
	assert_trouble(&desk.answers[0], "(time)");
	desk_close(&desk);
}

static void stops_waiting_when_cancelled(void **state)
{
	struct desk desk;
	atomic_bool is_cancelled = true;
	desk_open(&desk, *state, WALL_MS);
	reader_process_destroy(desk.process);
	desk.process = reader_process_create(desk.readers, true, &is_cancelled);
	desk_add(&desk, "hang.pt");
	desk_add(&desk, "other.pt");
	desk_read(&desk);
	assert_true(desk.answers[0].was_cancelled);
	assert_true(desk.answers[1].was_cancelled);
	desk_close(&desk);
}

/** One of the threads that share a team: what it reads is its own. */
struct asker {
	pthread_t thread;
	struct desk *desk;
	struct reader_team *team;
	size_t i; /* of its model */
	struct arena arena;
};

static void *ask(void *context)
{
	struct asker *asker = context;
	const struct opened *opened = &asker->desk->opened[asker->i];
	for (int times = 0; times < 20; times++) {
		struct reader_process *process = reader_team_take(asker->team);
		reader_process_read(process, &opened, 1, &asker->arena,
				    &asker->desk->answers[asker->i]);
		reader_team_give_back(asker->team, process);
	}
	return NULL;
}

static void shares_a_team_among_more_threads(void **state)
{
	enum { ASKERS = 5, READERS = 2 };
	struct desk desk;
	struct asker askers[ASKERS];
	struct confinement walls;
	desk_open(&desk, *state, WALL_MS);
	struct reader_team *team = reader_team_create(desk.readers, READERS, true, NULL);
	assert_false(reader_team_walls(team, &walls));
	for (size_t i = 0; i < ASKERS; i++)
		desk_add(&desk,
			 arena_printf(&desk.scene->arena, i == 3 ? "crash.pt" : "%zu.pt", i));
	for (size_t i = 0; i < ASKERS; i++) {
		askers[i] = (struct asker){ .desk = &desk, .team = team, .i = i };
		assert_int_equal(pthread_create(&askers[i].thread, NULL, ask, &askers[i]), 0);
	}
	for (size_t i = 0; i < ASKERS; i++)
		assert_int_equal(pthread_join(askers[i].thread, NULL), 0);
	for (size_t i = 0; i < ASKERS; i++) {
		if (i == 3)
			assert_trouble(&desk.answers[i], "(Aborted)");
		else
			assert_read(&desk.answers[i]);
		arena_finish(&askers[i].arena);
	}
	assert_true(reader_team_walls(team, &walls));
	reader_team_destroy(team);
	desk_close(&desk);
}

static void has_no_team_without_readers(void **state)
{
	(void)state;
	assert_null(reader_team_create(NULL, 2, true, NULL));
	reader_team_destroy(NULL);
}

/** More than go into one message. */
static void passes_many_descriptors(void **state)
{
	enum { MANY = 2 * PASSING_DESCRIPTORS_MAX + 100 };
	struct desk desk;
	static struct folder_file files[MANY];
	desk_open(&desk, *state, WALL_MS);
	desk_add(&desk, "many.pt");
	desk_add(&desk, "one.pt");
	const struct folder_file *only = desk.opened[0].files.files;
	for (size_t i = 0; i < MANY; i++)
		files[i] = *only;
	desk.opened[0].files = (struct folder){ files, MANY };
	desk_read(&desk);
	assert_read(&desk.answers[0]);
	assert_read(&desk.answers[1]);
	desk.opened[0].files = (struct folder){ only, 1 };
	desk_close(&desk);
}

static void lives_without_its_own_standard_streams(void **state)
{
	struct desk desk;
	int streams[3];
	for (int i = 0; i < 3; i++) {
		streams[i] = fcntl(i, F_DUPFD_CLOEXEC, 10);
		close(i);
	}
	desk_open(&desk, *state, WALL_MS);
	desk_add(&desk, "one.pt");
	desk_read(&desk);
	struct reader_answer answer = desk.answers[0];
	desk_close(&desk);
	for (int i = 0; i < 3; i++) {
		dup2(streams[i], i);
		close(streams[i]);
	}
	assert_read(&answer);
}

static pid_t parent_of(pid_t pid)
{
	char path[64], text[512] = { 0 };
	int parent = 0;
	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_true(read(fd, text, sizeof text - 1) > 0);
	assert_int_equal(close(fd), 0);
	/* "PID (NAME) STATE PARENT ..." */
	assert_int_equal(sscanf(strrchr(text, ')'), ") %*c %d", &parent), 1);
	return parent;
}

/** That is no fault of the file, so it is read again when there are readers. */
static void says_so_when_no_reader_can_be_had(void **state)
{
	struct desk desk;
	struct reader_child child;
	struct error err;
	desk_open(&desk, *state, WALL_MS);
	assert_true(readers_spawn(desk.readers, READER_IDENTIFIES, &child, &err));
	pid_t nursery = parent_of(child.pid);
	readers_bury(desk.readers, &child);
	assert_int_equal(kill(nursery, SIGKILL), 0);
	desk_add(&desk, "one.pt");
	desk_add(&desk, "two.pt");
	desk_read(&desk);
	for (size_t i = 0; i < 2; i++) {
		assert_string_equal(desk.answers[i].trouble.code.ptr, "E_IO");
		assert_true(desk.answers[i].is_passing);
	}
	desk_close(&desk);
}

/** In a process of its own: a program with a reader; tells their pids and waits to be killed. */
static void be_program(struct scene *scene, int to)
{
	struct desk desk;
	struct reader_child child;
	struct error err;
	desk_open(&desk, scene, WALL_MS);
	if (!readers_spawn(desk.readers, READER_IDENTIFIES, &child, &err) ||
	    write(to, &child.pid, sizeof child.pid) != sizeof child.pid)
		_exit(1);
	for (;;)
		pause();
}

static void dies_with_the_program(void **state)
{
	int pair[2], status;
	pid_t reader;
	assert_int_equal(pipe(pair), 0);
	/* Orphans become ours, so that their end can be waited for. */
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
	pid_t program = fork();
	if (program == 0)
		be_program(*state, pair[1]);
	assert_int_equal(read(pair[0], &reader, sizeof reader), sizeof reader);
	assert_int_equal(kill(reader, 0), 0);
	kill(program, SIGKILL);
	assert_int_equal(waitpid(program, &status, 0), program);
	/* The reader, and the process that forked it. */
	alarm(60);
	assert_true(waitpid(-1, &status, 0) > 0);
	assert_true(waitpid(-1, &status, 0) > 0);
	alarm(0);
	assert_int_equal(waitpid(-1, &status, 0), -1);
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0), 0);
	close(pair[0]);
	close(pair[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(reads_what_it_is_handed, scene_setup,
						scene_teardown),
		cmocka_unit_test_setup_teardown(loses_what_a_reader_dies_of, scene_setup,
						scene_teardown),
		cmocka_unit_test_setup_teardown(loses_what_takes_too_long, scene_setup,
						scene_teardown),
		cmocka_unit_test_setup_teardown(loses_what_makes_a_reader_lie, scene_setup,
						scene_teardown),
		cmocka_unit_test_setup_teardown(loses_several_of_one_batch, scene_setup,
						scene_teardown),
		cmocka_unit_test_setup_teardown(tells_waiting_from_computing, scene_setup,
						scene_teardown),
		cmocka_unit_test_setup_teardown(loses_what_makes_a_reader_trickle, scene_setup,
						scene_teardown),
		cmocka_unit_test_setup_teardown(stops_waiting_when_cancelled, scene_setup,
						scene_teardown),
		cmocka_unit_test_setup_teardown(shares_a_team_among_more_threads, scene_setup,
						scene_teardown),
		cmocka_unit_test(has_no_team_without_readers),
		cmocka_unit_test_setup_teardown(passes_many_descriptors, scene_setup,
						scene_teardown),
		cmocka_unit_test_setup_teardown(lives_without_its_own_standard_streams, scene_setup,
						scene_teardown),
		cmocka_unit_test_setup_teardown(says_so_when_no_reader_can_be_had, scene_setup,
						scene_teardown),
		cmocka_unit_test_setup_teardown(dies_with_the_program, scene_setup, scene_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
