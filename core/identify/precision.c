// SPDX-License-Identifier: MIT
#include "core/identify/questions.h"

struct tally {
	uint64_t bytes[DTYPE_COUNT];
	uint64_t parameters;
	bool is_unknown; /* too many to count, or not all are there */
};

static void count_tensor(struct tally *tally, const struct packings *packings,
			 const struct tensor *tensor)
{
	uint64_t n;
	const struct packing *packing = packing_of(packings, tensor);
	unsigned per_element = packing ? packing->per_element : 1;
	tally->bytes[tensor->dtype] += tensor->size_bytes;
	/* Of a missing shard's tensors the names alone are known. */
	bool is_missing = tensor->dtype == DTYPE_UNKNOWN && !tensor->rank && !tensor->size_bytes;
	if (is_missing || !tensor_elements(tensor, &n) ||
	    n > (INT64_MAX - tally->parameters) / per_element)
		tally->is_unknown = true;
	else
		tally->parameters += n * per_element;
}

static struct str word_of(const struct packings *packings, enum dtype dtype)
{
	for (size_t i = 0; i < packings->n; i++)
		if (dtype == packings->list[i]->stored || dtype == DTYPE_F4)
			return packings->list[i]->precision;
	return str_from(dtype_precision(dtype));
}

static struct str precision_of(const struct packings *packings, const struct tally *tally)
{
	struct str best = STR_NULL;
	uint64_t most = 0;
	for (int dtype = 0; dtype < DTYPE_COUNT; dtype++) {
		struct str word = word_of(packings, (enum dtype)dtype);
		if (!word.ptr || tally->bytes[dtype] <= most)
			continue;
		best = word;
		most = tally->bytes[dtype];
	}
	return best;
}

void precision_ask(const struct view *view, struct tensor_facts *out)
{
	struct tally tally = { 0 };
	for (size_t i = 0; i < view->tensors.n_groups; i++) {
		const struct name_group *group = &view->tensors.groups[i];
		if (packing_is_bookkeeping(&view->packings, view->knowledge,
					   view->tensors.names[group->first]))
			continue;
		for (uint32_t at = group->first + 1; at; at = view->tensors.next[at - 1])
			count_tensor(&tally, &view->packings, &view->table->tensors[at - 1]);
	}
	out->precision = precision_of(&view->packings, &tally);
	out->parameters = tally.is_unknown ? -1 : (int64_t)tally.parameters;
}
