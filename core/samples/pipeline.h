// SPDX-License-Identifier: MIT
/**
 * A diffusers folder as many files: the container "diffusers".
 *
 * An entry has `index` (model_index.json), `files` (path: text, or JSON) and `components`, each with
 * `dir`, `config`, `parts`, and optionally `stem`, `format` = "bin", `shard_bytes` and `missing` (the
 * numbers of shards that are left out).
 */
#ifndef CORE_SAMPLES_PIPELINE_H
#define CORE_SAMPLES_PIPELINE_H

#include "core/samples/container.h"

/** @size_bytes  out: of all files together */
NODISCARD bool pipeline_make(const struct container_input *input, sample_write_fn write,
			     void *context, uint64_t *size_bytes, struct error *err);

#endif
