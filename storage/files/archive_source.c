// SPDX-License-Identifier: MIT
#include "storage/files/archive_source.h"

#include <archive.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { READ_BYTES = 32 << 10, RATIO_FREE = 1 << 20 };

/** Bytes that the filters of an archive gave; 0 where there is none, which unpacks nothing. */
static uint64_t filtered_bytes(struct archive *archive)
{
	if (!archive || archive_filter_code(archive, 0) == ARCHIVE_FILTER_NONE)
		return 0;
	int64_t bytes = archive_filter_bytes(archive, 0);
	return bytes > 0 ? (uint64_t)bytes : 0;
}

/** Is there anything left to spend? */
static bool has_budget(struct archive_source *source)
{
	struct archive_budget *budget = source->budget;
	uint64_t out = budget->unpacked_bytes + filtered_bytes(source->self) +
		       filtered_bytes(source->outer);
	bool is_bomb = budget->out_bytes_max
			       ? out > budget->out_bytes_max
			       : out > RATIO_FREE && (out - RATIO_FREE) / ARCHIVE_RATIO_MAX >
							     budget->read_bytes;
	if (is_bomb)
		budget->stop = STOP_BOMB;
	else if (out > ARCHIVE_UNPACKED_MAX && !budget->is_unlimited)
		budget->stop = STOP_ENOUGH;
	if (budget->stop != STOP_NONE)
		archive_set_error(source->self, ECANCELED, "enough was read");
	return budget->stop == STOP_NONE;
}

static la_ssize_t read_blob(struct archive_source *source, const void **out)
{
	uint64_t left = source->blob->size_bytes - source->at;
	size_t len = left < READ_BYTES ? (size_t)left : READ_BYTES;
	struct archive_budget *budget = source->budget;
	if (!blob_read_at(source->blob, source->at, source->room, len, &budget->err)) {
		budget->stop = STOP_IO;
		archive_set_error(source->self, EIO, "%s", budget->err.text);
		return ARCHIVE_FATAL;
	}
	source->at += len;
	budget->read_bytes += len;
	if (budget->was_read)
		budget->was_read(budget->context);
	*out = source->room;
	return (la_ssize_t)len;
}

static la_ssize_t read_member(struct archive_source *source, const void **out)
{
	size_t len = 0;
	la_int64_t at;
	int result = archive_read_data_block(source->outer, out, &len, &at);
	if (result == ARCHIVE_EOF)
		return 0;
	if (result != ARCHIVE_OK && result != ARCHIVE_WARN) {
		archive_set_error(source->self, EIO, "%s", archive_error_string(source->outer));
		return ARCHIVE_FATAL;
	}
	source->budget->unpacked_bytes += len;
	return (la_ssize_t)len;
}

static la_ssize_t read_some(struct archive *archive, void *context, const void **out)
{
	struct archive_source *source = context;
	(void)archive;
	if (!has_budget(source))
		return ARCHIVE_FATAL;
	return source->blob ? read_blob(source, out) : read_member(source, out);
}

static la_int64_t skip_some(struct archive *archive, void *context, la_int64_t request)
{
	struct archive_source *source = context;
	uint64_t left = source->blob->size_bytes - source->at;
	uint64_t len = request < 0 ? 0 : (uint64_t)request < left ? (uint64_t)request : left;
	(void)archive;
	source->at += len;
	return (la_int64_t)len;
}

static la_int64_t seek_to(struct archive *archive, void *context, la_int64_t offset, int whence)
{
	struct archive_source *source = context;
	uint64_t size_bytes = source->blob->size_bytes;
	uint64_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? source->at : size_bytes;
	uint64_t back = offset < 0 ? 0 - (uint64_t)offset : 0;
	(void)archive;
	if (back > from || (offset > 0 && (uint64_t)offset > size_bytes - from))
		return ARCHIVE_FATAL;
	source->at = offset < 0 ? from - back : from + (uint64_t)offset;
	return (la_int64_t)source->at;
}

/* Never all of libarchive's formats: the others carry most of its faults. A member cannot be
 * sought, so that a zip in it is read from front to back. */
static bool support(struct archive *archive, bool can_seek)
{
	return archive_read_support_filter_gzip(archive) == ARCHIVE_OK &&
	       archive_read_support_filter_bzip2(archive) == ARCHIVE_OK &&
	       archive_read_support_filter_xz(archive) == ARCHIVE_OK &&
	       archive_read_support_filter_zstd(archive) == ARCHIVE_OK &&
	       archive_read_support_format_tar(archive) == ARCHIVE_OK &&
	       archive_read_support_format_7zip(archive) == ARCHIVE_OK &&
	       (can_seek ? archive_read_support_format_zip_seekable(archive)
			 : archive_read_support_format_zip_streamable(archive)) == ARCHIVE_OK;
}

static bool open_source(struct archive_source *source)
{
	struct archive *archive = source->self;
	bool can_seek = source->blob != NULL;
	return support(archive, can_seek) &&
	       archive_read_set_read_callback(archive, read_some) == ARCHIVE_OK &&
	       (!can_seek || (archive_read_set_skip_callback(archive, skip_some) == ARCHIVE_OK &&
			      archive_read_set_seek_callback(archive, seek_to) == ARCHIVE_OK)) &&
	       archive_read_set_callback_data(archive, source) == ARCHIVE_OK &&
	       archive_read_open1(archive) == ARCHIVE_OK;
}

struct archive *archive_source_open(struct archive_source *source, char **why)
{
	*why = NULL;
	source->at = 0;
	source->room = source->blob ? malloc(READ_BYTES) : NULL;
	source->self = archive_read_new();
	if (!source->self || (source->blob && !source->room))
		die_oom();
	if (open_source(source))
		return source->self;
	const char *words = archive_error_string(source->self);
	*why = strdup(words ? words : "it cannot be opened");
	archive_source_close(source);
	return NULL;
}

void archive_source_close(struct archive_source *source)
{
	source->budget->unpacked_bytes += filtered_bytes(source->self);
	archive_read_free(source->self);
	free(source->room);
	source->self = NULL;
	source->room = NULL;
}
