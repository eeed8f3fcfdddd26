// SPDX-License-Identifier: MIT
/**
 * INI to struct knowledge: what ships in the binary, then the user's own files; later wins.
 *
 * A section of the user's that names a known id changes only the keys it gives; a list key
 * replaces the list, `key+ = ...` adds to it. Mistakes: "FILE:LINE: [SECTION] KEY: WHY".
 */
#ifndef CONFIG_KNOWLEDGE_H
#define CONFIG_KNOWLEDGE_H

#include "core/knowledge/knowledge.h"

struct knowledge_file {
	const char *name;
	struct str text;
};

/** The files that the build embedded, in the order in which they are read. */
extern const struct knowledge_file knowledge_embedded[];
extern const size_t knowledge_embedded_n;

/**
 * @user_dir  folder of the user's *.ini, read in name order; NULL or absent: none
 * @mistake   a broken user file does not stop the program: it is left out and told here
 *            (code NONE when all is well); a broken shipped file is a BUG
 * @return    knowledge to be freed with knowledge_destroy
 */
struct knowledge *knowledge_load(const char *user_dir, struct error *mistake);

/** Only the given files: for tests. NULL with `err`. */
struct knowledge *knowledge_load_files(const struct knowledge_file *files, size_t n_files,
				       struct error *err);

#endif
