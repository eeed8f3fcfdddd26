// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/edit_change.h"
#include "cli/edit_text.h"
#include "cli/editor.h"

static const char head[] =
	"# Each line is a model: id, rating (1 to 5, or -), * for a favourite (or -), [tags], note.\n"
	"# In tags and notes write \\n for a new line, \\] \\# and \\\\ for these signs.\n"
	"# A line that you take out changes nothing. What follows a # is a comment.\n\n";

enum { MISTAKES_TOLD = 20 };

struct named {
	uint32_t id;
	struct str name;
};

/* A text that is edited, and what it says before and after. */
struct editing {
	struct cli *cli;
	struct bytes before, after;
	struct array names;    /* struct named, by id */
	struct array old, new; /* struct edited; `old` by id */
	struct array mistakes; /* struct str */
	struct array changes;  /* struct edited */
};

static bool add_model(void *context, const struct event *details, struct error *err)
{
	struct editing *editing = context;
	const struct entry *entry = &details->as.details.entry;
	struct edited model = edit_of(entry);
	(void)err;
	edit_text_write(&model, details->as.details.model.name, &editing->before);
	*ARRAY_PUSH(&editing->names, struct named) =
		(struct named){ entry->id,
				arena_str(&editing->cli->arena, details->as.details.model.name) };
	return true;
}

static bool write_models(struct editing *editing, struct error *err)
{
	struct cli *cli = editing->cli;
	struct selection models;
	if (!cli_named_models(cli, &cli->arena, &models, err))
		return false;
	struct event *result = cli_query(cli, models.query, err);
	if (!result)
		return false;
	bytes_append_str(&editing->before, str_from(head));
	bool ok = cli_each_details(cli, result->as.result.ids, (size_t)result->as.result.n,
				   add_model, editing, err);
	if (ok && editing->names.len == 0)
		ok = error_set(err, ERROR_USAGE, NULL, "edit: no model matches");
	event_destroy(result);
	return ok;
}

