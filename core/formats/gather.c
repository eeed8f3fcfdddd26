// SPDX-License-Identifier: MIT
#include "core/formats/gather.h"

#include <inttypes.h>
#include <string.h>

#include "core/formats/safetensors.h"

void gather_init(struct gather *gather, struct format_reader *reader, const struct folder *folder,
		 struct arena *arena, struct reading *out)
{
	*gather = (struct gather){
		.reader = reader,
		.folder = folder,
		.arena = arena,
		.out = out,
		.tensors = ARRAY_OF(struct tensor),
		.globals = ARRAY_OF(struct str),
		.config = ARRAY_OF(struct metadata_pair),
	};
	map_init(&gather->known_globals, arena, 8);
	*out = (struct reading){ .safety = SAFETY_DATA_ONLY };
}

void gather_finish(struct gather *gather)
{
	struct reading *out = gather->out;
	out->table.tensors = array_to_arena(&gather->tensors, gather->arena);
	out->table.n_tensors = gather->tensors.len;
	out->globals = array_to_arena(&gather->globals, gather->arena);
	out->n_globals = gather->globals.len;
	out->config.pairs = array_to_arena(&gather->config, gather->arena);
	out->config.n_pairs = gather->config.len;
	if (!gather->n_read && out->safety == SAFETY_DATA_ONLY)
		out->safety = SAFETY_CANNOT_TELL;
	array_finish(&gather->tensors);
	array_finish(&gather->globals);
	array_finish(&gather->config);
	arena_finish(&gather->scratch);
}

/* Safety. */

static int badness(enum safety safety)
{
	switch (safety) {
	case SAFETY_DATA_ONLY: return 0;
	case SAFETY_CANNOT_TELL: return 1;
	case SAFETY_RUNS_CODE: return 2;
	case SAFETY_COUNT: break;
	}
	return 1;
}

static void add_global(struct gather *gather, struct str name)
{
	if (map_find(&gather->known_globals, name))
		return;
	name = arena_str(gather->arena, name);
	*map_place(&gather->known_globals, name) = gather;
	*ARRAY_PUSH(&gather->globals, struct str) = name;
}

static void join_safety(struct gather *gather, const struct reading *reading)
{
	if (badness(reading->safety) > badness(gather->out->safety))
		gather->out->safety = reading->safety;
	for (size_t i = 0; i < reading->n_globals; i++)
		add_global(gather, reading->globals[i]);
	gather->n_read++;
}

void gather_code(struct gather *gather, struct str what)
{
	gather->out->safety = SAFETY_RUNS_CODE;
	add_global(gather, what);
	reading_note(gather->out, gather->arena, "V_REMOTE_CODE",
		     "loads Python from this folder: %.*s", STR_ARG(what));
}

/* What a file said of itself. */

static void join_notes(struct gather *gather, struct str path, const struct reading *reading)
{
	struct reading *out = gather->out;
	for (size_t i = 0; i < reading->n_notes; i++)
		reading_note(out, gather->arena, reading->notes[i].code.ptr, "%.*s: %.*s",
			     STR_ARG(path), STR_ARG(reading->notes[i].message));
	if (reading->error.code.ptr && !out->error.code.ptr)
		reading_fail(out, gather->arena, reading->error.code.ptr, "%.*s: %.*s",
			     STR_ARG(path), STR_ARG(reading->error.message));
}

static void join_metadata(struct gather *gather, const struct metadata *metadata)
{
	if (gather->out->metadata.n_pairs || !metadata->n_pairs)
		return;
	struct metadata_pair *pairs = arena_try(gather->arena, metadata->n_pairs * sizeof *pairs);
	for (size_t i = 0; pairs && i < metadata->n_pairs; i++)
		pairs[i] = (struct metadata_pair){
			arena_str(gather->arena, metadata->pairs[i].key),
			arena_str(gather->arena, metadata->pairs[i].value),
		};
	if (pairs)
		gather->out->metadata = (struct metadata){ pairs, metadata->n_pairs };
}

/* Tensors. */

static bool fail_limit(struct gather *gather, const char *what, size_t n, size_t limit)
{
	if (!gather->out->error.code.ptr)
		reading_fail(gather->out, gather->arena, "E_ST_HDR_BIG",
			     "the files together have %s of %zu; the limit is %zu", what, n, limit);
	return false;
}

static bool fail_memory(struct gather *gather)
{
	if (!gather->out->error.code.ptr)
		reading_fail(gather->out, gather->arena, "E_IO",
			     "cannot read: no memory for %zu tensors", gather->tensors.len);
	return false;
}

