// SPDX-License-Identifier: MIT
/**
 * What was said of a file and where: metadata, sidecars, its own name and its folder's.
 *
 * Places are written as in the knowledge: "meta:KEY", "config:FILE:PATH", "sidecar:FIELD",
 * "file:sha256", "filename", "folder", or the name of a [fact], whose first place that speaks is meant.
 */
#ifndef CORE_IDENTIFY_SAID_H
#define CORE_IDENTIFY_SAID_H

#include "core/identify/identify.h"

struct said {
	struct str text;  /* never empty: "", "None" and "NOFILE" are absent */
	struct str where; /* "ss_sd_model_name", a sidecar's name, "file name", "folder" */
};

/** The i-th text at `place`; false when there are no more. Only sidecars give more than one. */
bool said_at(const struct identify_input *input, struct str place, size_t i, struct said *out);

/** The first place of the fact that speaks; `place` (may be NULL) tells which. */
bool said_fact(const struct knowledge *knowledge, const struct identify_input *input,
	       struct str fact, struct said *out, struct str *place);

/** "ss_sd_model_name=ponyDiffusionV6XL", of bearable length. */
struct str said_detail(const struct said *said, struct arena *arena);

/** The start of a text that may be somebody's novel: as much of it as a name can be. */
struct str said_start(struct str text);

/** A name without its last extension. */
struct str said_stem(struct str name);

/** A checkpoint's name is its line's; others are called after what they show or do. */
bool said_is_of_line(enum kind kind);

/** What such a file calls itself, as tokens and name() are looked for in it. */
struct str said_own_name(struct str name, enum kind kind, struct arena *arena);

#endif
