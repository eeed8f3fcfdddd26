// SPDX-License-Identifier: MIT
/**
 * A small world to identify in: two architectures, a few lineages, variants and sources, and one
 * file whose tensors and words a test writes down.
 *
 *   house: house - pony - cottage      tower: tower
 *                - villa
 *                - bungalow (a variant's own)
 */
#ifndef TESTS_UNIT_CORE_IDENTIFY_WORLD_H
#define TESTS_UNIT_CORE_IDENTIFY_WORLD_H

#include "core/identify/identify.h"

struct world {
	struct arena arena;
	struct knowledge *knowledge;
	struct reading reading;
	struct tensor_facts facts;
	struct identify_input input;
	struct metadata_pair pairs[16], config[4];
	struct sidecar sidecars[2];
	struct gist gist;
	size_t n_sidecars;
	struct model model;
};

int world_open(void **state);
int world_close(void **state);

/** The file's tensors: "NAME DIM DIM ..." a line. */
void world_tensors(struct world *world, const char *lines);
void world_say(struct world *world, const char *key, const char *value);
/** What a model folder's JSON says; before world_tensors(). */
void world_configure(struct world *world, const char *key, const char *value);
struct sidecar *world_sidecar(struct world *world);
/** Identifies what was written down. */
void world_identify(struct world *world, const char *file_name);

void assert_text(struct str text, const char *expected); /* NULL: unknown */
/** Is there a conflict about `field` that says `says`? */
bool world_has_conflict(const struct world *world, const char *field, const char *says);
bool world_has_evidence(const struct world *world, enum evidence_source source, const char *field,
			const char *says);

#endif
