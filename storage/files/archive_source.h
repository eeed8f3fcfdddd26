// SPDX-License-Identifier: MIT
/**
 * Where libarchive's bytes come from: a blob, or a member of the archive around. For archive.c.
 *
 * Counts what comes out against what goes in, while it happens: a bomb is stopped before its next
 * piece.
 */
#ifndef STORAGE_FILES_ARCHIVE_SOURCE_H
#define STORAGE_FILES_ARCHIVE_SOURCE_H

#include <locale.h>

#include "storage/files/archive.h"

struct archive;

/** Why no more bytes came. */
enum archive_stop { STOP_NONE, STOP_IO, STOP_ENOUGH, STOP_BOMB };

/** What all levels of one file share. */
struct archive_budget {
	uint64_t unpacked_bytes; /* of levels that are closed, and of members */
	uint64_t read_bytes;     /* of the file */
	bool is_unlimited;       /* somebody asked for all of it: no more than the ratio counts */
	uint64_t out_bytes_max;  /* instead of the ratio; 0: the ratio */
	enum archive_stop stop;
	struct error err;                /* of STOP_IO */
	void (*was_read)(void *context); /* told of each piece; NULL: nobody is */
	void *context;
};

struct archive_source {
	struct archive_budget *budget;
	struct archive *self;    /* the archive that is read from here */
	const struct blob *blob; /* NULL: a member */
	uint64_t at;
	char *room;
	struct archive *outer; /* whose current member it is */
};

/**
 * An archive opened on a blob or on the current member of `source->outer`; NULL when it is none.
 *
 * @source  blob or outer is set; must outlive the archive
 * @why     out, when it is none: libarchive's words, to be freed; else NULL
 */
struct archive *archive_source_open(struct archive_source *source, char **why);

/** Closes it and accounts for what it unpacked. */
void archive_source_close(struct archive_source *source);

/** In which names are UTF-8; may be 0. */
locale_t archive_reader_locale(const struct archive_reader *reader);

#endif
