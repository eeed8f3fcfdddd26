// SPDX-License-Identifier: MIT
#include "core/knowledge/knowledge.h"

#include <stdlib.h>

#include "core/base/near.h"
#include "core/base/text.h"
#include "core/base/utf8.h"

enum { NAME_QUOTED_MAX = 40 }; /* bytes of a name that is quoted in a mistake */

struct knowledge *knowledge_create(void)
{
	struct knowledge *k = calloc(1, sizeof *k);
	if (!k)
		die_oom();
	arena_init(&k->arena);
	k->kinds = ARRAY_OF(struct kind_rule);
	k->architectures = ARRAY_OF(struct architecture);
	k->base_models = ARRAY_OF(struct base_model);
	k->variants = ARRAY_OF(struct variant);
	k->sources = ARRAY_OF(struct lineage_source);
	k->facts = ARRAY_OF(struct fact_source);
	k->packings = ARRAY_OF(struct packing);
	k->predictions = ARRAY_OF(struct prediction);
	k->name_maps = ARRAY_OF(struct name_map);
	k->text_encoders = ARRAY_OF(struct text_encoder);
	k->fit_notes = ARRAY_OF(struct fit_note);
	return k;
}

void knowledge_destroy(struct knowledge *k)
{
	if (!k)
		return;
	array_finish(&k->kinds);
	array_finish(&k->architectures);
	array_finish(&k->base_models);
	array_finish(&k->variants);
	array_finish(&k->sources);
	array_finish(&k->facts);
	array_finish(&k->packings);
	array_finish(&k->predictions);
	array_finish(&k->name_maps);
	array_finish(&k->text_encoders);
	array_finish(&k->fit_notes);
	arena_finish(&k->arena);
	free(k);
}

static const struct base_model *base_at(const struct knowledge *k, size_t i)
{
	return ARRAY_AT(&k->base_models, struct base_model, i);
}

static bool twice(struct error *err, const char *what, struct str id)
{
	return error_set(err, ERROR_FORMAT, NULL, "%s %.*s: there twice", what, STR_ARG(id));
}

static bool lacks(struct error *err, const char *what, struct str id, const char *key,
		  struct str wanted)
{
	return error_set(err, ERROR_FORMAT, NULL, "%s %.*s: %s: there is no \"%.*s\"", what,
			 STR_ARG(id), key, STR_ARG(wanted));
}

static bool place(struct map *map, struct str id, size_t i)
{
	void **value = map_place(map, id);
	if (*value)
		return false;
	*value = (void *)(uintptr_t)(i + 1);
	return true;
}

static bool index_ids(struct knowledge *k, struct error *err)
{
	map_init(&k->base_by_id, &k->arena, k->base_models.len);
	map_init(&k->architecture_by_id, &k->arena, k->architectures.len);
	for (size_t i = 0; i < k->base_models.len; i++)
		if (!place(&k->base_by_id, base_at(k, i)->id, i))
			return twice(err, "base model", base_at(k, i)->id);
	for (size_t i = 0; i < k->architectures.len; i++) {
		const struct architecture *a = ARRAY_AT(&k->architectures, struct architecture, i);
		if (!place(&k->architecture_by_id, a->id, i))
			return twice(err, "architecture", a->id);
	}
	return true;
}

static bool check_architecture(const struct knowledge *k, const struct architecture *a,
			       struct error *err)
{
	const struct base_model *foundation = knowledge_base(k, a->foundation);
	if (!foundation)
		return lacks(err, "architecture", a->id, "foundation", a->foundation);
	if (!str_equal(foundation->architecture, a->id))
		return error_set(err, ERROR_FORMAT, NULL,
				 "architecture %.*s: its foundation %.*s has another architecture",
				 STR_ARG(a->id), STR_ARG(a->foundation));
	for (size_t i = 0; i < a->shares.n; i++)
		if (!knowledge_architecture(k, a->shares.list[i]))
			return lacks(err, "architecture", a->id, "shares", a->shares.list[i]);
	return true;
}

