// SPDX-License-Identifier: MIT
/**
 * The sections and keys of knowledge files, as a table: what a key is called, how its value is
 * read, where it goes and what it refers to. docs/knowledge.md tells the same to people.
 */
#ifndef CONFIG_KNOWLEDGE_KEYS_H
#define CONFIG_KNOWLEDGE_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/str.h"

enum key_type {
	KEY_TEXT,         /* struct str */
	KEY_LIST,         /* struct texts, ";" between */
	KEY_FOLDED,       /* the same, case-folded */
	KEY_LINES,        /* struct texts, one a line, the key repeats */
	KEY_RULES,        /* struct rules, one a line, the key repeats */
	KEY_MODULE_RULES, /* struct module_rules, one a line, the key repeats */
	KEY_YES_NO,       /* bool */
	KEY_EDGE,         /* bool: light or heavy */
	KEY_KIND,         /* enum kind */
	KEY_EVIDENCE,     /* enum evidence_source */
	KEY_CONFIDENCE,   /* enum confidence */
	KEY_READER,       /* enum source_reader */
	KEY_DTYPE,        /* enum dtype */
	KEY_NUMBER,       /* double */
	KEY_COUNT,        /* unsigned */
};

enum section_word {
	SECTION_NONE,
	SECTION_KIND,
	SECTION_ARCHITECTURE,
	SECTION_BASE_MODEL,
	SECTION_VARIANT,
	SECTION_SOURCE,
	SECTION_FACT,
	SECTION_PACKING,
	SECTION_PREDICTION,
	SECTION_BOOKKEEPING,
	SECTION_ROOTS,
	SECTION_FIT,
	SECTION_NOTE,
	SECTION_NAMES,
	SECTION_TEXT_ENCODER,
	SECTION_EXPORT,
	SECTION_COUNT
};

struct key {
	const char *name;
	enum key_type type;
	size_t offset;           /* in the struct that the section fills */
	enum section_word names; /* the value's ids belong to sections of this word */
	bool is_required;        /* in a section that is not there yet */
};

struct section_type {
	const char *word;      /* "base-model" */
	const char *name;      /* for messages: "base model" */
	bool has_id;           /* fills elements of an array, else struct knowledge itself */
	bool id_is_word;       /* lower-case letters, digits, "-", "." and "_" only */
	bool id_ends_at_slash; /* "inpaint/sd1": the rest only tells sections apart */
	size_t array_offset;   /* of the struct array in struct knowledge */
	size_t id_offset;      /* of the id in its elements */
	const struct key *keys;
	size_t n_keys;
};

extern const struct section_type section_types[SECTION_COUNT]; /* none for SECTION_NONE */

#endif
