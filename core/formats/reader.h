// SPDX-License-Identifier: MIT
/**
 * What a reader of one container is handed, and the readers. For core/formats alone.
 *
 * A reader fills `out`: table, metadata, notes, error, safety. It reads through the blob, trusts
 * nothing it reads, and never fails otherwise than by reading_fail().
 */
#ifndef CORE_FORMATS_READER_H
#define CORE_FORMATS_READER_H

#include "core/formats/layout_cache.h"
#include "core/formats/sniff.h"

enum {
	FRONT_BYTES = 16 << 10, /* of the first read: all of a small header */
	EXTENSION_MAX = 16,
};

struct format_reader {
	struct layout_cache *layouts;
	struct arena room; /* the header being read */
	char front[FRONT_BYTES];
	char extension[EXTENSION_MAX];
};

/** One file being read. */
struct format_job {
	struct format_reader *reader;
	const struct blob *blob;
	struct head head;    /* the first SNIFF_BYTES, the size, the extension */
	size_t front_len;    /* of the bytes in reader->front: the first of the file */
	struct arena *arena; /* owns what `out` points to */
	struct reading *out;
};

/* All return false, so that failing is one line. */

/** reading_fail() of the job. */
bool format_fail(struct format_job *job, const char *code, const char *format, ...) PRINTF(3, 4);
/** Tells why blob_read_at() failed: E_TRUNCATED or E_IO. */
bool format_fail_read(struct format_job *job, const struct error *err);
/** Tells that `len` bytes could not be had. */
bool format_fail_memory(struct format_job *job, size_t len);

void safetensors_read(struct format_job *job);
void gguf_read(struct format_job *job);
void onnx_read(struct format_job *job);
void torch_zip_read(struct format_job *job);    /* and zips that are none */
void torch_legacy_read(struct format_job *job); /* and bare pickles */
void torch_tar_read(struct format_job *job);    /* and tars that are none */
void numpy_read(struct format_job *job);

/** A file with a name of PyTorch's, whatever it is: does it make a pickle as well? */
void torch_disguise_read(struct format_job *job);
/** A file that is something else from its front: is it a zip from its end? Both readings count. */
void torch_zip_behind_read(struct format_job *job);
/** Is a small file one pickle from its first byte to its last? */
bool torch_is_whole_pickle(const struct head *head);

#endif
