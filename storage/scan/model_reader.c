// SPDX-License-Identifier: MIT
#include "storage/scan/model_reader.h"

#include <stdlib.h>

#include "core/base/map.h"
#include "core/formats/picture.h"
#include "storage/files/archive.h"
#include "storage/scan/conclusion.h"
#include "storage/scan/layout.h"

enum { LAYOUTS_MAX = 4096 }; /* remembered; a library has a few dozen layouts */

struct model_reader {
	struct format_reader *formats;
	struct archive_reader *archives;
	struct concluder *concluder;
	struct squeezer *squeezer; /* NULL: no facts are wanted */
	struct arena words;        /* the squeezer's */
	struct arena layouts;      /* owns the maps and what they hold */
	struct map key_by_id;      /* layout id, as bytes -> struct str: its key */
	struct map given;          /* keys of layouts that were handed out */
	struct arena room;         /* of one model */
	struct bytes flat;
};

/** A model while it is read. */
struct job {
	struct model_reader *reader;
	const struct opened *opened;
	struct arena *arena;
	struct reading reading;
	struct sidecar sidecars[OPENED_SIDECARS_MAX];
	size_t n_sidecars;
	struct facts facts;
	struct str layout; /* as it is kept, when it is new; STR_NULL */
};

static void start_layouts(struct model_reader *reader)
{
	arena_finish(&reader->layouts);
	map_init(&reader->key_by_id, &reader->layouts, 64);
	map_init(&reader->given, &reader->layouts, 64);
}

struct model_reader *model_reader_create(const struct knowledge *knowledge, bool gives_facts)
{
	struct model_reader *reader = calloc(1, sizeof *reader);
	if (!reader)
		die_oom();
	reader->formats = format_reader_create();
	reader->archives = archive_reader_create();
	reader->concluder = concluder_create(knowledge);
	if (gives_facts)
		reader->squeezer = facts_squeezer_create(&reader->words);
	start_layouts(reader);
	return reader;
}

void model_reader_destroy(struct model_reader *reader)
{
	if (!reader)
		return;
	format_reader_destroy(reader->formats);
	archive_reader_destroy(reader->archives);
	concluder_destroy(reader->concluder);
	squeezer_destroy(reader->squeezer);
	arena_finish(&reader->words);
	arena_finish(&reader->layouts);
	arena_finish(&reader->room);
	bytes_finish(&reader->flat);
	free(reader);
}

/** Hands out the layout unless that was done. */
static void give_layout(struct job *job, struct str key, struct str flat)
{
	struct model_reader *reader = job->reader;
	struct bytes squeezed = { 0 };
	if (map_find(&reader->given, key))
		return;
	*map_place(&reader->given, arena_str(&reader->layouts, key)) = reader;
	layout_squeeze(flat, &squeezed);
	job->layout = arena_str(job->arena, bytes_str(&squeezed));
	bytes_finish(&squeezed);
}

/** The key of the table's layout; STR_NULL when it is too large to be kept. */
static struct str key_of_table(struct job *job)
{
	struct bytes flat = { 0 };
	struct str key = STR_NULL;
	if (layout_encode(&job->reading.table, &flat)) {
		key = layout_key(bytes_str(&flat), job->arena);
		give_layout(job, key, bytes_str(&flat));
	}
	bytes_finish(&flat);
	return key;
}

/** Files of one trainer share a layout, which need not be looked at again. */
static struct str layout_of(struct job *job)
{
	struct model_reader *reader = job->reader;
	uint32_t id = job->reading.layout_id;
	struct str id_bytes = { (const char *)&id, sizeof id };
	const struct str *known = id ? map_find(&reader->key_by_id, id_bytes) : NULL;
	if (known)
		return *known;
	if (reader->key_by_id.n >= LAYOUTS_MAX || reader->given.n >= LAYOUTS_MAX)
		start_layouts(reader);
	struct str key = key_of_table(job);
	if (id) {
		struct str *kept = ARENA_NEW(&reader->layouts, struct str);
		*kept = key.ptr ? arena_str(&reader->layouts, key) : STR_NULL;
		*map_place(&reader->key_by_id, arena_str(&reader->layouts, id_bytes)) = kept;
	}
	return key;
}

static bool is_error(struct str code)
{
	return str_has_prefix(code, STR("E_"));
}

/** Nothing is read, so nothing may be said about safety. */
static void tell_unread(struct job *job)
{
	const struct note *why = &job->opened->unread;
	job->reading.safety = SAFETY_CANNOT_TELL;
	job->reading.size_bytes = job->opened->size_bytes;
	if (is_error(why->code)) {
		reading_fail(&job->reading, job->arena, why->code.ptr, "%s", why->message.ptr);
	} else {
		job->reading.status = STATUS_UNSUPPORTED;
		reading_note(&job->reading, job->arena, why->code.ptr, "%s", why->message.ptr);
	}
}

static void read_files(struct job *job)
{
	if (job->opened->is_folder) {
		format_read_folder(job->reader->formats, &job->opened->files, job->arena,
				   &job->reading);
		return;
	}
	const struct blob *blob = &job->opened->files.files[0].blob;
	format_read(job->reader->formats, blob, job->opened->file_name, job->arena, &job->reading);
	archive_list_models(job->reader->archives, blob, job->arena, &job->reading);
}

