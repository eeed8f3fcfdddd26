// SPDX-License-Identifier: MIT
/**
 * What was typed after "lorarium": one table of options, one of commands, and their reading.
 *
 * The tables also give --help, the completions and the lists of the man page; nothing about an
 * option is written twice.
 */
#ifndef CLI_ARGS_H
#define CLI_ARGS_H

#include "core/base/arena.h"
#include "core/base/error.h"

enum option_id {
	OPTION_DATA,
	OPTION_CONFIG,
	OPTION_WAIT,
	OPTION_NO_COLOR,
	OPTION_ASCII,
	OPTION_PLAIN,
	OPTION_PREVIEW,
	OPTION_NO_SANDBOX,
	OPTION_VERSION,
	OPTION_HELP, /* up to here: global */
	OPTION_JSON,
	OPTION_FULL,
	OPTION_JOBS,
	OPTION_CHECK,
	OPTION_ACCEPT_MISSING,
	OPTION_SORT,
	OPTION_REVERSE,
	OPTION_LIMIT,
	OPTION_STRICT,
	OPTION_OPERATION,
	OPTION_DEEP,
	OPTION_BASE,
	OPTION_KIND,
	OPTION_CLEAR,
	OPTION_AS,
	OPTION_WINDOWS,
	OPTION_PROMPT,
	OPTION_FOR,
	OPTION_MATRIX,
	OPTION_APPLY,
	OPTION_OFF,
	OPTION_VERIFY,
	OPTION_TEMPLATE,
	OPTION_PLAN_OUT,
	OPTION_FORCE,
	OPTION_KEEP,
	OPTION_LINK,
	OPTION_LIST,
	OPTION_RESTORE,
	OPTION_COUNT
};

#define OPTION_GLOBAL_LAST OPTION_HELP

/** What may stand in a place of the command line: for completion. */
enum value_kind {
	VALUE_NONE,
	VALUE_FOLDER,
	VALUE_FILE,
	VALUE_NUMBER,
	VALUE_SORT,
	VALUE_PREVIEW,
	VALUE_BASE,
	VALUE_KIND,
	VALUE_EXPORT,
	VALUE_TEMPLATE,
	VALUE_KEEP
};

struct option_row {
	const char *name;  /* "--data" */
	const char *value; /* "DIR", or NULL when it takes none */
	enum value_kind kind;
	const char *help;
};

enum command_id {
	COMMAND_SCAN,
	COMMAND_LIST,
	COMMAND_GROUPS,
	COMMAND_SHOW,
	COMMAND_INSPECT,
	COMMAND_FIT,
	COMMAND_CHECK,
	COMMAND_SUGGEST,
	COMMAND_BIND,
	COMMAND_TAG,
	COMMAND_TAGS,
	COMMAND_TAGS_RENAME,
	COMMAND_EDIT,
	COMMAND_ADOPT,
	COMMAND_EXPORT,
	COMMAND_NOTE,
	COMMAND_RATE,
	COMMAND_FAVOURITE,
	COMMAND_UNDO,
	COMMAND_REDO,
	COMMAND_HISTORY,
	COMMAND_CORRECT,
	COMMAND_ORGANISE,
	COMMAND_MOVE,
	COMMAND_RENAME,
	COMMAND_TRASH,
	COMMAND_PURGE,
	COMMAND_MOVED,
	COMMAND_APPLY,
	COMMAND_IMPORT,
	COMMAND_HASH,
	COMMAND_DUPLICATES,
	COMMAND_DUMP,
	COMMAND_RESTORE,
	COMMAND_SET_LIST,
	COMMAND_SET_SHOW,
	COMMAND_SET_NEW,
	COMMAND_SET_ADD,
	COMMAND_SET_REMOVE,
	COMMAND_SET_WEIGHT,
	COMMAND_SET_RENAME,
	COMMAND_SET_COPY,
	COMMAND_SET_DELETE,
	COMMAND_SET_NOTE,
	COMMAND_SET_TAG,
	COMMAND_SET_COMPARE,
	COMMAND_SET_EXPORT,
	COMMAND_SET_PACK,
	COMMAND_SET_UNPACK,
	COMMAND_ROOT_LIST,
	COMMAND_ROOT_ADD,
	COMMAND_ROOT_REMOVE,
	COMMAND_ROOT_RELOCATE,
	COMMAND_DEMO,
	COMMAND_CONFIG,
	COMMAND_CONFIG_EDIT,
	COMMAND_DOCTOR,
	COMMAND_HELP,
	COMMAND_COUNT
};

#define OPERANDS_MANY 100000u
#define COMMAND_OPTIONS_MAX 8

struct command_row {
	const char *name;     /* "scan", "root add" */
	const char *operands; /* "[FOLDER...]", for people */
	const char *help;     /* one line, begins with a verb */
	unsigned operands_min, operands_max;
	enum option_id options[COMMAND_OPTIONS_MAX];
	size_t n_options;   /* besides --json and the global ones */
	bool reads_files;   /* of strangers: needs readers */
	bool takes_tags;    /* after the first operand -NAME is no option */
	bool takes_weights; /* nor is -0.5 */
	enum value_kind completes;
};

const struct option_row *args_option(enum option_id id);
const struct command_row *args_command(enum command_id id);

struct args {
	enum command_id command; /* COMMAND_COUNT: none was given */
	bool has[OPTION_COUNT];
	const char *values[OPTION_COUNT]; /* borrowed from argv; NULL without one */
	uint64_t numbers[OPTION_COUNT];   /* of options that take one */
	const char *const *operands;      /* borrowed from argv */
	size_t n_operands;
};

/**
 * Reads a command line. Options may stand anywhere until "--"; what follows is operands.
 * @err  USAGE: what is wrong, and the word that was probably meant
 */
NODISCARD bool args_parse(int argc, char *const *argv, struct arena *arena, struct args *out,
			  struct error *err);

#endif
