// SPDX-License-Identifier: MIT
/**
 * Structurally true model files without weights: for the demo library and for the tests.
 *
 * A sample is described by a line of JSON, the manifest format of tests/corpus/README.md: its
 * header is exact, its tensor data a hole in a sparse file. Nothing is written here: files reach
 * the disk through the caller.
 */
#ifndef CORE_SAMPLES_SAMPLE_H
#define CORE_SAMPLES_SAMPLE_H

#include "core/base/array.h"
#include "core/base/error.h"

/** Where key lists come from: embedded in the binary, or a folder in tests. */
struct key_source {
	/** The list's text (uncompressed); STR_NULL when there is none of that name. */
	struct str (*find)(void *context, struct str name, struct arena *arena);
	void *context;
};

/** What to make of a file. The demo has plain bytes only; the rest is for tests. */
enum sample_what {
	SAMPLE_BYTES, /* `head` and `pieces`, with holes up to `size_bytes` */
	SAMPLE_FOLDER,
	SAMPLE_FIFO,
	SAMPLE_SOCKET,
	SAMPLE_LINK,      /* symbolic, to `target` as it stands */
	SAMPLE_HARD_LINK, /* to `target`, relative to the folder all is written to */
	SAMPLE_COPY,      /* of `target`, relative to the corpus */
};

#define SAMPLE_MODE_USUAL 0644

/** Bytes that exist behind a hole. */
struct sample_piece {
	uint64_t at;
	struct str bytes;
};

struct sample_file {
	struct str path; /* relative, '/' between folders, raw bytes */
	enum sample_what what;
	struct str head;                   /* the bytes that exist at the front */
	const struct sample_piece *pieces; /* and behind, in order; all else is a hole */
	size_t n_pieces;
	uint64_t size_bytes; /* of the whole file */
	struct str target;   /* of links and copies */
	unsigned mode;       /* permission bits */
};

/** False with `err` set ends the making. What `file` points to lives until the call returns. */
typedef bool (*sample_write_fn)(void *context, const struct sample_file *file, struct error *err);

/**
 * Makes the files of one manifest line: the model, then its sidecars.
 *
 * @err FORMAT naming what the line lacks; UNSUPPORTED for a container that is not written by this
 *      version; or what `write` said
 */
NODISCARD bool sample_make(struct str manifest_line, const struct key_source *keys,
			   sample_write_fn write, void *context, struct error *err);

/** Every file of the demo library, in the same bytes every time; `n_models` counts the models. */
NODISCARD bool sample_demo(sample_write_fn write, void *context, size_t *n_models,
			   struct error *err);

#endif
