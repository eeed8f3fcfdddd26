// SPDX-License-Identifier: MIT
#include "tui/panes/prompt.h"

#include "core/organise/keep.h"
#include "core/organise/template.h"
#include "tui/app/actions.h"
#include "tui/app/changes.h"
#include "tui/app/hand.h"
#include "tui/app/run.h"
#include "tui/app/tray_sets.h"
#include "tui/panes/models.h"
#include "tui/theme.h"
#include "tui/words.h"

static const struct {
	const char *lead, *help;
} kinds[] = {
	[PROMPT_FILTER] = { "/",
			    "words, base:pony kind:lora size:>1G -tag:x | or; Enter keeps, Esc undoes" },
	[PROMPT_COMMAND] = { ":", "Tab completes; Enter runs, Esc leaves" },
	[PROMPT_CORRECT] = { "it is ",
			     "a base model, a kind, or clear; Tab completes, Enter does it" },
	[PROMPT_SET] = { "set ",
			 "save NAME, open NAME, export FORMAT, delete NAME, te WEIGHT, prune, clear" },
	[PROMPT_NOTE] = { "note ",
			  "Enter keeps it, Esc leaves; note MODEL - on the command line takes many lines" },
	[PROMPT_ORGANISE] = { "to ",
			      "/FOLDER, or by {kind} {arch} {base} {type} {rank} {author} {tag} {year} {root} {name}" },
	[PROMPT_RENAME] = { "name ", "without extension; Enter shows the plan, Esc leaves" },
	[PROMPT_KEEP] = { "keep ",
			  "tagged root:NAME path:GLOB oldest newest shortest, commas between; link keeps the names" },
	[PROMPT_TAG] = { "tags ", "+new -old, spaces between; Enter does it, Esc leaves" },
};

void prompt_open(struct app *app, enum prompt_kind kind)
{
	struct prompt *prompt = &app->prompt;
	prompt->kind = kind;
	bytes_clear(&prompt->before);
	bytes_append_str(&prompt->before, bytes_str(&app->wishes.query));
	bytes_clear(&prompt->note);
	input_set(&prompt->input, kind == PROMPT_FILTER ? bytes_str(&prompt->before) : STR(""));
	app->dirty = true;
}

void prompt_open_with(struct app *app, enum prompt_kind kind, struct str text)
{
	prompt_open(app, kind);
	input_set(&app->prompt.input, text);
}

static void close_prompt(struct app *app)
{
	app->prompt.kind = PROMPT_NONE;
	app->mistake.column = 0;
	app->dirty = true;
}

static void go_back(struct app *app, struct effects *out)
{
	struct prompt *prompt = &app->prompt;
	bool is_other = prompt->kind == PROMPT_FILTER &&
			!str_equal(bytes_str(&prompt->before), bytes_str(&app->wishes.query));
	if (is_other)
		actions_filter(app, bytes_str(&prompt->before), out);
	close_prompt(app);
}

static bool check_rules(struct str text, struct error *err)
{
	struct arena arena = { 0 };
	struct keep_rules rules;
	str_cut_suffix(&text, STR(" link"));
	bool ok = keep_rules_parse(text, &arena, &rules, err);
	arena_finish(&arena);
	return ok;
}

/* What is neither a base model nor a kind, no template or no rule, stands there to be mended. */
static bool check_text(struct app *app)
{
	struct prompt *prompt = &app->prompt;
	struct str text = str_trim(bytes_str(&prompt->input.text));
	struct correction_change change;
	struct error err;
	bool ok = true;
	if (prompt->kind == PROMPT_CORRECT && text.len > 0)
		ok = hand_read(app->knowledge, bytes_str(&prompt->input.text), &change, &err);
	else if (prompt->kind == PROMPT_ORGANISE && text.len > 0 && !changes_is_folder(text))
		ok = template_check(text, &err);
	else if (prompt->kind == PROMPT_KEEP && text.len > 0)
		ok = check_rules(text, &err);
	bytes_clear(&prompt->note);
	if (!ok)
		text_clean(&prompt->note, str_from(err.text), app->charset);
	return ok;
}

