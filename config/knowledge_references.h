// SPDX-License-Identifier: MIT
/**
 * Which ids exist, and who refers to which: checked when every file has been read, so that files
 * may refer to each other, and told with the line that refers to nothing.
 */
#ifndef CONFIG_KNOWLEDGE_REFERENCES_H
#define CONFIG_KNOWLEDGE_REFERENCES_H

#include "config/knowledge_keys.h"
#include "core/knowledge/knowledge.h"

/** Where a value stands. */
struct place {
	const char *file;
	size_t file_i;
	unsigned line;
	struct str section, id; /* "base-model sdxl-pony", "sdxl-pony" */
	const char *key;
};

struct references {
	struct arena *arena;           /* borrowed */
	struct map ids[SECTION_COUNT]; /* id -> anything */
	struct array list;
};

void references_init(struct references *references, struct arena *arena);
void references_finish(struct references *references);
void references_know(struct references *references, enum section_word word, struct str id);
/** `wanted` is an id of a section `word`; an empty one refers to nothing. */
void references_add(struct references *references, enum section_word word, struct str wanted,
		    const struct place *place);

/** Puts "FILE:LINE: [SECTION] KEY" in front of `err`; returns false. */
bool place_context(const struct place *place, struct error *err);

/**
 * @broken  out: the file that holds the mistake
 * @err     FORMAT with the place and, where there is one, the near id
 */
NODISCARD bool references_check(const struct references *references, const struct knowledge *k,
				size_t *broken, struct error *err);

/**
 * After knowledge_finish() said no although every id exists: puts the place at fault before what it
 * said. The last one read, since the files before were sound without it.
 */
void references_blame(const struct references *references, const struct knowledge *k,
		      size_t *broken, struct error *err);

#endif
