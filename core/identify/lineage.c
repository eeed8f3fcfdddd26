// SPDX-License-Identifier: MIT
#include "core/base/array.h"
#include "core/identify/choice.h"
#include "core/identify/merge.h"
#include "core/identify/questions.h"
#include "core/identify/weighing.h"

#define SAYINGS_MAX 32

/* A source that named a lineage, or only the foundation. */
struct saying {
	const struct lineage_source *source;
	const struct base_model *base;
	struct said said;
};

struct sayings {
	struct saying list[SAYINGS_MAX];
	size_t n;
	struct saying variants[SAYINGS_MAX]; /* base: a variant's own */
	size_t n_variants;
};

static bool is_line(const struct weighing *w, const struct base_model *a,
		    const struct base_model *b)
{
	return knowledge_is_within(w->knowledge, a->id, b->id) ||
	       knowledge_is_within(w->knowledge, b->id, a->id);
}

static const struct base_model *foundation_of(const struct weighing *w)
{
	return knowledge_base(w->knowledge, w->view.architecture->foundation);
}

static void say_conflict(struct weighing *w, enum evidence_source source, struct str field,
			 struct str says, const struct said *said)
{
	evidence_add(&w->conflicts, source, field, says, said_detail(said, w->arena));
}

/* "training captions hold score_9, source_pony": those that speak for the base model. */
static struct str tags_held(const struct weighing *w, const struct base_model *base)
{
	struct bytes text = { 0 };
	for (size_t i = 0; i < base->tags.n; i++) {
		for (size_t k = 0; k < w->view.tags.n; k++) {
			if (!str_equal(base->tags.list[i], w->view.tags.list[k]))
				continue;
			bytes_append_str(&text,
					 text.len ? STR(", ") : STR("training captions hold "));
			bytes_append_str(&text, base->tags.list[i]);
			break;
		}
	}
	struct str held = arena_str(w->arena, bytes_str(&text));
	bytes_finish(&text);
	return held;
}

/* "merged from a.safetensors, b.safetensors" for what programs keep in JSON. */
static struct str parts_named(const struct weighing *w, struct str merge)
{
	struct bytes text = { 0 };
	struct merge_parts parts;
	merge_read(merge, w->arena, &parts);
	for (size_t i = 0; i < parts.n; i++) {
		bytes_append_str(&text, i ? STR(", ") : STR("merged from "));
		bytes_append_str(&text, merge_part_name(&parts.list[i]));
	}
	struct str named = arena_str(w->arena, bytes_str(&text));
	bytes_finish(&text);
	return named;
}

/* What was said, in words that can be read. */
static struct said quote(const struct weighing *w, const struct heard *heard,
			 const struct base_model *base)
{
	enum source_reader reader = heard->source->reader;
	if (reader == READ_TAGS)
		return (struct said){ tags_held(w, base), STR_NULL };
	if (reader == READ_MERGE)
		return (struct said){ parts_named(w, heard->said.text), STR_NULL };
	return heard->said;
}

static void understand(struct weighing *w, const struct heard *heard, struct sayings *sayings)
{
	const struct lineage_source *source = heard->source;
	struct choice choice;
	choice_read(&choice, w->knowledge, w->view.architecture, heard);
	if (choice.base && sayings->n < SAYINGS_MAX)
		sayings->list[sayings->n++] =
			(struct saying){ source, choice.base, quote(w, heard, choice.base) };
	if (choice.variant && source->reader != READ_TOKENS && sayings->n_variants < SAYINGS_MAX)
		sayings->variants[sayings->n_variants++] =
			(struct saying){ source, choice.variant, heard->said };
	if (choice.foreign)
		say_conflict(w, source->evidence, STR("architecture"), choice.foreign->architecture,
			     &heard->said);
}

static struct saying tensors_say(const struct weighing *w)
{
	static const struct lineage_source tensors = {
		.evidence = SOURCE_TENSORS,
		.confidence = CONFIDENCE_CERTAIN,
	};
	const struct tensor_facts *facts = w->input->tensors;
	bool is_lineage = facts->base_model && !facts->base_model->variant.ptr;
	return (struct saying){ &tensors,
				is_lineage ? facts->base_model : NULL,
				{ facts->base_model_detail, STR("tensors") } };
}

