// SPDX-License-Identifier: MIT
#include "cli/help.h"

#include <string.h>

static const char head[] =
	"lorarium tells which base model each of your AI image models belongs to, and\n"
	"which LoRAs fit which checkpoint.\n"
	"\n"
	"usage: lorarium [OPTION...] [COMMAND]\n"
	"\n"
	"Without a command the terminal UI opens; off a terminal a report is printed.\n";

static const char tail[] =
	"\n"
	"MODEL, CHECKPOINT and LORA are a path, #ID, a file name, or a name without its\n"
	"extension.\n"
	"QUERY is one argument, for example 'base:pony kind:lora -tag:style'; see\n"
	"lorarium-query(7). `lorarium help COMMAND` tells more about a command.\n"
	"\n"
	"Exit status: 0 done, 1 done and the answer is no, 2 wrong usage, 3 could not.\n";

static void option_line(struct bytes *out, enum option_id id)
{
	const struct option_row *option = args_option(id);
	struct bytes left = { 0 };
	bytes_printf(&left, "%s%s%s", option->name, option->value ? " " : "",
		     option->value ? option->value : "");
	bytes_printf(out, "  %-20s  %s\n", left.ptr, option->help);
	bytes_finish(&left);
}

static void global_options(struct bytes *out)
{
	for (enum option_id id = 0; id <= OPTION_GLOBAL_LAST; id++)
		option_line(out, id);
}

static void command_usage(struct bytes *out, const struct command_row *command)
{
	bytes_printf(out, "usage: lorarium %s%s%s%s\n\n%s.\n\n", command->name,
		     command->n_options > 0 ? " [OPTION...]" : "", command->operands[0] ? " " : "",
		     command->operands, command->help);
	for (size_t i = 0; i < command->n_options; i++)
		option_line(out, command->options[i]);
	option_line(out, OPTION_JSON);
	bytes_append_str(out, STR("\nGlobal options:\n"));
	global_options(out);
}

void help_usage(struct bytes *out, enum command_id command)
{
	if (command != COMMAND_COUNT) {
		command_usage(out, args_command(command));
		return;
	}
	bytes_append_str(out, str_from(head));
	bytes_append_str(out, STR("\nCommands:\n"));
	for (enum command_id id = 0; id < COMMAND_COUNT; id++)
		bytes_printf(out, "  %-12s  %s\n", args_command(id)->name, args_command(id)->help);
	bytes_append_str(out, STR("\nOptions, before or after the command:\n"));
	global_options(out);
	option_line(out, OPTION_JSON);
	bytes_append_str(out, str_from(tail));
}

void help_man_text(struct bytes *out, const char *text)
{
	for (; *text; text++) {
		if (strchr("_*[\\<#.", *text))
			bytes_append_byte(out, '\\');
		bytes_append_byte(out, *text);
	}
}

static void man_option(struct bytes *out, enum option_id id, const char *indent)
{
	const struct option_row *option = args_option(id);
	bytes_printf(out, "%s*%s*", indent, option->name);
	if (option->value)
		bytes_printf(out, " _%s_", option->value);
	bytes_printf(out, "\n%s\t", indent);
	char first = option->help[0];
	bytes_append_byte(out, first >= 'a' && first <= 'z' ? (char)(first - 32) : first);
	help_man_text(out, option->help + 1);
	bytes_printf(out, ".\n\n");
}

void help_man_options(struct bytes *out)
{
	for (enum option_id id = 0; id <= OPTION_JSON; id++)
		man_option(out, id, "");
}

void help_man_commands(struct bytes *out)
{
	for (enum command_id id = 0; id < COMMAND_COUNT; id++) {
		const struct command_row *command = args_command(id);
		bytes_printf(out, "*%s* ", command->name);
		help_man_text(out, command->operands);
		bytes_printf(out, "\n\t%s.\n\n", command->help);
		for (size_t i = 0; i < command->n_options; i++)
			man_option(out, command->options[i], "\t");
	}
}

static void first_word(struct bytes *out, const char *name)
{
	struct str rest = str_from(name), word;
	if (str_next_part(&rest, ' ', &word))
		bytes_append_str(out, word);
}

static bool is_first_of_its_word(enum command_id id)
{
	struct str rest = str_from(args_command(id)->name), word;
	if (id == 0 || !str_next_part(&rest, ' ', &word))
		return true;
	struct str before = str_from(args_command(id - 1)->name), other;
	return !str_next_part(&before, ' ', &other) || !str_equal(word, other);
}

static void completion_models(struct bytes *out, const struct knowledge *knowledge)
{
	const struct array *bases = &knowledge->base_models;
	bytes_append_str(out, STR("\tlocal kinds=\""));
	for (enum kind kind = 0; kind < KIND_COUNT; kind++)
		bytes_printf(out, "%s%s", kind > 0 ? " " : "", kind_word(kind));
	bytes_append_str(out, STR("\"\n\tlocal bases=\""));
	for (size_t i = 0; i < bases->len; i++)
		bytes_printf(out, "%s%.*s", i > 0 ? " " : "",
			     STR_ARG(ARRAY_AT(bases, struct base_model, i)->id));
	bytes_append_str(out, STR("\"\n"));
}

