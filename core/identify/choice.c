// SPDX-License-Identifier: MIT
#include "core/identify/choice.h"

#include "core/base/text.h"

enum { AUTOV2_DIGITS = 10, NAME_CONFLICT_LETTERS = 4, FOREIGN_MANY = 5 };

/* The digest of nothing: what repackers write who had no file to hash. */
static const struct str nothing_hash = { "e3b0c44298fc", 12 };

static const struct base_model *foundation_of(const struct choice *choice)
{
	return knowledge_base(choice->knowledge, choice->architecture->foundation);
}

static bool is_ours(const struct choice *choice, const struct base_model *base)
{
	return base && str_equal(base->architecture, choice->architecture->id);
}

/* Two rows that the same text names: the deeper of one line, or where their lines meet. */
static const struct base_model *merge(const struct choice *choice, const struct base_model *a,
				      const struct base_model *b)
{
	const struct base_model *common = knowledge_common(choice->knowledge, a, b);
	if (!is_ours(choice, common))
		return foundation_of(choice);
	if (!choice->prefers_deepest || (common != a && common != b))
		return common;
	return common == a ? b : a;
}

/* A word that many architectures share ("Other") names none of them. */
static void add_foreign(struct choice *choice, const struct base_model *base, size_t weight)
{
	if (weight > choice->foreign_weight || !choice->foreign) {
		choice->foreign = base;
		choice->foreign_weight = weight;
		choice->n_foreign = 1;
	} else if (weight == choice->foreign_weight &&
		   !str_equal(base->architecture, choice->foreign->architecture)) {
		choice->n_foreign++;
	}
}

static void add(struct choice *choice, const struct base_model *base, size_t weight)
{
	if (!is_ours(choice, base)) {
		add_foreign(choice, base, weight);
	} else if (base->variant.ptr) {
		choice->variant = choice->n_variants++ ? NULL : base;
	} else if (!choice->base || weight > choice->weight) {
		choice->base = base;
		choice->weight = weight;
	} else if (weight == choice->weight) {
		choice->base = merge(choice, choice->base, base);
	}
}

static bool is_listed(const struct texts *texts, struct str folded)
{
	for (size_t i = 0; i < texts->n; i++)
		if (pattern_match(texts->list[i], folded, false, NULL))
			return true;
	return false;
}

static struct str hash_digits(struct str *entry)
{
	struct str digits;
	return str_next_part(entry, '@', &digits) ? digits : STR_NULL;
}

static bool hash_is_listed(const struct texts *hashes, struct str text, struct str with,
			   enum source_reader reader)
{
	for (size_t i = 0; i < hashes->n; i++) {
		struct str entry = hashes->list[i];
		bool is_sha = str_cut_prefix(&entry, STR("sha256:"));
		bool is_autov2 = !is_sha && str_cut_prefix(&entry, STR("autov2:"));
		bool is_legacy = !is_sha && !is_autov2 && str_cut_prefix(&entry, STR("legacy8:"));
		struct str digits = hash_digits(&entry);
		if (reader == READ_LEGACY8) {
			if (is_legacy && str_equal_nocase(digits, text) && entry.len &&
			    str_equal_nocase(said_stem(entry), said_stem(with)))
				return true;
			continue;
		}
		if (is_sha && reader == READ_SHA256 && str_equal_nocase(digits, text))
			return true;
		if ((is_autov2 || is_sha) && digits.len >= AUTOV2_DIGITS &&
		    text.len >= AUTOV2_DIGITS && (is_autov2 || reader == READ_AUTOV2) &&
		    str_equal_nocase(str_slice(digits, 0, AUTOV2_DIGITS),
				     str_slice(text, 0, AUTOV2_DIGITS)))
			return true;
	}
	return false;
}

static bool shares_tag(const struct texts *wanted, const struct texts *tags)
{
	for (size_t i = 0; i < tags->n; i++)
		for (size_t k = 0; k < wanted->n; k++)
			if (str_equal(wanted->list[k], tags->list[i]))
				return true;
	return false;
}

