// SPDX-License-Identifier: MIT
#include "core/samples/derive.h"

#include "core/samples/regexp.h"

/* How a trainer spells the two factors of a module. */
struct style {
	const char *name, *down, *up, *magnitude;
	bool is_joined; /* dots of the module as underscores */
	bool has_alpha;
	bool magnitude_is_flat; /* [out] instead of [out, 1] */
};

static const struct style styles[] = {
	{ "kohya", ".lora_down.weight", ".lora_up.weight", ".dora_scale", true, true, false },
	{ "lycoris-dot", ".lora_down.weight", ".lora_up.weight", ".dora_scale", false, true,
	  false },
	{ "peft", ".lora_A.weight", ".lora_B.weight", ".lora_magnitude_vector", false, false,
	  true },
	{ "peft-default", ".lora_A.default.weight", ".lora_B.default.weight", ".dora_scale", false,
	  false, false },
	{ "diffusers", ".lora.down.weight", ".lora.up.weight", ".dora_scale", false, false, false },
	{ "underscore", ".lora_linear_layer.down.weight", ".lora_linear_layer.up.weight",
	  ".dora_scale", false, false, false },
};

/* One layer of the model and what is to be made of it. */
struct module {
	struct str name; /* with prefix, in the style's spelling */
	const struct key_row *layer;
	uint64_t in, out, kernel; /* kernel: elements of a k x k convolution, else 1 */
	uint64_t rank;
	const struct style *style;
	const struct spec *spec;
	struct arena *arena;
	struct array *rows; /* out */
};

static struct key_row *add(struct module *m, const char *leaf, unsigned n_dims,
			   const uint64_t *shape)
{
	struct key_row *row = ARRAY_PUSH(m->rows, struct key_row);

	row->name = arena_strf(m->arena, "%.*s%s", STR_ARG(m->name), leaf);
	row->n_dims = (uint8_t)n_dims;
	for (unsigned i = 0; i < n_dims; i++)
		row->shape[i] = shape[i];
	return row;
}

static void add_matrix(struct module *m, const char *leaf, uint64_t out, uint64_t in)
{
	add(m, leaf, 2, (uint64_t[]){ out, in });
}

/* With the layer's own number of dimensions: [out, in, k, k], or ones for the kernel. */
static void add_like_layer(struct module *m, const char *leaf, uint64_t out, uint64_t in,
			   bool has_kernel)
{
	uint64_t shape[KEY_DIMS_MAX] = { out, in };

	for (unsigned i = 2; i < m->layer->n_dims; i++)
		shape[i] = has_kernel ? m->layer->shape[i] : 1;
	add(m, leaf, m->layer->n_dims, shape);
}

static void make_lora(struct module *m)
{
	add_like_layer(m, m->style->down, m->rank, m->in, true);
	add_like_layer(m, m->style->up, m->out, m->rank, false);
}

static void make_dora(struct module *m)
{
	make_lora(m);
	if (m->style->magnitude_is_flat)
		add(m, m->style->magnitude, 1, &m->out);
	else
		add_like_layer(m, m->style->magnitude, m->out, 1, false);
}

static void make_loha(struct module *m)
{
	add_matrix(m, ".hada_w1_a", m->out, m->rank);
	add_matrix(m, ".hada_w1_b", m->rank, m->in * m->kernel);
	add_matrix(m, ".hada_w2_a", m->out, m->rank);
	add_matrix(m, ".hada_w2_b", m->rank, m->in * m->kernel);
}

/* The greatest divisor up to `wanted`: how LyCORIS splits a width. */
static uint64_t divisor(uint64_t n, uint64_t wanted)
{
	uint64_t best = 1;

	for (uint64_t d = 1; d <= wanted; d++) {
		if (n % d == 0)
			best = d;
	}
	return best;
}

static void make_lokr(struct module *m)
{
	uint64_t factor = spec_number(m->spec, "factor", 16);
	uint64_t out1 = divisor(m->out, factor), in1 = divisor(m->in, factor);
	uint64_t out2 = m->out / out1, in2 = m->in / in1;

	add_matrix(m, ".lokr_w1", out1, in1);
	if (m->rank * 2 < (out2 > in2 ? out2 : in2) && !spec_is_true(m->spec, "full", false)) {
		add_matrix(m, ".lokr_w2_a", out2, m->rank);
		add_matrix(m, ".lokr_w2_b", m->rank, in2 * m->kernel);
	} else {
		add_like_layer(m, ".lokr_w2", out2, in2, true);
	}
}