/** May `n` tensors with names of so many bytes in all join? */
static bool has_room(struct gather *gather, size_t n, size_t names_bytes)
{
	if (n > SAFETENSORS_TENSORS_MAX - gather->tensors.len)
		return fail_limit(gather, "a list", gather->tensors.len + n,
				  SAFETENSORS_TENSORS_MAX);
	if (names_bytes > GATHER_NAMES_BYTES_MAX - gather->names_bytes)
		return fail_limit(gather, "names", gather->names_bytes + names_bytes,
				  GATHER_NAMES_BYTES_MAX);
	gather->names_bytes += names_bytes;
	return true;
}

/** Appends prefix and name at `*to` and moves it on. */
static struct str put_name(char **to, struct str prefix, struct str name)
{
	struct str joined = { *to, prefix.len + name.len };
	memcpy(*to, prefix.ptr, prefix.len);
	memcpy(*to + prefix.len, name.ptr, name.len);
	*to += joined.len;
	return joined;
}

static const uint64_t *put_shape(uint64_t **to, const struct tensor *tensor)
{
	uint64_t *shape = *to;
	if (!tensor->rank)
		return NULL;
	memcpy(shape, tensor->shape, tensor->rank * sizeof *shape);
	*to += tensor->rank;
	return shape;
}

/** The next file may push the reader's table out, so that all of it is copied. */
static bool join_table(struct gather *gather, const struct tensor_table *table, struct str prefix)
{
	size_t names_bytes = 0, n_dims = 0;
	for (size_t i = 0; i < table->n_tensors; i++) {
		n_dims += table->tensors[i].rank;
		if (!size_add(names_bytes, prefix.len + table->tensors[i].name.len, &names_bytes))
			return fail_memory(gather);
	}
	if (!has_room(gather, table->n_tensors, names_bytes))
		return false;
	char *names = arena_try_bytes(gather->arena, names_bytes + 1);
	uint64_t *shapes = arena_try_room(gather->arena, (n_dims + 1) * sizeof *shapes);
	if (!names || !shapes)
		return fail_memory(gather);
	array_reserve(&gather->tensors, table->n_tensors);
	for (size_t i = 0; i < table->n_tensors; i++) {
		struct tensor *tensor = ARRAY_PUSH(&gather->tensors, struct tensor);
		*tensor = table->tensors[i];
		tensor->name = put_name(&names, prefix, tensor->name);
		tensor->shape = put_shape(&shapes, tensor);
	}
	gather->out->has_table = true;
	return true;
}

void gather_name(struct gather *gather, struct str name, struct str prefix)
{
	size_t len = prefix.len + name.len;
	char *room = has_room(gather, 1, len) ? arena_try_bytes(gather->arena, len + 1) : NULL;
	if (room)
		*ARRAY_PUSH(&gather->tensors, struct tensor) =
			(struct tensor){ .name = put_name(&room, prefix, name) };
	gather->out->has_table |= room != NULL;
}

/* Files. */

static bool read_file(struct gather *gather, const struct folder_file *file,
		      struct reading *reading)
{
	arena_reset(&gather->scratch);
	if (file->why_not) {
		*reading = (struct reading){ .safety = SAFETY_CANNOT_TELL };
		reading_fail(reading, &gather->scratch, "E_IO", "cannot read: %s", file->why_not);
		return false;
	}
	format_read(gather->reader, &file->blob, str_after_last(file->path, '/'), &gather->scratch,
		    reading);
	return true;
}

bool gather_file(struct gather *gather, const struct folder_file *file, struct str prefix)
{
	struct reading reading;
	if (read_file(gather, file, &reading) && gather->out->format == FORMAT_UNKNOWN)
		gather->out->format = reading.format;
	join_safety(gather, &reading);
	join_notes(gather, file->path, &reading);
	join_metadata(gather, &reading.metadata);
	gather->out->size_bytes += reading.size_bytes;
	bool is_joined = !reading.has_table || join_table(gather, &reading.table, prefix);
	return is_joined && reading.has_table && !reading.error.code.ptr;
}

void gather_safety(struct gather *gather, const struct folder_file *file)
{
	struct reading reading;
	(void)read_file(gather, file, &reading); /* then nobody can tell, which is what counts */
	join_safety(gather, &reading);
}

/* Texts. */

void gather_ignore(struct gather *gather, const struct folder_file *file, const char *why)
{
	reading_note(gather->out, gather->arena, "W_JSON", "sidecar %.*s ignored: %s",
		     STR_ARG(file->path), why);
}

struct str gather_text(struct gather *gather, const struct folder_file *file, struct arena *arena)
{
	struct error err;
	if (file->why_not || file->blob.size_bytes > GATHER_TEXT_BYTES_MAX) {
		gather_ignore(gather, file, file->why_not ? file->why_not : "larger than 16 MiB");
		return STR_NULL;
	}
	size_t len = (size_t)file->blob.size_bytes;
	char *text = arena_try_bytes(arena, len + 1);
	if (text && blob_read_at(&file->blob, 0, text, len, &err))
		return (struct str){ text, len };
	gather_ignore(gather, file, text ? err.text : "no memory for it");
	return STR_NULL;
}
