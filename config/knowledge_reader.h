// SPDX-License-Identifier: MIT
/**
 * Knowledge files, one after the other, into one struct knowledge.
 *
 * Knows where each id was written, so that a reference to nothing is told with its line.
 */
#ifndef CONFIG_KNOWLEDGE_READER_H
#define CONFIG_KNOWLEDGE_READER_H

#include "config/knowledge.h"

/**
 * Reads files in order; what a later one says of a known section replaces what was said.
 *
 * @n_shipped  how many of the files ship with the program: new kinds and architectures of the
 *             others are tried before the shipped ones
 * @broken     out: with NULL, which file is at fault
 * @return     finished knowledge with its version, or NULL with `err`: "FILE:LINE: [SECTION] KEY: WHY"
 */
struct knowledge *knowledge_read(const struct knowledge_file *files, size_t n_files,
				 size_t n_shipped, size_t *broken, struct error *err);

#endif
