// SPDX-License-Identifier: MIT
/**
 * Structurally true model files without weights: for the demo library and for the tests.
 *
 * A sample is described by a line of JSON (the manifest format of tests/corpus) or by a demo entry;
 * its header is exact, its tensor data a hole in a sparse file.
 */
#ifndef CORE_SAMPLES_SAMPLE_H
#define CORE_SAMPLES_SAMPLE_H

#include "core/base/array.h"
#include "core/base/error.h"
#include "core/formats/tensor_table.h"

/** Names and shapes of a known layout, from a key list. */
struct key_list {
	const struct tensor *tensors;	/* dtype UNKNOWN: the sample's own; dimension 0: the rank */
	size_t n_tensors;
};

/** Where key lists come from: embedded in the binary, or a folder in tests. */
struct key_source {
	/** The list's text (uncompressed); STR_NULL when there is none of that name. */
	struct str (*find)(void *context, struct str name, struct arena *arena);
	void *context;
};

struct sample_file {
	struct str path;		/* relative, '/' between folders, raw bytes */
	struct str head;		/* the bytes that exist */
	uint64_t size_bytes;		/* of the whole file; what follows `head` is a hole */
};

typedef bool (*sample_write_fn)(void *context, const struct sample_file *file, struct error *err);

/**
 * Makes the files of one manifest line: the model and its sidecars.
 * @err FORMAT naming what the line lacks; or what `write` said
 */
NODISCARD bool sample_make(struct str manifest_line, const struct key_source *keys,
			   sample_write_fn write, void *context, struct error *err);

/** Every file of the demo library, in the same bytes every time; `n_models` counts the models. */
NODISCARD bool sample_demo(sample_write_fn write, void *context, size_t *n_models, struct error *err);

#endif
