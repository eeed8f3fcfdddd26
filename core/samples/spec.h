// SPDX-License-Identifier: MIT
/**
 * A manifest line as a tree: what the JSON says, in its order.
 *
 * Only for our own manifests, which are small and trusted; files from outside go through the pull
 * reader alone. Absent is a NULL spec, which every question here accepts.
 */
#ifndef CORE_SAMPLES_SPEC_H
#define CORE_SAMPLES_SPEC_H

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/json_write.h"

enum spec_type { SPEC_NULL, SPEC_FALSE, SPEC_TRUE, SPEC_NUMBER, SPEC_TEXT, SPEC_LIST, SPEC_TABLE };

struct spec {
	enum spec_type type;
	struct str key;           /* in a table; else STR_NULL */
	struct str text;          /* of a text, unescaped; of a number, as written */
	const struct spec *first; /* of a list or table */
	const struct spec *next;  /* in the same list or table */
};

/**
 * Parses one JSON value. A lone low surrogate \udcXX stands for the byte XX, as Python writes
 * file names that are not UTF-8.
 */
NODISCARD bool spec_parse(struct str json, struct arena *arena, const struct spec **out,
			  struct error *err);

/** Writes it as JSON again, in its order. */
void spec_write(const struct spec *spec, struct arena *arena, struct json_writer *json);

/** The member of a table, or NULL. */
const struct spec *spec_find(const struct spec *table, const char *key);
/** Text or number of a member; `otherwise` when it is absent. */
struct str spec_text(const struct spec *table, const char *key, struct str otherwise);
uint64_t spec_number(const struct spec *table, const char *key, uint64_t otherwise);
bool spec_is_true(const struct spec *table, const char *key, bool otherwise);

#endif
