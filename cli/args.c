// SPDX-License-Identifier: MIT
#include "cli/args.h"

#include <string.h>

#include "core/base/array.h"
#include "core/base/near.h"

/* State of one reading. */
struct reader {
	int argc, at;
	char *const *argv;
	const char **operands; /* the same memory as out->operands */
	struct args *out;
	struct error *err;
	bool only_operands; /* after "--" */
};

static bool fail_word(struct error *err, struct str word, const char *what, const struct near *near)
{
	if (near->best.ptr)
		return error_set(err, ERROR_USAGE, NULL, "%.*s: %s; did you mean \"%.*s\"?",
				 STR_ARG(word), what, STR_ARG(near->best));
	return error_set(err, ERROR_USAGE, NULL, "%.*s: %s; see `lorarium help`", STR_ARG(word),
			 what);
}

/* "scan", or both words of "root add", which go before the one of "tags"; `*n_words` how many. */
static enum command_id find_command(const struct reader *reader, size_t *n_words)
{
	struct str word = str_from(reader->argv[reader->at]);
	const char *after = reader->at + 1 < reader->argc ? reader->argv[reader->at + 1] : "";
	enum command_id found = COMMAND_COUNT;
	for (enum command_id id = 0; id < COMMAND_COUNT; id++) {
		struct str rest = str_from(args_command(id)->name), part;
		if (!str_next_part(&rest, ' ', &part) || !str_equal(part, word))
			continue;
		if (rest.ptr && !str_equal(rest, str_from(after)))
			continue;
		found = id;
		*n_words = rest.ptr ? 2 : 1;
		if (rest.ptr)
			break;
	}
	return found;
}

/* "root": what may follow it. */
static bool fail_half_command(const struct reader *reader, struct str word)
{
	struct bytes list = { 0 };
	for (enum command_id id = 0; id < COMMAND_COUNT; id++) {
		const struct command_row *command = args_command(id);
		struct str rest = str_from(command->name), part;
		if (str_next_part(&rest, ' ', &part) && rest.ptr && str_equal(part, word))
			bytes_printf(&list, "%s%.*s", list.len > 0 ? ", " : "", STR_ARG(rest));
	}
	error_set(reader->err, ERROR_USAGE, NULL, "%.*s: say what to do: %s", STR_ARG(word),
		  list.ptr);
	bytes_finish(&list);
	return false;
}

static bool fail_command(const struct reader *reader)
{
	struct str word = str_from(reader->argv[reader->at]);
	struct near near = NEAR(word);
	for (enum command_id id = 0; id < COMMAND_COUNT; id++) {
		struct str rest = str_from(args_command(id)->name), part;
		if (!str_next_part(&rest, ' ', &part))
			continue;
		if (rest.ptr && str_equal(part, word))
			return fail_half_command(reader, word);
		near_offer(&near, part);
	}
	return fail_word(reader->err, word, "no such command", &near);
}

static bool belongs(const struct args *args, enum option_id id)
{
	if (id <= OPTION_JSON || args->command == COMMAND_COUNT)
		return true;
	const struct command_row *command = args_command(args->command);
	for (size_t i = 0; i < command->n_options; i++)
		if (command->options[i] == id)
			return true;
	return false;
}

static bool take_value(struct reader *reader, enum option_id id, const char *attached)
{
	const struct option_row *option = args_option(id);
	const char *value = attached;
	if (!value && reader->at + 1 < reader->argc)
		value = reader->argv[++reader->at];
	/* No file has an empty name: a variable of a script was not set. */
	bool is_path = option->kind == VALUE_FOLDER || option->kind == VALUE_FILE;
	if (!value || (is_path && value[0] == '\0'))
		return error_set(reader->err, ERROR_USAGE, NULL, "%s: needs a value: %s %s",
				 option->name, option->name, option->value);
	if (option->kind == VALUE_NUMBER && !str_to_u64(str_from(value), &reader->out->numbers[id]))
		return error_set(reader->err, ERROR_USAGE, NULL, "%s: \"%s\" is not a whole number",
				 option->name, value);
	if (option->kind == VALUE_PREVIEW && strcmp(value, option->value) != 0)
		return error_set(reader->err, ERROR_USAGE, NULL, "%s: only \"%s\" is known",
				 option->name, option->value);
	reader->out->values[id] = value;
	return true;
}

