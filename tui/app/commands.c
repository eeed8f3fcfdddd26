// SPDX-License-Identifier: MIT
#include "tui/app/commands.h"

const struct command_row command_table[COMMAND_COUNT] = {
	[COMMAND_NONE] = { "", "", "", 0, NULL, NULL },

	[COMMAND_DOWN] = { "down", "j down", "Down", WHERE_ANY, NULL, NULL },
	[COMMAND_UP] = { "up", "k up", "Up", WHERE_ANY, NULL, NULL },
	[COMMAND_HALF_DOWN] = { "half-page-down", "^D", "Half a page down", WHERE_ANY, NULL, NULL },
	[COMMAND_HALF_UP] = { "half-page-up", "^U", "Half a page up", WHERE_ANY, NULL, NULL },
	[COMMAND_PAGE_DOWN] = { "page-down", "pgdn ^F", "A page down", WHERE_ANY, NULL, NULL },
	[COMMAND_PAGE_UP] = { "page-up", "pgup ^B", "A page up", WHERE_ANY, NULL, NULL },
	[COMMAND_TOP] = { "top", "g home", "To the top", WHERE_ANY, NULL, NULL },
	[COMMAND_BOTTOM] = { "bottom", "G end", "To the end", WHERE_ANY, NULL, NULL },

	[COMMAND_IN] = { "in", "enter l right",
			 "Open: the details of a model, the models of a base",
			 WHERE_GROUPS | WHERE_MODELS | WHERE_PLAN | WHERE_HISTORY | WHERE_MATRIX |
				 WHERE_DUPLICATES | WHERE_TRASH,
			 "open", NULL },
	[COMMAND_BACK] = { "back", "h esc left", "Back", WHERE_ANY, "back", NULL },
	[COMMAND_LEFT] = { "left", "h left", "A column to the left", WHERE_MATRIX, NULL, NULL },
	[COMMAND_RIGHT] = { "right", "l right", "A column to the right", WHERE_MATRIX, NULL, NULL },
	[COMMAND_NEXT_PANE] = { "next-pane", "tab", "To the next pane", WHERE_PANES, NULL, NULL },
	[COMMAND_GROUPS] = { "groups", "b", "Show or hide the base models", WHERE_PANES, "bases",
			     NULL },

	[COMMAND_FILTER] = { "filter", "/",
			     "Filter as you type: words, base:pony kind:lora size:>1G", WHERE_PANES,
			     "filter", "QUERY" },
	[COMMAND_SORT] = { "sort", "S",
			   "Sort by the next of name, size, added, modified, base, kind, rank",
			   WHERE_MODELS, "sort", "KEY" },
	[COMMAND_SHOW_ABSENT] = { "show-absent", "o",
				  "Show only what is missing or offline, or all again",
				  WHERE_MODELS, NULL, NULL },

	[COMMAND_CHOOSE] = { "choose", "c",
			     "Choose this checkpoint: every LoRA then shows whether it fits",
			     WHERE_MODELS | WHERE_DETAILS, "checkpoint", NULL },
	[COMMAND_FIT] = { "fit", "f",
			  "Show all, what fits, what fits with caution, what does not fit",
			  WHERE_PANES, "fit", NULL },
	[COMMAND_EVIDENCE] = { "evidence", "e", "Why we think so, and what speaks against it",
			       WHERE_MODELS | WHERE_DETAILS, "evidence", NULL },

	[COMMAND_MATRIX] = { "matrix", "x",
			     "The marked checkpoints beside the marked LoRAs: what fits what",
			     WHERE_PANES, NULL, NULL },

	[COMMAND_TAKE] = { "take", "a", "Put this LoRA into the set, or take it out",
			   WHERE_MODELS | WHERE_DETAILS, "take", NULL },
	[COMMAND_HEAVIER] = { "heavier", "+", "More weight for this LoRA of the set",
			      WHERE_MODELS | WHERE_DETAILS, NULL, NULL },
	[COMMAND_LIGHTER] = { "lighter", "-", "Less weight for this LoRA of the set",
			      WHERE_MODELS | WHERE_DETAILS, NULL, NULL },
	[COMMAND_EARLIER] = { "earlier", "<", "One place earlier in the set",
			      WHERE_MODELS | WHERE_DETAILS, NULL, NULL },
	[COMMAND_LATER] = { "later", ">", "One place later in the set",
			    WHERE_MODELS | WHERE_DETAILS, NULL, NULL },
	[COMMAND_SET] = { "set", "s",
			  "Sets: save, open, export, delete, te (text encoder's weight), prune, clear",
			  WHERE_PANES, NULL,
			  "save NAME | open NAME | export FORMAT | delete NAME | te WEIGHT | prune | clear" },
	[COMMAND_COPY] = { "copy", "y",
			   "Copy: l prompt tag, p path, h hash, t triggers, j ComfyUI fragment",
			   WHERE_MODELS | WHERE_DETAILS, "copy", NULL },

	[COMMAND_MARK] = { "mark", "space", "Mark the model under the cursor",
			   WHERE_MODELS | WHERE_DUPLICATES | WHERE_TRASH, "mark", NULL },
	[COMMAND_RANGE] = { "range", "v", "Mark a range: begin, move, and again to end",
			    WHERE_MODELS, NULL, NULL },
	[COMMAND_MARK_ALL] = { "mark-all", "*", "Mark all that are shown",
			       WHERE_MODELS | WHERE_TRASH, NULL, NULL },
	[COMMAND_INVERT] = { "invert", "^R", "Mark what is not marked, unmark what is",
			     WHERE_MODELS, NULL, NULL },
	[COMMAND_TAG] = { "tag", "t", "Tag or untag what is marked, else this model: +style -old",
			  WHERE_MODELS | WHERE_DETAILS, "tag", "+TAG -TAG ..." },

	[COMMAND_CORRECT] = { "correct", "i",
			      "Set base model or kind by hand: pony, lora, or clear",
			      WHERE_MODELS | WHERE_DETAILS, NULL, "[BASE] [KIND] | clear" },

	[COMMAND_NOTE] = { "note", "n", "Write a note about what is marked, else this model",
			   WHERE_MODELS | WHERE_DETAILS, NULL, "[TEXT]" },
	[COMMAND_RATE_0] = { "rate-0", "0", "No rating", WHERE_MODELS | WHERE_DETAILS, NULL, NULL },
	[COMMAND_RATE_1] = { "rate-1", "1", "Rate it, from 1 to 5", WHERE_MODELS | WHERE_DETAILS,
			     NULL, NULL },
	[COMMAND_RATE_2] = { "rate-2", "2", "2 of 5", WHERE_MODELS | WHERE_DETAILS, NULL, NULL },
	[COMMAND_RATE_3] = { "rate-3", "3", "3 of 5", WHERE_MODELS | WHERE_DETAILS, NULL, NULL },
	[COMMAND_RATE_4] = { "rate-4", "4", "4 of 5", WHERE_MODELS | WHERE_DETAILS, NULL, NULL },
	[COMMAND_RATE_5] = { "rate-5", "5", "5 of 5", WHERE_MODELS | WHERE_DETAILS, NULL, NULL },
	[COMMAND_FAVOURITE] = { "favourite", "F", "A favourite, or no longer",
				WHERE_MODELS | WHERE_DETAILS, NULL, NULL },
	[COMMAND_ORGANISE] = { "organise", "m",
			       "Move what is marked, else this model, by a template or to a folder: the plan first",
			       WHERE_MODELS | WHERE_DETAILS, NULL, NULL },
	[COMMAND_RENAME] = { "rename", "r",
			     "Rename this model and what belongs to it: the plan first",
			     WHERE_MODELS | WHERE_DETAILS, NULL, NULL },
	[COMMAND_TRASH] = { "trash", "d",
			    "Put what is marked, else this model, into the trash: the plan first",
			    WHERE_MODELS | WHERE_DETAILS, NULL, NULL },
	[COMMAND_LEAVE_OUT] = { "leave-out", "x", "Leave out the models that conflict", WHERE_PLAN,
				"leave out", NULL },
	[COMMAND_UNDO] = { "undo", "u", "Take back what was changed last",
			   WHERE_PANES | WHERE_HISTORY, NULL, NULL },
	[COMMAND_REDO] = { "redo", "U", "Make it again", WHERE_PANES | WHERE_HISTORY, NULL, NULL },
	[COMMAND_HISTORY] = { "history", "H", "What was changed, the newest first", WHERE_PANES,
			      NULL, NULL },

	[COMMAND_DUPLICATES] = { "duplicates", "D",
				 "Files of the same content, and what could be freed", WHERE_PANES,
				 NULL, NULL },
	[COMMAND_KEEP] = { "keep", "r",
			   "Which copies stay, by rules: tagged,root:NAME,path:GLOB,oldest,newest,shortest",
			   WHERE_DUPLICATES, "rules", "RULES [link]" },

	[COMMAND_TRASHED] = { "trashed", "X", "What lies in the trash, and to bring it back",
			      WHERE_PANES, NULL, NULL },
	[COMMAND_BRING_BACK] = { "bring-back", "r",
				 "Bring back what is marked, else this one: the plan first",
				 WHERE_TRASH, "bring back", NULL },

	[COMMAND_RESCAN] = { "rescan", "R", "Look through all folders for what is new", WHERE_PANES,
			     NULL, "[full | accept-missing | FOLDER]" },
	[COMMAND_CANCEL] = { "cancel", "w", "Stop what is running; it is asked first",
			     WHERE_PANES | WHERE_JOBS, "stop", NULL },
	[COMMAND_JOBS] = { "jobs", "w", "What is running, how far it is; to stop it or pause it",
			   WHERE_PANES, NULL, NULL },
	[COMMAND_PAUSE] = { "pause", "p", "Let it stand still, or go on", WHERE_JOBS, "pause",
			    NULL },
	[COMMAND_ROOT] = { "root", "", "Look after another folder, or no longer", WHERE_ANY, NULL,
			   "add FOLDER | remove FOLDER" },

	[COMMAND_IGNORE] = { "ignore", "I",
			     "Pass by the folder of this model from now on; it is asked first",
			     WHERE_MODELS | WHERE_DETAILS, NULL, "[FOLDER]" },

	[COMMAND_PROMPT] = { "prompt", ":",
			     "Any command or subcommand by its name, with completion", WHERE_ANY,
			     NULL, NULL },
	[COMMAND_HELP] = { "help", "? f1", "The keys that are valid here", WHERE_ANY, "keys",
			   NULL },
	[COMMAND_MOUSE] = { "mouse", "M", "Mouse on and off; off leaves selecting to the terminal",
			    WHERE_ANY, NULL, NULL },
	[COMMAND_THEME] = { "theme", "", "Another theme", WHERE_ANY, NULL,
			    "auto | dark | light | mono | high-contrast | blue-orange" },
	[COMMAND_REDRAW] = { "redraw", "^L", "Draw the whole screen again", WHERE_ANY, NULL, NULL },
	[COMMAND_SUSPEND] = { "suspend", "^Z", "To the shell; fg comes back", WHERE_ANY, NULL,
			      NULL },
	[COMMAND_QUIT] = { "quit", "q", "Back, and at the end quit", WHERE_ANY, "quit", NULL },
	[COMMAND_EXIT] = { "exit", "^C", "Quit at once", WHERE_ANY, NULL, NULL },
};

