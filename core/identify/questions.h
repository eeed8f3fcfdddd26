// SPDX-License-Identifier: MIT
/**
 * What is asked of tensors, one question a file: kind.c, architecture.c, variant.c, precision.c.
 *
 * Each reads a view and fills its part of `struct tensor_facts`; later ones may rely on earlier.
 */
#ifndef CORE_IDENTIFY_QUESTIONS_H
#define CORE_IDENTIFY_QUESTIONS_H

#include "core/identify/identify.h"
#include "core/identify/judge.h"

void kind_ask(struct view *view, struct arena *arena, struct tensor_facts *out);

/** Also the base model, where tensors prove one. */
void architecture_ask(struct view *view, struct arena *arena, struct tensor_facts *out);

/** Has a model of this kind an architecture at all? A VAE or an upscaler has none. */
bool kind_has_architecture(enum kind kind);

void variant_ask(struct view *view, struct arena *arena, struct tensor_facts *out);

/** Is the variant one of this kind and architecture? */
bool variant_applies(const struct variant *variant, const struct view *view);

/**
 * Which variants a name names, by their places in the knowledge: 0 for the others.
 *
 * @folded  as said_own_name() gives it, or STR_NULL: it names none
 */
const uint32_t *variants_named(const struct knowledge *knowledge, struct str folded,
			       struct arena *arena);

/** Precision and number of parameters. */
void precision_ask(const struct view *view, struct tensor_facts *out);

#endif
