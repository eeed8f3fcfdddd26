// SPDX-License-Identifier: MIT
#include "core/formats/shard_set.h"

#include <inttypes.h>

#include "core/base/map.h"

/** A part that the index names. */
struct part {
	bool is_missing, is_read;
};

/** A set while it is read by its index. */
struct reading_set {
	struct gather *gather;
	const struct shard_set *set;
	struct str prefix;
	struct arena arena; /* owns the index and the maps */
	struct shard_index index;
	struct map parts;    /* file name -> struct part */
	size_t first_tensor; /* in gather->tensors */
	bool is_whole;       /* every part could be read */
};

static const struct folder_file *find_part(struct reading_set *reading, struct str file)
{
	struct str path = arena_strf(&reading->arena, "%.*s%.*s", STR_ARG(reading->set->folder),
				     STR_ARG(file));
	return folder_find(reading->gather->folder, path);
}

static void note_missing_part(struct gather *gather, struct str file)
{
	reading_note(gather->out, gather->arena, "W_IX_MISSING", "shard %.*s is missing",
		     STR_ARG(file));
}

static void read_part(struct reading_set *reading, struct str file, struct part *part)
{
	struct gather *gather = reading->gather;
	if (!shard_file_is_plain(file)) {
		reading_fail(gather->out, gather->arena, "E_IX_PATH",
			     "index points outside its folder: \"%.*s\"", STR_ARG(file));
		return;
	}
	const struct folder_file *found = find_part(reading, file);
	part->is_missing = !found;
	if (found)
		part->is_read = gather_file(gather, found, reading->prefix);
	else
		note_missing_part(gather, file);
}

/** Every part once, in the order in which the index comes to them. */
static void read_parts(struct reading_set *reading)
{
	map_init(&reading->parts, &reading->arena, 16);
	for (size_t i = 0; i < reading->index.n_places; i++) {
		struct str file = reading->index.places[i].file;
		void **place = map_place(&reading->parts, file);
		if (*place)
			continue;
		if (reading->parts.n > SHARDS_MAX) {
			gather_ignore(reading->gather, reading->set->index,
				      "it names more than 10000 files");
			return;
		}
		struct part *part = ARENA_NEW(&reading->arena, struct part);
		*place = part;
		read_part(reading, file, part);
		reading->is_whole &= part->is_read;
	}
}

/** The names that the parts hold. */
static void index_names(struct reading_set *reading, struct map *names)
{
	const struct array *tensors = &reading->gather->tensors;
	map_init(names, &reading->arena, tensors->len - reading->first_tensor);
	for (size_t i = reading->first_tensor; i < tensors->len; i++) {
		struct str name = ARRAY_AT(tensors, struct tensor, i)->name;
		*map_place(names, str_slice(name, reading->prefix.len, name.len)) = reading;
	}
}

/** What a missing part holds is known by name; what a sound part lacks is missing as well. */
static void check_tensors(struct reading_set *reading)
{
	struct gather *gather = reading->gather;
	struct map names;
	index_names(reading, &names);
	for (size_t i = 0; i < reading->index.n_places; i++) {
		const struct shard_place *place = &reading->index.places[i];
		const struct part *part = map_find(&reading->parts, place->file);
		if (!part)
			return;
		if (part->is_missing)
			gather_name(gather, place->tensor, reading->prefix);
		else if (part->is_read && !map_find(&names, place->tensor))
			reading_note(gather->out, gather->arena, "W_IX_MISSING",
				     "tensor \"%.*s\" is missing from %.*s", STR_ARG(place->tensor),
				     STR_ARG(place->file));
	}
}

/** Not damage: writers count tied tensors twice, or parameters that are not stored. */
static void check_total(struct reading_set *reading)
{
	struct gather *gather = reading->gather;
	uint64_t total = 0;
	for (size_t i = reading->first_tensor; i < gather->tensors.len; i++)
		total += ARRAY_AT(&gather->tensors, struct tensor, i)->size_bytes;
	if (reading->index.has_total && total != reading->index.total_bytes)
		reading_note(gather->out, gather->arena, "W_IX_SIZE",
			     "index says %" PRIu64 " bytes in all, its files hold %" PRIu64,
			     reading->index.total_bytes, total);
}

static bool load_index(struct reading_set *reading)
{
	struct gather *gather = reading->gather;
	struct error err;
	struct str text = gather_text(gather, reading->set->index, &reading->arena);
	if (!text.ptr)
		return false;
	if (!shard_index_parse(text, &reading->arena, &reading->index, &err)) {
		gather_ignore(gather, reading->set->index, err.text);
		return false;
	}
	return reading->index.n_places > 0;
}

static bool read_by_index(struct gather *gather, const struct shard_set *set, struct str prefix)
{
	struct reading_set reading = {
		.gather = gather,
		.set = set,
		.prefix = prefix,
		.is_whole = true,
		.first_tensor = gather->tensors.len,
	};
	bool has_index = load_index(&reading);
	if (has_index) {
		read_parts(&reading);
		check_tensors(&reading);
		if (reading.is_whole)
			check_total(&reading);
	}
	arena_finish(&reading.arena);
	return has_index;
}

/** By their numbers: the parts that lie there, and those that should. */
static void read_by_names(struct gather *gather, const struct shard_set *set, struct str prefix)
{
	struct folder files = folder_below(gather->folder, set->folder);
	bool is_there[SHARDS_MAX + 1] = { false };
	for (size_t i = 0; i < files.n_files; i++) {
		struct str path = files.files[i].path;
		struct shard_name part;
		if (!shard_name_parse(str_slice(path, set->folder.len, path.len), &part) ||
		    !shard_name_is_same_set(&part, &set->name) || is_there[part.number])
			continue;
		is_there[part.number] = true;
		if (part.count)
			(void)gather_file(gather, &files.files[i], prefix); /* an error is told */
	}
	if (!set->name.count)
		note_missing_part(gather, shard_name_of_whole(&set->name, gather->arena));
	for (uint32_t i = 1; i <= set->name.count; i++)
		if (!is_there[i])
			note_missing_part(gather, shard_name_of_part(&set->name, i, gather->arena));
}

void shard_set_read(struct gather *gather, const struct shard_set *set, struct str prefix)
{
	if (!set->index || !read_by_index(gather, set, prefix))
		read_by_names(gather, set, prefix);
}