static bool read_text(const struct opened_sidecar *sidecar, struct arena *arena, struct str *text,
		      struct error *err)
{
	size_t len = (size_t)sidecar->blob.size_bytes;
	if (sidecar->why_not.ptr)
		return error_set(err, ERROR_LIMIT, "W_JSON", "%.*s", STR_ARG(sidecar->why_not));
	char *room = arena_try_bytes(arena, len + 1);
	if (!room)
		return error_set(err, ERROR_LIMIT, "W_JSON", "no memory for %zu bytes", len);
	*text = (struct str){ room, len };
	return blob_read_at(&sidecar->blob, 0, room, len, err);
}

static bool read_sidecar(const struct opened_sidecar *sidecar, struct arena *arena,
			 struct sidecar *out, struct error *err)
{
	struct str text;
	if (!read_text(sidecar, arena, &text, err))
		return error_context(err, "sidecar %.*s ignored", STR_ARG(sidecar->name));
	return sidecar_parse(sidecar->name, text, arena, out, err);
}

/** Nobody shows what it holds before somebody asks; but that it cannot be shown is told. */
static void read_preview(struct job *job, const struct opened_sidecar *preview)
{
	struct picture picture;
	struct error err;
	if (preview->why_not.ptr)
		error_set(&err, ERROR_SYSTEM, "W_IMAGE", "%.*s", STR_ARG(preview->why_not));
	else if (picture_read(&preview->blob, &picture, &err))
		return;
	reading_note(&job->reading, job->arena, "W_IMAGE", "preview ignored: %.*s: %s",
		     STR_ARG(preview->name), err.text);
}

static void read_sidecars(struct job *job)
{
	for (size_t i = 0; i < job->opened->n_sidecars; i++) {
		struct error err;
		if (picture_is_name(job->opened->sidecars[i].name))
			read_preview(job, &job->opened->sidecars[i]);
		else if (read_sidecar(&job->opened->sidecars[i], job->arena,
				      &job->sidecars[job->n_sidecars], &err))
			job->n_sidecars++;
		else
			reading_note(&job->reading, job->arena, "W_JSON", "%s", err.text);
	}
}

static void read_bytes(struct job *job)
{
	read_files(job);
	read_sidecars(job);
}

static bool has_note(const struct reading *reading, struct str code)
{
	for (size_t i = 0; i < reading->n_notes; i++)
		if (str_equal(reading->notes[i].code, code))
			return true;
	return false;
}

/** What lies beside it says so; its bytes may have said it already. */
static void mark_partial(struct job *job)
{
	if (!has_note(&job->reading, STR("W_PARTIAL")))
		reading_note(&job->reading, job->arena, "W_PARTIAL", "download looks unfinished");
	if (job->reading.status != STATUS_UNREADABLE)
		job->reading.status = STATUS_PARTIAL;
}

static void take_facts(struct job *job)
{
	const struct opened *opened = job->opened;
	struct facts *facts = &job->facts;
	gist_take(&facts->gist, &job->reading, job->sidecars, job->n_sidecars, job->arena);
	facts->gist.sha256 = opened->sha256;
	facts->only_count = opened->only_count || opened->unread.code.ptr;
	if (job->reading.has_table && job->reader->squeezer)
		facts->layout = layout_of(job);
	facts->is_whole = !job->reading.has_table || facts->layout.ptr;
}

/** The flat form of either, on `arena`. */
static struct str flat_model(struct model_reader *reader, const struct model *model,
			     struct arena *arena)
{
	bytes_clear(&reader->flat);
	model_encode(model, &reader->flat);
	return arena_str(arena, bytes_str(&reader->flat));
}

static struct str flat_facts(struct model_reader *reader, const struct facts *facts,
			     struct arena *arena)
{
	bytes_clear(&reader->flat);
	facts_encode(facts, reader->squeezer, &reader->flat);
	return arena_str(arena, bytes_str(&reader->flat));
}

void model_reader_read(struct model_reader *reader, const struct opened *opened,
		       struct arena *arena, struct flat *out)
{
	arena_reset(&reader->room);
	/* On the arena: it is large. */
	struct job *job = ARENA_NEW(&reader->room, struct job);
	struct model model;
	*job = (struct job){ .reader = reader, .opened = opened, .arena = &reader->room };
	if (opened->unread.code.ptr)
		tell_unread(job);
	else
		read_bytes(job);
	if (opened->is_partial ||
	    (opened->is_awaited && has_note(&job->reading, STR("W_IX_MISSING"))))
		mark_partial(job);
	take_facts(job);
	concluder_trim(reader->concluder);
	concluder_conclude(reader->concluder, &job->facts, opened->name, opened->folder_name,
			   job->arena, &model);
	*out = (struct flat){ .model = flat_model(reader, &model, arena) };
	if (!reader->squeezer)
		return;
	out->facts = flat_facts(reader, &job->facts, arena);
	if (job->layout.ptr)
		out->layout = arena_str(arena, job->layout);
}