/* Both begin with the id. */
static int compare_ids(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

/* By position in `old`, which stands sorted by id; -1 when it was not among them. */
static ptrdiff_t find_old(const struct array *sorted, uint32_t id)
{
	struct edited key = { .id = id };
	const struct edited *found =
		bsearch(&key, sorted->ptr, sorted->len, sizeof key, compare_ids);
	return found ? found - (const struct edited *)sorted->ptr : -1;
}

static void add_mistake(struct editing *editing, unsigned line, uint32_t id, const char *why)
{
	*ARRAY_PUSH(&editing->mistakes, struct str) =
		arena_strf(&editing->cli->arena, "line %u: %" PRIu32 " %s", line, id, why);
}

/* What differs from what was written, though it may be spelled otherwise. */
static void compare(struct editing *editing)
{
	bool *seen = ARENA_NEW_N(&editing->cli->arena, bool, editing->old.len + 1);
	for (size_t i = 0; i < editing->new.len; i++) {
		const struct edited *new = ARRAY_AT(&editing->new, struct edited, i);
		ptrdiff_t at = find_old(&editing->old, new->id);
		if (at < 0) {
			add_mistake(editing, new->line, new->id, "is not one of these models");
			continue;
		}
		if (seen[at])
			add_mistake(editing, new->line, new->id, "is there twice");
		seen[at] = true;
		if (!edit_is_same(ARRAY_AT(&editing->old, struct edited, (size_t)at), new))
			*ARRAY_PUSH(&editing->changes, struct edited) = *new;
	}
}

static void read_both(struct editing *editing)
{
	struct arena *arena = &editing->cli->arena;
	array_clear(&editing->old);
	array_clear(&editing->new);
	array_clear(&editing->mistakes);
	array_clear(&editing->changes);
	edit_text_read(bytes_str(&editing->before), arena, &editing->old, &editing->mistakes);
	edit_text_read(bytes_str(&editing->after), arena, &editing->new, &editing->mistakes);
	if (editing->names.len > 1)
		qsort(editing->names.ptr, editing->names.len, sizeof(struct named), compare_ids);
	if (editing->old.len > 1)
		qsort(editing->old.ptr, editing->old.len, sizeof(struct edited), compare_ids);
	compare(editing);
}

static void tell_mistakes(struct editing *editing)
{
	size_t n = editing->mistakes.len;
	for (size_t i = 0; i < n && i < MISTAKES_TOLD; i++)
		out_complain(&editing->cli->out, *ARRAY_AT(&editing->mistakes, struct str, i));
	if (n > MISTAKES_TOLD)
		out_complain(&editing->cli->out,
			     arena_strf(&editing->cli->arena, "and %zu more", n - MISTAKES_TOLD));
}

static void print_changes(struct editing *editing)
{
	if (cli_json(editing->cli))
		return;
	for (size_t i = 0; i < editing->changes.len; i++) {
		const struct edited *new = ARRAY_AT(&editing->changes, struct edited, i);
		size_t at = (size_t)find_old(&editing->old, new->id);
		edit_print(&editing->cli->out, ARRAY_AT(&editing->names, struct named, at)->name,
			   ARRAY_AT(&editing->old, struct edited, at), new);
	}
}

/* "y" on a terminal; anything else, and the end of the input, is no. */
static bool ask(struct cli *cli, const char *question)
{
	struct error ignored;
	char answer = '\0', byte = '\0';
	if (!isatty(STDIN_FILENO) || cli_json(cli))
		return false;
	out_printf(&cli->out, "%s [y/N] ", question);
	if (!out_flush(&cli->out, &ignored))
		return false;
	while (read(STDIN_FILENO, &byte, 1) == 1 && byte != '\n')
		answer = answer ? answer : byte;
	return answer == 'y' || answer == 'Y';
}

/* What was written before the editor failed is kept, if it is anything. */
static bool give_up(struct editing *editing, const struct editor *editor, struct error *err)
{
	struct error ignored;
	bytes_clear(&editing->after);
	if (!editor_read(editor, &editing->after, &ignored) ||
	    str_equal(bytes_str(&editing->before), bytes_str(&editing->after)))
		editor_end(editor);
	else
		out_complain(&editing->cli->out,
			     arena_strf(&editing->cli->arena, "your text is in %s", editor->file));
	return err->code == ERROR_NONE;
}

/* Until nothing is wrong with it, or the person gives up. */
static bool edit(struct editing *editing, const struct editor *editor, struct error *err)
{
	do {
		bytes_clear(&editing->after);
		if (!editor_run(editor, &editing->after, err))
			return give_up(editing, editor, err);
		read_both(editing);
		if (editing->mistakes.len == 0)
			return true;
		tell_mistakes(editing);
	} while (ask(editing->cli, "Edit it again?"));
	return error_set(err, ERROR_USAGE, NULL, "nothing was changed; your text is in %s",
			 editor->file);
}

static enum exit_status apply(struct editing *editing)
{
	struct cli *cli = editing->cli;
	struct error err;
	struct request *request = request_create(REQUEST_EDIT);
	request->as.edit.n = editing->changes.len;
	request->as.edit.models = array_to_arena(&editing->changes, &request->arena);
	/* What the models point to lives as long as the program. */
	return cli_change(cli, request, true, &err);
}

static enum exit_status review(struct editing *editing, const struct editor *editor)
{
	struct cli *cli = editing->cli;
	print_changes(editing);
	bool is_wanted = editing->changes.len > 0 &&
			 (cli->args.has[OPTION_APPLY] || ask(cli, "Change this?"));
	if (is_wanted || editing->changes.len == 0) {
		enum exit_status status = apply(editing);
		if (status == EXIT_DONE)
			editor_end(editor);
		else
			out_complain(&cli->out,
				     arena_strf(&cli->arena, "your text is in %s", editor->file));
		return status;
	}
	out_complain(&cli->out, arena_strf(&cli->arena, "nothing was changed; your text is in %s",
					   editor->file));
	return EXIT_DONE;
}

static void finish(struct editing *editing)
{
	bytes_finish(&editing->before);
	bytes_finish(&editing->after);
	array_finish(&editing->names);
	array_finish(&editing->old);
	array_finish(&editing->new);
	array_finish(&editing->mistakes);
	array_finish(&editing->changes);
}

enum exit_status cmd_edit(struct cli *cli)
{
	struct editing editing = {
		.cli = cli,
		.names = ARRAY_OF(struct named),
		.old = ARRAY_OF(struct edited),
		.new = ARRAY_OF(struct edited),
		.mistakes = ARRAY_OF(struct str),
		.changes = ARRAY_OF(struct edited),
	};
	struct editor editor = { 0 };
	struct error err;
	/* Nobody else changes anything meanwhile. */
	bool ok = cli_library(cli, LIBRARY_WRITE, &err) && write_models(&editing, &err) &&
		  editor_begin(cli, bytes_str(&editing.before), &editor, &err) &&
		  edit(&editing, &editor, &err);
	enum exit_status status = ok ? review(&editing, &editor) : cli_fail(cli, &err);
	finish(&editing);
	return status;
}