static void finish(struct app *app, struct effects *out)
{
	struct prompt *prompt = &app->prompt;
	enum prompt_kind kind = prompt->kind;
	/* A filter that is a mistake is not taken; it stands there to be mended. */
	if (kind == PROMPT_FILTER && app->mistake.column)
		return;
	if (!check_text(app))
		return;
	close_prompt(app);
	if (kind == PROMPT_COMMAND)
		run_text(app, bytes_str(&prompt->input.text), out);
	else if (kind == PROMPT_TAG && prompt->input.text.len)
		actions_run(app, COMMAND_TAG, bytes_str(&prompt->input.text), out);
	else if (kind == PROMPT_NOTE && prompt->input.text.len)
		actions_run(app, COMMAND_NOTE, str_trim(bytes_str(&prompt->input.text)), out);
	else if (kind == PROMPT_ORGANISE && prompt->input.text.len)
		actions_run(app, COMMAND_ORGANISE, str_trim(bytes_str(&prompt->input.text)), out);
	else if (kind == PROMPT_KEEP && prompt->input.text.len)
		actions_run(app, COMMAND_KEEP, str_trim(bytes_str(&prompt->input.text)), out);
	else if (kind == PROMPT_RENAME && prompt->input.text.len)
		actions_run(app, COMMAND_RENAME, str_trim(bytes_str(&prompt->input.text)), out);
	else if (kind == PROMPT_CORRECT && prompt->input.text.len)
		actions_run(app, COMMAND_CORRECT, bytes_str(&prompt->input.text), out);
	else if (kind == PROMPT_SET && prompt->input.text.len)
		actions_run(app, COMMAND_SET, str_trim(bytes_str(&prompt->input.text)), out);
}

/* What the screen does to sets, then what a subcommand does. */
static struct str set_word(const struct app *app, size_t i)
{
	size_t n = 0;
	while (tray_word(n))
		n++;
	return i < n ? str_from(tray_word(i)) : run_second_word(app, STR("set"), i - n);
}

/* The i-th word that may follow a command, or the i-th command for COMMAND_NONE. */
static struct str candidate(const struct app *app, enum command command, size_t i)
{
	const char *word = NULL;
	if (command == COMMAND_CORRECT)
		return hand_word(app->knowledge, i);
	if (command == COMMAND_NONE)
		word = run_candidate(app, i);
	if (command == COMMAND_SORT && i < SORT_COUNT)
		word = sort_word((enum sort_key)i);
	if (command == COMMAND_THEME && i < THEME_COUNT)
		word = theme_word((enum theme)i);
	if (command == COMMAND_SET)
		return set_word(app, i);
	if (command == COMMAND_ROOT)
		return run_second_word(app, STR("root"), i);
	return str_from(word);
}

static size_t common_len(struct str a, struct str b)
{
	size_t n = 0;
	while (n < a.len && n < b.len && a.ptr[n] == b.ptr[n])
		n++;
	return n;
}

/* Which command the last word, `*word`, belongs to: COMMAND_NONE when it is a command's name, and
   COMMAND_COUNT when nothing is known of it. */
static enum command command_of_word(const struct prompt *prompt, struct str *word)
{
	struct str text = bytes_str(&prompt->input.text);
	ptrdiff_t first = str_find_byte(text, ' '), last = str_rfind_byte(text, ' ');
	*word = str_slice(text, (size_t)(last + 1), text.len);
	enum command command = COMMAND_CORRECT;
	if (prompt->kind == PROMPT_SET)
		return first < 0 ? COMMAND_SET : COMMAND_COUNT;
	if (prompt->kind != PROMPT_CORRECT && first < 0)
		return COMMAND_NONE;
	if (prompt->kind != PROMPT_CORRECT)
		command = command_find(str_slice(text, 0, (size_t)first));
	if (command == COMMAND_CORRECT) {
		hand_cut_label(word);
		return command;
	}
	return command != COMMAND_NONE && first == last ? command : COMMAND_COUNT;
}

/* The screen and a subcommand may know the same word. */
static bool came_before(const struct app *app, enum command command, size_t n, struct str name)
{
	for (size_t i = 0; i < n; i++)
		if (str_equal(candidate(app, command, i), name))
			return true;
	return false;
}

/* Completes the last word as far as all candidates agree, and notes them below. */
static void complete(struct app *app)
{
	struct prompt *prompt = &app->prompt;
	struct str word, common = STR_NULL, name;
	enum command command = command_of_word(prompt, &word);
	size_t n = 0;
	bytes_clear(&prompt->note);
	for (size_t i = 0; (name = candidate(app, command, i)).ptr; i++) {
		if (!str_has_prefix(name, word) || came_before(app, command, i, name))
			continue;
		common = n++ ? str_slice(common, 0, common_len(common, name)) : name;
		bytes_printf(&prompt->note, "%.*s  ", STR_ARG(name));
	}
	if (!n)
		return;
	prompt->input.at = prompt->input.text.len;
	input_insert(&prompt->input, str_slice(common, word.len, common.len));
	if (n == 1) {
		input_insert(&prompt->input, STR(" "));
		bytes_clear(&prompt->note);
	}
}

static void changed(struct app *app, struct effects *out)
{
	bytes_clear(&app->prompt.note);
	if (app->prompt.kind == PROMPT_FILTER)
		actions_filter(app, bytes_str(&app->prompt.input.text), out);
}

