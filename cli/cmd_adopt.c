// SPDX-License-Identifier: MIT
#include <inttypes.h>

#include "cli/cli.h"
#include "cli/edit_change.h"
#include "config/read_file.h"
#include "core/base/json_write.h"
#include "core/base/path.h"
#include "core/base/user_text.h"
#include "core/base/text.h"
#include "core/formats/sidecar.h"
#include "core/organise/sidecar_tell.h"

/** Models whose sidecars know what the library does not. */
struct adopting {
	struct cli *cli;
	struct array changes; /* struct edited, on cli->arena */
};

/* Other programs' tags may hold what ours may not: commas part them, signs in front go. */
static void add_tags(struct arena *arena, struct str text, struct array *tags)
{
	struct str part, tag;
	struct error ignored; /* what cannot be a tag is none */
	while (str_next_part(&text, ',', &part)) {
		part = str_trim(part);
		while (part.len > 0 && (part.ptr[0] == '+' || part.ptr[0] == '-'))
			part = str_trim(str_slice(part, 1, part.len));
		if (tag_check(part, &tag, &ignored))
			*ARRAY_PUSH(tags, struct str) = arena_str(arena, tag);
	}
}

static void adopt_tags(struct arena *arena, const struct sidecar *sidecar, struct edited *model)
{
	struct array found = ARRAY_OF(struct str), all = ARRAY_OF(struct str);
	for (size_t i = 0; i < model->n_tags; i++)
		*ARRAY_PUSH(&all, struct str) = model->tags[i];
	for (size_t i = 0; i < sidecar->n_tags; i++)
		add_tags(arena, sidecar->tags[i], &found);
	for (size_t i = 0; i < found.len; i++) {
		struct str tag = *ARRAY_AT(&found, struct str, i);
		const struct edited so_far = { .tags = all.ptr, .n_tags = all.len };
		if (!edit_has_tag(&so_far, tag))
			*ARRAY_PUSH(&all, struct str) = tag;
	}
	model->tags = array_to_arena(&all, arena);
	model->n_tags = all.len;
	array_finish(&found);
	array_finish(&all);
}

/* Below the note that is there, unless that says it already. */
static void adopt_note(struct arena *arena, const struct sidecar *sidecar, struct edited *model)
{
	struct str note = str_trim(sidecar->note);
	struct error ignored; /* what cannot be a note is none */
	if (note.len == 0 || !note_check(note, &ignored) ||
	    (model->note.ptr && str_find(model->note, note) >= 0))
		return;
	model->note = model->note.ptr ? arena_strf(arena, "%.*s\n\n%.*s", STR_ARG(model->note),
						   STR_ARG(note))
				      : arena_str(arena, note);
}

/* A sidecar that cannot be read says nothing; it is told, and the others go on. */
static void adopt_file(struct cli *cli, struct str path, struct edited *model)
{
	struct arena scratch = { 0 };
	struct sidecar sidecar;
	struct error err;
	struct str text;
	if (!read_file(arena_cstr(&scratch, path), SIDECAR_BYTES_MAX, &scratch, &text, &err) ||
	    !sidecar_parse(str_after_last(path, '/'), text, &scratch, &sidecar, &err)) {
		out_complain(&cli->out, str_from(err.text));
	} else {
		adopt_tags(&cli->arena, &sidecar, model);
		adopt_note(&cli->arena, &sidecar, model);
		model->is_favourite |= sidecar.is_favourite;
	}
	arena_finish(&scratch);
}

static void print_json(struct cli *cli, struct str path, const struct edited *old,
		       const struct edited *new)
{
	struct bytes line = { 0 };
	struct json_writer json = json_writer(&line);
	json_object(&json, NULL);
	json_u64_value(&json, "id", new->id);
	json_string(&json, "path", path);
	json_array(&json, "tags");
	for (size_t i = 0; i < new->n_tags; i++)
		if (!edit_has_tag(old, new->tags[i]))
			json_string(&json, NULL, new->tags[i]);
	json_array_end(&json);
	json_string(&json, "note", str_equal(old->note, new->note) ? STR_NULL : new->note);
	json_bool(&json, "favourite", new->is_favourite && !old->is_favourite);
	json_object_end(&json);
	out_line(&cli->out, &line);
	bytes_finish(&line);
}

static bool look_at(void *context, const struct event *details, struct error *err)
{
	struct adopting *adopting = context;
	struct cli *cli = adopting->cli;
	const struct entry *entry = &details->as.details.entry;
	const struct edited old = edit_of(entry);
	struct edited new = old;
	(void)err;
	for (size_t i = 0; i < entry->n_companions; i++)
		if (sidecar_has_words(entry->companions[i]))
			adopt_file(cli,
				   path_join(&cli->arena, path_folder(entry->path),
					     entry->companions[i]),
				   &new);
	if (edit_is_same(&old, &new))
		return true;
	if (cli_json(cli))
		print_json(cli, entry->path, &old, &new);
	else
		edit_print(&cli->out, details->as.details.model.name, &old, &new);
	/* The event goes; what stays is copied. */
	struct str *tags = ARENA_NEW_N(&cli->arena, struct str, new.n_tags + 1);
	for (size_t i = 0; i < new.n_tags; i++)
		tags[i] = arena_str(&cli->arena, new.tags[i]);
	new.tags = tags;
	new.note = new.note.ptr ? arena_str(&cli->arena, new.note) : STR_NULL;
	*ARRAY_PUSH(&adopting->changes, struct edited) = new;
	out_breathe(&cli->out);
	return true;
}

static enum exit_status finish(struct adopting *adopting)
{
	struct cli *cli = adopting->cli;
	struct error err;
	size_t n = adopting->changes.len;
	if (!cli->args.has[OPTION_APPLY]) {
		if (!cli_json(cli))
			out_printf(&cli->out, "%zu model%s; nothing is done yet: --apply does it\n",
				   n, n == 1 ? "" : "s");
		return EXIT_DONE;
	}
	struct request *request = request_create(REQUEST_EDIT);
	request->as.edit.models = array_to_arena(&adopting->changes, &request->arena);
	request->as.edit.n = n;
	return cli_change(cli, request, true, &err);
}

enum exit_status cmd_adopt(struct cli *cli)
{
	struct adopting adopting = { .cli = cli, .changes = ARRAY_OF(struct edited) };
	struct selection models;
	struct error err;
	enum library_mode mode = cli->args.has[OPTION_APPLY] ? LIBRARY_WRITE : LIBRARY_READ;
	bool ok = cli_named_models(cli, &cli->arena, &models, &err) && cli_library(cli, mode, &err);
	struct event *result = ok ? cli_query(cli, models.query, &err) : NULL;
	ok = result && cli_each_details(cli, result->as.result.ids, (size_t)result->as.result.n,
					look_at, &adopting, &err);
	event_destroy(result);
	enum exit_status status = ok ? finish(&adopting) : cli_fail(cli, &err);
	array_finish(&adopting.changes);
	return status;
}
