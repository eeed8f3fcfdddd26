// SPDX-License-Identifier: MIT
#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/cli.h"
#include "config/setting_add.h"

extern char **environ;

/* What the terminal sends to both of us is the subcommand's; nobody could wake a stopped one. */
static const int ignored[] = { SIGINT, SIGQUIT, SIGTSTP };
enum { N_IGNORED = sizeof ignored / sizeof *ignored };

static void push(struct array *argv, const char *word)
{
	*ARRAY_PUSH(argv, char *) = (char *)(uintptr_t)word; /* exec changes none of them */
}

/* The options that we were started with hold for the subcommand, too. */
static void push_globals(const struct args *args, struct array *argv)
{
	for (size_t i = 0; i <= OPTION_GLOBAL_LAST; i++) {
		if (!args->has[i])
			continue;
		push(argv, args_option((enum option_id)i)->name);
		if (args->values[i])
			push(argv, args->values[i]);
	}
}

static bool spawn(char **argv, pid_t *pid, struct error *err)
{
	posix_spawnattr_t attributes;
	sigset_t usual;
	sigemptyset(&usual);
	sigaddset(&usual, SIGINT);
	sigaddset(&usual, SIGQUIT);
	sigaddset(&usual, SIGPIPE);
	int result = posix_spawnattr_init(&attributes);
	if (result != 0)
		return error_system(err, result, "%s", argv[1]);
	result = posix_spawnattr_setsigdefault(&attributes, &usual);
	if (result == 0)
		result = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
	if (result == 0)
		result = posix_spawn(pid, "/proc/self/exe", NULL, &attributes, argv, environ);
	posix_spawnattr_destroy(&attributes);
	return result == 0 || error_system(err, result, "%s", argv[1]);
}

static void run_and_wait(struct cli *cli, struct array *argv)
{
	struct error err;
	pid_t pid;
	int status = 0;
	if (!spawn(argv->ptr, &pid, &err)) {
		out_complain(&cli->out, str_from(err.text));
		return;
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
		out_printf(&cli->out, "[exit %d] ", WEXITSTATUS(status));
}

static void wait_for_enter(struct cli *cli)
{
	struct error ignored_too;
	char byte = '\0';
	out_printf(&cli->out, "Enter leads back to the screen. ");
	if (!out_flush(&cli->out, &ignored_too))
		return;
	while (byte != '\n' && read(STDIN_FILENO, &byte, 1) == 1)
		;
}

struct library *cli_step_aside(void *context, const struct str *words, size_t n_words,
			       struct error *err)
{
	struct cli *cli = context;
	struct array argv = ARRAY_OF(char *);
	struct sigaction before[N_IGNORED], ignore = { .sa_handler = SIG_IGN };
	push(&argv, "lorarium");
	push_globals(&cli->args, &argv);
	for (size_t i = 0; i < n_words; i++)
		push(&argv, words[i].ptr);
	push(&argv, NULL);
	library_close(cli->library);
	cli->library = NULL;
	sigemptyset(&ignore.sa_mask);
	for (size_t i = 0; i < N_IGNORED; i++)
		sigaction(ignored[i], &ignore, &before[i]);
	run_and_wait(cli, &argv);
	wait_for_enter(cli);
	for (size_t i = 0; i < N_IGNORED; i++)
		sigaction(ignored[i], &before[i], NULL);
	array_finish(&argv);
	return cli_library(cli, LIBRARY_WRITE_IF_FREE, err) ? cli->library : NULL;
}

struct library *cli_ignore(void *context, struct str folder, struct error *failure,
			   struct error *err)
{
	struct cli *cli = context;
	struct str value;
	if (!setting_add(cli->paths.config_file, SETTING_SCAN_IGNORE,
			 setting_glob(folder, &cli->arena), &cli->arena, &value, failure))
		return cli->library;
	failure->code = ERROR_NONE;
	cli->settings.values[SETTING_SCAN_IGNORE].text = value;
	library_close(cli->library);
	cli->library = NULL;
	return cli_library(cli, LIBRARY_WRITE_IF_FREE, err) ? cli->library : NULL;
}
