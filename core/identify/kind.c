// SPDX-License-Identifier: MIT
#include "core/identify/questions.h"

void kind_ask(struct view *view, struct arena *arena, struct tensor_facts *out)
{
	for (size_t i = 0; i < view->knowledge->kinds.len; i++) {
		const struct kind_rule *kind =
			ARRAY_AT(&view->knowledge->kinds, struct kind_rule, i);
		const struct rule *rule = judge_rules(view, &kind->when);
		if (!rule)
			continue;
		view->kind = out->kind = kind->kind;
		out->kind_detail = judge_detail(view, rule, arena);
		out->kind_source = judge_source(rule);
		if (out->kind_source != SOURCE_CONFIG)
			out->kind_source = SOURCE_TENSORS;
		return;
	}
}

bool kind_has_architecture(enum kind kind)
{
	switch (kind) {
	case KIND_CHECKPOINT:
	case KIND_DIFFUSION_MODEL:
	case KIND_LORA:
	case KIND_CONTROLNET:
	case KIND_T2I_ADAPTER:
	case KIND_IP_ADAPTER:
	case KIND_EMBEDDING:
	case KIND_HYPERNETWORK:
	case KIND_MOTION_MODULE: return true;
	case KIND_UNKNOWN:
	case KIND_VAE:
	case KIND_TEXT_ENCODER:
	case KIND_CLIP_VISION:
	case KIND_UPSCALER:
	case KIND_COUNT: return false;
	}
	return false;
}
