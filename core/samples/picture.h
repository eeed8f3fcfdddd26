// SPDX-License-Identifier: MIT
/**
 * Preview pictures for samples: a small landscape that follows from a name, as PNG.
 */
#ifndef CORE_SAMPLES_PICTURE_H
#define CORE_SAMPLES_PICTURE_H

#include "core/base/array.h"

#define PICTURE_WIDTH 96
#define PICTURE_HEIGHT 128

/** Appends a PNG of some two kilobytes. */
void picture_append(struct str seed, struct bytes *out);

#endif
