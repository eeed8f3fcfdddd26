// SPDX-License-Identifier: MIT
#include "core/identify/judge.h"

#include <string.h>

#include "core/base/text.h"
#include "core/identify/heard.h"

static bool compare_number(const struct term *term, uint64_t number)
{
	bool is_in = false;
	for (size_t i = 0; i < term->n_ranges; i++)
		is_in |= number >= term->ranges[i].low && number <= term->ranges[i].high;
	switch (term->compare) {
	case COMPARE_EXISTS: return true;
	case COMPARE_EQ: return is_in;
	case COMPARE_NE: return !is_in;
	case COMPARE_LT: return term->n_ranges && number < term->ranges[0].low;
	case COMPARE_LE: return term->n_ranges && number <= term->ranges[0].high;
	case COMPARE_GT: return term->n_ranges && number > term->ranges[0].high;
	case COMPARE_GE: return term->n_ranges && number >= term->ranges[0].low;
	}
	return false;
}

static bool shape_fits(const struct view *view, const struct term *term,
		       const struct tensor *tensor)
{
	unsigned skipped = 0, n_shape = term->n_shape;
	if (!term->has_shape)
		return true;
	/* ggml writes no outermost dimension of one: [1,2,5120] becomes [2,5120]. */
	while (tensor->rank && tensor->rank < n_shape && term->shape[skipped] == 1) {
		skipped++;
		n_shape--;
	}
	if (tensor->rank < n_shape || (tensor->rank > n_shape && !term->shape_is_open))
		return false;
	for (unsigned i = 0; i < n_shape; i++)
		if (term->shape[skipped + i] != DIM_ANY &&
		    packing_dim(&view->packings, tensor, i) != term->shape[skipped + i])
			return false;
	return true;
}

struct search {
	const struct view *view;
	const struct term *term;
	struct witness *witness;
	enum dtype dtype;
	bool holds;
};

static bool witnessed(struct search *search, size_t name_i, uint64_t number)
{
	search->holds = true;
	*search->witness = (struct witness){ true, name_i, number };
	return false;
}

static bool take_tensor(void *context, size_t name_i, uint64_t number)
{
	struct search *search = context;
	const struct tensor *tensor = &search->view->table->tensors[name_i];
	(void)number;
	if (search->term->subject == TERM_DIMS)
		return !compare_number(search->term, tensor->rank) ||
		       witnessed(search, name_i, tensor->rank);
	if (search->term->subject == TERM_DTYPE)
		return tensor->dtype != search->dtype || witnessed(search, name_i, 0);
	return !shape_fits(search->view, search->term, tensor) || witnessed(search, name_i, 0);
}

/* The layer's bias, whose shape no packing touches: it has as many elements as the weight rows. */
static uint64_t rows_by_bias(const struct view *view, struct str weight_name)
{
	struct search search = { .view = view, .term = &(struct term){ .subject = TERM_TENSOR } };
	struct witness witness = { 0 };
	char name[512];
	search.witness = &witness;
	if (!str_cut_suffix(&weight_name, STR("weight")) || weight_name.len + 4 > sizeof(name))
		return 0;
	memcpy(name, weight_name.ptr, weight_name.len);
	memcpy(name + weight_name.len, "bias", 4);
	names_each(&view->tensors, (struct str){ name, weight_name.len + 4 }, false, take_tensor,
		   &search);
	const struct tensor *bias = &view->table->tensors[witness.name_i];
	return search.holds && bias->rank == 1 ? bias->shape[0] : 0;
}

static uint64_t width_of_tensor(const struct view *view, const struct tensor *tensor, bool is_in)
{
	const struct packing *packing = packing_of(&view->packings, tensor);
	if (!packing || packing->keeps_rows)
		return packing_dim(&view->packings, tensor, is_in);
	return packing_dim_of_rows(packing, tensor, is_in, rows_by_bias(view, tensor->name));
}

static bool take_width(void *context, size_t name_i, uint64_t number)
{
	struct search *search = context;
	const struct view *view = search->view;
	bool is_in = search->term->subject == TERM_IN;
	(void)number;
	uint64_t width;
	if (view->adapter) {
		const struct adapter_module *module =
			&view->adapter->modules[view->module_i[name_i]];
		width = is_in ? module->in : module->out;
	} else {
		width = width_of_tensor(view, &view->table->tensors[name_i], is_in);
	}
	return !width || !compare_number(search->term, width) || witnessed(search, name_i, width);
}

