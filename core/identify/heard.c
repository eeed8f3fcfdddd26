// SPDX-License-Identifier: MIT
#include "core/identify/heard.h"

#include "core/identify/merge.h"
#include "core/knowledge/tokens.h"

enum { AUTOV2_DIGITS = 10 };

/* The digest of nothing: what repackers write who had no file to hash. */
static const struct str nothing_hash = { "e3b0c44298fc", 12 };

/* One text, and what it is held against. */
struct question {
	const struct knowledge *knowledge;
	enum source_reader reader;
	struct str text, folded;
	struct str with; /* the text that must agree, for READ_LEGACY8; or STR_NULL */
	const struct texts *tags;
	bool is_adapter_name; /* "midnight city" is what an adapter shows, not its base */
};

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

static bool is_autov2_of(struct str digits, struct str text)
{
	return digits.len >= AUTOV2_DIGITS && text.len >= AUTOV2_DIGITS &&
	       str_equal_nocase(str_slice(digits, 0, AUTOV2_DIGITS),
				str_slice(text, 0, AUTOV2_DIGITS));
}

static bool hash_fits(struct str entry, const struct question *question)
{
	bool is_sha = str_cut_prefix(&entry, STR("sha256:"));
	bool is_autov2 = !is_sha && str_cut_prefix(&entry, STR("autov2:"));
	bool is_legacy = !is_sha && !is_autov2 && str_cut_prefix(&entry, STR("legacy8:"));
	struct str digits = hash_digits(&entry);
	if (question->reader == READ_LEGACY8)
		return is_legacy && str_equal_nocase(digits, question->text) && entry.len &&
		       str_equal_nocase(said_stem(entry), said_stem(question->with));
	if (is_sha && question->reader == READ_SHA256)
		return str_equal_nocase(digits, question->text);
	return (is_autov2 || (is_sha && question->reader == READ_AUTOV2)) &&
	       is_autov2_of(digits, question->text);
}

