// SPDX-License-Identifier: MIT
#include "storage/checks.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "storage/readers/readers.h"
#include "storage/scan/disk_type.h"

struct doctor {
	struct answers *answers;
	struct arena *arena;
	struct array lines; /* struct check_line */
};

static void say(struct doctor *doctor, const char *check, enum check_state state,
		struct str message, const char *mend)
{
	*ARRAY_PUSH(&doctor->lines, struct check_line) = (struct check_line){
		.check = arena_str(doctor->arena, str_from(check)),
		.state = state,
		.message = message,
		.mend = mend ? arena_str(doctor->arena, str_from(mend)) : STR_NULL,
	};
}

static void check_folder(struct doctor *doctor)
{
	const char *dir = doctor->answers->options->data_dir;
	struct stat state;
	if (stat(dir, &state) != 0) {
		say(doctor, "data folder", CHECK_WARNING,
		    arena_strf(doctor->arena, "%s: %s", dir, strerror(errno)),
		    "run \"lorarium scan FOLDER\": it is made then");
		return;
	}
	if (state.st_mode & 077) {
		say(doctor, "data folder", CHECK_WARNING,
		    arena_strf(doctor->arena, "%s can be read by others", dir),
		    "run chmod 700 on it");
		return;
	}
	say(doctor, "data folder", CHECK_OK, arena_str(doctor->arena, str_from(dir)), NULL);
}

static void check_file(struct doctor *doctor, const char *schema, const char *name, bool deep,
		       const char *mend)
{
	struct error err;
	if (db_check(doctor->answers->db, schema, deep, &err))
		say(doctor, name, CHECK_OK, arena_strf(doctor->arena, "%s is sound", name), NULL);
	else
		say(doctor, name, CHECK_FAULT, arena_str(doctor->arena, str_from(err.text)), mend);
}

static bool read_number(const char *file, uint64_t *out)
{
	char text[32];
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, text, sizeof text) : -1;
	if (fd >= 0)
		close(fd);
	return n > 0 && str_to_u64(str_trim((struct str){ text, (size_t)n }), out);
}

static void check_roots(struct doctor *doctor)
{
	const struct roots *roots = &doctor->answers->roots;
	for (size_t i = 0; i < roots->n; i++) {
		struct stat state;
		char *path = arena_cstr(doctor->arena, roots->list[i].path);
		struct str message = arena_strf(doctor->arena, "%s", path);
		if (stat(path, &state) != 0 || !S_ISDIR(state.st_mode))
			say(doctor, "root", CHECK_WARNING, message,
			    "it cannot be reached: mount it, or \"lorarium root remove\" it; its models and "
			    "their tags are kept meanwhile");
		else if (!roots->list[i].is_online)
			say(doctor, "root", CHECK_WARNING, message,
			    "it was not there at the last scan: scan again");
		else
			say(doctor, "root", CHECK_OK, message, NULL);
	}
	if (roots->n == 0)
		say(doctor, "roots", CHECK_WARNING, STR("no folder is looked after"),
		    "add one with \"lorarium root add FOLDER\"");
}

/* What the screen watches by itself, and where it has to look now and then. */
static void check_watching(struct doctor *doctor)
{
	struct answers *answers = doctor->answers;
	uint64_t limit = 0;
	bool has_limit = read_number("/proc/sys/fs/inotify/max_user_watches", &limit);
	int64_t n = db_first_int(answers->db, SQL_FOLDERS_COUNT, NULL, 0, 0);
	if (has_limit && (uint64_t)n > limit)
		say(doctor, "watching", CHECK_WARNING,
		    arena_strf(doctor->arena,
			       "models lie in %lld folders, this system watches %llu", (long long)n,
			       (unsigned long long)limit),
		    "raise fs.inotify.max_user_watches (sysctl); until then roots are looked at every "
		    "five minutes");
	else
		say(doctor, "watching", CHECK_OK,
		    STR("what changes is seen by itself while the screen is open"), NULL);
	for (size_t i = 0; i < answers->roots.n; i++) {
		struct statfs disk;
		char *path = arena_cstr(doctor->arena, answers->roots.list[i].path);
		if (statfs(path, &disk) == 0 && !disk_tells_changes((uint32_t)disk.f_type))
			say(doctor, "watching", CHECK_OK,
			    arena_strf(doctor->arena,
				       "%s is looked at every five minutes: its file system "
				       "does not tell what others change",
				       path),
			    NULL);
	}
}

