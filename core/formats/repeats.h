// SPDX-License-Identifier: MIT
/**
 * Names that a file gives twice: tensors, keys of metadata.
 */
#ifndef CORE_FORMATS_REPEATS_H
#define CORE_FORMATS_REPEATS_H

#include "core/formats/reader.h"

/**
 * The first name, in order of the array, that an earlier one equals; `n` when there is none.
 * The names are the `struct str` at `first_name`, each `stride` bytes after the last; n is bounded
 * by the reader's limits. False when there is no memory to tell.
 */
NODISCARD bool repeats_find(const void *first_name, size_t stride, size_t n, size_t *repeat);

/** False, with `code` told, when a name comes twice: "NAME" appears twice. */
NODISCARD bool repeats_refuse(struct format_job *job, const char *code, const void *first_name,
			      size_t stride, size_t n);

#endif
