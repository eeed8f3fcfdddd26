// SPDX-License-Identifier: MIT
/**
 * The metadata that trainers write: kohya's ss_* block and ModelSpec, every value a text.
 *
 * Source: sd-scripts, library/train_util.py and library/sai_model_spec.py.
 */
#ifndef CORE_SAMPLES_TRAINER_H
#define CORE_SAMPLES_TRAINER_H

#include "core/base/array.h"
#include "core/samples/spec.h"

/**
 * Appends the metadata of an entry to `pairs` (of struct metadata_pair): what its `kohya` stands
 * for, then its `metadata` as written.
 *
 * `kohya`: `name`, `base_version`, `sd_model`, `sd_hash`, `sd_legacy`, `words`, `images`,
 * `repeats`, `tags` (how many, or which), `resolution`, `dim`, `alpha`, `module`, `network_args`,
 * `clip_skip`, `modelspec`, `prediction`, `precision`, `set` (more of the block), `drop` (less).
 *
 * @seed  what the numbers that nobody chose follow from
 */
void trainer_metadata(const struct spec *entry, struct str seed, struct arena *arena,
		      struct array *pairs);

#endif
