// SPDX-License-Identifier: MIT
#include "core/fit/fit.h"

#include "core/fit/judge.h"
#include "core/fit/sentence.h"

static const char *const verdict_words[FIT_COUNT] = {
	[FIT_COMPATIBLE] = "compatible",
	[FIT_UNKNOWN] = "unknown",
	[FIT_CAUTION] = "caution",
	[FIT_INCOMPATIBLE] = "incompatible",
};

const char *verdict_word(enum verdict verdict)
{
	return verdict_words[verdict];
}

enum verdict verdict_find(struct str word)
{
	enum verdict verdict = FIT_COMPATIBLE;
	while (verdict < FIT_COUNT && !str_equal(word, str_from(verdict_words[verdict])))
		verdict++;
	return verdict;
}

struct fit_side fit_side_of(const struct model *model)
{
	return (struct fit_side){
		.kind = model->kind,
		.status = model->status,
		.safety = model->safety,
		.architecture = model->architecture,
		.base_model = model->base_model,
		.lineage_known = model->lineage_known,
		.variants = model->variants,
		.n_variants = model->n_variants,
		.prediction = model->prediction,
		.name = model->name,
	};
}

/* Each advice once, in the order of the reasons; nor again what another one begins with. */
static void advise(struct fit *fit, enum reason_code code)
{
	struct str advice = str_from(reason_advice(code)), beginning = advice;
	if (!advice.ptr)
		return;
	str_cut_suffix(&beginning, STR("."));
	for (size_t i = 0; i < fit->n_advice; i++)
		if (str_has_prefix(fit->advice[i], beginning))
			return;
	fit->advice[fit->n_advice++] = advice;
}

void fit_pair(const struct knowledge *knowledge, const struct fit_side *checkpoint,
	      const struct fit_side *lora, struct arena *arena, struct fit *out)
{
	struct judgement judgement;
	*out = (struct fit){.binding = lora->binding};
	judge_pair(knowledge, checkpoint, lora, &judgement);
	out->verdict = judgement.verdict;
	for (size_t i = 0; i < judgement.n_grounds; i++) {
		const struct ground *ground = &judgement.grounds[i];
		out->reasons[out->n_reasons++] = (struct reason){
			ground->code, sentence_of(knowledge, checkpoint, lora, ground, arena)};
		advise(out, ground->code);
	}
}

enum verdict fit_verdict(const struct knowledge *knowledge, const struct fit_side *checkpoint,
			 const struct fit_side *lora)
{
	struct judgement judgement;
	judge_pair(knowledge, checkpoint, lora, &judgement);
	return judgement.verdict;
}

static void add_to_set(struct fit *set, enum reason_code code, struct str message)
{
	if (set->verdict < FIT_CAUTION)
		set->verdict = FIT_CAUTION;
	if (set->n_reasons == FIT_REASONS_MAX)
		return;
	set->reasons[set->n_reasons++] = (struct reason){code, message};
	advise(set, code);
}

static bool is_same_content(const struct fit_side *a, const struct fit_side *b)
{
	return a->content && b->content && str_equal(str_from(a->content), str_from(b->content));
}

/* LoRAs of two lineages pull in two directions, whichever of them the checkpoint belongs to. */
static bool is_mixed(const struct knowledge *knowledge, const struct fit_side *a,
		     const struct fit_side *b)
{
	return a->kind == KIND_LORA && b->kind == KIND_LORA && a->lineage_known &&
	       b->lineage_known && a->base_model.ptr && b->base_model.ptr &&
	       str_equal(a->architecture, b->architecture) &&
	       knowledge_path(knowledge, a->base_model, b->base_model) >= PATH_HEAVY;
}

static void judge_two(const struct knowledge *knowledge, const struct fit_side *a,
		      const struct fit_side *b, struct arena *arena, struct fit *set)
{
	if (is_same_content(a, b)) {
		add_to_set(set, REASON_DUPLICATE_LORA,
			   arena_strf(arena,
				      "\"%.*s\" and \"%.*s\" are the same LoRA: its effect counts "
				      "twice.",
				      STR_ARG(a->name), STR_ARG(b->name)));
		return; /* and all else that could be said follows from that */
	}
	if (is_mixed(knowledge, a, b)) {
		struct str one = knowledge_base_name(knowledge, a->base_model);
		struct str other = knowledge_base_name(knowledge, b->base_model);
		add_to_set(
			set, REASON_MIXED_LINEAGE,
			arena_strf(
				arena,
				"\"%.*s\" was made for %.*s and \"%.*s\" for %.*s: they were not "
				"made to work together.",
				STR_ARG(a->name), STR_ARG(one), STR_ARG(b->name), STR_ARG(other)));
	}
	if (judge_distiller(knowledge, a) && judge_distiller(knowledge, b))
		add_to_set(set, REASON_DISTILLATION_STACKED,
			   arena_strf(arena,
				      "\"%.*s\" and \"%.*s\" both make images in few steps: two of "
				      "them do not add up.",
				      STR_ARG(a->name), STR_ARG(b->name)));
}

static void judge_weights(const struct knowledge *knowledge, const struct fit_member *members,
			  size_t n_members, struct arena *arena, struct fit *set)
{
	double sum = 0, high = knowledge->fit.weight_sum_high;
	for (size_t i = 0; i < n_members; i++)
		sum += members[i].weight < 0 ? -members[i].weight : members[i].weight;
	if (high > 0 && sum >= high)
		add_to_set(set, REASON_WEIGHTS_HIGH,
			   arena_strf(arena,
				      "The weights add up to %.2f; from %.2f on images tend to "
				      "break.",
				      sum, high));
}

void fit_set(const struct knowledge *knowledge, const struct fit_side *checkpoint,
	     const struct fit_member *members, const struct fit *pairs, size_t n_members,
	     struct arena *arena, struct fit *out)
{
	(void)checkpoint; /* what it does to each LoRA is in `pairs` */
	*out = (struct fit){0};
	for (size_t i = 0; i < n_members; i++) {
		if (pairs[i].verdict > out->verdict)
			out->verdict = pairs[i].verdict;
		for (size_t j = i + 1; j < n_members; j++)
			judge_two(knowledge, &members[i].side, &members[j].side, arena, out);
	}
	judge_weights(knowledge, members, n_members, arena, out);
}
