// SPDX-License-Identifier: MIT
#include "storage/heads.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "storage/files/place_part.h"
#include "storage/readers/reader_process.h"
#include "storage/scan/names.h"

struct heads {
	const struct knowledge *knowledge;
	struct model_reader *reader;
	struct reader_process *process; /* NULL: `reader` reads */
	struct str path;                /* on the arena, as all of one model */
	struct arena arena;
	int fd; /* a file in memory; -1: there is none */
	uint64_t size_bytes, len;
};

struct heads *heads_create(const struct knowledge *knowledge, struct readers *readers)
{
	struct heads *heads = calloc(1, sizeof *heads);
	if (!heads)
		die_oom();
	heads->knowledge = knowledge;
	heads->fd = -1;
	if (readers)
		heads->process = reader_process_create(readers, false, NULL);
	else
		heads->reader = model_reader_create(knowledge, false);
	return heads;
}

static void forget(struct heads *heads)
{
	if (heads->fd >= 0)
		close(heads->fd);
	heads->fd = -1;
	arena_reset(&heads->arena);
}

void heads_destroy(struct heads *heads)
{
	if (!heads)
		return;
	forget(heads);
	reader_process_destroy(heads->process);
	model_reader_destroy(heads->reader);
	arena_finish(&heads->arena);
	free(heads);
}

/* Where memory cannot be had for it, it is not known beforehand what the model is: nothing worse. */
void heads_begin(struct heads *heads, struct str path, uint64_t size_bytes)
{
	forget(heads);
	heads->path = arena_str(&heads->arena, path);
	heads->size_bytes = size_bytes;
	heads->len = 0;
	heads->fd = memfd_create("head", MFD_CLOEXEC);
	if (heads->fd >= 0 &&
	    (size_bytes > INT64_MAX || ftruncate(heads->fd, (off_t)size_bytes) != 0))
		forget(heads);
}

void heads_add(struct heads *heads, struct str bytes)
{
	size_t room = heads->len < HEAD_BYTES ? (size_t)(HEAD_BYTES - heads->len) : 0;
	size_t len = bytes.len < room ? bytes.len : room;
	if (heads->fd >= 0 && !place_write_all(heads->fd, bytes.ptr, len, heads->len))
		forget(heads);
	heads->len += len;
}

/* Others keep their list at the end, or all over. */
static bool says_it_first(struct str path)
{
	static const struct str extensions[] = { { ".safetensors", 12 },
						 { ".sft", 4 },
						 { ".gguf", 5 } };
	struct name_rules rules = { extensions, sizeof extensions / sizeof *extensions, NULL, 0 };
	return name_is_model(&rules, path);
}

static bool read_here(struct heads *heads, const struct opened *opened, struct model *out)
{
	struct flat flat = { 0 };
	struct error ignored; /* what is told of it is nothing then */
	model_reader_read(heads->reader, opened, &heads->arena, &flat);
	return model_decode(flat.model, &heads->arena, out, &ignored);
}

static bool read_there(struct heads *heads, const struct opened *opened, struct model *out)
{
	struct reader_answer answer;
	const struct opened *const list[] = { opened };
	reader_process_read(heads->process, list, 1, &heads->arena, &answer);
	*out = answer.model;
	return !answer.trouble.code.ptr && !answer.was_cancelled;
}

struct str heads_end(struct heads *heads, struct arena *arena)
{
	struct str name = name_of_path(heads->path);
	struct folder_file file = { .path = name };
	struct model model = { 0 };
	if (heads->fd < 0 || (heads->len < heads->size_bytes && !says_it_first(heads->path)))
		return STR_NULL;
	file.blob = blob_from_fd(heads->fd, heads->size_bytes);
	struct opened opened = {
		.name = name_stem(name),
		.file_name = name,
		.folder_name = name_of_folder(heads->path),
		.size_bytes = heads->size_bytes,
		.files = { &file, 1 },
	};
	bool ok = heads->process ? read_there(heads, &opened, &model)
				 : read_here(heads, &opened, &model);
	return ok && model.status == STATUS_OK ? plan_found(&model, arena) : STR_NULL;
}
