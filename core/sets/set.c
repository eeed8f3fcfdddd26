// SPDX-License-Identifier: MIT
#include "core/sets/set.h"

#include "core/base/text.h"
#include "core/fit/judge.h"

/* A set that is being judged. */
struct judging {
	const struct knowledge *knowledge;
	const struct set_lora *loras;
	size_t n;
	struct str **triggers; /* of each LoRA, folded */
	struct arena *arena;
	struct fit *out;
};

static void add(const struct judging *set, enum reason_code code, enum verdict verdict,
		struct str message)
{
	fit_add(set->out, verdict, (struct reason){ code, message });
}

static bool is_same_content(const struct fit_side *a, const struct fit_side *b)
{
	return a->content && b->content && str_equal(str_from(a->content), str_from(b->content));
}

/* LoRAs of two lineages pull in two directions, whichever of them the checkpoint belongs to. */
static bool is_mixed(const struct knowledge *knowledge, const struct fit_side *a,
		     const struct fit_side *b)
{
	return a->kind == KIND_LORA && b->kind == KIND_LORA && a->lineage_known &&
	       b->lineage_known && a->base_model.ptr && b->base_model.ptr &&
	       str_equal(a->architecture, b->architecture) &&
	       knowledge_path(knowledge, a->base_model, b->base_model) >= PATH_HEAVY;
}

/* Where `word` stands in `name`; what remains of the name in `rest`. */
static bool take_word(struct str name, struct str word, struct str rest[2])
{
	ptrdiff_t at = str_find(name, word);
	if (at < 0)
		return false;
	rest[0] = str_slice(name, 0, (size_t)at);
	rest[1] = str_slice(name, (size_t)at + word.len, name.len);
	return true;
}

static bool has_experts(const struct knowledge *knowledge, const struct fit_side *side)
{
	const struct texts *architectures = &knowledge->expert_architectures;
	for (size_t i = 0; i < architectures->n; i++)
		if (str_equal(architectures->list[i], side->architecture))
			return true;
	return false;
}

/* The two words of a line; false when it has but one. */
static bool read_words(struct str line, struct str words[2])
{
	struct str rest = str_trim(line);
	if (!str_next_part(&rest, ' ', &words[0]) || !rest.ptr)
		return false;
	words[1] = str_trim(rest);
	return words[0].len > 0 && words[1].len > 0;
}

enum set_expert set_expert_of(const struct knowledge *knowledge, const struct fit_side *lora)
{
	struct arena arena = { 0 };
	struct str name = text_fold_copy(&arena, lora->name), words[2], rest[2];
	enum set_expert expert = EXPERT_NONE;
	size_t n = has_experts(knowledge, lora) ? knowledge->expert_words.n : 0;
	for (size_t i = 0; i < n && expert == EXPERT_NONE; i++) {
		if (!read_words(knowledge->expert_words.list[i], words))
			continue;
		bool is_high = take_word(name, words[0], rest);
		if (is_high != take_word(name, words[1], rest)) /* both: it is for both */
			expert = is_high ? EXPERT_HIGH : EXPERT_LOW;
	}
	arena_finish(&arena);
	return expert;
}

/* Two names that are equal but for the words. */
static bool differ_in_words(struct str high, struct str low, struct str line)
{
	struct str words[2], of_high[2], of_low[2];
	return read_words(line, words) && take_word(high, words[0], of_high) &&
	       take_word(low, words[1], of_low) && str_equal(of_high[0], of_low[0]) &&
	       str_equal(of_high[1], of_low[1]);
}

/* `high` and `low` are the halves of one LoRA: each is loaded on an expert of its own. */
static bool is_expert_pair(const struct judging *set, const struct fit_side *high,
			   const struct fit_side *low)
{
	const struct texts *words = &set->knowledge->expert_words;
	bool is_pair = false;
	if (!has_experts(set->knowledge, high) || !str_equal(high->architecture, low->architecture))
		return false;
	struct str one = text_fold_copy(set->arena, high->name);
	struct str other = text_fold_copy(set->arena, low->name);
	for (size_t i = 0; i < words->n && !is_pair; i++)
		is_pair = differ_in_words(one, other, words->list[i]);
	return is_pair;
}

static bool are_experts(const struct judging *set, size_t i, size_t j)
{
	const struct fit_side *a = &set->loras[i].side, *b = &set->loras[j].side;
	return is_expert_pair(set, a, b) || is_expert_pair(set, b, a);
}

/* The first trigger that both have; STR_NULL when they share none. */
static struct str shared_trigger(const struct judging *set, size_t i, size_t j)
{
	for (size_t a = 0; a < set->loras[i].n_triggers; a++)
		for (size_t b = 0; b < set->loras[j].n_triggers; b++)
			if (set->triggers[i][a].len > 0 &&
			    str_equal(set->triggers[i][a], set->triggers[j][b]))
				return set->loras[i].triggers[a];
	return STR_NULL;
}

static void judge_triggers(const struct judging *set, size_t i, size_t j)
{
	struct str trigger = shared_trigger(set, i, j);
	if (trigger.ptr)
		add(set, REASON_TRIGGER_CLASH, FIT_CAUTION,
		    arena_strf(set->arena,
			       "\"%.*s\" and \"%.*s\" both answer to the trigger \"%.*s\": it "
			       "calls both at once.",
			       STR_ARG(set->loras[i].side.name), STR_ARG(set->loras[j].side.name),
			       STR_ARG(trigger)));
}