/* What was cut short and could not be ended: only the person knows what is to become of it. */
static void check_operations(struct doctor *doctor)
{
	struct error ignored; /* a damaged file was told of by then */
	sqlite3_stmt *rows = db_bind(doctor->answers->db, SQL_STEPS_IN_DOUBT, NULL, 0, &ignored);
	while (rows && db_next(rows, &ignored)) {
		bool waits = !str_equal(db_column(rows, 1), STR("conflict"));
		struct str path = db_column(rows, 2);
		say(doctor, "operation", waits ? CHECK_WARNING : CHECK_FAULT,
		    arena_strf(doctor->arena, "operation %lld was cut short at %.*s",
			       (long long)sqlite3_column_int64(rows, 0), STR_ARG(path)),
		    waits ? "mount its disk: the next start ends it"
			  : "another file was met there: look at both, nothing was touched");
	}
}

/* Whose copy is whose only the person knows. */
static void check_strays(struct doctor *doctor)
{
	const struct stray_model *strays;
	size_t n;
	struct error ignored; /* a damaged file was told of by then */
	if (answers_strays(doctor->answers, doctor->arena, &strays, &n, &ignored) && n > 0)
		say(doctor, "moved", CHECK_WARNING,
		    arena_strf(doctor->arena, "%zu model%s may have moved", n, n == 1 ? "" : "s"),
		    "see \"lorarium moved\": it lists them, and is told where they are");
}

/** Not asked of the kernel but tried: a container may refuse what the kernel has. */
static void check_walls(struct doctor *doctor, struct readers *readers)
{
	struct reader_child child;
	struct error err;
	if (!readers_spawn(readers, READER_IDENTIFIES, &child, &err)) {
		say(doctor, "sandbox", CHECK_FAULT, arena_str(doctor->arena, str_from(err.text)),
		    "free memory or processes; until then no file is read");
		return;
	}
	readers_bury(readers, &child);
	if (confine_is_instrumented())
		say(doctor, "sandbox", CHECK_OK,
		    STR("files are read in processes of their own, without walls: this program was built "
			"to be tested"),
		    NULL);
	else if (child.walls.has_filter)
		say(doctor, "sandbox", CHECK_OK,
		    arena_strf(doctor->arena,
			       "files are read in processes that can open nothing (seccomp%s)",
			       child.walls.has_landlock ? ", Landlock" : ""),
		    NULL);
	else
		say(doctor, "sandbox", CHECK_WARNING,
		    arena_strf(doctor->arena,
			       "files are read in processes of their own, but this system "
			       "has no seccomp%s",
			       child.walls.has_landlock ? "; it has Landlock" : ""),
		    "in a container, allow seccomp(2); otherwise use a kernel with CONFIG_SECCOMP_FILTER");
}

static void check_sandbox(struct doctor *doctor)
{
	struct readers *readers = doctor->answers->options->readers;
	if (readers)
		check_walls(doctor, readers);
	else
		say(doctor, "sandbox", CHECK_WARNING, STR("files are read in this process"),
		    "leave --no-sandbox out");
}

void checks_run(struct answers *answers, bool can_write, bool deep, struct event *event)
{
	struct doctor doctor = { answers, &event->arena, ARRAY_OF(struct check_line) };
	check_folder(&doctor);
	check_file(&doctor, "user", "user.db", deep,
		   "nothing was changed; put back a copy from backups/ in the data folder");
	check_file(&doctor, "main", "index.db", deep,
		   "delete index.db and scan again: nothing of yours is in it");
	if (can_write)
		say(&doctor, "lock", CHECK_OK, STR("nobody else is writing"), NULL);
	else
		say(&doctor, "lock", CHECK_OK, STR("opened for reading"), NULL);
	check_sandbox(&doctor);
	check_roots(&doctor);
	check_watching(&doctor);
	check_operations(&doctor);
	check_strays(&doctor);
	event->as.checks.n = doctor.lines.len;
	event->as.checks.lines = array_to_arena(&doctor.lines, &event->arena);
	array_finish(&doctor.lines);
}