static bool check_base(const struct knowledge *k, struct base_model *base, struct error *err)
{
	if (!knowledge_architecture(k, base->architecture))
		return lacks(err, "base model", base->id, "architecture", base->architecture);
	base->parent_i = SIZE_MAX;
	if (!base->parent.len)
		return true;
	const struct base_model *parent = knowledge_base(k, base->parent);
	if (!parent)
		return lacks(err, "base model", base->id, "parent", base->parent);
	base->parent_i = (size_t)(parent - base_at(k, 0));
	return true;
}

static bool check_variant(const struct knowledge *k, const struct variant *v, struct error *err)
{
	if (v->architecture.len && !knowledge_architecture(k, v->architecture))
		return lacks(err, "variant", v->id, "architecture", v->architecture);
	if (v->base_model.len && !knowledge_base(k, v->base_model))
		return lacks(err, "variant", v->id, "base-model", v->base_model);
	return true;
}

static bool check_pair(const struct knowledge *k, struct str pair, struct error *err)
{
	struct str rest = pair, part = STR_NULL;
	size_t n = 0;
	while (str_next_part(&rest, ' ', &part)) {
		if (!part.len)
			continue;
		if (!knowledge_base(k, part))
			return lacks(err, "pair", pair, "works", part);
		n++;
	}
	return n == 2 || error_set(err, ERROR_FORMAT, NULL,
				   "pair \"%.*s\": two base models are expected", STR_ARG(pair));
}

static bool check_text_encoder(const struct text_encoder *encoder, struct error *err)
{
	uint64_t number;
	return (str_to_u64(encoder->id, &number) && number >= 1 && number <= TEXT_ENCODERS_MAX) ||
	       error_set(err, ERROR_FORMAT, NULL,
			 "text encoder %.*s: a number up to %d is expected", STR_ARG(encoder->id),
			 TEXT_ENCODERS_MAX);
}

static bool check_references(struct knowledge *k, struct error *err)
{
	for (size_t i = 0; i < k->text_encoders.len; i++)
		if (!check_text_encoder(ARRAY_AT(&k->text_encoders, struct text_encoder, i), err))
			return false;
	for (size_t i = 0; i < k->base_models.len; i++)
		if (!check_base(k, ARRAY_AT(&k->base_models, struct base_model, i), err))
			return false;
	for (size_t i = 0; i < k->architectures.len; i++)
		if (!check_architecture(k, ARRAY_AT(&k->architectures, struct architecture, i),
					err))
			return false;
	for (size_t i = 0; i < k->variants.len; i++)
		if (!check_variant(k, ARRAY_AT(&k->variants, struct variant, i), err))
			return false;
	for (size_t i = 0; i < k->expert_pairs.n; i++)
		if (!check_pair(k, k->expert_pairs.list[i], err))
			return false;
	return true;
}

/* A circle of parents has no end, so it is found as too deep. */
static bool count_depths(struct knowledge *k, struct error *err)
{
	for (size_t i = 0; i < k->base_models.len; i++) {
		struct base_model *base = ARRAY_AT(&k->base_models, struct base_model, i);
		base->depth = 0;
		for (size_t up = base->parent_i; up != SIZE_MAX; up = base_at(k, up)->parent_i)
			if (++base->depth > KNOWLEDGE_DEPTH_MAX)
				return error_set(
					err, ERROR_FORMAT, NULL,
					"base model %.*s: parent: it would descend from itself",
					STR_ARG(base->id));
	}
	return true;
}

static bool is_subject(const struct base_model *base, struct str token)
{
	for (size_t i = 0; i < base->subjects.n; i++)
		if (str_equal(base->subjects.list[i], token))
			return true;
	return false;
}

static void index_variants(struct knowledge *k)
{
	token_index_init(&k->variant_tokens, &k->arena, k->variants.len * 4);
	for (size_t i = 0; i < k->variants.len; i++) {
		const struct texts *tokens = &ARRAY_AT(&k->variants, struct variant, i)->tokens;
		for (size_t j = 0; j < tokens->n; j++)
			token_index_add(&k->variant_tokens, tokens->list[j], i);
	}
}

