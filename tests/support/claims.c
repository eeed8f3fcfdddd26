// SPDX-License-Identifier: MIT
#include "tests/support/claims.h"

#include "core/knowledge/words.h"
#include "tests/support/sample_disk.h"

const char *const claim_words[CLAIM_COUNT] = {
	[CLAIM_FORMAT] = "format",
	[CLAIM_STATUS] = "status",
	[CLAIM_ERROR] = "error",
	[CLAIM_KIND] = "kind",
	[CLAIM_ARCHITECTURE] = "architecture",
	[CLAIM_BASE] = "base",
	[CLAIM_VARIANT] = "variant",
	[CLAIM_ADAPTER] = "adapter",
	[CLAIM_RANK] = "rank",
	[CLAIM_TENSORS] = "tensors",
	[CLAIM_SAFETY] = "safety",
	[CLAIM_CONFIDENCE] = "confidence",
};

#define GENERATIONS_MAX 32 /* no line of base models is as long; ends a loop */

void lineage_init(struct lineage *lineage)
{
	struct str text, line, id, name, parent;

	*lineage = (struct lineage){ 0 };
	map_init(&lineage->parents, &lineage->arena, 256);
	const char *path = sample_disk_source(&lineage->arena, "tests/corpus/base-models.tsv");
	text = sample_disk_read(&lineage->arena, path);
	while (str_next_part(&text, '\n', &line)) {
		if (!str_next_part(&line, '\t', &id) || !str_next_part(&line, '\t', &name) ||
		    !str_next_part(&line, '\t', &parent))
			continue;
		struct str *kept = ARENA_NEW(&lineage->arena, struct str);
		*kept = parent;
		*map_place(&lineage->parents, id) = kept;
	}
}

void lineage_finish(struct lineage *lineage)
{
	arena_finish(&lineage->arena);
}

bool lineage_is_below(const struct lineage *lineage, struct str id, struct str ancestor)
{
	for (int i = 0; i < GENERATIONS_MAX && id.len > 0; i++) {
		const struct str *parent = map_find(&lineage->parents, id);
		if (!parent)
			return false;
		id = *parent;
		if (str_equal(id, ancestor))
			return true;
	}
	return false;
}

static struct str or_dash(struct str text)
{
	return text.ptr && text.len > 0 ? text : STR("-");
}

static bool has_code(const struct model *model, struct str code)
{
	if (str_equal(model->error.code, code))
		return true;
	for (size_t i = 0; i < model->n_notes; i++) {
		if (str_equal(model->notes[i].code, code))
			return true;
	}
	return false;
}

static bool has_variant(const struct model *model, struct str variant)
{
	for (size_t i = 0; i < model->n_variants; i++) {
		if (str_equal(model->variants[i], variant))
			return true;
	}
	return false;
}

/* A finer base of the same line that is itself only likely. */
static bool is_finer(const struct claims *claims, const struct model *model,
		     const struct lineage *lineage)
{
	return lineage && model->confidence != CONFIDENCE_CERTAIN &&
	       lineage_is_below(lineage, model->base_model, claims->values[CLAIM_BASE]);
}

static bool base_holds(const struct claims *claims, const struct model *model,
		       const struct lineage *lineage)
{
	struct str base = claims->values[CLAIM_BASE];

	if (str_equal(model->base_model, base) || is_finer(claims, model, lineage))
		return true;
	return lineage && str_equal(claims->values[CLAIM_CONFIDENCE], STR("guess")) &&
	       lineage_is_below(lineage, base, model->base_model);
}

static bool confidence_holds(const struct claims *claims, const struct model *model,
			     const struct lineage *lineage)
{
	if (str_equal(str_from(confidence_word(model->confidence)),
		      claims->values[CLAIM_CONFIDENCE]))
		return true;
	/* The weakest claim made is another one when another base is right too. */
	return lineage && claims->values[CLAIM_BASE].ptr &&
	       !str_equal(model->base_model, claims->values[CLAIM_BASE]) &&
	       base_holds(claims, model, lineage);
}

/* What the model says under a claim's word. */
static struct str said(const struct model *model, enum claim claim, struct arena *arena)
{
	const char *adapter = adapter_word(model->adapter.type);

	switch (claim) {
	case CLAIM_FORMAT: return str_from(format_word(model->format));
	case CLAIM_STATUS: return str_from(status_word(model->status));
	case CLAIM_ERROR: return or_dash(model->error.code);
	case CLAIM_KIND: return str_from(kind_word(model->kind));
	case CLAIM_ARCHITECTURE: return or_dash(model->architecture);
	case CLAIM_BASE: return or_dash(model->base_model);
	case CLAIM_VARIANT: return model->n_variants > 0 ? model->variants[0] : STR("-");
	case CLAIM_ADAPTER: return or_dash(str_from(adapter));
	case CLAIM_RANK: return arena_strf(arena, "%u", model->adapter.rank_max);
	case CLAIM_TENSORS: return arena_strf(arena, "%lld", (long long)model->n_tensors);
	case CLAIM_SAFETY: return str_from(safety_word(model->safety));
	case CLAIM_CONFIDENCE: return str_from(confidence_word(model->confidence));
	case CLAIM_COUNT: break;
	}
	return STR("-");
}

static bool holds(const struct claims *claims, enum claim claim, const struct model *model,
		  const struct lineage *lineage, struct str is)
{
	struct str value = claims->values[claim];

	if (!value.ptr || str_equal(value, STR("-")))
		return true;
	if (claim == CLAIM_ERROR)
		return has_code(model, value);
	if (claim == CLAIM_VARIANT)
		return has_variant(model, value);
	if (claim == CLAIM_BASE)
		return base_holds(claims, model, lineage);
	if (claim == CLAIM_CONFIDENCE)
		return confidence_holds(claims, model, lineage);
	if (claim == CLAIM_FORMAT && str_equal(value, STR("unknown")))
		return true;
	return str_equal(value, is);
}

void claims_check(const struct claims *claims, const struct model *model,
		  const struct lineage *lineage, struct bytes *complaints)
{
	struct arena arena = { 0 };

	for (enum claim claim = 0; claim < CLAIM_COUNT; claim++) {
		struct str is = said(model, claim, &arena);
		if (!holds(claims, claim, model, lineage, is))
			bytes_printf(complaints, " %s %.*s (is %.*s)", claim_words[claim],
				     STR_ARG(claims->values[claim]), STR_ARG(is));
	}
	arena_finish(&arena);
}