/* Keys that type nothing move in the list, so that one can look while filtering. */
static bool is_movement(struct key key)
{
	return key.code == KEY_CODE_UP || key.code == KEY_CODE_DOWN || key.code == KEY_CODE_PGUP ||
	       key.code == KEY_CODE_PGDN;
}

static bool completes(enum prompt_kind kind)
{
	return kind == PROMPT_COMMAND || kind == PROMPT_CORRECT || kind == PROMPT_SET;
}

/* A folder behind the template that was offered is no part of it: it takes its place. */
static void make_room(struct app *app, struct str typed)
{
	struct input *input = &app->prompt.input;
	if (app->prompt.kind == PROMPT_ORGANISE && changes_is_folder(typed) &&
	    input->at == input->text.len &&
	    str_equal(bytes_str(&input->text), bytes_str(&app->template)))
		input_set(input, STR(""));
}

void prompt_key(struct app *app, struct key key, struct effects *out)
{
	struct prompt *prompt = &app->prompt;
	const char typed = !key.ctrl && key.code < 0x80 ? (char)key.code : ' ';
	bool is_changed = false;
	app->dirty = true;
	make_room(app, (struct str){ &typed, 1 });
	if (key.code == KEY_CODE_ESC || key_is_ctrl(key, 'c'))
		go_back(app, out);
	else if (key.code == KEY_CODE_ENTER)
		finish(app, out);
	else if (key.code == KEY_CODE_BACKSPACE && !prompt->input.text.len)
		go_back(app, out);
	else if (key.code == KEY_CODE_TAB && completes(prompt->kind))
		complete(app);
	else if (is_movement(key))
		models_move(app, keymap_find(&app->keymap, key, WHERE_MODELS), out);
	else if (input_key(&prompt->input, key, &is_changed) && is_changed)
		changed(app, out);
}

void prompt_paste(struct app *app, struct str text, struct effects *out)
{
	if (app->prompt.kind == PROMPT_NONE) {
		app_tell(app, STYLE_DIM, "pasted text is only taken where text is typed");
		return;
	}
	struct str line = text;
	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.ptr[i] < ' ') {
			line = str_slice(text, 0, i);
			break;
		}
	}
	make_room(app, line);
	input_insert(&app->prompt.input, line);
	changed(app, out);
	app->dirty = true;
}

/* "no field ...": right below the character it begins with, if there is room, with its column. */
static void paint_mistake(const struct app *app, struct surface *area, int lead)
{
	const struct mistake *mistake = &app->mistake;
	int x = input_column_x(&app->prompt.input, area->rect.cols - lead, mistake->column,
			       app->charset);
	struct str text = arena_strf(area->scratch, "^ column %zu: %s", mistake->column,
				     mistake->text.ptr ? mistake->text.ptr : "");
	int cols = (int)text_cols(text), room = area->rect.cols - cols;
	x = x < 0 ? 0 : x + lead;
	if (x > room) { /* the caret stays in its place, the words go to its left */
		surface_text(area, x, 1, STYLE_MISTAKE, STR("^"), 1);
		text = str_slice(text, 2, text.len);
		x = x - cols > 0 ? x - cols : 0;
		surface_text_cut(area, x, 1, STYLE_MISTAKE, text, area->rect.cols - x);
		return;
	}
	surface_text_cut(area, x, 1, STYLE_MISTAKE, text, area->rect.cols - x);
}

static struct str command_help(const struct app *app, struct surface *area)
{
	struct str line = str_trim(bytes_str(&app->prompt.input.text)), name;
	if (!line.len || !str_next_part(&line, ' ', &name))
		return STR_NULL;
	enum command command = command_find(name);
	if (command == COMMAND_NONE)
		return STR_NULL;
	const struct command_row *row = &command_table[command];
	return arena_strf(area->scratch, "%s%s%s: %s", row->name, row->argument ? " " : "",
			  row->argument ? row->argument : "", row->help);
}

static void paint_note(const struct app *app, struct surface *area)
{
	const struct prompt *prompt = &app->prompt;
	struct str text = bytes_str(&prompt->note);
	if (!text.len && prompt->kind == PROMPT_COMMAND)
		text = command_help(app, area);
	if (!text.len)
		text = str_from(kinds[prompt->kind].help);
	surface_text_cut(area, 1, 1, STYLE_DIM, text, area->rect.cols - 2);
}

void prompt_paint(const struct app *app, struct surface *area)
{
	struct str lead = str_from(kinds[app->prompt.kind].lead);
	int x = surface_text(area, 0, 0, STYLE_KEY, lead, area->rect.cols);
	input_paint(&app->prompt.input, area, x, 0, app->charset);
	if (app->prompt.kind == PROMPT_FILTER && app->mistake.column)
		paint_mistake(app, area, x);
	else
		paint_note(app, area);
}
