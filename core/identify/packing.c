// SPDX-License-Identifier: MIT
#include "core/identify/packing.h"

/* Source: identification facts, section 4. */
static const struct packing packings[] = {
	{ ".quant_state.bitsandbytes__nf4", DTYPE_U8, 2, false, "nf4" },
	{ ".quant_state.bitsandbytes__fp4", DTYPE_U8, 2, false, "fp4" },
	{ ".weight_scale_2", DTYPE_U8, 2, true, "nvfp4" },
	{ ".wscales", DTYPE_I8, 2, true, "svdq" },
};

const struct packing *packing_find(const struct name_index *tensors)
{
	for (size_t i = 0; i < tensors->n_groups; i++) {
		struct str name = tensors->names[tensors->groups[i].first];
		for (size_t k = 0; k < sizeof(packings) / sizeof(*packings); k++)
			if (str_has_suffix(name, str_from(packings[k].marker)))
				return &packings[k];
	}
	return NULL;
}

static bool is_packed(const struct packing *packing, const struct tensor *tensor)
{
	return packing && tensor->dtype == packing->stored && tensor->rank == 2;
}

bool packing_hides_shape(const struct packing *packing, const struct tensor *tensor)
{
	return is_packed(packing, tensor) && !packing->keeps_rows;
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

uint64_t packing_dim(const struct packing *packing, const struct tensor *tensor, unsigned axis)
{
	if (axis >= tensor->rank)
		return 0;
	uint64_t dim = tensor->shape[axis];
	if (!is_packed(packing, tensor))
		return dim;
	if (!packing->keeps_rows)
		return 0;
	if (axis + 1u < tensor->rank)
		return dim;
	return dim > UINT64_MAX / packing->per_element ? 0 : dim * packing->per_element;
}

static const char *const bookkeeping_endings[] = {
	".alpha", ".scale_weight", ".scale_input", ".input_scale", ".weight_scale", ".weight_scale_2",
	".weight_scale_inv", ".wscales", ".wcscales", ".wtscale", ".smooth_factor", ".smooth_factor_orig",
	".comfy_quant", ".absmax", ".nested_absmax", ".quant_map", ".nested_quant_map",
	".quant_state.bitsandbytes__nf4", ".quant_state.bitsandbytes__fp4", ".on_input",
	"scaled_fp8", "lora_controlnet", "v_pred", "ztsnr", "num_batches_tracked",
};

bool packing_is_bookkeeping(struct str name)
{
	if (str_has_prefix(name, STR("model_ema.")))
		return true;
	for (size_t i = 0; i < sizeof(bookkeeping_endings) / sizeof(*bookkeeping_endings); i++)
		if (str_has_suffix(name, str_from(bookkeeping_endings[i])))
			return true;
	return false;
}
