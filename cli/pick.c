// SPDX-License-Identifier: MIT
#include "cli/pick.h"

#include <inttypes.h>
#include <sys/stat.h>

#include "core/base/path.h"
#include "core/formats/shards.h"

enum outcome { PICK_FOUND, PICK_NONE, PICK_FAILED };

static bool exists(struct cli *cli, struct str path)
{
	struct stat status;
	return path.len > 0 && lstat(arena_cstr(&cli->arena, path), &status) == 0;
}

/* The event lives as long as the program: the picked model points into it. */
static void keep(struct cli *cli, struct event *details, struct picked *out)
{
	const struct entry *entry = &details->as.details.entry;
	*ARRAY_PUSH(&cli->kept, struct event *) = details;
	*out = (struct picked){
		.path = entry->path,
		.model = details->as.details.model,
		.has_entry = true,
		.entry = *entry,
	};
}

static enum outcome tell_several(struct cli *cli, struct str argument, const struct event *found,
				 struct error *err)
{
	for (size_t i = 0; i < found->as.found.n; i++)
		out_complain(&cli->out,
			     arena_strf(&cli->arena, "#%" PRIu32 " %.*s", found->as.found.ids[i],
					STR_ARG(found->as.found.paths[i])));
	error_set(err, ERROR_USAGE, NULL,
		  "%.*s: %zu models are called that; name one by its path or #ID",
		  STR_ARG(argument), found->as.found.n);
	return PICK_FAILED;
}

static enum outcome read_details(struct cli *cli, uint32_t id, struct picked *out,
				 struct error *err)
{
	struct request *request = request_create(REQUEST_DETAILS);
	request->as.details.id = id;
	struct event *details = cli_ask(cli, request, err);
	if (!details)
		return PICK_FAILED;
	if (!details->as.details.found) {
		event_destroy(details);
		return PICK_NONE;
	}
	keep(cli, details, out);
	return PICK_FOUND;
}

static enum outcome find_in_library(struct cli *cli, struct str argument, struct picked *out,
				    struct error *err)
{
	if (!cli_library(cli, LIBRARY_READ, err))
		return PICK_FAILED;
	struct request *request = request_create(REQUEST_FIND);
	request->as.find.text = arena_str(&request->arena, argument);
	struct event *found = cli_ask(cli, request, err);
	if (!found)
		return PICK_FAILED;
	enum outcome outcome = PICK_NONE;
	if (found->as.found.n > 1)
		outcome = tell_several(cli, argument, found, err);
	else if (found->as.found.n == 1)
		outcome = read_details(cli, found->as.found.ids[0], out, err);
	event_destroy(found);
	return outcome;
}

/* What the library knows of a file that was read from disk, and what was set by hand. */
static void add_entry(struct cli *cli, struct picked *out)
{
	struct error ignored; /* no library, no entry */
	struct picked indexed;
	struct str path = cli_absolute(cli, out->path);
	if (find_in_library(cli, path, &indexed, &ignored) != PICK_FOUND ||
	    !(str_equal(indexed.path, path) || shard_path_is_same_set(indexed.path, path)))
		return;
	out->has_entry = true;
	out->entry = indexed.entry;
	correction_apply(cli->knowledge, &out->entry.correction, &cli->arena, &out->model);
}

static enum outcome pick(struct cli *cli, struct str argument, struct picked *out,
			 struct error *err)
{
	*out = (struct picked){ .path = argument };
	if (!exists(cli, argument))
		return find_in_library(cli, argument, out, err);
	out->is_file = true;
	cli_inspect(cli, &argument, 1, &cli->arena, &out->model);
	add_entry(cli, out);
	return PICK_FOUND;
}

bool pick_is_away(struct cli *cli, struct str path, struct error *err)
{
	struct error ignored; /* no library, no roots */
	struct event *event = cli_ask(cli, request_create(REQUEST_ROOTS), &ignored);
	struct str rest, absolute = cli_absolute(cli, path);
	bool is_away = false;
	for (size_t i = 0; event && !is_away && i < event->as.roots.n; i++) {
		const struct root_info *root = &event->as.roots.roots[i];
		is_away = root->away.ptr && path_is_below(absolute, root->path, &rest);
		if (is_away)
			error_set(err, ERROR_OFFLINE, NULL, "%.*s: %.*s", STR_ARG(path),
				  STR_ARG(root->away));
	}
	event_destroy(event);
	return is_away;
}

static bool fail_none(struct cli *cli, struct str argument, struct error *err)
{
	if (str_find_byte(argument, '/') >= 0 && pick_is_away(cli, argument, err))
		return false;
	return error_set(err, ERROR_USAGE, NULL,
			 "%.*s: no such file, and no model of that name in the "
			 "library",
			 STR_ARG(argument));
}

bool pick_model(struct cli *cli, struct str argument, struct picked *out, struct error *err)
{
	enum outcome outcome = pick(cli, argument, out, err);
	return outcome == PICK_FOUND || (outcome == PICK_NONE && fail_none(cli, argument, err));
}

bool pick_entry(struct cli *cli, struct str argument, uint32_t *id, struct error *err)
{
	struct picked picked;
	struct str text = exists(cli, argument) ? cli_absolute(cli, argument) : argument;
	enum outcome outcome = find_in_library(cli, text, &picked, err);
	if (outcome == PICK_NONE)
		return error_set(err, ERROR_USAGE, NULL, "%.*s: the library has no such model",
				 STR_ARG(argument));
	*id = outcome == PICK_FOUND ? picked.entry.id : 0;
	return outcome == PICK_FOUND;
}

bool pick_id(struct cli *cli, uint32_t id, bool *is_there, struct picked *out, struct error *err)
{
	enum outcome outcome = read_details(cli, id, out, err);
	*is_there = outcome == PICK_FOUND;
	return outcome != PICK_FAILED;
}

/* Takes ":NUMBER" off the end. Only plain numbers: "1e3" is a name. */
static bool cut_number(struct str *text, double *number)
{
	ptrdiff_t colon = str_rfind_byte(*text, ':');
	if (colon <= 0)
		return false;
	struct str tail = str_slice(*text, (size_t)colon + 1, text->len);
	if (str_find_byte(tail, 'e') >= 0 || str_find_byte(tail, 'E') >= 0 ||
	    !str_to_double(tail, number))
		return false;
	*text = str_slice(*text, 0, (size_t)colon);
	return true;
}

bool pick_lora(struct cli *cli, struct str argument, struct picked_lora *out, struct error *err)
{
	double numbers[2] = { 1, 0 };
	struct str rest = argument;
	*out = (struct picked_lora){ .weight = 1 };
	enum outcome outcome = pick(cli, rest, &out->picked, err);
	if (outcome == PICK_NONE && cut_number(&rest, &numbers[0])) {
		outcome = pick(cli, rest, &out->picked, err);
		out->weight = numbers[0];
		if (outcome == PICK_NONE && cut_number(&rest, &numbers[1])) {
			outcome = pick(cli, rest, &out->picked, err);
			out->weight = numbers[1];
			out->has_weight_te = true;
			out->weight_te = numbers[0];
		}
	}
	return outcome == PICK_FOUND || (outcome == PICK_NONE && fail_none(cli, rest, err));
}

struct fit_side pick_side(struct cli *cli, const struct picked *picked)
{
	struct fit_side side = fit_side_of(&picked->model);
	side.content = library_content(arena_cstr(&cli->arena, picked->path), &cli->arena);
	if (!side.content) /* a folder, or not to be read */
		side.content = arena_cstr(&cli->arena, cli_absolute(cli, picked->path));
	return side;
}
