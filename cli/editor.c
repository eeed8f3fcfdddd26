// SPDX-License-Identifier: MIT
#include "cli/editor.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "core/base/write.h"

extern char **environ;

enum { TEXT_BYTES_MAX = 256 << 20 };

/* What the terminal sends to both of us is the editor's. */
static const int ignored[] = { SIGINT, SIGQUIT, SIGTSTP };
enum { N_IGNORED = sizeof ignored / sizeof *ignored };

bool editor_begin(struct cli *cli, struct str text, struct editor *editor, struct error *err)
{
	char *folder = arena_printf(&cli->arena, "%s/edit-XXXXXX", cli->paths.data_dir);
	if (!mkdtemp(folder))
		return error_system(err, errno, "%s", folder);
	*editor = (struct editor){ folder, arena_printf(&cli->arena, "%s/models.txt", folder) };
	int fd = open(editor->file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	bool ok = fd >= 0 && write_all(fd, text);
	int failure = errno;
	if (fd >= 0 && close(fd) != 0 && ok) {
		ok = false;
		failure = errno;
	}
	if (!ok)
		editor_end(editor);
	return ok || error_system(err, failure, "%s", editor->file);
}

static void split(const char *command, struct arena *arena, struct array *argv)
{
	struct str rest = str_trim(str_from(command)), word;
	while (str_next_part(&rest, ' ', &word))
		if (word.len > 0)
			*ARRAY_PUSH(argv, char *) = arena_cstr(arena, word);
}

static const char *command(void)
{
	const char *visual = secure_getenv("VISUAL"), *editor = secure_getenv("EDITOR");
	if (visual && str_trim(str_from(visual)).len > 0)
		return visual;
	return editor && str_trim(str_from(editor)).len > 0 ? editor : "vi";
}

static bool spawn(char **argv, pid_t *pid, struct error *err)
{
	posix_spawnattr_t attributes;
	sigset_t usual;
	sigemptyset(&usual);
	for (size_t i = 0; i < N_IGNORED; i++)
		sigaddset(&usual, ignored[i]);
	sigaddset(&usual, SIGPIPE);
	int result = posix_spawnattr_init(&attributes);
	if (result != 0)
		return error_system(err, result, "%s", argv[0]);
	result = posix_spawnattr_setsigdefault(&attributes, &usual);
	if (result == 0)
		result = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
	if (result == 0)
		result = posix_spawnp(pid, argv[0], NULL, &attributes, argv, environ);
	posix_spawnattr_destroy(&attributes);
	return result == 0 || error_system(err, result, "%s", argv[0]);
}

static bool wait_for(pid_t pid, const char *name, struct error *err)
{
	int status = 0;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return (WIFEXITED(status) && WEXITSTATUS(status) == 0) ||
	       error_set(err, ERROR_CANCELLED, NULL, "%s did not end well", name);
}

/* An editor that dies leaves the terminal as it likes it. */
static bool run_guarded(char **argv, struct error *err)
{
	struct sigaction before[N_IGNORED], ignore = { .sa_handler = SIG_IGN };
	struct termios terminal;
	bool is_terminal = tcgetattr(STDIN_FILENO, &terminal) == 0;
	pid_t pid;
	sigemptyset(&ignore.sa_mask);
	for (size_t i = 0; i < N_IGNORED; i++)
		sigaction(ignored[i], &ignore, &before[i]);
	bool ok = spawn(argv, &pid, err) && wait_for(pid, argv[0], err);
	for (size_t i = 0; i < N_IGNORED; i++)
		sigaction(ignored[i], &before[i], NULL);
	if (is_terminal)
		(void)tcsetattr(STDIN_FILENO, TCSADRAIN, &terminal); /* gone: nothing to restore */
	return ok;
}

/* Editors put another file in its place. */
bool editor_read(const struct editor *editor, struct bytes *text, struct error *err)
{
	const char *path = editor->file;
	char part[1 << 14];
	struct stat state;
	ssize_t n = 0;
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return error_system(err, errno, "%s", path);
	bool ok =
		fstat(fd, &state) == 0 && S_ISREG(state.st_mode) && state.st_size <= TEXT_BYTES_MAX;
	while (ok && text->len <= TEXT_BYTES_MAX && (n = read(fd, part, sizeof part)) > 0)
		bytes_append(text, part, (size_t)n);
	int failure = errno;
	close(fd);
	if (n < 0)
		return error_system(err, failure, "%s", path);
	return (ok && n == 0) ||
	       error_set(err, ERROR_LIMIT, NULL, "%s: this is no text of ours", path);
}

bool editor_open(const char *file, struct error *err)
{
	struct arena arena = { 0 };
	struct array argv = ARRAY_OF(char *);
	split(command(), &arena, &argv);
	*ARRAY_PUSH(&argv, char *) = arena_cstr(&arena, str_from(file));
	*ARRAY_PUSH(&argv, char *) = NULL;
	bool ok = run_guarded(argv.ptr, err);
	array_finish(&argv);
	arena_finish(&arena);
	return ok;
}

bool editor_run(const struct editor *editor, struct bytes *text, struct error *err)
{
	return editor_open(editor->file, err) && editor_read(editor, text, err);
}

/* What else an editor may have left there stays, and the folder with it. */
void editor_end(const struct editor *editor)
{
	if (editor->folder && (unlink(editor->file) == 0 || errno == ENOENT) &&
	    rmdir(editor->folder) != 0)
		return;
}