static void make_ia3(struct module *m)
{
	add_matrix(m, ".weight", m->out, 1);
	add(m, ".on_input", 0, NULL)->dtype = DTYPE_BOOL;
}

static void make_oft(struct module *m)
{
	uint64_t block = divisor(m->out, m->rank);

	add(m, ".oft_blocks", 3, (uint64_t[]){ m->out / block, block, block });
}

static void make_full(struct module *m)
{
	add_like_layer(m, ".diff", m->out, m->in, true);
}

static void make_glora(struct module *m)
{
	add_matrix(m, ".a1.weight", m->rank, m->in);
	add_matrix(m, ".a2.weight", m->in, m->rank);
	add_matrix(m, ".b1.weight", m->rank, m->in);
	add_matrix(m, ".b2.weight", m->out, m->rank);
}

static const struct algorithm {
	const char *name;
	void (*make)(struct module *module);
	bool has_alpha;
} algorithms[] = {
	{ "lora", make_lora, true },  { "dora", make_dora, true },   { "loha", make_loha, true },
	{ "lokr", make_lokr, true },  { "ia3", make_ia3, false },    { "oft", make_oft, true },
	{ "full", make_full, false }, { "glora", make_glora, true },
};

static const struct style *find_style(struct str name)
{
	for (size_t i = 0; i < sizeof(styles) / sizeof(styles[0]); i++) {
		if (str_equal(name, str_from(styles[i].name)))
			return &styles[i];
	}
	return NULL;
}

static const struct algorithm *find_algorithm(struct str name)
{
	for (size_t i = 0; i < sizeof(algorithms) / sizeof(algorithms[0]); i++) {
		if (str_equal(name, str_from(algorithms[i].name)))
			return &algorithms[i];
	}
	return NULL;
}

static struct str join(struct str stem, struct arena *arena)
{
	char *joined = arena_cstr(arena, stem);

	for (size_t i = 0; i < stem.len; i++) {
		if (joined[i] == '.')
			joined[i] = '_';
	}
	return (struct str){ joined, stem.len };
}

static void make_module(struct module *m, const struct algorithm *algorithm, struct str stem,
			uint64_t rank)
{
	const struct key_row *layer = m->layer;
	bool is_convolution = layer->n_dims == 4 && layer->shape[2] > 1;

	m->out = layer->shape[0];
	m->in = layer->shape[1];
	m->kernel = layer->n_dims == 4 ? layer->shape[2] * layer->shape[3] : 1;
	m->rank = is_convolution ? spec_number(m->spec, "conv_rank", rank) : rank;
	if (m->style->is_joined)
		stem = join(stem, m->arena);
	struct str prefix = spec_text(m->spec, "prefix", STR("lora_unet_"));
	m->name = arena_strf(m->arena, "%.*s%.*s", STR_ARG(prefix), STR_ARG(stem));
	algorithm->make(m);
	if (algorithm->has_alpha && spec_is_true(m->spec, "alpha", m->style->has_alpha))
		add(m, ".alpha", 0, NULL);
}

bool derive_adapter(const struct spec *spec, uint64_t rank, struct arena *arena, struct array *rows,
		    struct error *err)
{
	const struct algorithm *algorithm = find_algorithm(spec_text(spec, "algo", STR("lora")));
	struct array out = ARRAY_OF(struct key_row);
	struct regexp match;
	struct module module = {
		.style = find_style(spec_text(spec, "style", STR("kohya"))),
		.spec = spec,
		.arena = arena,
		.rows = &out,
	};

	if (!algorithm || !module.style)
		return error_set(err, ERROR_FORMAT, NULL, "no such adapter: algorithm or style");
	if (!regexp_init(&match, spec_text(spec, "match", STR(".*")), err))
		return false;
	for (size_t i = 0; i < rows->len; i++) {
		module.layer = ARRAY_AT(rows, struct key_row, i);
		struct str stem = module.layer->name;
		bool has_shape = module.layer->n_dims == 2 || module.layer->n_dims == 4;
		if (has_shape && str_cut_suffix(&stem, STR(".weight")) &&
		    regexp_is_in(&match, module.layer->name))
			make_module(&module, algorithm, stem, rank);
	}
	regexp_finish(&match);
	array_finish(rows);
	*rows = out;
	return true;
}
