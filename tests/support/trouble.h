// SPDX-License-Identifier: MIT
/**
 * A way of reading that runs into trouble over files of certain names: for what is said when a
 * reader dies, hangs or lies. "crash.pt", "crash-2.safetensors", ... crash; see trouble.c for the
 * words. Other files are read as usual.
 */
#ifndef TESTS_SUPPORT_TROUBLE_H
#define TESTS_SUPPORT_TROUBLE_H

#include "storage/readers/readers.h"

void trouble_read(struct model_reader *reader, const struct opened *opened, struct arena *arena,
		  struct flat *out);

#endif
