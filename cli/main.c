// SPDX-License-Identifier: MIT
/**
 * lorarium, from the command line to the exit status.
 *
 * The map of the program, in the order in which data flows:
 *
 *   config/   paths, settings and the knowledge of the world
 *   storage/  walks the roots, reads headers, keeps the index: behind the mailbox storage/library.h
 *   core/     bytes to facts: formats -> adapters -> identify -> model; two models -> fit;
 *             a QUERY -> a tree
 *   tui/      the screen: messages -> state -> cells
 *   cli/      argv -> args -> one of cmd_*.c -> requests -> events -> out (this folder)
 */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "config/knowledge.h"
#include "tui/tui.h"

enum { FILES_WANTED = 8192 };

static const command_fn runs[COMMAND_COUNT] = {
	[COMMAND_SCAN] = cmd_scan,
	[COMMAND_LIST] = cmd_list,
	[COMMAND_GROUPS] = cmd_groups,
	[COMMAND_SHOW] = cmd_show,
	[COMMAND_INSPECT] = cmd_inspect,
	[COMMAND_FIT] = cmd_fit,
	[COMMAND_CHECK] = cmd_check,
	[COMMAND_BIND] = cmd_bind,
	[COMMAND_TAG] = cmd_tag,
	[COMMAND_TAGS] = cmd_tags,
	[COMMAND_TAGS_RENAME] = cmd_tags_rename,
	[COMMAND_EDIT] = cmd_edit,
	[COMMAND_ADOPT] = cmd_adopt,
	[COMMAND_EXPORT] = cmd_export,
	[COMMAND_NOTE] = cmd_note,
	[COMMAND_RATE] = cmd_rate,
	[COMMAND_FAVOURITE] = cmd_favourite,
	[COMMAND_UNDO] = cmd_undo,
	[COMMAND_REDO] = cmd_redo,
	[COMMAND_HISTORY] = cmd_history,
	[COMMAND_ORGANISE] = cmd_organise,
	[COMMAND_MOVE] = cmd_move,
	[COMMAND_RENAME] = cmd_rename,
	[COMMAND_TRASH] = cmd_trash,
	[COMMAND_APPLY] = cmd_apply,
	[COMMAND_HASH] = cmd_hash,
	[COMMAND_IMPORT] = cmd_import,
	[COMMAND_DUPLICATES] = cmd_duplicates,
	[COMMAND_DUMP] = cmd_dump,
	[COMMAND_RESTORE] = cmd_restore,
	[COMMAND_CORRECT] = cmd_correct,
	[COMMAND_ROOT_LIST] = cmd_root_list,
	[COMMAND_ROOT_ADD] = cmd_root_add,
	[COMMAND_ROOT_REMOVE] = cmd_root_remove,
	[COMMAND_ROOT_RELOCATE] = cmd_root_relocate,
	[COMMAND_PURGE] = cmd_purge,
	[COMMAND_MOVED] = cmd_moved,
	[COMMAND_SET_LIST] = cmd_set_list,
	[COMMAND_SET_SHOW] = cmd_set_show,
	[COMMAND_SET_NEW] = cmd_set_new,
	[COMMAND_SET_ADD] = cmd_set_add,
	[COMMAND_SET_REMOVE] = cmd_set_remove,
	[COMMAND_SET_WEIGHT] = cmd_set_weight,
	[COMMAND_SET_RENAME] = cmd_set_rename,
	[COMMAND_SET_COPY] = cmd_set_copy,
	[COMMAND_SET_DELETE] = cmd_set_delete,
	[COMMAND_SET_NOTE] = cmd_set_note,
	[COMMAND_SET_TAG] = cmd_set_tag,
	[COMMAND_SET_COMPARE] = cmd_set_compare,
	[COMMAND_SET_EXPORT] = cmd_set_export,
	[COMMAND_SET_PACK] = cmd_set_pack,
	[COMMAND_SET_UNPACK] = cmd_set_unpack,
	[COMMAND_SUGGEST] = cmd_suggest,
	[COMMAND_DEMO] = cmd_demo,
	[COMMAND_CONFIG] = cmd_config,
	[COMMAND_CONFIG_EDIT] = cmd_config_edit,
	[COMMAND_DOCTOR] = cmd_doctor,
	[COMMAND_HELP] = cmd_help,
};

static enum exit_status run_tui(struct cli *cli)
{
	const char *no_color = getenv("NO_COLOR");
	struct error err = { 0 };
	if (!cli_library(cli, LIBRARY_WRITE_IF_FREE, &err))
		return cli_fail(cli, &err);
	const char *subcommands[COMMAND_COUNT];
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		subcommands[i] = args_command((enum command_id)i)->name;
	const struct tui_options options = {
		.subcommands = subcommands,
		.n_subcommands = COMMAND_COUNT,
		.run = cli_step_aside,
		.run_context = cli,
		.ignore = cli_ignore,
		.ascii = cli->args.has[OPTION_ASCII],
		.no_color = cli->args.has[OPTION_NO_COLOR] || (no_color && no_color[0]),
		.scan_at_start = cli->settings.values[SETTING_SCAN_AT_START].number != 0,
		.message = cli->settings.mistake.code != ERROR_NONE    ? cli->settings.mistake.text
			   : cli->knowledge_mistake.code != ERROR_NONE ? cli->knowledge_mistake.text
								       : NULL,
	};
	int status = tui_run(cli->library, cli->knowledge, &cli->settings, &options, &err);
	return status == EXIT_DONE ? EXIT_DONE : cli_fail(cli, &err);
}

