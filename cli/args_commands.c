// SPDX-License-Identifier: MIT
#include "cli/args.h"

static const struct command_row commands[COMMAND_COUNT] = {
	[COMMAND_SCAN] =
		{
			.name = "scan",
			.reads_files = true,
			.operands = "[FOLDER...]",
			.help = "Look for new and changed models (FOLDER becomes a root)",
			.operands_max = OPERANDS_MANY,
			.options = {OPTION_FULL, OPTION_JOBS, OPTION_CHECK, OPTION_ACCEPT_MISSING},
			.n_options = 4,
			.completes = VALUE_FOLDER,
		},
	[COMMAND_LIST] =
		{
			.name = "list",
			.operands = "[QUERY]",
			.help = "List models",
			.operands_max = 1,
			.options = {OPTION_SORT, OPTION_REVERSE, OPTION_LIMIT},
			.n_options = 3,
		},
	[COMMAND_GROUPS] =
		{
			.name = "groups",
			.operands = "[QUERY]",
			.help = "Show the tree of base models with counts",
			.operands_max = 1,
		},
	[COMMAND_SHOW] =
		{
			.name = "show",
			.reads_files = true,
			.operands = "MODEL",
			.help = "Tell all that is known about a model, and why",
			.operands_min = 1,
			.operands_max = 1,
			.completes = VALUE_FILE,
		},
	[COMMAND_INSPECT] =
		{
			.name = "inspect",
			.reads_files = true,
			.operands = "FILE...",
			.help = "Identify files without the library",
			.operands_min = 1,
			.operands_max = OPERANDS_MANY,
			.completes = VALUE_FILE,
		},
	[COMMAND_FIT] =
		{
			.name = "fit",
			.reads_files = true,
			.operands = "CHECKPOINT [QUERY]",
			.help = "Rank LoRAs by how well they fit a checkpoint",
			.operands_max = 2,
			.options = {OPTION_FOR, OPTION_MATRIX},
			.n_options = 2,
			.completes = VALUE_FILE,
		},
	[COMMAND_CHECK] =
		{
			.name = "check",
			.reads_files = true,
			.operands = "CHECKPOINT LORA[:WEIGHT[:TE]]...",
			.help = "Tell whether LoRAs work with a checkpoint",
			.operands_max = OPERANDS_MANY,
			.options = {OPTION_STRICT, OPTION_PROMPT},
			.n_options = 2,
			.completes = VALUE_FILE,
		},
	[COMMAND_SUGGEST] =
		{
			.name = "suggest",
			.operands = "CHECKPOINT [QUERY]",
			.help = "Suggest LoRAs for a checkpoint that go together, and say why",
			.operands_min = 1,
			.operands_max = 2,
			.options = {OPTION_LIMIT},
			.n_options = 1,
			.completes = VALUE_FILE,
		},
	[COMMAND_BIND] =
		{
			.name = "bind",
			.reads_files = true,
			.operands = "CHECKPOINT LORA",
			.help = "Show which tensors a LoRA attaches to, module by module",
			.operands_min = 2,
			.operands_max = 2,
			.completes = VALUE_FILE,
		},
	[COMMAND_TAG] =
		{
			.name = "tag",
			.operands = "QUERY +NAME... -NAME...",
			.help = "Tag and untag models",
			.operands_min = 2,
			.operands_max = OPERANDS_MANY,
			.takes_tags = true,
		},
	[COMMAND_TAGS] =
		{
			.name = "tags",
			.operands = "",
			.help = "List the tags with their counts",
		},
	[COMMAND_TAGS_RENAME] =
		{
			.name = "tags rename",
			.operands = "TAG NAME",
			.help = "Rename a tag everywhere; one that is there already takes it in",
			.operands_min = 2,
			.operands_max = 2,
		},
	[COMMAND_ADOPT] =
		{
			.name = "adopt",
			.operands = "QUERY",
			.help = "Show tags, notes and favourites that other programs wrote beside models, and take them over",
			.operands_min = 1,
			.operands_max = 1,
			.options = {OPTION_APPLY},
			.n_options = 1,
		},
	[COMMAND_EXPORT] =
		{
			.name = "export",
			.operands = "QUERY",
			.help = "Show what sidecars of other programs would be told of tags, notes and favourites, and tell them",
			.operands_min = 1,
			.operands_max = 1,
			.options = {OPTION_APPLY, OPTION_PLAN_OUT},
			.n_options = 2,
		},
	[COMMAND_NOTE] =
		{
			.name = "note",
			.operands = "MODEL [TEXT|-]",
			.help = "Write a note about a model, or read it",
			.operands_min = 1,
			.operands_max = 2,
			.completes = VALUE_FILE,
		},
	[COMMAND_RATE] =
		{
			.name = "rate",
			.operands = "QUERY 0..5",
			.help = "Rate models; 0 takes the rating away",
			.operands_min = 2,
			.operands_max = 2,
		},
	[COMMAND_FAVOURITE] =
		{
			.name = "favourite",
			.operands = "QUERY",
			.help = "Mark models as favourites",
			.operands_min = 1,
			.operands_max = 1,
			.options = {OPTION_OFF},
			.n_options = 1,
		},
	[COMMAND_EDIT] =
		{
			.name = "edit",
			.operands = "QUERY",
			.help = "Edit tags, ratings, favourites and notes of models as a text",
			.operands_min = 1,
			.operands_max = 1,
			.options = {OPTION_APPLY},
			.n_options = 1,
		},
	[COMMAND_UNDO] =
		{
			.name = "undo",
			.operands = "[N]",
			.help = "Take back what was changed last",
			.operands_max = 1,
			.options = {OPTION_OPERATION},
			.n_options = 1,
		},
	[COMMAND_REDO] =
		{
			.name = "redo",
			.operands = "[N]",
			.help = "Make a change again that was taken back",
			.operands_max = 1,
			.options = {OPTION_OPERATION},
			.n_options = 1,
		},
	[COMMAND_HISTORY] =
		{
			.name = "history",
			.operands = "",
			.help = "List what was changed, the newest first",
			.options = {OPTION_LIMIT},
			.n_options = 1,
		},
	[COMMAND_CORRECT] =
		{
			.name = "correct",
			.operands = "QUERY",
			.help = "Set base model or kind by hand: it wins, and survives every scan",
			.operands_min = 1,
			.operands_max = 1,
			.options = {OPTION_BASE, OPTION_KIND, OPTION_CLEAR},
			.n_options = 3,
		},
	[COMMAND_SET_LIST] =
		{
			.name = "set list",
			.operands = "",
			.help = "List the sets with their fit",
		},
	[COMMAND_SET_SHOW] =
		{
			.name = "set show",
			.operands = "SET",
			.help = "Tell all about a set",
			.operands_min = 1,
			.operands_max = 1,
		},
	[COMMAND_SET_NEW] =
		{
			.name = "set new",
			.operands = "SET [MODEL[:WEIGHT[:TE]]...]",
			.help = "Make a set of a checkpoint and LoRAs",
			.operands_min = 1,
			.operands_max = OPERANDS_MANY,
			.completes = VALUE_FILE,
		},
	[COMMAND_SET_ADD] =
		{
			.name = "set add",
			.operands = "SET MODEL[:WEIGHT[:TE]]...",
			.help = "Put LoRAs into a set, or choose its checkpoint",
			.operands_min = 2,
			.operands_max = OPERANDS_MANY,
			.completes = VALUE_FILE,
		},
	[COMMAND_SET_REMOVE] =
		{
			.name = "set remove",
			.operands = "SET MODEL...",
			.help = "Take models out of a set",
			.operands_min = 2,
			.operands_max = OPERANDS_MANY,
			.completes = VALUE_FILE,
		},
	[COMMAND_SET_WEIGHT] =
		{
			.name = "set weight",
			.operands = "SET LORA WEIGHT [TE]",
			.help = "Change the weight of a LoRA in a set",
			.operands_min = 3,
			.operands_max = 4,
			.takes_weights = true,
		},
	[COMMAND_SET_RENAME] =
		{
			.name = "set rename",
			.operands = "SET NAME",
			.help = "Rename a set",
			.operands_min = 2,
			.operands_max = 2,
		},
	[COMMAND_SET_COPY] =
		{
			.name = "set copy",
			.operands = "SET NAME",
			.help = "Make another set like this one",
			.operands_min = 2,
			.operands_max = 2,
		},
	[COMMAND_SET_DELETE] =
		{
			.name = "set delete",
			.operands = "SET",
			.help = "Delete a set (its models stay)",
			.operands_min = 1,
			.operands_max = 1,
		},
	[COMMAND_SET_NOTE] =
		{
			.name = "set note",
			.operands = "SET [TEXT|-]",
			.help = "Print or change the note of a set",
			.operands_min = 1,
			.operands_max = 2,
		},
	[COMMAND_SET_TAG] =
		{
			.name = "set tag",
			.operands = "SET +NAME... -NAME...",
			.help = "Tag and untag a set",
			.operands_min = 2,
			.operands_max = OPERANDS_MANY,
			.takes_tags = true,
		},
	[COMMAND_SET_COMPARE] =
		{
			.name = "set compare",
			.operands = "SET SET",
			.help = "Compare two sets, model by model",
			.operands_min = 2,
			.operands_max = 2,
		},
	[COMMAND_SET_EXPORT] =
		{
			.name = "set export",
			.operands = "SET",
			.help = "Print a set for another program (a1111 unless --as says another)",
			.operands_min = 1,
			.operands_max = 1,
			.options = {OPTION_AS, OPTION_WINDOWS},
			.n_options = 2,
		},
	[COMMAND_SET_PACK] =
		{
			.name = "set pack",
			.operands = "SET ARCHIVE",
			.help = "Write a set with its files into an archive (.tar.zst or .zip)",
			.operands_min = 2,
			.operands_max = 2,
		},
	[COMMAND_SET_UNPACK] =
		{
			.name = "set unpack",
			.reads_files = true,
			.operands = "ARCHIVE [DIR [NAME]]",
			.help = "Take a packed set with its files out of an archive into a folder of a root",
			.operands_min = 1,
			.operands_max = 3,
			.completes = VALUE_FILE,
		},
	[COMMAND_ORGANISE] =
		{
			.name = "organise",
			.operands = "QUERY",
			.help = "Show where models would go by a template, and move them there",
			.operands_min = 1,
			.operands_max = 1,
			.options = {OPTION_TEMPLATE, OPTION_APPLY, OPTION_PLAN_OUT},
			.n_options = 3,
		},
	[COMMAND_MOVE] =
		{
			.name = "move",
			.operands = "QUERY DIR",
			.help = "Show what moving models to a folder would do, and do it",
			.operands_min = 2,
			.operands_max = 2,
			.options = {OPTION_APPLY, OPTION_PLAN_OUT},
			.n_options = 2,
			.completes = VALUE_FOLDER,
		},
	[COMMAND_RENAME] =
		{
			.name = "rename",
			.operands = "MODEL NAME",
			.help = "Show what another name would do, and give it",
			.operands_min = 2,
			.operands_max = 2,
			.options = {OPTION_APPLY, OPTION_PLAN_OUT},
			.n_options = 2,
			.completes = VALUE_FILE,
		},
	[COMMAND_TRASH] =
		{
			.name = "trash",
			.operands = "[QUERY|NAME]",
			.help = "Show what would go into the trash or come back, and do it",
			.operands_max = 1,
			.options = {OPTION_LIST, OPTION_RESTORE, OPTION_APPLY, OPTION_PLAN_OUT},
			.n_options = 4,
		},
	[COMMAND_PURGE] =
		{
			.name = "purge",
			.operands = "QUERY",
			.help = "Show which missing models would be forgotten, and forget them",
			.operands_min = 1,
			.operands_max = 1,
			.options = {OPTION_APPLY},
			.n_options = 1,
		},
	[COMMAND_MOVED] =
		{
			.name = "moved",
			.operands = "[OLD NEW]",
			.help = "List models that may have moved, or say where one of them is now",
			.operands_max = 2,
			.completes = VALUE_FILE,
		},
	[COMMAND_APPLY] =
		{
			.name = "apply",
			.operands = "FILE",
			.help = "Do what a plan file says, if it still holds",
			.operands_min = 1,
			.operands_max = 1,
			.completes = VALUE_FILE,
		},
	[COMMAND_IMPORT] =
		{
			.name = "import",
			.reads_files = true,
			.operands = "ARCHIVE [DIR]",
			.help = "Show which models an archive holds, and take them out",
			.operands_min = 1,
			.operands_max = 2,
			.options = {OPTION_APPLY},
			.n_options = 1,
			.completes = VALUE_FILE,
		},
	[COMMAND_HASH] =
		{
			.name = "hash",
			.operands = "QUERY",
			.help = "Hash models: SHA-256, AutoV2, AutoV3",
			.operands_min = 1,
			.operands_max = 1,
			.options = {OPTION_VERIFY},
			.n_options = 1,
		},
	[COMMAND_DUPLICATES] =
		{
			.name = "duplicates",
			.operands = "[QUERY]",
			.help = "Find models with the same content, and trash or link all but one",
			.operands_max = 1,
			.options = {OPTION_CHECK, OPTION_KEEP, OPTION_LINK, OPTION_APPLY, OPTION_PLAN_OUT},
			.n_options = 5,
		},
	[COMMAND_DUMP] =
		{
			.name = "dump",
			.operands = "[FILE]",
			.help = "Print everything you made as JSON lines, or write it into a new FILE",
			.operands_max = 1,
			.completes = VALUE_FILE,
		},
	[COMMAND_RESTORE] =
		{
			.name = "restore",
			.operands = "FILE|-",
			.help = "Add what a dump tells to what is there",
			.operands_min = 1,
			.operands_max = 1,
			.completes = VALUE_FILE,
		},
	[COMMAND_ROOT_LIST] =
		{
			.name = "root list",
			.operands = "",
			.help = "List the folders that are looked after",
		},
	[COMMAND_ROOT_ADD] =
		{
			.name = "root add",
			.operands = "FOLDER [NAME]",
			.help = "Look after a folder",
			.operands_min = 1,
			.operands_max = 2,
			.completes = VALUE_FOLDER,
		},
	[COMMAND_ROOT_REMOVE] =
		{
			.name = "root remove",
			.operands = "ROOT",
			.help = "Forget a folder (its files stay)",
			.operands_min = 1,
			.operands_max = 1,
			.completes = VALUE_FOLDER,
		},
	[COMMAND_ROOT_RELOCATE] =
		{
			.name = "root relocate",
			.operands = "ROOT FOLDER",
			.help = "Say where a folder is now that was moved with all in it",
			.operands_min = 2,
			.operands_max = 2,
			.options = {OPTION_FORCE},
			.n_options = 1,
			.completes = VALUE_FOLDER,
		},
	[COMMAND_DEMO] =
		{
			.name = "demo",
			.operands = "DIR",
			.help = "Write a demo library into DIR",
			.operands_min = 1,
			.operands_max = 1,
			.completes = VALUE_FOLDER,
		},
	[COMMAND_CONFIG] =
		{
			.name = "config",
			.operands = "",
			.help = "Print the settings and where each comes from",
		},
	[COMMAND_CONFIG_EDIT] =
		{
			.name = "config edit",
			.operands = "",
			.help = "Open the file of settings in your editor, with an example when there is none",
		},
	[COMMAND_DOCTOR] =
		{
			.name = "doctor",
			.reads_files = true,
			.operands = "",
			.help = "Check databases, roots and terminal",
			.options = {OPTION_DEEP},
			.n_options = 1,
		},
	[COMMAND_HELP] =
		{
			.name = "help",
			.operands = "[COMMAND]",
			.help = "Print help",
			.operands_max = 2,
		},
};

const struct command_row *args_command(enum command_id id)
{
	return &commands[id];
}
