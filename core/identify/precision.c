// SPDX-License-Identifier: MIT
#include "core/identify/questions.h"

struct tally {
	uint64_t bytes[DTYPE_COUNT];
	uint64_t parameters;
	bool is_unknown;		/* too many to count, or not all are there */
};

static void count_tensor(struct tally *tally, const struct packing *packing,
			 const struct tensor *tensor)
{
	uint64_t n;
	bool is_packed = packing && tensor->dtype == packing->stored && tensor->rank == 2;
	unsigned per_element = is_packed ? packing->per_element : 1;
	tally->bytes[tensor->dtype] += tensor->size_bytes;
	/* Of a missing shard's tensors the names alone are known. */
	bool is_missing = tensor->dtype == DTYPE_UNKNOWN && !tensor->rank && !tensor->size_bytes;
	if (is_missing || !tensor_elements(tensor, &n) ||
	    n > (INT64_MAX - tally->parameters) / per_element)
		tally->is_unknown = true;
	else
		tally->parameters += n * per_element;
}

static struct str precision_of(const struct packing *packing, const struct tally *tally)
{
	const char *best = NULL;
	uint64_t most = 0;
	for (int dtype = 0; dtype < DTYPE_COUNT; dtype++) {
		const char *word = dtype_precision((enum dtype)dtype);
		if (packing && (dtype == (int)packing->stored || dtype == DTYPE_F4))
			word = packing->precision;
		if (!word || tally->bytes[dtype] <= most)
			continue;
		best = word;
		most = tally->bytes[dtype];
	}
	return str_from(best);
}

void precision_ask(const struct view *view, struct tensor_facts *out)
{
	struct tally tally = { 0 };
	for (size_t i = 0; i < view->tensors.n_groups; i++) {
		const struct name_group *group = &view->tensors.groups[i];
		if (packing_is_bookkeeping(view->tensors.names[group->first]))
			continue;
		for (uint32_t at = group->first + 1; at; at = view->tensors.next[at - 1])
			count_tensor(&tally, view->packing, &view->table->tensors[at - 1]);
	}
	out->precision = precision_of(view->packing, &tally);
	out->parameters = tally.is_unknown ? -1 : (int64_t)tally.parameters;
}
