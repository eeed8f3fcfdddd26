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

void fit_add(struct fit *fit, enum verdict verdict, struct reason reason)
{
	if (verdict > fit->verdict)
		fit->verdict = verdict;
	if (fit->n_reasons == FIT_REASONS_MAX)
		return;
	fit->reasons[fit->n_reasons++] = reason;
	advise(fit, reason.code);
}

void fit_pair(const struct knowledge *knowledge, const struct fit_side *checkpoint,
	      const struct fit_side *lora, struct arena *arena, struct fit *out)
{
	struct judgement judgement;
	judge_pair(knowledge, checkpoint, lora, &judgement);
	*out = (struct fit){ .verdict = judgement.verdict, .binding = lora->binding };
	for (size_t i = 0; i < judgement.n_grounds; i++) {
		const struct ground *ground = &judgement.grounds[i];
		fit_add(out, ground->verdict,
			(struct reason){ ground->code,
					 sentence_of(knowledge, checkpoint, lora, ground, arena) });
	}
}

enum verdict fit_verdict(const struct knowledge *knowledge, const struct fit_side *checkpoint,
			 const struct fit_side *lora)
{
	struct judgement judgement;
	judge_pair(knowledge, checkpoint, lora, &judgement);
	return judgement.verdict;
}
