// SPDX-License-Identifier: MIT
/**
 * What a person knows better than the file: a kind and a base model set by hand.
 *
 * Wins over everything that was found; what was found against it is told as conflicts. Changes an
 * answer that is there already, so neither setting nor clearing it needs the file.
 */
#ifndef CORE_IDENTIFY_CORRECTION_H
#define CORE_IDENTIFY_CORRECTION_H

#include "core/base/error.h"
#include "core/identify/model.h"
#include "core/knowledge/knowledge.h"

/** A zeroed one corrects nothing. */
struct correction {
	bool has_kind;
	enum kind kind;
	struct str base_model; /* id; STR_NULL: the file's own answer counts */
};

bool correction_is_empty(const struct correction *correction);
bool correction_equal(const struct correction *a, const struct correction *b);

/** @err USAGE: no such kind, and the one that was probably meant */
NODISCARD bool correction_set_kind(struct correction *correction, struct str word,
				   struct error *err);
/**
 * @name  an id or an alias, in any case
 * @err   USAGE: no such base model, and the candidates
 */
NODISCARD bool correction_set_base(struct correction *correction, const struct knowledge *knowledge,
				   struct str name, struct error *err);

/**
 * Turns the file's own answer into the corrected one.
 *
 * The architecture follows the base model. A kind without architecture has no base model either,
 * unless one is set as well. A base model that the knowledge no longer has is a conflict.
 * @arena  owns the new lists of `model`; texts are borrowed from both
 */
void correction_apply(const struct knowledge *knowledge, const struct correction *correction,
		      struct arena *arena, struct model *model);

#endif
