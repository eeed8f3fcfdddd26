// SPDX-License-Identifier: MIT
/**
 * What every subcommand is handed, and how it asks, picks models and gives up.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "cli/args.h"
#include "cli/out.h"
#include "config/paths.h"
#include "config/settings.h"
#include "core/knowledge/knowledge.h"
#include "storage/library.h"

/** contract.md, "Exit status". */
enum exit_status { EXIT_DONE = 0, EXIT_NO = 1, EXIT_USAGE = 2, EXIT_COULD_NOT = 3 };

struct cli {
	struct args args;
	struct paths paths;
	struct settings settings;
	struct knowledge *knowledge;
	struct error knowledge_mistake; /* of the user's own files; code NONE when all is well */
	struct readers *readers;        /* NULL: files are read in this process */
	struct inspector *inspector;    /* NULL until cli_inspect */
	struct library *library;        /* NULL until cli_library */
	enum library_mode library_mode;
	struct out out;
	struct arena arena; /* lives as long as the program */
	struct array kept;  /* struct event *: answers that picked models point into */
	uint32_t serial;
};

/** One of cmd_*.c; the result is the exit status. */
typedef enum exit_status (*command_fn)(struct cli *cli);

enum exit_status cmd_scan(struct cli *cli);
enum exit_status cmd_list(struct cli *cli);
enum exit_status cmd_groups(struct cli *cli);
enum exit_status cmd_show(struct cli *cli);
enum exit_status cmd_inspect(struct cli *cli);
enum exit_status cmd_fit(struct cli *cli);
enum exit_status cmd_check(struct cli *cli);
enum exit_status cmd_suggest(struct cli *cli);
enum exit_status cmd_bind(struct cli *cli);
enum exit_status cmd_tag(struct cli *cli);
enum exit_status cmd_tags(struct cli *cli);
enum exit_status cmd_tags_rename(struct cli *cli);
enum exit_status cmd_edit(struct cli *cli);
enum exit_status cmd_adopt(struct cli *cli);
enum exit_status cmd_export(struct cli *cli);
enum exit_status cmd_note(struct cli *cli);
enum exit_status cmd_rate(struct cli *cli);
enum exit_status cmd_favourite(struct cli *cli);
enum exit_status cmd_undo(struct cli *cli);
enum exit_status cmd_redo(struct cli *cli);
enum exit_status cmd_history(struct cli *cli);
enum exit_status cmd_organise(struct cli *cli);
enum exit_status cmd_move(struct cli *cli);
enum exit_status cmd_rename(struct cli *cli);
enum exit_status cmd_trash(struct cli *cli);
enum exit_status cmd_apply(struct cli *cli);
enum exit_status cmd_import(struct cli *cli);
enum exit_status cmd_hash(struct cli *cli);
enum exit_status cmd_duplicates(struct cli *cli);
enum exit_status cmd_dump(struct cli *cli);
enum exit_status cmd_restore(struct cli *cli);
enum exit_status cmd_correct(struct cli *cli);
enum exit_status cmd_set_list(struct cli *cli);
enum exit_status cmd_set_show(struct cli *cli);
enum exit_status cmd_set_new(struct cli *cli);
enum exit_status cmd_set_add(struct cli *cli);
enum exit_status cmd_set_remove(struct cli *cli);
enum exit_status cmd_set_weight(struct cli *cli);
enum exit_status cmd_set_rename(struct cli *cli);
enum exit_status cmd_set_copy(struct cli *cli);
enum exit_status cmd_set_delete(struct cli *cli);
enum exit_status cmd_set_note(struct cli *cli);
enum exit_status cmd_set_tag(struct cli *cli);
enum exit_status cmd_set_compare(struct cli *cli);
enum exit_status cmd_set_export(struct cli *cli);
enum exit_status cmd_set_pack(struct cli *cli);
enum exit_status cmd_set_unpack(struct cli *cli);
enum exit_status cmd_root_list(struct cli *cli);
enum exit_status cmd_root_add(struct cli *cli);
enum exit_status cmd_root_remove(struct cli *cli);
enum exit_status cmd_root_relocate(struct cli *cli);
enum exit_status cmd_moved(struct cli *cli);
enum exit_status cmd_purge(struct cli *cli);
enum exit_status cmd_demo(struct cli *cli);
enum exit_status cmd_config(struct cli *cli);
enum exit_status cmd_config_edit(struct cli *cli);
enum exit_status cmd_doctor(struct cli *cli);
enum exit_status cmd_help(struct cli *cli);

/** Tells the error on stderr; the exit status that belongs to its code. */
enum exit_status cli_fail(struct cli *cli, const struct error *err);