/* The most trusted that names more than the foundation; the first that proves that, where nothing
   as sure names more: a trainer's word weighs more than "pony" in a file's name. */
static const struct saying *most_trusted(const struct weighing *w, const struct sayings *sayings)
{
	const struct base_model *foundation = foundation_of(w);
	const struct saying *proof = NULL;
	for (size_t i = 0; i < sayings->n; i++) {
		const struct saying *saying = &sayings->list[i];
		if (saying->base == foundation) {
			if (saying->source->proves_foundation && !proof)
				proof = saying;
		} else if (!proof || saying->source->confidence >= proof->source->confidence) {
			return saying;
		}
	}
	return proof;
}

/* Words as trusted that say more on the same line: a shop's label stands for many models. */
static const struct saying *finest(const struct weighing *w, const struct sayings *sayings,
				   const struct saying *chosen)
{
	for (size_t i = 0; chosen && i < sayings->n; i++) {
		const struct saying *saying = &sayings->list[i];
		if (saying->source->confidence >= chosen->source->confidence &&
		    knowledge_is_within(w->knowledge, saying->base->id, chosen->base->id))
			chosen = saying;
	}
	return chosen;
}

static void conclude(struct weighing *w, const struct base_model *base, enum confidence confidence,
		     bool lineage_known)
{
	w->base = w->view.base_model = base;
	w->base_confidence = confidence;
	w->model->lineage_known = lineage_known;
}

/* A maker's own name says no more than the tensors do, and takes nothing from what they prove. */
static enum confidence confidence_in(const struct weighing *w, const struct sayings *sayings,
				     const struct saying *chosen)
{
	for (size_t i = 0; chosen->base == foundation_of(w) && i < sayings->n; i++)
		if (sayings->list[i].source->reader == READ_PUBLISHED &&
		    sayings->list[i].base == chosen->base)
			return CONFIDENCE_CERTAIN;
	return chosen->source->confidence;
}

/* Words refine what tensors prove, but only along its line. */
static void decide(struct weighing *w, const struct sayings *sayings)
{
	const struct saying tensors = tensors_say(w);
	const struct base_model *proven = tensors.base, *foundation = foundation_of(w);
	const struct saying *words = finest(w, sayings, most_trusted(w, sayings));
	bool is_proven = proven && proven != foundation;
	if (words && words->base != proven &&
	    (!proven || knowledge_is_within(w->knowledge, words->base->id, proven->id)))
		conclude(w, words->base, confidence_in(w, sayings, words), true);
	else if (is_proven)
		conclude(w, proven, CONFIDENCE_CERTAIN, true);
	else
		conclude(w, foundation, CONFIDENCE_CERTAIN, false);
}

/* On the line of what was concluded, and not overruled by a proof of its foundation. */
static bool agrees(const struct weighing *w, const struct saying *saying)
{
	bool is_overruled = w->base == foundation_of(w) && saying->base != w->base;
	return is_line(w, saying->base, w->base) && !is_overruled;
}

/* Sources that agree are evidence; those off the line are conflicts. */
static void account(struct weighing *w, const struct sayings *sayings)
{
	const struct base_model *foundation = foundation_of(w);
	const struct saying tensors = tensors_say(w);
	if (tensors.base)
		evidence_add(&w->evidence, SOURCE_TENSORS, STR("base_model"), tensors.base->id,
			     tensors.said.text);
	for (size_t i = 0; i < sayings->n; i++) {
		const struct saying *saying = &sayings->list[i];
		bool is_vague = saying->base == foundation && !saying->source->proves_foundation;
		if (is_vague)
			evidence_add(&w->evidence, saying->source->evidence, STR("architecture"),
				     saying->base->architecture,
				     said_detail(&saying->said, w->arena));
		else if (agrees(w, saying))
			evidence_add(&w->evidence, saying->source->evidence, STR("base_model"),
				     saying->base->id, said_detail(&saying->said, w->arena));
		else
			say_conflict(w, saying->source->evidence, STR("base_model"),
				     saying->base->id, &saying->said);
	}
}

