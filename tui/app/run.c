// SPDX-License-Identifier: MIT
#include "tui/app/run.h"

#include "core/base/near.h"
#include "tui/app/actions.h"
#include "tui/app/line.h"
#include "tui/app/tray_sets.h"

/* "root list" begins with "root". */
static struct str first_word(const char *name)
{
	struct str rest = str_from(name), word = STR("");
	return str_next_part(&rest, ' ', &word) ? word : STR("");
}

static bool is_subcommand(const struct app *app, struct str word)
{
	for (size_t i = 0; i < app->subcommands.n; i++)
		if (str_equal(word, first_word(app->subcommands.names[i])))
			return true;
	return false;
}

static bool has_option(const struct line *line)
{
	for (size_t i = 1; i < line->n; i++)
		if (str_has_prefix(line->words[i], STR("--")))
			return true;
	return false;
}

static bool is_set_word(struct str word)
{
	for (size_t i = 0; tray_word(i); i++)
		if (str_equal(word, str_from(tray_word(i))))
			return true;
	return false;
}

/* What the screen does itself; the same words with others behind them are left to the subcommand. */
static bool is_native(enum command command, const struct line *line)
{
	switch (command) {
	case COMMAND_NONE: return false;
	case COMMAND_ROOT:
		return line->n < 2 || str_equal(line->words[1], STR("add")) ||
		       str_equal(line->words[1], STR("remove"));
	case COMMAND_SET: return line->n < 2 || (is_set_word(line->words[1]) && !has_option(line));
	case COMMAND_NOTE: return line->n < 2;
	case COMMAND_FILTER:
	case COMMAND_CORRECT: return !has_option(line);
	case COMMAND_RESCAN:
		return !has_option(line) ||
		       (line->n == 2 && (str_equal(line->words[1], STR("--full")) ||
					 str_equal(line->words[1], STR("--accept-missing"))));
	default: return line->n < 2 || command_table[command].argument;
	}
}

static void tell_unknown(struct app *app, struct str name)
{
	struct arena arena = { 0 };
	struct near near = NEAR(name);
	struct str shown = app_clean(app, &arena, name);
	for (size_t i = 0; run_candidate(app, i); i++)
		near_offer(&near, str_from(run_candidate(app, i)));
	if (near.best.ptr)
		app_tell(app, STYLE_MISTAKE, "no command \"%.*s\"; did you mean \"%.*s\"?",
			 STR_ARG(shown), STR_ARG(near.best));
	else
		app_tell(app, STYLE_MISTAKE, "no command \"%.*s\"; ? lists them", STR_ARG(shown));
	arena_finish(&arena);
}

/* The library is closed meanwhile, so that the subcommand may change it: no scan survives that. */
static void step_aside(struct app *app, const struct line *line, struct effects *out)
{
	if (app->news.is_scanning || app->job.is_told) {
		app_tell(app, STYLE_MISTAKE, "%s; w shows it",
			 app->job.is_told ? "files are being moved" : "a scan is running");
		return;
	}
	struct str *words = ARENA_NEW_N(&out->arena, struct str, line->n);
	for (size_t i = 0; i < line->n; i++)
		words[i] = arena_str(&out->arena, line->words[i]);
	out->aside = words;
	out->n_aside = line->n;
}

static void run_words(struct app *app, struct str text, const struct line *line,
		      struct effects *out)
{
	struct str name = line->words[0], rest = text, skipped;
	enum command command = command_find(name);
	bool is_sub = is_subcommand(app, name);
	if (is_native(command, line) || (command != COMMAND_NONE && !is_sub)) {
		str_next_part(&rest, ' ', &skipped);
		actions_run(app, command, rest.ptr ? str_trim(rest) : STR_NULL, out);
	} else if (is_sub) {
		step_aside(app, line, out);
	} else {
		tell_unknown(app, name);
	}
}

void run_text(struct app *app, struct str text, struct effects *out)
{
	struct arena arena = { 0 };
	struct line line;
	text = arena_str(&arena, str_trim(text)); /* what runs may clear the line it was typed in */
	if (!line_split(text, &arena, &line))
		app_tell(app, STYLE_MISTAKE, "a quote is not closed");
	else if (line.n > 0)
		run_words(app, text, &line, out);
	arena_finish(&arena);
}

struct str run_second_word(const struct app *app, struct str first, size_t i)
{
	for (size_t j = 0; j < app->subcommands.n; j++) {
		struct str name = str_from(app->subcommands.names[j]);
		if (str_cut_prefix(&name, first) && str_cut_prefix(&name, STR(" ")) && i-- == 0)
			return name;
	}
	return STR_NULL;
}

const char *run_candidate(const struct app *app, size_t i)
{
	if (i + 1 < COMMAND_COUNT)
		return command_table[i + 1].name;
	i -= COMMAND_COUNT - 1;
	return i < app->subcommands.n ? app->subcommands.names[i] : NULL;
}