static bool take_highest(void *context, size_t name_i, uint64_t number)
{
	struct search *search = context;
	if (!search->witness->has_name || number > search->witness->number)
		*search->witness = (struct witness){ true, name_i, number };
	return true;
}

static bool take_first(void *context, size_t name_i, uint64_t number)
{
	return witnessed(context, name_i, number);
}

/* A width of a model's module stands in the shape of its weight. */
static void search_width(struct search *search)
{
	struct str pattern = search->term->pattern;
	char name[512];
	if (search->view->adapter) {
		names_each(&search->view->modules, pattern, false, take_width, search);
		return;
	}
	if (pattern.len + 7 > sizeof(name))
		return;
	memcpy(name, pattern.ptr, pattern.len);
	memcpy(name + pattern.len, ".weight", 7);
	names_each(&search->view->tensors, (struct str){ name, pattern.len + 7 }, false, take_width,
		   search);
}

static void search_count(struct search *search, const struct name_index *index)
{
	names_each(index, search->term->pattern, false, take_first, search);
	search->witness->number = names_count(index, search->term->pattern);
	search->holds = compare_number(search->term, search->witness->number);
}

static void search_highest(struct search *search, const struct name_index *index)
{
	names_each(index, search->term->pattern, true, take_highest, search);
	search->holds =
		search->witness->has_name && compare_number(search->term, search->witness->number);
}