/* A shop's "SDXL Turbo" names a variant, not a lineage. */
static void hear_variants(struct weighing *w, const struct sayings *sayings)
{
	const struct array *all = &w->knowledge->variants;
	for (size_t i = 0; i < sayings->n_variants; i++) {
		const struct saying *saying = &sayings->variants[i];
		for (size_t k = 0; k < all->len; k++) {
			const struct variant *variant = ARRAY_AT(all, struct variant, k);
			if (!str_equal(variant->id, saying->base->variant) ||
			    !variant_applies(variant, &w->view))
				continue;
			variants_add(w, variant, saying->source->confidence);
			evidence_add(&w->evidence, saying->source->evidence, STR("variants"),
				     variant->id, said_detail(&saying->said, w->arena));
			break;
		}
	}
}

void lineage_weigh(struct weighing *w)
{
	struct sayings sayings = { 0 };
	if (!w->view.architecture)
		return;
	for (size_t i = 0; i < w->hearing.n; i++)
		understand(w, &w->hearing.list[i], &sayings);
	hear_variants(w, &sayings);
	decide(w, &sayings);
	account(w, &sayings);
}

/* A variant's own id, of the architecture: the one that its section names or that names it. */
static const struct base_model *base_of_variant(const struct weighing *w,
						const struct variant *variant)
{
	const struct array *bases = &w->knowledge->base_models;
	struct str architecture = w->view.architecture->id;
	const struct base_model *named = knowledge_base(w->knowledge, variant->base_model);
	if (named && str_equal(named->architecture, architecture))
		return named;
	for (size_t i = 0; i < bases->len; i++) {
		const struct base_model *base = ARRAY_AT(bases, struct base_model, i);
		if (base->variant.ptr && str_equal(base->variant, variant->id) &&
		    str_equal(base->architecture, architecture))
			return base;
	}
	return NULL;
}

static void fall_back_on_variant(struct weighing *w)
{
	for (size_t i = 0; i < w->view.n_variants; i++) {
		const struct base_model *base = base_of_variant(w, w->view.variants[i]);
		if (!base)
			continue;
		conclude(w, base, w->variant_confidence[i], false);
		return;
	}
}

/* What tensors prove of a variant is finer than what a name only suggests of its parent:
 * "sd-v1-5-inpainting" with nine channels. */
static void refine_by_variant(struct weighing *w)
{
	for (size_t i = 0; i < w->view.n_variants; i++) {
		const struct base_model *base = base_of_variant(w, w->view.variants[i]);
		if (!base || w->variant_confidence[i] != CONFIDENCE_CERTAIN || base == w->base ||
		    !knowledge_is_within(w->knowledge, base->id, w->base->id))
			continue;
		conclude(w, base, CONFIDENCE_CERTAIN, true);
		return;
	}
}

/* The child of what is concluded whose own rule holds; NULL when there is none. */
static const struct base_model *refined(struct weighing *w, const struct rule **why)
{
	const struct array *bases = &w->knowledge->base_models;
	for (size_t i = 0; i < bases->len; i++) {
		const struct base_model *base = ARRAY_AT(bases, struct base_model, i);
		if (!base->refine.n_rules || !base->parent.ptr ||
		    !str_equal(base->parent, w->base->id) ||
		    !str_equal(base->architecture, w->base->architecture))
			continue;
		*why = judge_rules(&w->view, &base->refine);
		if (*why)
			return base;
	}
	return NULL;
}

void lineage_settle(struct weighing *w)
{
	const struct base_model *finer;
	const struct rule *why;
	if (!w->base)
		return;
	if (!w->model->lineage_known && w->base == foundation_of(w))
		fall_back_on_variant(w);
	else if (w->base_confidence == CONFIDENCE_GUESS)
		refine_by_variant(w);
	while ((finer = refined(w, &why))) {
		evidence_add(&w->evidence, judge_source(why), STR("base_model"), finer->id,
			     why->text);
		bool is_weaker = why->confidence < w->base_confidence;
		conclude(w, finer, is_weaker ? why->confidence : w->base_confidence, true);
	}
}
