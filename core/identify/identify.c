// SPDX-License-Identifier: MIT
#include "core/identify/identify.h"

#include "core/base/text.h"
#include "core/identify/questions.h"
#include "core/identify/weighing.h"

enum { AUTOV2_DIGITS = 10 };

static void count_only(const struct identify_input *input, struct model *out)
{
	const struct reading *reading = &input->gist->reading;
	struct str sha256 = input->gist->sha256;
	*out = (struct model){
		.name = input->name,
		.sha256 = sha256,
		.autov2 = sha256.ptr ? str_slice(sha256, 0, AUTOV2_DIGITS) : STR_NULL,
		.format = reading->format,
		.status = reading->status,
		.error = reading->error,
		.notes = reading->notes,
		.n_notes = reading->n_notes,
		.safety = reading->safety,
		.globals = reading->globals,
		.n_globals = reading->n_globals,
		.size_bytes = reading->size_bytes,
		.n_tensors = input->tensors ? input->tensors->n_tensors : -1,
		.parameters = -1,
	};
}

static void copy_facts(const struct tensor_facts *facts, struct model *out)
{
	out->kind = facts->kind;
	out->precision = facts->precision;
	out->parameters = facts->parameters;
	out->adapter = facts->adapter;
	if (facts->architecture)
		out->architecture = facts->architecture->id;
}

/* What tensors prove is evidence like any other, and stands first. */
static void open_with_tensors(struct weighing *w)
{
	const struct tensor_facts *facts = w->input->tensors;
	w->view.kind = facts->kind;
	w->view.architecture = facts->architecture;
	if (facts->kind_detail.ptr)
		evidence_add(&w->evidence, facts->kind_source, STR("kind"),
			     str_from(kind_word(facts->kind)), facts->kind_detail);
	if (facts->architecture) {
		w->architecture_confidence = facts->architecture_confidence;
		evidence_add(&w->evidence, SOURCE_TENSORS, STR("architecture"),
			     facts->architecture->id, facts->architecture_detail);
	}
	for (size_t i = 0; i < facts->n_variants; i++) {
		variants_add(w, facts->variants[i], CONFIDENCE_CERTAIN);
		evidence_add(&w->evidence, SOURCE_TENSORS, STR("variants"), facts->variants[i]->id,
			     facts->variant_details[i]);
	}
}

static void open_words(struct weighing *w)
{
	const struct identify_input *input = w->input;
	const struct reading *reading = &input->gist->reading;
	const struct captions *captions = &input->gist->captions;
	struct said hash;
	struct str *tags = ARENA_NEW_N(w->arena, struct str, captions->n_tags + 1);
	for (size_t i = 0; i < captions->n_tags; i++)
		tags[i] = text_fold_copy(w->arena, captions->tags[i].text);
	w->view.knowledge = w->knowledge;
	w->view.table = reading->has_table ? &reading->table : NULL;
	w->view.arena = w->arena;
	w->view.has_words = true;
	w->view.metadata = &reading->metadata;
	w->view.config = &reading->config;
	w->view.tags = (struct texts){ tags, captions->n_tags };
	w->view.name = said_own_name(input->name, input->tensors->kind, w->arena);
	w->view.sha256 = input->gist->sha256;
	if (!w->view.sha256.ptr && said_at(input, STR("sidecar:sha256"), 0, &hash))
		w->view.sha256 = hash.text;
	hearing_read(&w->hearing, w->knowledge, input, &w->view.tags, w->arena);
	w->view.hearing = &w->hearing;
}

static void close_with_evidence(struct weighing *w)
{
	struct model *model = w->model;
	struct str *variants = ARENA_NEW_N(w->arena, struct str, w->view.n_variants + 1);
	for (size_t i = 0; i < w->view.n_variants; i++)
		variants[i] = w->view.variants[i]->id;
	model->variants = variants;
	model->n_variants = w->view.n_variants;
	if (w->base)
		model->base_model = w->base->id;
	if (w->base)
		model->confidence = w->base_confidence < w->architecture_confidence
					    ? w->base_confidence
					    : w->architecture_confidence;
	else if (w->input->tensors->kind_detail.ptr)
		model->confidence = CONFIDENCE_CERTAIN;
	model->evidence = evidence_copy(&w->evidence, w->arena);
	model->n_evidence = w->evidence.n;
	model->conflicts = evidence_copy(&w->conflicts, w->arena);
	model->n_conflicts = w->conflicts.n;
}

void identify(const struct knowledge *knowledge, const struct identify_input *input,
	      struct arena *arena, struct model *out)
{
	count_only(input, out);
	if (input->only_count || !input->tensors)
		return;
	struct weighing w = {
		.knowledge = knowledge,
		.input = input,
		.arena = arena,
		.model = out,
		.architecture_confidence = CONFIDENCE_CERTAIN,
	};
	copy_facts(input->tensors, out);
	open_words(&w);
	open_with_tensors(&w);
	architecture_weigh(&w);
	lineage_weigh(&w);
	if (out->kind != KIND_UNKNOWN)
		variants_weigh(&w);
	lineage_settle(&w);
	prediction_weigh(&w);
	trained_on_weigh(&w);
	triggers_weigh(&w);
	facts_weigh(&w);
	alias_weigh(&w);
	close_with_evidence(&w);
}