static void tell_mixed(const struct judging *set, const struct fit_side *a,
		       const struct fit_side *b)
{
	struct str one = knowledge_base_name(set->knowledge, a->base_model);
	struct str other = knowledge_base_name(set->knowledge, b->base_model);
	add(set, REASON_MIXED_LINEAGE, FIT_CAUTION,
	    arena_strf(set->arena,
		       "\"%.*s\" was made for %.*s and \"%.*s\" for %.*s: they were not "
		       "made to work together.",
		       STR_ARG(a->name), STR_ARG(one), STR_ARG(b->name), STR_ARG(other)));
}

/* Each lineage is told by its first LoRA: ten of one and ten of another are one reason. */
static bool is_first_of_its_base(const struct judging *set, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (str_equal(set->loras[j].side.base_model, set->loras[i].side.base_model) &&
		    set->loras[j].side.lineage_known == set->loras[i].side.lineage_known)
			return false;
	return true;
}

static bool distils(const struct judging *set, size_t i)
{
	return judge_distiller(set->knowledge, &set->loras[i].side) != NULL;
}

static void judge_two(const struct judging *set, size_t i, size_t j)
{
	const struct fit_side *a = &set->loras[i].side, *b = &set->loras[j].side;
	if (is_same_content(a, b)) {
		add(set, REASON_DUPLICATE_LORA, FIT_CAUTION,
		    arena_strf(set->arena,
			       "\"%.*s\" and \"%.*s\" are the same LoRA: its effect counts "
			       "twice.",
			       STR_ARG(a->name), STR_ARG(b->name)));
		return; /* and all else that could be said follows from that */
	}
	if (are_experts(set, i, j)) {
		add(set, REASON_EXPERT_PAIR, FIT_COMPATIBLE,
		    arena_strf(set->arena,
			       "\"%.*s\" and \"%.*s\" are a pair: load each on its own expert, "
			       "the one for high noise or the one for low noise.",
			       STR_ARG(a->name), STR_ARG(b->name)));
		return; /* they never meet in one model */
	}
	if (is_mixed(set->knowledge, a, b) && is_first_of_its_base(set, i) &&
	    is_first_of_its_base(set, j))
		tell_mixed(set, a, b);
	if (distils(set, i) && distils(set, j))
		add(set, REASON_DISTILLATION_STACKED, FIT_CAUTION,
		    arena_strf(set->arena,
			       "\"%.*s\" and \"%.*s\" both make images in few steps: two of "
			       "them do not add up.",
			       STR_ARG(a->name), STR_ARG(b->name)));
	judge_triggers(set, i, j);
}

static double magnitude(double weight)
{
	return weight < 0 ? -weight : weight;
}

/* Of a pair of experts each model meets one. */
static bool is_second_of_pair(const struct judging *set, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (are_experts(set, i, j))
			return true;
	return false;
}

static void judge_weights(const struct judging *set)
{
	double sum = 0, high = set->knowledge->fit.weight_sum_high;
	for (size_t i = 0; i < set->n; i++)
		sum += is_second_of_pair(set, i) ? 0 : magnitude(set->loras[i].weight);
	if (high > 0 && sum >= high)
		add(set, REASON_WEIGHTS_HIGH, FIT_CAUTION,
		    arena_strf(set->arena,
			       "The weights add up to %.2f; from %.2f on images tend to break.",
			       sum, high));
}

static void tell_same_modules(const struct judging *set)
{
	size_t many = set->knowledge->fit.same_modules_many, n = 0;
	if (many < 2 || set->n < many)
		return;
	struct overlap *list = ARENA_NEW_N(set->arena, struct overlap, set->n);
	for (size_t i = 0; i < set->n; i++)
		list[i] = set->loras[i].overlap;
	n = overlap_shared(list, set->n, many);
	if (n > 0)
		add(set, REASON_SAME_MODULES, FIT_COMPATIBLE,
		    arena_strf(
			    set->arena,
			    "%zu modules are changed by %zu or more of these LoRAs: their effects "
			    "add up there.",
			    n, many));
}

static void fold_triggers(struct judging *set)
{
	set->triggers = ARENA_NEW_N(set->arena, struct str *, set->n);
	for (size_t i = 0; i < set->n; i++) {
		const struct set_lora *lora = &set->loras[i];
		set->triggers[i] = ARENA_NEW_N(set->arena, struct str, lora->n_triggers);
		for (size_t j = 0; j < lora->n_triggers; j++)
			set->triggers[i][j] =
				text_fold_copy(set->arena, str_trim(lora->triggers[j]));
	}
}

void set_judge(const struct knowledge *knowledge, const struct set_lora *loras,
	       const struct fit *pairs, size_t n_loras, struct arena *arena, struct fit *out)
{
	struct judging set = { knowledge, loras, n_loras, NULL, arena, out };
	*out = (struct fit){ 0 };
	fold_triggers(&set);
	for (size_t i = 0; i < n_loras; i++) {
		if (pairs[i].verdict > out->verdict)
			out->verdict = pairs[i].verdict;
		for (size_t j = i + 1; j < n_loras; j++)
			judge_two(&set, i, j);
	}
	judge_weights(&set);
	tell_same_modules(&set);
}
