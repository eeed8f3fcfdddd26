// SPDX-License-Identifier: MIT
/**
 * Layouts under another library's names: one model, spelt as LDM, diffusers or Transformers do.
 *
 * Source: diffusers, "convert_from_ckpt"; open_clip's and Transformers' CLIP modules.
 */
#ifndef CORE_SAMPLES_RENAME_H
#define CORE_SAMPLES_RENAME_H

#include "core/samples/key_list.h"

/**
 * Renames `rows` in place; some layouts split or drop rows.
 *
 * @which  "unet-diffusers" (SD1, SD2, SDXL), "vae-diffusers" or "openclip-hf"
 * @err    FORMAT: there is no such layout
 */
NODISCARD bool rename_rows(struct str which, struct arena *arena, struct array *rows,
			   struct error *err);

#endif
