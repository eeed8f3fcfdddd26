// SPDX-License-Identifier: MIT
/**
 * The language in which knowledge speaks of tensors: one line of terms that must all hold.
 *
 *   tensor(P)              a tensor has that name          !tensor(P)  none has (every term may be negated)
 *   tensor(P)[1280,2816]   ... and that shape; * is any dimension, ... any further dimensions
 *   dims(P) = 4            ... and that many dimensions
 *   count(P) >= 10         how many tensors have it
 *   highest(P) = 37        the greatest number that the first # of P stands for
 *   module(P)              an adapter module has that name (joined spelling, root removed)
 *   modules(P) >= 10       how many adapter modules have it
 *   top(P) = 37            the greatest number that the first # stands for among adapter modules
 *   in(P) = 768            input width of the module P: read through an adapter's factors, or the
 *   out(P) = 13824         second / first dimension of the tensor P.weight of a model
 *   adapter(TYPE)          the adapter type: lora, lokr, ...
 *   dtype(P) = F8_E4M3     a tensor of that name has that type
 *   kind(K)  architecture(A)  variant(V)  base(B)       already concluded
 *   meta(KEY) = GLOB       metadata, case-folded; meta(KEY) alone: present and not empty
 *   config(FILE:PATH) = GLOB   a value in a JSON of a model folder
 *   tag(GLOB)              a tag of ss_tag_frequency
 *   name(TOKEN)            a whole delimited token of the file name
 *   said(B)                a source names base model B or one below it
 *   hash(sha256:HEX)       the file's own hash, where something free of charge tells it
 *
 * A rule that begins with the word "likely" or "guess" concludes no more surely than that, however
 * plain its terms: for twins of which one is by far the more common.
 *
 * Comparisons: = != < <= > >=, for numbers A..B is a range and A|B|C a choice; for texts = and !=
 * with a GLOB that holds spaces only between quotes.
 * Patterns P: # is a run of digits, * any run of bytes but none of . in a tensor name (any run in a
 * module name), ** any run. A tensor name is tried as it stands and with a denoiser root removed.
 */
#ifndef CORE_KNOWLEDGE_RULE_H
#define CORE_KNOWLEDGE_RULE_H

#include "core/base/error.h"
#include "core/base/arena.h"
#include "core/knowledge/words.h"

enum term_subject {
	TERM_TENSOR,
	TERM_DIMS,
	TERM_COUNT,
	TERM_HIGHEST,
	TERM_MODULE,
	TERM_MODULES,
	TERM_TOP,
	TERM_IN,
	TERM_OUT,
	TERM_ADAPTER,
	TERM_DTYPE,
	TERM_KIND,
	TERM_ARCHITECTURE,
	TERM_VARIANT,
	TERM_BASE,
	TERM_META,
	TERM_CONFIG,
	TERM_TAG,
	TERM_NAME,
	TERM_SAID,
	TERM_HASH,
	TERM_SUBJECT_COUNT
};

enum term_compare {
	COMPARE_EXISTS,
	COMPARE_EQ,
	COMPARE_NE,
	COMPARE_LT,
	COMPARE_LE,
	COMPARE_GT,
	COMPARE_GE
};

#define TERM_DIMS_MAX 8
#define TERM_CHOICES_MAX 8
#define DIM_ANY UINT64_MAX

struct term {
	enum term_subject subject;
	bool is_negated;
	bool has_shape, shape_is_open; /* open: ended in "..." */
	struct str pattern;            /* P, KEY, TYPE, ...; folded for meta, tag and name */
	uint64_t shape[TERM_DIMS_MAX]; /* DIM_ANY for * */
	size_t n_shape;
	enum term_compare compare;
	struct {
		uint64_t low, high;
	} ranges[TERM_CHOICES_MAX]; /* of numbers; any may hold */
	size_t n_ranges;
	struct str glob; /* of texts, folded; STR_NULL for numbers */
};

/** All terms must hold. */
struct rule {
	const struct term *terms;
	size_t n_terms;
	uint32_t subjects;          /* of its terms: a bit each */
	struct str text;            /* as written, for evidence and mistakes */
	enum confidence confidence; /* of what it concludes: CERTAIN unless it says less */
};

#define SUBJECT_BIT(subject) ((uint32_t)1 << (subject))

static inline bool rule_asks(const struct rule *rule, enum term_subject subject)
{
	return rule->subjects & SUBJECT_BIT(subject);
}

/** Any rule may hold. */
struct rules {
	const struct rule *rules;
	size_t n_rules;
};

/** @err FORMAT: what is wrong and at which column. Patterns are copied into `arena`. */
NODISCARD bool rule_parse(struct str text, struct arena *arena, struct rule *out,
			  struct error *err);

/** Pattern against a whole name. `dots_stop`: * does not cross a dot. `*number`: the first #'s value. */
bool pattern_match(struct str pattern, struct str name, bool dots_stop, uint64_t *number);

#endif
