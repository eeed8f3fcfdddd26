// SPDX-License-Identifier: MIT
#include "storage/library.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "core/base/error.h"
#include "storage/scan/opened.h"

struct tensor_reader {
	struct format_reader *formats;
	struct arena room;		/* of one file */
};

struct tensor_reader *library_tensors_open(void)
{
	struct tensor_reader *reader = calloc(1, sizeof *reader);
	if (!reader)
		die_oom();
	reader->formats = format_reader_create();
	return reader;
}

void library_tensors_close(struct tensor_reader *reader)
{
	if (!reader)
		return;
	format_reader_destroy(reader->formats);
	arena_finish(&reader->room);
	free(reader);
}

static enum candidate_type type_of(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && S_ISREG(st.st_mode) ? CANDIDATE_FILE : CANDIDATE_NOT_FILE;
}

bool library_tensors_read(struct tensor_reader *reader, const char *path, struct arena *arena,
			  struct tensor_table *table, uint32_t *layout_id)
{
	const struct candidate candidate = { .type = type_of(path), .path = str_from(path) };
	const struct opened_target target = {
		.folder_fd = AT_FDCWD, .reach = OPENED_ANYWHERE, .candidate = &candidate,
	};
	struct opened opened;
	struct reading reading = { 0 };
	arena_reset(&reader->room);
	opened_open(&target, &reader->room, &opened);
	bool is_readable = !opened.unread.code.ptr && opened.files.n_files > 0;
	if (is_readable)
		format_read(reader->formats, &opened.files.files[0].blob, opened.file_name, arena,
			    &reading);
	bool is_steady = is_readable && opened_is_steady(&opened);
	opened_close(&opened);
	*table = reading.table;
	*layout_id = reading.layout_id;
	return is_steady && reading.has_table && reading.status == STATUS_OK;
}
