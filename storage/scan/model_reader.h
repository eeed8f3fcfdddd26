// SPDX-License-Identifier: MIT
/**
 * From an opened model to what is known about it, as flat bytes.
 *
 * The reading half of a probe: the only one that looks at bytes of a file. It is given descriptors
 * and names, opens nothing, and so works in a process that may open nothing.
 */
#ifndef STORAGE_SCAN_MODEL_READER_H
#define STORAGE_SCAN_MODEL_READER_H

#include "core/knowledge/knowledge.h"
#include "storage/scan/opened.h"

/** Buffers, and what was concluded from the layouts met so far. One thread each. */
struct model_reader;

/**
 * @knowledge    borrowed for the life of the reader
 * @gives_facts  also fills what is to be kept besides the model: for an index
 */
struct model_reader *model_reader_create(const struct knowledge *knowledge, bool gives_facts);
void model_reader_destroy(struct model_reader *reader);

/**
 * Reads and identifies one model. Never fails: a broken file is a model with an error in it.
 *
 * @arena  owns what `out` points to
 */
void model_reader_read(struct model_reader *reader, const struct opened *opened,
		       struct arena *arena, struct flat *out);

#endif