static enum dtype dtype_of(struct str folded)
{
	char word[32];
	if (folded.len > sizeof(word))
		return DTYPE_UNKNOWN;
	for (size_t i = 0; i < folded.len; i++) {
		char c = folded.ptr[i];
		word[i] = (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
	}
	return dtype_find((struct str){ word, folded.len });
}

static bool is_given(struct str value)
{
	return value.len && !str_equal(value, STR("None"));
}

static bool value_holds(const struct term *term, struct str value)
{
	if (term->compare == COMPARE_EXISTS)
		return true;
	struct arena folding = { 0 };
	bool same = pattern_match(term->glob, text_fold_copy(&folding, value), false, NULL);
	arena_finish(&folding);
	return same == (term->compare == COMPARE_EQ);
}

static bool meta_holds(const struct view *view, const struct term *term)
{
	for (size_t i = 0; view->metadata && i < view->metadata->n_pairs; i++) {
		const struct metadata_pair *pair = &view->metadata->pairs[i];
		if (str_equal_nocase(pair->key, term->pattern) && is_given(pair->value))
			return value_holds(term, pair->value);
	}
	return false;
}

/* A pattern may stand for several values: of a list, or in the files of several components. */
static bool config_holds(struct search *search)
{
	const struct metadata *config = search->view->config;
	for (size_t i = 0; config && i < config->n_pairs; i++) {
		const struct metadata_pair *pair = &config->pairs[i];
		if (pattern_match(search->term->pattern, pair->key, false, NULL) &&
		    value_holds(search->term, pair->value))
			return !witnessed(search, i, 0);
	}
	return false;
}

static bool tag_holds(const struct view *view, const struct term *term)
{
	for (size_t i = 0; i < view->tags.n; i++)
		if (pattern_match(term->pattern, view->tags.list[i], false, NULL))
			return true;
	return false;
}

static bool said_holds(const struct view *view, const struct term *term)
{
	uint32_t weight;
	return view->hearing &&
	       hearing_find(view->hearing, view->knowledge, term->pattern, &weight);
}

static bool hash_holds(const struct view *view, const struct term *term)
{
	struct str hash = term->pattern;
	return view->sha256.ptr && str_cut_prefix(&hash, STR("sha256:")) &&
	       str_equal_nocase(hash, view->sha256);
}

static bool is_concluded(struct str id, struct str wanted)
{
	return id.ptr && str_equal(id, wanted);
}

bool judge_term(const struct view *view, const struct term *term, struct witness *witness)
{
	struct search search = { .view = view, .term = term, .witness = witness };
	struct str id = STR_NULL;
	*witness = (struct witness){ 0 };
	switch (term->subject) {
	case TERM_DTYPE: search.dtype = dtype_of(term->glob); FALLTHROUGH;
	case TERM_TENSOR:
	case TERM_DIMS:
		names_each(&view->tensors, term->pattern, false, take_tensor, &search);
		return search.holds;
	case TERM_COUNT: search_count(&search, &view->tensors); return search.holds;
	case TERM_HIGHEST: search_highest(&search, &view->tensors); return search.holds;
	case TERM_MODULE:
		names_each(&view->modules, term->pattern, false, take_first, &search);
		return search.holds;
	case TERM_MODULES: search_count(&search, &view->modules); return search.holds;
	case TERM_TOP: search_highest(&search, &view->modules); return search.holds;
	case TERM_IN:
	case TERM_OUT: search_width(&search); return search.holds;
	case TERM_ADAPTER:
		return view->adapter && view->adapter->type == adapter_find(term->pattern);
	case TERM_KIND: return view->kind == kind_find(term->pattern);
	case TERM_ARCHITECTURE:
		id = view->architecture ? view->architecture->id : STR_NULL;
		return is_concluded(id, term->pattern);
	case TERM_BASE:
		id = view->base_model ? view->base_model->id : STR_NULL;
		return is_concluded(id, term->pattern);
	case TERM_VARIANT: return view_has_variant(view, term->pattern);
	case TERM_META: return meta_holds(view, term);
	case TERM_TAG: return tag_holds(view, term);
	case TERM_NAME: return view->name.ptr && token_weight_in(term->pattern, view->name);
	case TERM_SAID: return said_holds(view, term);
	case TERM_HASH: return hash_holds(view, term);
	case TERM_CONFIG: return config_holds(&search);
	case TERM_SUBJECT_COUNT: return false;
	}
	return false;
}

enum {
	OF_WORDS = SUBJECT_BIT(TERM_META) | SUBJECT_BIT(TERM_TAG) | SUBJECT_BIT(TERM_NAME) |
		   SUBJECT_BIT(TERM_SAID) | SUBJECT_BIT(TERM_HASH),
	OF_CONFIG = SUBJECT_BIT(TERM_CONFIG),
	OF_CONCLUSIONS = SUBJECT_BIT(TERM_KIND) | SUBJECT_BIT(TERM_ARCHITECTURE) |
			 SUBJECT_BIT(TERM_VARIANT) | SUBJECT_BIT(TERM_BASE),
	OF_TENSORS =
		(SUBJECT_BIT(TERM_SUBJECT_COUNT) - 1) & ~(OF_WORDS | OF_CONFIG | OF_CONCLUSIONS),
};

/* Those of the rule's terms that have one of these subjects. */
static bool terms_hold(const struct view *view, const struct rule *rule, uint32_t subjects)
{
	struct witness witness;
	for (size_t i = 0; i < rule->n_terms; i++) {
		const struct term *term = &rule->terms[i];
		if ((SUBJECT_BIT(term->subject) & subjects) &&
		    judge_term(view, term, &witness) == term->is_negated)
			return false;
	}
	return true;
}

/* What is said is asked first: most files need not have their tensors looked at again. */
static bool rule_holds(struct view *view, const struct rule *rule)
{
	if ((rule->subjects & OF_WORDS && !view->has_words) ||
	    (rule->subjects & OF_CONFIG && !view->config) ||
	    !terms_hold(view, rule, ~(uint32_t)OF_TENSORS))
		return false;
	if (!(rule->subjects & OF_TENSORS))
		return true;
	return view_open(view) && terms_hold(view, rule, OF_TENSORS);
}

const struct rule *judge_rules(struct view *view, const struct rules *rules)
{
	for (size_t i = 0; i < rules->n_rules; i++)
		if (rule_holds(view, &rules->rules[i]))
			return &rules->rules[i];
	return NULL;
}

enum evidence_source judge_source(const struct rule *rule)
{
	if (rule_asks(rule, TERM_NAME))
		return SOURCE_FILENAME;
	return rule_asks(rule, TERM_CONFIG) ? SOURCE_CONFIG : SOURCE_METADATA;
}

static bool is_of_tensors_alone(const struct rule *rule)
{
	return (rule->subjects & OF_TENSORS) && !(rule->subjects & (OF_WORDS | OF_CONFIG));
}

const struct rule *judge_rules_of_words(struct view *view, const struct rules *rules)
{
	for (size_t i = 0; i < rules->n_rules; i++) {
		const struct rule *rule = &rules->rules[i];
		if (!is_of_tensors_alone(rule) && rule_holds(view, rule))
			return rule;
	}
	return NULL;
}
