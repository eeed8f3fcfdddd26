// SPDX-License-Identifier: MIT
#include "core/samples/derive.h"

#include "core/samples/regexp.h"

#define NF4_BLOCK 64         /* weights that share one scale, bitsandbytes */
#define NF4_NESTED_BLOCK 256 /* scales that share one of their own */
#define NF4_STATE_BYTES 86   /* a JSON text kept as a tensor */
#define NVFP4_BLOCK 16

struct weight {
	const struct key_row *row;
	struct str module; /* the name without ".weight" */
	const struct spec *spec;
	struct arena *arena;
	struct array *rows; /* out */
};

static struct key_row *add(struct weight *w, struct str stem, const char *leaf, enum dtype dtype,
			   unsigned n_dims, uint64_t first, uint64_t second)
{
	struct key_row *row = ARRAY_PUSH(w->rows, struct key_row);

	row->name = arena_strf(w->arena, "%.*s%s", STR_ARG(stem), leaf);
	row->dtype = dtype;
	row->n_dims = (uint8_t)n_dims;
	row->shape[0] = first;
	row->shape[1] = second;
	return row;
}

static void make_nf4(struct weight *w)
{
	uint64_t n = key_elements(w->row), n_blocks = n / NF4_BLOCK;
	bool is_nested = spec_is_true(w->spec, "nested", false);
	struct str name = w->row->name;

	add(w, name, "", DTYPE_U8, 2, n / 2, 1);
	add(w, name, ".absmax", is_nested ? DTYPE_U8 : DTYPE_F32, 1, n_blocks, 0);
	add(w, name, ".quant_map", DTYPE_F32, 1, 16, 0);
	add(w, name, ".quant_state.bitsandbytes__nf4", DTYPE_U8, 1,
	    spec_number(w->spec, "state", NF4_STATE_BYTES), 0);
	if (!is_nested)
		return;
	uint64_t n_nested = n_blocks / NF4_NESTED_BLOCK;
	add(w, name, ".nested_absmax", DTYPE_F32, 1, n_nested ? n_nested : 1, 0);
	add(w, name, ".nested_quant_map", DTYPE_F32, 1, 256, 0);
}

static void make_nvfp4(struct weight *w)
{
	uint64_t out = w->row->shape[0], in = w->row->shape[1];

	add(w, w->row->name, "", DTYPE_U8, 2, out, in / 2);
	add(w, w->module, ".weight_scale", DTYPE_F8_E4M3, 2, out, in / NVFP4_BLOCK);
	add(w, w->module, ".weight_scale_2", DTYPE_F32, 0, 0, 0);
}

/* [leaf, shape, dtype] */
static bool add_companion(struct weight *w, const struct spec *spec)
{
	const struct spec *leaf = spec->first, *shape = leaf ? leaf->next : NULL;
	const struct spec *dtype = shape ? shape->next : NULL;

	if (!dtype || shape->type != SPEC_LIST)
		return false;
	const char *dotted = arena_printf(w->arena, ".%.*s", STR_ARG(leaf->text));
	struct key_row *row = add(w, w->module, dotted, dtype_find(dtype->text), 0, 0, 0);
	for (const struct spec *d = shape->first; d; d = d->next) {
		if (row->n_dims == KEY_DIMS_MAX)
			return false;
		uint64_t *size = &row->shape[row->n_dims++];
		if (str_equal(d->text, STR("out")))
			*size = w->row->shape[0];
		else if (!str_to_u64(d->text, size))
			return false;
	}
	return true;
}

static bool make_plain(struct weight *w)
{
	const struct spec *with = spec_find(w->spec, "with");
	struct key_row *row = ARRAY_PUSH(w->rows, struct key_row);

	*row = *w->row;
	row->dtype = dtype_find(spec_text(w->spec, "dtype", STR("F8_E4M3")));
	for (const struct spec *one = with ? with->first : NULL; one; one = one->next) {
		if (!add_companion(w, one))
			return false;
	}
	return true;
}

static bool make_weight(struct weight *w)
{
	struct str scheme = spec_text(w->spec, "scheme", STR_NULL);

	if (!scheme.ptr)
		return make_plain(w);
	if (str_equal(scheme, STR("nf4")))
		make_nf4(w);
	else if (str_equal(scheme, STR("nvfp4")))
		make_nvfp4(w);
	else
		return false;
	return true;
}

bool derive_quantised(const struct spec *spec, struct arena *arena, struct array *rows,
		      struct error *err)
{
	struct array out = ARRAY_OF(struct key_row);
	struct weight weight = { .spec = spec, .arena = arena, .rows = &out };
	struct regexp match;
	bool ok = true;

	if (!regexp_init(&match, spec_text(spec, "match", STR(".")), err))
		return false;
	for (size_t i = 0; ok && i < rows->len; i++) {
		weight.row = ARRAY_AT(rows, struct key_row, i);
		weight.module = weight.row->name;
		if (weight.row->n_dims == 2 && str_cut_suffix(&weight.module, STR(".weight")) &&
		    regexp_is_in(&match, weight.row->name))
			ok = make_weight(&weight);
		else
			*ARRAY_PUSH(&out, struct key_row) = *weight.row;
	}
	regexp_finish(&match);
	array_finish(rows);
	*rows = out;
	return ok || error_set(err, ERROR_FORMAT, NULL, "a quantisation that is not described");
}