bool cli_json(const struct cli *cli);
/** The i-th operand, or STR_NULL. */
struct str cli_operand(const struct cli *cli, size_t i);
/** `path` made absolute by the current folder, links unresolved unless ".." stands in it. */
struct str cli_absolute(struct cli *cli, struct str path);
/** cli_absolute of a folder. @err  SYSTEM when it is not there or is none */
NODISCARD bool cli_folder(struct cli *cli, struct str path, struct str *absolute,
			  struct error *err);

/**
 * Sends a change, opening the library for writing, and says what came of it: {"changed","operation"}.
 *
 * @request  given away
 * @ok       was it read without a mistake? Else `err` is told and nothing is sent
 */
enum exit_status cli_change(struct cli *cli, struct request *request, bool ok, struct error *err);

/** Prints a note that was asked for, STR_NULL for none: as JSON what a change prints, and the note. */
void cli_print_note(struct cli *cli, struct str note);

/** The answer to a request that works on files: progress on a terminal, Ctrl-C stops it. */
struct event *cli_await_files(struct cli *cli, uint32_t serial);

/** ARCHIVE [DIR], the first operands, into a request for a plan. @err  USAGE: one has no name */
NODISCARD bool cli_read_archive(struct cli *cli, struct request *request, struct error *err);

/** Carries a plan out. @return DONE, to be destroyed by the caller; NULL with `err` */
struct event *cli_apply(struct cli *cli, const struct plan *plan, struct error *err);

/**
 * Asks for a plan, shows it, writes it to a file or carries it out, as the options say.
 *
 * @request  REQUEST_PLAN, given away
 * @ok       was it read without a mistake? Else `err` is told and nothing is sent
 */
enum exit_status cli_plan(struct cli *cli, struct request *request, bool ok, struct error *err);

/** After an import: tells of models that are not what they were taken for in the archive. */
void cli_compare_import(struct cli *cli, const struct plan *plan);

/** "+a -b" after the first operand. */
struct tag_words {
	const struct str *add;
	size_t n_add;
	const struct str *remove;
	size_t n_remove;
};

/** @err  USAGE: a word that begins with neither. `out` is empty then */
NODISCARD bool tag_words_read(struct cli *cli, struct arena *arena, struct tag_words *out,
			      struct error *err);

/** Identifies up to LIBRARY_INSPECT_MAX files: library_inspect(). */
void cli_inspect(struct cli *cli, const struct str *paths, size_t n, struct arena *arena,
		 struct model *out);

/** Opens the library on first use, with the scan options of the settings. */
NODISCARD bool cli_library(struct cli *cli, enum library_mode mode, struct error *err);

/**
 * Sends a request and waits for its answer; what the library tells meanwhile goes to stderr.
 *
 * @request  given away
 * @return   the event, to be destroyed by the caller; NULL with `err`
 */
struct event *cli_ask(struct cli *cli, struct request *request, struct error *err);

/** Sends without waiting; the serial of what will come back. */
uint32_t cli_send(struct cli *cli, struct request *request);
/**
 * The next event of that serial, whatever it is, or one of CONCLUDING; others are told or dropped.
 * @return  NULL when nothing comes for `timeout_ms` (-1: as long as it takes)
 */
struct event *cli_receive(struct cli *cli, uint32_t serial, int timeout_ms);

/**
 * Runs a subcommand of the screen's `:` on the plain terminal, and waits for Enter: see tui.h.
 * @context  the struct cli
 */
struct library *cli_step_aside(void *context, const struct str *words, size_t n_words,
			       struct error *err);

/** Has a folder passed by, in the file of settings and from now on: see tui.h. @context as above */
struct library *cli_ignore(void *context, struct str folder, struct error *failure,
			   struct error *err);

/** Checks a QUERY here, so that every command tells a mistake with its column. */
NODISCARD bool cli_check_query(struct cli *cli, struct str text, struct error *err);

/**
 * The models of the first operand, for commands that change something: an empty QUERY is refused.
 *
 * @arena  holds the query from now on
 */
NODISCARD bool cli_named_models(struct cli *cli, struct arena *arena, struct selection *models,
				struct error *err);

/**
 * The ids of the models that match, in order.
 * @return  a RESULT event to be destroyed by the caller; NULL with `err`
 */
struct event *cli_query(struct cli *cli, struct str text, struct error *err);

#define CLI_LORAS STR("kind:lora")
#define CLI_CHECKPOINTS STR("(kind:checkpoint | kind:diffusion-model)")

/** The same of those that match and are of these kinds. */
struct event *cli_query_kinds(struct cli *cli, struct str text, struct str kinds,
			      struct error *err);

/** How many models match; 0 also when nothing can be asked. */
uint64_t cli_count(struct cli *cli, struct str query);

/** Told of each model in turn; false with `err` ends it. The event dies after the call. */
typedef bool (*details_fn)(void *context, const struct event *details, struct error *err);

/** Details of many models, asked ahead so that reading and printing overlap. */
NODISCARD bool cli_each_details(struct cli *cli, const uint32_t *ids, size_t n, details_fn take,
				void *context, struct error *err);

#endif
