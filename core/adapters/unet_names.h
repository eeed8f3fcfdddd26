// SPDX-License-Identifier: MIT
/**
 * The blocks of a U-Net under both their names: numbered through as in the original files, and by
 * level as in diffusers. Which is which follows from the blocks that are there.
 *
 * Source: binding facts, sections 4.2 and 5.1; the walk agrees with the real SD1, SD2, SDXL and
 * refiner both ways.
 */
#ifndef CORE_ADAPTERS_UNET_NAMES_H
#define CORE_ADAPTERS_UNET_NAMES_H

#include "core/base/map.h"

/**
 * Gives every module of a U-Net its other name. What is no U-Net stays as it is.
 * @names  from joined names ("input_blocks_1_0_in_layers_2") to whatever; grows
 * @arena  owns the new names
 */
void unet_names_add(struct map *names, struct arena *arena);

/**
 * Numbers the layers of attention as cloneofsimo's trainer did: "17" for "unet:17".
 * Down before up before middle; the text encoder's by layer.
 */
void unet_names_number(struct map *names, struct arena *arena);
void unet_names_number_text(struct map *names, struct arena *arena);

#endif