struct question {
	enum source_reader reader;
	struct str text, folded, with;
	const struct texts *tags;
	size_t *token_weights;		/* by place of the base model; for READ_TOKENS */
};

static size_t weigh(const struct base_model *base, size_t base_i, const struct question *question)
{
	struct str whole = question->folded;
	ptrdiff_t slash;
	switch (question->reader) {
	case READ_SHA256: case READ_AUTOV2: case READ_LEGACY8:
		return hash_is_listed(&base->hashes, question->text, question->with,
				      question->reader);
	case READ_LABEL:
		return is_listed(&base->labels, whole);
	case READ_MODELSPEC:	/* "stable-diffusion-xl-v1-base/lora": what it is follows */
		slash = str_rfind_byte(whole, '/');
		return is_listed(&base->modelspec, whole) ? 2 :
		       slash > 0 && is_listed(&base->modelspec, str_slice(whole, 0, (size_t)slash));
	case READ_TRAINER:
		return is_listed(&base->trainer, whole);
	case READ_TOKENS:
		return question->token_weights[base_i];
	case READ_TAGS:
		return shares_tag(&base->tags, question->tags);
	case READ_COUNT:
		break;
	}
	return 0;
}

/* A row below the chosen one says more, however short its token: "flux1-dev-kontext". */
static void deepen(struct choice *choice, const struct question *question)
{
	const struct array *bases = &choice->knowledge->base_models;
	const struct base_model *above = choice->base, *deepest = NULL;
	for (size_t i = 0; above && choice->prefers_deepest && i < bases->len; i++) {
		const struct base_model *base = ARRAY_AT(bases, struct base_model, i);
		if (base == above || base->variant.ptr || !weigh(base, i, question) ||
		    !knowledge_is_within(choice->knowledge, base->id, above->id))
			continue;
		deepest = deepest ? merge(choice, deepest, base) : base;
	}
	if (deepest)
		choice->base = deepest;
}

static void weigh_all(struct choice *choice, const struct question *question)
{
	const struct array *bases = &choice->knowledge->base_models;
	for (size_t i = 0; i < bases->len; i++) {
		const struct base_model *base = ARRAY_AT(bases, struct base_model, i);
		size_t weight = weigh(base, i, question);
		if (weight)
			add(choice, base, weight);
	}
	deepen(choice, question);
}

static size_t *weigh_tokens(const struct knowledge *knowledge, const struct choice_text *said,
			    struct str folded, struct arena *arena)
{
	size_t *weights = ARENA_NEW_N(arena, size_t, knowledge->base_models.len);
	token_index_weigh(said->is_adapter_name ? &knowledge->adapter_tokens
						: &knowledge->base_tokens, folded, weights);
	return weights;
}

void choice_read(struct choice *choice, const struct knowledge *knowledge,
		 const struct architecture *architecture, const struct choice_text *said)
{
	struct arena scratch = { 0 };
	enum source_reader reader = said->reader;
	bool is_hash = reader == READ_SHA256 || reader == READ_AUTOV2 || reader == READ_LEGACY8;
	struct str text = said_start(said->text);
	struct question question = {
		.reader = reader, .text = text, .with = said->with, .tags = said->tags,
		.folded = text_fold_copy(&scratch, text),
	};
	if (reader == READ_TOKENS)
		question.token_weights = weigh_tokens(knowledge, said, question.folded, &scratch);
	*choice = (struct choice){
		.knowledge = knowledge, .architecture = architecture,
		.prefers_deepest = is_hash || reader == READ_TOKENS || reader == READ_TAGS,
	};
	if (!is_hash || !str_has_prefix(question.folded, nothing_hash))
		weigh_all(choice, &question);
	if (choice->base)
		choice->variant = NULL;		/* a text that also names a lineage does not mean it */
	if (choice->base || choice->n_variants || choice->n_foreign > FOREIGN_MANY ||
	    (reader == READ_TOKENS && choice->foreign_weight < NAME_CONFLICT_LETTERS))
		choice->foreign = NULL;
	arena_finish(&scratch);
}