static enum option_id find_option(struct str name)
{
	if (str_equal(name, STR("-h")))
		return OPTION_HELP;
	enum option_id id = 0;
	while (id < OPTION_COUNT && !str_equal(name, str_from(args_option(id)->name)))
		id++;
	return id;
}

static bool fail_option(const struct reader *reader, struct str name)
{
	struct near near = NEAR(name);
	if (!str_has_prefix(name, STR("--")))
		return error_set(reader->err, ERROR_USAGE, NULL,
				 "%.*s: no such option (a QUERY that begins "
				 "with - stands after --)",
				 STR_ARG(name));
	for (enum option_id id = 0; id < OPTION_COUNT; id++)
		if (belongs(reader->out, id))
			near_offer(&near, str_from(args_option(id)->name));
	return fail_word(reader->err, name, "no such option", &near);
}

static bool take_option(struct reader *reader)
{
	struct str rest = str_from(reader->argv[reader->at]), name;
	if (!str_next_part(&rest, '=', &name))
		name = rest;
	enum option_id id = find_option(name);
	if (id == OPTION_COUNT)
		return fail_option(reader, name);
	reader->out->has[id] = true;
	if (args_option(id)->value)
		return take_value(reader, id, rest.ptr);
	if (rest.ptr)
		return error_set(reader->err, ERROR_USAGE, NULL, "%s: takes no value",
				 args_option(id)->name);
	return true;
}

static bool looks_like_option(const struct reader *reader)
{
	const struct args *out = reader->out;
	const char *word = reader->argv[reader->at];
	double number;
	if (reader->only_operands || word[0] != '-' || word[1] == '\0')
		return false;
	if (out->command == COMMAND_COUNT || out->n_operands == 0)
		return true;
	const struct command_row *command = args_command(out->command);
	bool is_untag = command->takes_tags && word[1] != '-';
	bool is_weight = command->takes_weights && str_to_double(str_from(word), &number);
	return !is_untag && !is_weight;
}

static bool take_word(struct reader *reader)
{
	struct args *out = reader->out;
	if (out->command != COMMAND_COUNT) {
		reader->operands[out->n_operands++] = reader->argv[reader->at];
		return true;
	}
	size_t n_words = 1;
	out->command = find_command(reader, &n_words);
	if (out->command == COMMAND_COUNT)
		return fail_command(reader);
	reader->at += (int)n_words - 1;
	return true;
}

/* Options may stand before the command, so only now is it known whether they belong. */
static bool check(const struct args *args, struct error *err)
{
	if (args->has[OPTION_HELP] || args->has[OPTION_VERSION] || args->command == COMMAND_COUNT)
		return true;
	const struct command_row *command = args_command(args->command);
	for (enum option_id id = 0; id < OPTION_COUNT; id++)
		if (args->has[id] && !belongs(args, id))
			return error_set(err, ERROR_USAGE, NULL, "%s: it takes no %s",
					 command->name, args_option(id)->name);
	if (args->n_operands < command->operands_min)
		return error_set(err, ERROR_USAGE, NULL, "%s: too few arguments: lorarium %s %s",
				 command->name, command->name, command->operands);
	if (args->n_operands > command->operands_max)
		return error_set(
			err, ERROR_USAGE, NULL,
			"%s: too many arguments (a QUERY is one, in quotes): lorarium %s%s%s",
			command->name, command->name, command->operands[0] ? " " : "",
			command->operands);
	return true;
}

bool args_parse(int argc, char *const *argv, struct arena *arena, struct args *out,
		struct error *err)
{
	*out = (struct args){ .command = COMMAND_COUNT };
	struct reader reader = { .argc = argc, .argv = argv, .out = out, .err = err };
	reader.operands = ARENA_NEW_N(arena, const char *, (size_t)argc + 1);
	out->operands = reader.operands;
	for (reader.at = 1; reader.at < argc; reader.at++) {
		bool is_end = !reader.only_operands && strcmp(argv[reader.at], "--") == 0;
		if (is_end)
			reader.only_operands = true;
		else if (!(looks_like_option(&reader) ? take_option(&reader) : take_word(&reader)))
			return false;
	}
	return check(out, err);
}
