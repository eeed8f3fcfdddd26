// SPDX-License-Identifier: MIT
/**
 * The files of the demo that the build puts into the binary: its manifest and its key lists.
 */
#ifndef CORE_SAMPLES_DEMO_FILES_H
#define CORE_SAMPLES_DEMO_FILES_H

#include <stddef.h>

struct demo_file {
	const char *name; /* last component: "sdxl-unet.keys" */
	const unsigned char *bytes;
	size_t len;
};

/** Ends with a NULL name. Made by embed.py. */
extern const struct demo_file demo_files[];

#endif