static enum exit_status run(struct cli *cli)
{
	if (cli->args.command != COMMAND_COUNT)
		return runs[cli->args.command](cli);
	bool has_screen = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
	if (has_screen && !cli->args.has[OPTION_PLAIN] && !cli_json(cli))
		return run_tui(cli);
	return cmd_groups(cli);
}

/* A broken line in somebody's files is told and left out; it stops nothing. */
static void tell_mistakes(struct cli *cli)
{
	if (cli->args.command == COMMAND_DOCTOR || cli->args.command == COMMAND_COUNT)
		return; /* both tell it themselves */
	if (cli->settings.mistake.code != ERROR_NONE)
		out_complain(&cli->out, str_from(cli->settings.mistake.text));
	if (cli->knowledge_mistake.code != ERROR_NONE)
		out_complain(&cli->out, str_from(cli->knowledge_mistake.text));
}

/* Before there is a thread or a database: what is forked then has neither. */
static void open_readers(struct cli *cli)
{
	const struct args *args = &cli->args;
	struct error err;
	bool is_needed = args->command == COMMAND_COUNT || args_command(args->command)->reads_files;
	if (!is_needed || args->has[OPTION_NO_SANDBOX])
		return;
	cli->readers = library_readers_open(cli->knowledge, &err);
	if (!cli->readers)
		out_complain(&cli->out, arena_strf(&cli->arena,
						   "files are read in this process: %s", err.text));
}

/* The usual file may be absent; one that was asked for may not. */
static bool has_config(const struct cli *cli, struct error *err)
{
	const char *file = cli->paths.config_file;
	struct stat state;
	if (!cli->args.has[OPTION_CONFIG])
		return true;
	if (stat(file, &state) == 0 && S_ISDIR(state.st_mode))
		return error_system(err, EISDIR, "--config %s", file);
	if (access(file, R_OK) == 0)
		return true;
	if (errno == ENOENT || errno == ENOTDIR)
		return error_set(err, ERROR_USAGE, NULL, "--config %s: there is no such file",
				 file);
	return error_system(err, errno, "--config %s", file);
}

static enum exit_status prepare_and_run(struct cli *cli)
{
	const struct args *args = &cli->args;
	struct error err;
	cli->paths =
		paths_find(args->values[OPTION_DATA], args->values[OPTION_CONFIG], &cli->arena);
	if (!has_config(cli, &err))
		return cli_fail(cli, &err);
	settings_load(&cli->settings, cli->paths.config_file);
	if (cli->settings.values[SETTING_UI_ASCII].number != 0)
		cli->out.charset = TEXT_ASCII;
	cli->knowledge = knowledge_load(cli->paths.knowledge_dir, &cli->knowledge_mistake);
	tell_mistakes(cli);
	open_readers(cli);
	return run(cli);
}

static void finish(struct cli *cli)
{
	library_close(cli->library);
	library_inspector_destroy(cli->inspector);
	library_readers_close(cli->readers);
	for (size_t i = 0; i < cli->kept.len; i++)
		event_destroy(*ARRAY_AT(&cli->kept, struct event *, i));
	array_finish(&cli->kept);
	knowledge_destroy(cli->knowledge);
	settings_finish(&cli->settings);
	out_finish(&cli->out);
	arena_finish(&cli->arena);
}

/* A model may be many files, and several are read at once. */
static void allow_many_files(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= FILES_WANTED)
		return;
	limit.rlim_cur = limit.rlim_max < FILES_WANTED ? limit.rlim_max : FILES_WANTED;
	(void)setrlimit(RLIMIT_NOFILE, &limit); /* else a few of them are told to be unreadable */
}

/* A standard stream that is closed would give its number to the next file, perhaps a database. */
static void keep_standard_streams(void)
{
	int fd;
	do
		fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int main(int argc, char **argv)
{
	struct cli cli = { .kept = ARRAY_OF(struct event *) };
	struct error err;
	enum exit_status status = EXIT_DONE;
	keep_standard_streams();
	allow_many_files();
	/* A reader that goes away is an error of write, not the end of a scan half way. */
	signal(SIGPIPE, SIG_IGN);
	/* Without the locale that is asked for, the C locale stays: everything is ASCII then. */
	setlocale(LC_CTYPE, "");
	bool ok = args_parse(argc, argv, &cli.arena, &cli.args, &err);
	out_init(&cli.out, STDOUT_FILENO, cli.args.has[OPTION_NO_COLOR],
		 cli.args.has[OPTION_ASCII]);
	if (!ok)
		status = cli_fail(&cli, &err);
	else if (cli.args.has[OPTION_VERSION])
		out_printf(&cli.out, "lorarium " LORARIUM_VERSION "\n");
	else if (cli.args.has[OPTION_HELP] || cli.args.command == COMMAND_HELP)
		status = cmd_help(&cli);
	else
		status = prepare_and_run(&cli);
	if (!out_flush(&cli.out, &err))
		status = cli_fail(&cli, &err);
	finish(&cli);
	return status;
}
