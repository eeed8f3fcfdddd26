// SPDX-License-Identifier: MIT
#include "storage/scan/model_reader.h"

#include <stdlib.h>

#include "core/base/map.h"
#include "core/identify/identify.h"

enum { LAYOUTS_MAX = 1024 };	/* conclusions kept; a library has a few dozen layouts */

struct model_reader {
	const struct knowledge *knowledge;	/* borrowed */
	struct format_reader *formats;
	struct arena layouts;			/* owns `facts` and what it holds */
	struct map facts;			/* layout id, as bytes -> struct tensor_facts */
	struct arena room;			/* of one model */
	struct bytes flat;
};

/** A model while it is read. */
struct job {
	struct model_reader *reader;
	const struct opened *opened;
	struct arena *arena;
	struct reading reading;
	const struct tensor_facts *tensors;	/* NULL: there is no table */
	struct tensor_facts own_tensors;	/* of a layout that has no id */
	struct sidecar sidecars[OPENED_SIDECARS_MAX];
	size_t n_sidecars;
};

static void start_layouts(struct model_reader *reader)
{
	arena_finish(&reader->layouts);
	map_init(&reader->facts, &reader->layouts, 64);
}

struct model_reader *model_reader_create(const struct knowledge *knowledge)
{
	struct model_reader *reader = calloc(1, sizeof *reader);
	if (!reader)
		die_oom();
	reader->knowledge = knowledge;
	reader->formats = format_reader_create();
	start_layouts(reader);
	return reader;
}

void model_reader_destroy(struct model_reader *reader)
{
	if (!reader)
		return;
	format_reader_destroy(reader->formats);
	arena_finish(&reader->layouts);
	arena_finish(&reader->room);
	bytes_finish(&reader->flat);
	free(reader);
}

/** What the tensors prove, thought through once a layout. */
static const struct tensor_facts *facts_of_layout(struct model_reader *reader,
						  const struct reading *reading)
{
	uint32_t id = reading->layout_id;
	struct str key = { (const char *)&id, sizeof id };
	struct tensor_facts *facts = map_find(&reader->facts, key);
	if (facts)
		return facts;
	if (reader->facts.n >= LAYOUTS_MAX)
		start_layouts(reader);
	facts = ARENA_NEW(&reader->layouts, struct tensor_facts);
	identify_tensors(reader->knowledge, &reading->table, &reader->layouts, facts);
	*map_place(&reader->facts, arena_str(&reader->layouts, key)) = facts;
	return facts;
}

static void think_of_tensors(struct job *job)
{
	if (!job->reading.has_table)
		return;
	if (job->reading.layout_id) {
		job->tensors = facts_of_layout(job->reader, &job->reading);
		return;
	}
	identify_tensors(job->reader->knowledge, &job->reading.table, job->arena,
			 &job->own_tensors);
	job->tensors = &job->own_tensors;
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

static void read_sidecars(struct job *job)
{
	for (size_t i = 0; i < job->opened->n_sidecars; i++) {
		struct error err;
		if (read_sidecar(&job->opened->sidecars[i], job->arena,
				 &job->sidecars[job->n_sidecars], &err))
			job->n_sidecars++;
		else
			reading_note(&job->reading, job->arena, "W_JSON", "%s", err.text);
	}
}

static void read_bytes(struct job *job)
{
	format_read(job->reader->formats, &job->opened->files.files[0].blob, job->opened->file_name,
		    job->arena, &job->reading);
	think_of_tensors(job);
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

static void conclude(struct job *job, struct model *model)
{
	const struct opened *opened = job->opened;
	struct identify_input input = {
		.file_name = opened->file_name,
		.folder_name = opened->folder_name,
		.reading = &job->reading,
		.tensors = job->tensors,
		.sidecars = job->sidecars,
		.n_sidecars = job->n_sidecars,
		.only_count = opened->only_count || opened->unread.code.ptr,
	};
	identify(job->reader->knowledge, &input, job->arena, model);
	if (opened->is_folder)
		model->name = opened->file_name;
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
	if (opened->is_partial)
		mark_partial(job);
	conclude(job, &model);
	bytes_clear(&reader->flat);
	model_encode(&model, &reader->flat);
	out->model = arena_str(arena, bytes_str(&reader->flat));
}
