// SPDX-License-Identifier: MIT
/**
 * Does a rule hold for what a view shows? And if so, why, in words.
 */
#ifndef CORE_IDENTIFY_JUDGE_H
#define CORE_IDENTIFY_JUDGE_H

#include "core/identify/view.h"

/**
 * The first rule that holds, or NULL.
 *
 * A rule that asks for words or a configuration cannot hold while the view has none, negated or not. One that asks
 * for tensors opens the view.
 */
const struct rule *judge_rules(struct view *view, const struct rules *rules);

/** Where a rule of words finds them. */
enum evidence_source judge_source(const struct rule *rule);

/** As judge_rules, but passes over rules of tensors alone: those were judged before. */
const struct rule *judge_rules_of_words(struct view *view, const struct rules *rules);

/** What made a term hold: which name, and a width, count or number. */
struct witness {
	bool has_name;
	size_t name_i; /* in view->tensors or view->modules */
	uint64_t number;
};

/** Does the term hold, its negation left aside? */
bool judge_term(const struct view *view, const struct term *term, struct witness *witness);

/** The terms of a rule that held, for people: "attn2.to_k takes 2048, no label_emb". */
struct str judge_detail(const struct view *view, const struct rule *rule, struct arena *arena);

#endif
