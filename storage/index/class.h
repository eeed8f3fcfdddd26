// SPDX-License-Identifier: MIT
/**
 * Classes: distinct combinations of the facets with a closed vocabulary.
 *
 * A hundred thousand models fall into a few hundred classes, so kind:, base:, fit: and their like are
 * decided per class. Classes are only ever added; ids count from 1.
 */
#ifndef STORAGE_INDEX_CLASS_H
#define STORAGE_INDEX_CLASS_H

#include "core/base/array.h"
#include "core/base/map.h"
#include "core/fit/fit.h"
#include "storage/index/db.h"

struct class
{
	uint32_t id;
	enum kind kind;
	enum format format;
	enum status status;
	enum safety safety;
	enum confidence confidence;
	enum adapter_type adapter;
	bool lineage_known;
	struct str architecture, base_model, prediction, precision; /* STR_NULL: unknown */
	const struct str *variants;
	size_t n_variants;
};

/** All classes of an index in memory. A zeroed one is empty. */
struct classes {
	struct arena arena;
	struct array list;    /* struct class; [id - 1] */
	struct map by_facets; /* id as a pointer-sized number */
};

void classes_init(struct classes *classes);
void classes_finish(struct classes *classes);
/** Takes in the classes that came since the last call. */
NODISCARD bool classes_load(struct classes *classes, struct db *db, struct error *err);
/** NULL when there is none of that id (yet). */
const struct class *classes_find(const struct classes *classes, uint32_t id);
/** The id of the model's class, which is added to the index when it is new. */
NODISCARD bool classes_place(struct classes *classes, struct db *db, const struct model *model,
			     uint32_t *id, struct error *err);
/** Its side of a pair. The name is left out: verdicts do not depend on it. */
struct fit_side class_side(const struct class *class);

#endif
