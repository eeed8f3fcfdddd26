// SPDX-License-Identifier: MIT
/**
 * Folder templates: "{kind}/{base}/{name}" to a path for one model.
 *
 * Fields: {kind} {arch} {base} {type} {rank} {author} {tag} {year} {root} {name}. What is empty
 * vanishes, a part that is nothing but empty fields as well. Slashes and control characters in a
 * value become "-": only the template makes folders.
 */
#ifndef CORE_ORGANISE_TEMPLATE_H
#define CORE_ORGANISE_TEMPLATE_H

#include "core/base/array.h"
#include "core/base/error.h"

/** 255 less the longest suffix of a companion, ".safetensors.rgthree-info.json". */
#define TEMPLATE_PART_BYTES_MAX 224

enum template_field {
	TEMPLATE_KIND,
	TEMPLATE_ARCH,
	TEMPLATE_BASE,
	TEMPLATE_TYPE,
	TEMPLATE_RANK,
	TEMPLATE_AUTHOR,
	TEMPLATE_TAG,
	TEMPLATE_YEAR,
	TEMPLATE_ROOT,
	TEMPLATE_NAME,
	TEMPLATE_FIELD_COUNT
};

/** Raw bytes; STR_NULL or empty: there is none. */
struct template_values {
	struct str of[TEMPLATE_FIELD_COUNT];
};

/** @err  USAGE: a mistake with its column */
NODISCARD bool template_check(struct str text, struct error *err);

/** Does it ask for that? */
bool template_has(struct str text, enum template_field field);

/**
 * The path without extension, relative to the root; a template that does not end in {name} names a
 * folder. The template must have passed template_check.
 *
 * @return  on `arena`; its last part is the name
 */
struct str template_fill(struct str text, const struct template_values *values,
			 struct arena *arena);

#endif
