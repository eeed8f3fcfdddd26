// SPDX-License-Identifier: MIT
/**
 * Every reason a verdict can have: code, sentence, advice. contract.md, "Fit".
 */
#ifndef CORE_FIT_REASONS_H
#define CORE_FIT_REASONS_H

#include "core/base/arena.h"

enum reason_code {
	REASON_DIFFERENT_ARCHITECTURE,
	REASON_SHAPE_MISMATCH,
	REASON_NO_BINDING,
	REASON_NOT_AN_ADAPTER,
	REASON_NOT_A_CHECKPOINT,
	REASON_PARTIAL_BINDING,
	REASON_DIFFERENT_LINEAGE,
	REASON_PREDICTION_MISMATCH,
	REASON_DISTILLATION_MISMATCH,
	REASON_DISTILLATION_STACKED,
	REASON_VARIANT_MISMATCH,
	REASON_MIXED_LINEAGE,
	REASON_WEIGHTS_HIGH,
	REASON_TRIGGER_CLASH,
	REASON_DUPLICATE_LORA,
	REASON_RUNS_CODE,
	REASON_UNKNOWN_BASE,
	REASON_AMBIGUOUS,
	REASON_DAMAGED,
	REASON_SAME_BASE,
	REASON_SAME_LINEAGE,
	REASON_ANCESTOR_BASE,
	REASON_MISSING_TEXT_ENCODER,
	REASON_SAME_MODULES,
	REASON_RUNTIME_NOTE,
	REASON_EXPERT_PAIR,
	REASON_COUNT
};

struct reason {
	enum reason_code code;
	struct str message; /* a sentence; raw names inside */
};

const char *reason_word(enum reason_code code); /* "different-lineage" */
/** Is it told without giving a verdict? */
bool reason_is_told_only(enum reason_code code);
/** What helps, in plain words; NULL when nothing does. */
const char *reason_advice(enum reason_code code);

#endif