/* From the last to the first, so that each meets the one that follows it. */
static void index_facts(struct knowledge *k)
{
	map_init(&k->fact_by_name, &k->arena, k->facts.len);
	for (size_t i = k->facts.len; i-- > 0;) {
		struct fact_source *source = ARRAY_AT(&k->facts, struct fact_source, i);
		void **first = map_place(&k->fact_by_name, source->fact);
		source->next = *first;
		*first = source;
	}
}

static void index_tokens(struct knowledge *k)
{
	token_index_init(&k->base_tokens, &k->arena, k->base_models.len * 4);
	token_index_init(&k->adapter_tokens, &k->arena, k->base_models.len * 4);
	for (size_t i = 0; i < k->base_models.len; i++) {
		const struct texts *tokens = &base_at(k, i)->tokens;
		for (size_t j = 0; j < tokens->n; j++) {
			token_index_add(&k->base_tokens, tokens->list[j], i);
			if (!is_subject(base_at(k, i), tokens->list[j]))
				token_index_add(&k->adapter_tokens, tokens->list[j], i);
		}
	}
}

bool knowledge_finish(struct knowledge *k, struct error *err)
{
	index_tokens(k);
	index_variants(k);
	index_facts(k);
	return index_ids(k, err) && check_references(k, err) && count_depths(k, err);
}

const struct architecture *knowledge_architecture(const struct knowledge *k, struct str id)
{
	uintptr_t place = (uintptr_t)map_find(&k->architecture_by_id, id);
	return place ? ARRAY_AT(&k->architectures, struct architecture, place - 1) : NULL;
}

const struct base_model *knowledge_base(const struct knowledge *k, struct str id)
{
	uintptr_t place = (uintptr_t)map_find(&k->base_by_id, id);
	return place ? base_at(k, place - 1) : NULL;
}

const struct fact_source *knowledge_fact(const struct knowledge *k, struct str fact)
{
	return map_find(&k->fact_by_name, fact);
}

struct str knowledge_base_name(const struct knowledge *k, struct str id)
{
	if (!id.ptr)
		return STR("unknown");
	const struct base_model *base = knowledge_base(k, id);
	return base && base->name.len ? base->name : id;
}

static bool has_alias(const struct base_model *base, struct str name)
{
	for (size_t i = 0; i < base->aliases.n; i++)
		if (str_equal_nocase(base->aliases.list[i], name))
			return true;
	return false;
}

/* The last alias wins: a user's file is read after the shipped ones. */
static const struct base_model *find_name(const struct knowledge *k, struct str name)
{
	for (size_t i = 0; i < k->base_models.len; i++)
		if (str_equal_nocase(base_at(k, i)->id, name))
			return base_at(k, i);
	for (size_t i = k->base_models.len; i > 0; i--)
		if (has_alias(base_at(k, i - 1), name))
			return base_at(k, i - 1);
	return NULL;
}

/* What a shop's label means: of the first architecture that has it, the rows' common ancestor. */
static const struct base_model *find_label(const struct knowledge *k, struct str name)
{
	const struct base_model *found = NULL;
	for (size_t i = 0; i < k->base_models.len; i++) {
		const struct base_model *base = base_at(k, i);
		for (size_t j = 0; j < base->labels.n; j++) {
			if (!str_equal_nocase(base->labels.list[j], name))
				continue;
			const struct base_model *common =
				found ? knowledge_common(k, found, base) : base;
			if (common && str_equal(common->architecture, base->architecture))
				found = common;
			break;
		}
	}
	return found;
}

static const struct base_model *find_display_name(const struct knowledge *k, struct str name)
{
	for (size_t i = 0; i < k->base_models.len; i++)
		if (str_equal_nocase(base_at(k, i)->name, name))
			return base_at(k, i);
	return NULL;
}

static size_t name_distance(const struct base_model *base, struct str name)
{
	struct near words = NEAR(name);
	near_offer(&words, base->id);
	for (size_t i = 0; i < base->aliases.n; i++)
		near_offer(&words, base->aliases.list[i]);
	return words.best.ptr ? words.distance : SIZE_MAX;
}

