// SPDX-License-Identifier: MIT
#include "storage/scan/candidate.h"

#include "core/formats/shards.h"
#include "storage/scan/companions.h"
#include "storage/scan/hub.h"
#include "storage/scan/names.h"

struct str candidate_file_name(const struct candidate *candidate, struct arena *arena)
{
	struct str name = name_of_path(candidate->path);
	struct shard_name shard;
	if (candidate->type == CANDIDATE_FOLDER)
		return companion_folder_name(name, arena);
	if (candidate->type != CANDIDATE_SHARDS || !shard_name_parse(name, &shard))
		return name;
	return shard_name_of_whole(&shard, arena);
}

static struct str copy_known(struct arena *arena, struct str text)
{
	return text.ptr ? arena_str(arena, text) : STR_NULL;
}

void candidate_copy(const struct candidate *candidate, struct arena *arena, struct candidate *out)
{
	struct str *companions = ARENA_NEW_N(arena, struct str, candidate->n_companions);
	struct part *parts = ARENA_NEW_N(arena, struct part, candidate->n_parts);
	for (size_t i = 0; i < candidate->n_companions; i++)
		companions[i] = arena_str(arena, candidate->companions[i]);
	for (size_t i = 0; i < candidate->n_parts; i++) {
		parts[i] = candidate->parts[i];
		parts[i].path = arena_str(arena, parts[i].path);
	}
	*out = *candidate;
	out->path = arena_str(arena, candidate->path);
	out->name = copy_known(arena, candidate->name);
	out->folder_name = copy_known(arena, candidate->folder_name);
	out->sha256 = copy_known(arena, candidate->sha256);
	out->target = copy_known(arena, candidate->target);
	out->companions = companions;
	out->parts = parts;
	if (candidate->why_not)
		out->why_not = arena_cstr(arena, str_from(candidate->why_not));
}

struct str candidate_folder_name(struct str path, struct arena *arena)
{
	struct hub_place place;
	if (!hub_place_parse(path, &place) || str_find_byte(place.rest, '/') >= 0)
		return name_of_folder(path);
	return place.rest.len ? name_of_path(hub_name(&place, arena)) : STR_NULL;
}

void candidate_call(struct candidate *candidate, struct str absolute, bool is_folder,
		    struct arena *arena)
{
	struct hub_place place;
	struct str name =
		is_folder ? name_of_path(candidate->path) : candidate_file_name(candidate, arena);
	if (!name.len) /* the root itself */
		name = name_of_path(absolute);
	candidate->name = is_folder ? name : name_stem(name);
	/* A revision's name is a number that says nothing. */
	if (hub_place_parse(absolute, &place) && !place.rest.len)
		candidate->name = hub_name(&place, arena);
	candidate->folder_name = candidate_folder_name(candidate->path, arena);
}