static bool hash_is_listed(const struct texts *hashes, const struct question *question)
{
	for (size_t i = 0; i < hashes->n; i++)
		if (hash_fits(hashes->list[i], question))
			return true;
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

/* "stable-diffusion-xl-v1-base/lora": what it is follows the slash. */
static uint32_t modelspec_weight(const struct texts *modelspec, struct str folded)
{
	ptrdiff_t slash = str_rfind_byte(folded, '/');
	if (is_listed(modelspec, folded))
		return 2;
	return slash > 0 && is_listed(modelspec, str_slice(folded, 0, (size_t)slash));
}

static uint32_t weigh(const struct base_model *base, const struct question *question)
{
	switch (question->reader) {
	case READ_SHA256:
	case READ_AUTOV2:
	case READ_LEGACY8: return hash_is_listed(&base->hashes, question);
	case READ_LABEL: return is_listed(&base->labels, question->folded);
	case READ_PUBLISHED: return is_listed(&base->published, question->folded);
	case READ_MODELSPEC: return modelspec_weight(&base->modelspec, question->folded);
	case READ_TRAINER: return is_listed(&base->trainer, question->folded);
	case READ_TAGS: return shares_tag(&base->tags, question->tags);
	case READ_TOKENS:
	case READ_MERGE:
	case READ_COUNT: break;
	}
	return 0;
}

/* A part is what its hash is known as, else the longest that its name names. */
static bool weigh_part(const struct knowledge *knowledge, const struct merge_part *part,
		       struct arena *scratch, uint32_t *weights)
{
	const struct array *bases = &knowledge->base_models;
	const struct question hash = { .reader = READ_SHA256, .text = part->sha256 };
	uint32_t *own = ARENA_NEW_N(scratch, uint32_t, bases->len + 1), most = 0;
	for (size_t i = 0; part->sha256.len && i < bases->len; i++) {
		own[i] = weigh(ARRAY_AT(bases, struct base_model, i), &hash);
		most |= own[i];
	}
	if (!most)
		token_index_weigh(&knowledge->base_tokens, token_text(part->name, true, scratch),
				  own);
	for (size_t i = 0; i < bases->len; i++)
		most = own[i] > most ? own[i] : most;
	for (size_t i = 0; most && i < bases->len; i++)
		weights[i] |= own[i] == most && !ARRAY_AT(bases, struct base_model, i)->variant.ptr;
	return most > 0;
}

static bool weigh_merge(const struct question *question, struct str text, uint32_t *weights)
{
	struct arena scratch = { 0 };
	struct merge_parts parts;
	bool is_any = false;
	merge_read(text, &scratch, &parts);
	for (size_t i = 0; i < parts.n; i++)
		is_any |= weigh_part(question->knowledge, &parts.list[i], &scratch, weights);
	arena_finish(&scratch);
	return is_any;
}

/* False when no base model is named. */
static bool weigh_all(const struct question *question, uint32_t *weights)
{
	const struct array *bases = &question->knowledge->base_models;
	if (question->reader == READ_TOKENS)
		return token_index_weigh(question->is_adapter_name
						 ? &question->knowledge->adapter_tokens
						 : &question->knowledge->base_tokens,
					 question->folded, weights);
	if (str_has_prefix(question->folded, nothing_hash))
		return false;
	bool is_any = false;
	for (size_t i = 0; i < bases->len; i++) {
		weights[i] = weigh(ARRAY_AT(bases, struct base_model, i), question);
		is_any |= weights[i] > 0;
	}
	return is_any;
}

struct listener {
	const struct knowledge *knowledge;
	const struct identify_input *input;
	const struct texts *tags;
	struct arena *arena;
	struct hearing *out;
};

static void listen(struct listener *l, const struct lineage_source *source, const struct said *said)
{
	struct arena scratch = { 0 };
	struct said with = { STR_NULL, STR_NULL };
	if (l->out->n == HEARD_MAX ||
	    (source->with.ptr && !said_at(l->input, source->with, 0, &with)))
		return;
	struct str text = said_start(said->text);
	struct question question = {
		.knowledge = l->knowledge,
		.reader = source->reader,
		.text = text,
		.with = with.text,
		.tags = l->tags,
		.is_adapter_name = source->is_own_name && !said_is_of_line(l->input->tensors->kind),
	};
	bool is_split = question.reader == READ_TOKENS && !question.is_adapter_name;
	question.folded = token_text(text, is_split, &scratch);
	uint32_t *weights = ARENA_NEW_N(l->arena, uint32_t, l->knowledge->base_models.len + 1);
	if (question.reader == READ_MERGE ? weigh_merge(&question, said->text, weights)
					  : weigh_all(&question, weights))
		l->out->list[l->out->n++] = (struct heard){ source, *said, weights };
	arena_finish(&scratch);
}

void hearing_read(struct hearing *out, const struct knowledge *knowledge,
		  const struct identify_input *input, const struct texts *tags, struct arena *arena)
{
	struct listener listener = { knowledge, input, tags, arena, out };
	const struct array *sources = &knowledge->sources;
	out->n = 0;
	for (size_t i = 0; i < sources->len; i++) {
		const struct lineage_source *source = ARRAY_AT(sources, struct lineage_source, i);
		struct str place = source->from;
		struct said said;
		if (place.ptr && said_fact(knowledge, input, place, &said, NULL)) {
			listen(&listener, source, &said);
			continue;
		}
		for (size_t k = 0; place.ptr && said_at(input, place, k, &said); k++)
			listen(&listener, source, &said);
	}
}

static uint32_t weight_below(const struct heard *heard, const struct knowledge *knowledge,
			     struct str base_id)
{
	const struct array *bases = &knowledge->base_models;
	uint32_t most = 0;
	for (size_t i = 0; i < bases->len; i++)
		if (heard->weights[i] > most &&
		    knowledge_is_within(knowledge, ARRAY_AT(bases, struct base_model, i)->id,
					base_id))
			most = heard->weights[i];
	return most;
}

const struct heard *hearing_find(const struct hearing *hearing, const struct knowledge *knowledge,
				 struct str base_id, uint32_t *weight)
{
	for (size_t i = 0; i < hearing->n; i++) {
		*weight = weight_below(&hearing->list[i], knowledge, base_id);
		if (*weight)
			return &hearing->list[i];
	}
	return NULL;
}