static void completion_words(struct bytes *out)
{
	bytes_append_str(out, STR("\tlocal commands=\""));
	for (enum command_id id = 0; id < COMMAND_COUNT; id++) {
		if (!is_first_of_its_word(id))
			continue;
		bytes_append_str(out, id > 0 ? STR(" ") : STR(""));
		first_word(out, args_command(id)->name);
	}
	bytes_append_str(out, STR("\"\n\tlocal global=\""));
	for (enum option_id id = 0; id <= OPTION_JSON; id++)
		bytes_printf(out, "%s%s", id > 0 ? " " : "", args_option(id)->name);
	bytes_append_str(out, STR("\"\n\tlocal valued=\""));
	for (enum option_id id = 0; id < OPTION_COUNT; id++)
		if (args_option(id)->value)
			bytes_printf(out, "%s%s", id > 0 ? " " : "", args_option(id)->name);
	bytes_append_str(out, STR("\"\n"));
}

/* What may follow an option that takes a value. */
static void completion_values(struct bytes *out)
{
	static const char *const actions[] = {
		[VALUE_NONE] = NULL,
		[VALUE_FOLDER] = "compgen -d -- \"$word\"",
		[VALUE_FILE] = "compgen -f -- \"$word\"",
		[VALUE_NUMBER] = ":",
		[VALUE_SORT] =
			"compgen -W 'name size added modified base kind rank path' -- \"$word\"",
		[VALUE_PREVIEW] = "compgen -W none -- \"$word\"",
		[VALUE_EXPORT] = "compgen -W 'a1111 comfyui comfyui-workflow lora-manager rgthree "
				 "swarmui sdcpp diffusers json' -- \"$word\"",
		[VALUE_BASE] = "compgen -W \"$bases\" -- \"$word\"",
		[VALUE_TEMPLATE] = ":",
		[VALUE_KEEP] =
			"compgen -W 'oldest newest tagged shortest root: path:' -- \"$word\"",
		[VALUE_KIND] = "compgen -W \"$kinds\" -- \"$word\"",
	};
	bytes_append_str(out, STR("\tcase $previous in\n"));
	for (enum option_id id = 0; id < OPTION_COUNT; id++)
		if (args_option(id)->value)
			bytes_printf(out, "\t%s) mapfile -t COMPREPLY < <(%s); return ;;\n",
				     args_option(id)->name, actions[args_option(id)->kind]);
	bytes_append_str(out, STR("\tesac\n"));
}

/* The first of those that begin with one word and have another. */
static bool is_first_with_two_words(enum command_id id)
{
	return is_first_of_its_word(id) || !strchr(args_command(id - 1)->name, ' ');
}

/* "root list", "root add": what may stand after the first of two words. */
static void completion_second_words(struct bytes *out)
{
	for (enum command_id id = 0; id < COMMAND_COUNT; id++) {
		struct str rest = str_from(args_command(id)->name), word;
		if (!str_next_part(&rest, ' ', &word) || !rest.ptr)
			continue;
		if (is_first_with_two_words(id))
			bytes_printf(out, "\t\"%.*s \") mapfile -t COMPREPLY < <(compgen -W \"",
				     STR_ARG(word));
		bytes_printf(out, "%.*s", STR_ARG(rest));
		bool is_last = id + 1 == COMMAND_COUNT || is_first_of_its_word(id + 1);
		bytes_append_str(out, is_last ? STR("\" -- \"$word\"); return ;;\n") : STR(" "));
	}
}

static void completion_command(struct bytes *out, const struct command_row *command)
{
	struct str rest = str_from(command->name), word;
	if (!str_next_part(&rest, ' ', &word))
		return;
	bytes_printf(out, "\t%.*s%s%.*s*) options=\"", STR_ARG(word), rest.ptr ? "\\ " : "",
		     STR_ARG(rest));
	for (size_t i = 0; i < command->n_options; i++)
		bytes_printf(out, "%s%s", i > 0 ? " " : "", args_option(command->options[i])->name);
	bytes_printf(out, "\" files=%s ;;\n",
		     command->completes == VALUE_FOLDER ? "-d"
		     : command->completes == VALUE_FILE ? "-f"
							: "");
}

static const char completion_head[] =
	"# bash completion for lorarium; made from its tables\n"
	"_lorarium()\n"
	"{\n"
	"\tlocal word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}\n"
	"\tlocal typed=\"\" options=\"\" files=\"\" i\n";

static const char completion_find[] =
	"\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	"\t\t[[ ${COMP_WORDS[i]} == -* || \" $valued \" == *\" ${COMP_WORDS[i-1]} \"* ]] ||\n"
	"\t\t\ttyped+=\"${COMP_WORDS[i]} \"\n"
	"\tdone\n"
	"\tcase $typed in\n"
	"\t\"\") mapfile -t COMPREPLY < <(compgen -W \"$commands $global\" -- \"$word\"); return "
	";;\n";

static const char completion_tail[] =
	"\tesac\n"
	"\tif [[ $word == -* ]]; then\n"
	"\t\tmapfile -t COMPREPLY < <(compgen -W \"$options $global\" -- \"$word\")\n"
	"\telif [[ -n $files ]]; then\n"
	"\t\tcompopt -o filenames\n"
	"\t\tmapfile -t COMPREPLY < <(compgen \"$files\" -- \"$word\")\n"
	"\tfi\n"
	"}\n"
	"complete -F _lorarium lorarium\n";

void help_completion(struct bytes *out, const struct knowledge *knowledge)
{
	bytes_append_str(out, str_from(completion_head));
	completion_words(out);
	completion_models(out, knowledge);
	completion_values(out);
	bytes_append_str(out, str_from(completion_find));
	completion_second_words(out);
	for (enum command_id id = 0; id < COMMAND_COUNT; id++)
		completion_command(out, args_command(id));
	bytes_append_str(out, str_from(completion_tail));
}
