// SPDX-License-Identifier: MIT
/**
 * Which reasons hold for a pair, and the verdict they give: no words, no memory.
 *
 * Internal to core/fit. Both fit_pair and fit_verdict ask here, so they cannot disagree.
 */
#ifndef CORE_FIT_JUDGE_H
#define CORE_FIT_JUDGE_H

#include "core/fit/fit.h"

/** What a reason is about, where its code alone does not tell. */
enum about {
	ABOUT_PAIR,
	ABOUT_CHECKPOINT,
	ABOUT_LORA,           /* one side is at fault */
	ABOUT_SHARED_TENSORS, /* different architectures that fit in part */
	ABOUT_DISTILLER,      /* the LoRA makes a normal checkpoint fast */
	ABOUT_FEW_STEPS,      /* the checkpoint is a fast one */
	ABOUT_EXTRA_INPUTS,   /* an inpainting checkpoint and the like */
	ABOUT_NOTE,           /* the knowledge's own words */
};

struct ground {
	enum reason_code code;
	enum verdict verdict; /* what this reason alone gives; COMPATIBLE: told only */
	enum about about;
	struct str word; /* a variant, the text of a note; or STR_NULL */
};

struct judgement {
	struct ground grounds[FIT_REASONS_MAX];
	size_t n_grounds;
	enum verdict verdict; /* the worst */
};

void judge_add(struct judgement *judgement, struct ground ground);

void judge_pair(const struct knowledge *knowledge, const struct fit_side *checkpoint,
		const struct fit_side *lora, struct judgement *out);

/** What the verdict goes by: the denoiser's modules, of an adapter without such the encoders'. */
struct binding_count judge_main_part(const struct binding *binding);

/** The first variant of that side that is a step distillation; NULL when there is none. */
const struct variant *judge_distiller(const struct knowledge *knowledge,
				      const struct fit_side *side);

#endif