/* Ids that hold the name as a word ("anything") come before those that are spelt alike. */
static void find_near(const struct knowledge *k, struct str name, struct str near[3])
{
	size_t distances[3] = { SIZE_MAX, SIZE_MAX, SIZE_MAX };
	for (size_t i = 0; i < k->base_models.len; i++) {
		const struct base_model *base = base_at(k, i);
		bool is_part = token_weight_in(name, base->id);
		size_t distance = is_part ? 0 : name_distance(base, name), at = 3;
		while (at > 0 && distance < distances[at - 1])
			at--;
		for (size_t j = 2; j > at; j--) {
			near[j] = near[j - 1];
			distances[j] = distances[j - 1];
		}
		if (at < 3) {
			near[at] = base->id;
			distances[at] = distance;
		}
	}
}

const struct base_model *knowledge_base_by_name(const struct knowledge *k, struct str name,
						struct str near[3])
{
	const struct base_model *found = find_name(k, name);
	if (!found && name.len)
		found = find_display_name(k, name);
	if (!found)
		found = find_label(k, name);
	if (near)
		near[0] = near[1] = near[2] = STR_NULL;
	if (near && !found)
		find_near(k, name, near);
	return found;
}

static bool fail_typed(struct str name, const struct str near[3], struct error *err)
{
	struct str word = utf8_cut(name, NAME_QUOTED_MAX);
	if (!near[0].ptr)
		return error_set(err, ERROR_USAGE, NULL,
				 "no base model is called \"%.*s\"; `groups` lists them",
				 STR_ARG(word));
	return error_set(err, ERROR_USAGE, NULL,
			 "no base model \"%.*s\"; did you mean %.*s%s%.*s%s%.*s?", STR_ARG(word),
			 STR_ARG(near[0]), near[1].ptr ? ", " : "", STR_ARG(near[1]),
			 near[2].ptr ? ", " : "", STR_ARG(near[2]));
}

const struct base_model *knowledge_base_typed(const struct knowledge *k, struct str name,
					      struct error *err)
{
	struct str near[3];
	struct arena scratch = { 0 };
	const struct base_model *base =
		knowledge_base_by_name(k, text_fold_copy(&scratch, name), near);
	arena_finish(&scratch);
	if (!base)
		fail_typed(name, near, err);
	return base;
}

static const struct base_model *parent_of(const struct knowledge *k, const struct base_model *base)
{
	return base->parent_i == SIZE_MAX ? NULL : base_at(k, base->parent_i);
}

bool knowledge_is_within(const struct knowledge *k, struct str id, struct str ancestor)
{
	if (str_equal(id, ancestor))
		return true;
	const struct base_model *top = knowledge_base(k, ancestor);
	const struct base_model *base = top ? knowledge_base(k, id) : NULL;
	while (base && str_equal(base->architecture, top->architecture)) {
		if (base == top)
			return true;
		base = parent_of(k, base);
	}
	return false;
}

const struct base_model *knowledge_common(const struct knowledge *k, const struct base_model *a,
					  const struct base_model *b)
{
	while (a && b && a != b) {
		if (a->depth >= b->depth)
			a = parent_of(k, a);
		else
			b = parent_of(k, b);
	}
	return a && b ? a : NULL;
}

static bool is_heavy_up_to(const struct knowledge *k, const struct base_model *from,
			   const struct base_model *top)
{
	for (; from != top; from = parent_of(k, from))
		if (from->edge_is_heavy)
			return true;
	return false;
}

enum path_kind knowledge_path(const struct knowledge *k, struct str a, struct str b)
{
	const struct base_model *from = knowledge_base(k, a), *to = knowledge_base(k, b);
	if (!from || !to)
		return PATH_NONE;
	if (from == to)
		return PATH_SAME;
	const struct base_model *top = knowledge_common(k, from, to);
	if (!top)
		return PATH_NONE;
	bool is_heavy = is_heavy_up_to(k, from, top) || is_heavy_up_to(k, to, top);
	return is_heavy ? PATH_HEAVY : PATH_LIGHT;
}