/* What a command does at one place, where that is not what it does elsewhere. */
static const struct {
	unsigned where;
	enum command command;
	const char *help, *hint;
} local[] = {
	{ WHERE_PLAN, COMMAND_IN, "Do it", "do it" },
	{ WHERE_MATRIX, COMMAND_IN, "Why: the reasons, and what helps", "why" },
	{ WHERE_DUPLICATES, COMMAND_IN, "The plan: of what is marked one copy stays, the others go",
	  "plan" },
	{ WHERE_TRASH, COMMAND_IN, "The plan: what is marked, else this one, comes back", "plan" },
	{ WHERE_TRASH, COMMAND_MARK, "Mark this one", "mark" },
	{ WHERE_TRASH, COMMAND_MARK_ALL, "Mark all, or none", NULL },
	{ WHERE_DUPLICATES, COMMAND_MARK, "This copy stays", "keep" },
	{ WHERE_HISTORY, COMMAND_IN, "What it did to files, step by step", "steps" },
	{ WHERE_HISTORY, COMMAND_UNDO, "Take this one back", "take back" },
	{ WHERE_HISTORY, COMMAND_REDO, "Make this one again", "make again" },
};

const char *command_help_at(enum command command, unsigned where)
{
	for (size_t i = 0; i < sizeof(local) / sizeof(*local); i++)
		if (local[i].command == command && local[i].where & where)
			return local[i].help;
	return command_table[command].help;
}

const char *command_hint_at(enum command command, unsigned where)
{
	for (size_t i = 0; i < sizeof(local) / sizeof(*local); i++)
		if (local[i].command == command && local[i].where & where)
			return local[i].hint;
	return command_table[command].hint;
}

static const struct {
	const char *name;
	enum command command;
} others[] = {
	{ "list", COMMAND_FILTER },
	{ "scan", COMMAND_RESCAN },
	{ "q", COMMAND_EXIT },
};

enum command command_find(struct str name)
{
	for (size_t i = 1; i < COMMAND_COUNT; i++)
		if (str_equal(name, str_from(command_table[i].name)))
			return (enum command)i;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (str_equal(name, str_from(others[i].name)))
			return others[i].command;
	return COMMAND_NONE;
}
