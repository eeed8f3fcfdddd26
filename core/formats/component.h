// SPDX-License-Identifier: MIT
/**
 * The weights of one folder, of which people keep several copies: in half precision, as a pickle,
 * in parts. The one that diffusers loads when nothing else is asked for counts; the others are only
 * looked at for what loading them would do. For core/formats alone.
 */
#ifndef CORE_FORMATS_COMPONENT_H
#define CORE_FORMATS_COMPONENT_H

#include "core/formats/gather.h"

/**
 * Reads the weights that lie directly in a folder.
 *
 * @folder  "" or "unet/"
 * @prefix  what the names of the tensors get: "" or "unet."
 * @return  false when there are none
 */
bool component_read(struct gather *gather, struct str folder, struct str prefix);

#endif
