// SPDX-License-Identifier: MIT
#include "core/sets/suggest.h"

#include <stdlib.h>

/* What people begin with; and how much of the limit many of them may take together. */
static const double usual_weight = 0.8, share_of_limit = 0.9;

/* How near the bases are, as the fit tells; less is nearer. */
static int distance(const struct fit *fit)
{
	static const enum reason_code nearest_first[] = { REASON_SAME_BASE, REASON_ANCESTOR_BASE,
							  REASON_SAME_LINEAGE };
	int n = sizeof nearest_first / sizeof *nearest_first;
	for (int i = 0; i < n; i++)
		for (size_t j = 0; j < fit->n_reasons; j++)
			if (fit->reasons[j].code == nearest_first[i])
				return i;
	return n;
}

/* Without the tie-breakers: those whose overlap decides are 0. */
static int compare_worth(const struct suggest_candidate *a, const struct suggest_candidate *b)
{
	if (a->fit->verdict != b->fit->verdict)
		return a->fit->verdict < b->fit->verdict ? -1 : 1;
	if (a->n_wished != b->n_wished)
		return a->n_wished > b->n_wished ? -1 : 1;
	int near = distance(a->fit), far = distance(b->fit);
	if (near != far)
		return near < far ? -1 : 1;
	if (a->is_favourite != b->is_favourite)
		return a->is_favourite ? -1 : 1;
	return (a->rating < b->rating) - (a->rating > b->rating);
}

static int compare(const void *left, const void *right)
{
	const struct suggest_candidate *a = left, *b = right;
	int worth = compare_worth(a, b);
	if (worth != 0)
		return worth;
	int name = str_compare(a->lora.side.name, b->lora.side.name);
	return name != 0 ? name : str_compare(a->path, b->path);
}

void suggest_sort(struct suggest_candidate *list, size_t n)
{
	if (n > 0)
		qsort(list, n, sizeof *list, compare);
}

/* What is chosen, as a set that grows. */
struct choosing {
	const struct knowledge *knowledge;
	const struct suggest_candidate *list;
	size_t n;
	bool *is_out; /* chosen, or clashes */
	struct set_lora *chosen;
	struct fit *pairs;
	size_t n_chosen;
};

static bool has_place(const struct overlap *overlap, uint64_t place)
{
	size_t low = 0, high = overlap->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (overlap->places[middle] < place)
			low = middle + 1;
		else
			high = middle;
	}
	return low < overlap->n && overlap->places[low] == place;
}

static size_t count_shared(const struct choosing *choosing, const struct overlap *overlap)
{
	size_t n = 0;
	for (size_t i = 0; i < overlap->n; i++)
		for (size_t j = 0; j < choosing->n_chosen; j++)
			if (has_place(&choosing->chosen[j].overlap, overlap->places[i])) {
				n++;
				break;
			}
	return n;
}

/* Would the set be worse with it than its LoRAs are one by one? Weights come later. */
static bool clashes(struct choosing *choosing, size_t i)
{
	struct arena room = { 0 };
	struct fit set;
	choosing->chosen[choosing->n_chosen] = choosing->list[i].lora;
	choosing->chosen[choosing->n_chosen].weight = 0;
	set_judge(choosing->knowledge, choosing->chosen, choosing->pairs, choosing->n_chosen + 1,
		  &room, &set);
	arena_finish(&room);
	return set.verdict != FIT_COMPATIBLE;
}

/* Among those that are worth the same as the first, the one that shares least. */
static bool find_next(struct choosing *choosing, struct suggest_choice *out)
{
	const struct suggest_candidate *first = NULL;
	bool is_found = false;
	for (size_t i = 0; i < choosing->n; i++) {
		const struct suggest_candidate *candidate = &choosing->list[i];
		if (choosing->is_out[i])
			continue;
		if (first && compare_worth(first, candidate) != 0)
			break;
		choosing->is_out[i] = clashes(choosing, i);
		if (choosing->is_out[i])
			continue;
		first = candidate;
		size_t n_shared = count_shared(choosing, &candidate->lora.overlap);
		if (is_found && n_shared >= out->n_shared)
			continue;
		*out = (struct suggest_choice){ i, n_shared, candidate->lora.overlap.n };
		is_found = true;
	}
	return is_found;
}

size_t suggest_choose(const struct knowledge *knowledge, const struct suggest_candidate *list,
		      size_t n, size_t n_max, struct arena *arena, struct suggest_choice *out)
{
	struct choosing choosing = {
		.knowledge = knowledge,
		.list = list,
		.n = n,
		.is_out = ARENA_NEW_N(arena, bool, n),
		.chosen = ARENA_NEW_N(arena, struct set_lora, n_max + 1),
		.pairs = ARENA_NEW_N(arena, struct fit, n_max + 1),
	};
	for (size_t i = 0; i < n; i++)
		choosing.is_out[i] = list[i].fit->verdict != FIT_COMPATIBLE;
	while (choosing.n_chosen < n_max && find_next(&choosing, &out[choosing.n_chosen])) {
		size_t i = out[choosing.n_chosen].candidate;
		choosing.is_out[i] = true;
		choosing.chosen[choosing.n_chosen] = list[i].lora;
		choosing.chosen[choosing.n_chosen++].weight = 0;
	}
	return choosing.n_chosen;
}

double suggest_weight(const struct knowledge *knowledge, size_t n)
{
	double high = knowledge->fit.weight_sum_high;
	if (n == 0 || high <= 0 || usual_weight * (double)n < high)
		return usual_weight;
	return (double)(int)(share_of_limit * high / (double)n * 100) / 100; /* downwards */
}
