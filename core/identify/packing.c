// SPDX-License-Identifier: MIT
#include "core/identify/packing.h"

static bool ends_group(const struct name_index *tensors, struct str marker)
{
	for (size_t i = 0; i < tensors->n_groups; i++)
		if (str_has_suffix(tensors->names[tensors->groups[i].first], marker))
			return true;
	return false;
}

void packings_find(struct packings *out, const struct knowledge *knowledge,
		   const struct name_index *tensors)
{
	const struct array *all = &knowledge->packings;
	out->n = 0;
	for (size_t i = 0; i < all->len && out->n < PACKINGS_MAX; i++) {
		const struct packing *packing = ARRAY_AT(all, struct packing, i);
		if (packing->per_element && ends_group(tensors, packing->marker))
			out->list[out->n++] = packing;
	}
}

const struct packing *packing_of(const struct packings *packings, const struct tensor *tensor)
{
	for (size_t i = 0; tensor->rank == 2 && i < packings->n; i++)
		if (packings->list[i]->stored == tensor->dtype)
			return packings->list[i];
	return NULL;
}

uint64_t packing_dim_of_rows(const struct packing *packing, const struct tensor *tensor,
			     unsigned axis, uint64_t rows)
{
	uint64_t stored;
	if (!rows || !tensor_elements(tensor, &stored) ||
	    stored > UINT64_MAX / packing->per_element)
		return 0;
	uint64_t elements = stored * packing->per_element;
	if (elements % rows)
		return 0;
	return axis == 0 ? rows : elements / rows;
}

uint64_t packing_dim(const struct packings *packings, const struct tensor *tensor, unsigned axis)
{
	if (axis >= tensor->rank)
		return 0;
	const struct packing *packing = packing_of(packings, tensor);
	uint64_t dim = tensor->shape[axis];
	if (!packing)
		return dim;
	if (!packing->keeps_rows)
		return 0;
	if (axis + 1u < tensor->rank)
		return dim;
	return dim > UINT64_MAX / packing->per_element ? 0 : dim * packing->per_element;
}

static bool ends_in(struct str name, const struct texts *endings)
{
	for (size_t i = 0; i < endings->n; i++)
		if (str_has_suffix(name, endings->list[i]))
			return true;
	return false;
}

bool packing_is_bookkeeping(const struct packings *packings, const struct knowledge *knowledge,
			    struct str name)
{
	const struct texts *beginnings = &knowledge->bookkeeping_beginnings;
	for (size_t i = 0; i < beginnings->n; i++)
		if (str_has_prefix(name, beginnings->list[i]))
			return true;
	for (size_t i = 0; i < packings->n; i++)
		if (str_has_suffix(name, packings->list[i]->marker) ||
		    ends_in(name, &packings->list[i]->beside))
			return true;
	return ends_in(name, &knowledge->bookkeeping_endings);
}
