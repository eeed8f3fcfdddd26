// SPDX-License-Identifier: MIT
#include "core/adapters/factors.h"

/* Dimension `axis`, 0 when there is none. */
static uint64_t dim(const struct tensor *tensor, unsigned axis)
{
	return tensor && axis < tensor->rank ? tensor->shape[axis] : 0;
}

static uint64_t times(uint64_t a, uint64_t b)
{
	return b && a > UINT64_MAX / b ? 0 : a * b;
}

static uint32_t rank_of(uint64_t rank)
{
	return rank > UINT32_MAX ? 0 : (uint32_t)rank;
}

/* A k x k kernel, k > 1, behind the two channel dimensions. */
static bool has_kernel(const struct tensor *tensor)
{
	return dim(tensor, 2) > 1 || dim(tensor, 3) > 1;
}

static const struct tensor *either(const struct tensor *a, const struct tensor *b)
{
	return a ? a : b;
}

static void read_lora(const struct factors *f, struct adapter_module *out)
{
	const struct tensor *up = f->of[PART_UP], *down = f->of[PART_DOWN], *mid = f->of[PART_MID];
	out->algorithm = ADAPTER_LORA;
	out->out = dim(up, 0);
	out->in = dim(down, 1);
	out->rank = rank_of(down ? dim(either(mid, down), 0) : dim(up, 1));
	out->is_convolution = has_kernel(either(mid, down));
}

static void read_loha(const struct factors *f, struct adapter_module *out)
{
	const struct tensor *a = either(f->of[PART_HADA_W1_A], f->of[PART_HADA_W2_A]);
	const struct tensor *b = either(f->of[PART_HADA_W1_B], f->of[PART_HADA_W2_B]);
	const struct tensor *core = either(f->of[PART_HADA_T1], f->of[PART_HADA_T2]);
	out->algorithm = ADAPTER_LOHA;
	out->out = dim(a, core ? 1 : 0); /* with a core, w_a lies transposed */
	out->in = dim(b, 1);             /* times the kernel when there is no core */
	out->rank = rank_of(dim(b, 0));
	out->is_convolution = has_kernel(core);
}

static void read_lokr(const struct factors *f, struct adapter_module *out)
{
	const struct tensor *w1 = f->of[PART_LOKR_W1], *w1_b = f->of[PART_LOKR_W1_B];
	const struct tensor *w2 = f->of[PART_LOKR_W2], *w2_b = f->of[PART_LOKR_W2_B];
	const struct tensor *core = f->of[PART_LOKR_T2];
	uint64_t out_1 = dim(either(w1, f->of[PART_LOKR_W1_A]), 0);
	uint64_t out_2 = w2 ? dim(w2, 0) : dim(f->of[PART_LOKR_W2_A], core ? 1 : 0);
	out->algorithm = ADAPTER_LOKR;
	out->out = times(out_1, out_2);
	out->in = times(dim(either(w1, w1_b), 1), dim(either(w2, w2_b), 1));
	out->rank = rank_of(w2 ? dim(w1_b, 0) : dim(w2_b, 0)); /* both halves full: none */
	out->is_convolution = has_kernel(either(w2, core));
}

/* [n,s,s], and [m,n,s,s] for the butterfly kind. PEFT's packed triangles do not tell. */
static void read_oft(const struct factors *f, struct adapter_module *out)
{
	const struct tensor *blocks = either(f->of[PART_OFT_BLOCKS], f->of[PART_BOFT_R]);
	bool is_butterfly = f->of[PART_BOFT_R] || (blocks && blocks->rank == 4);
	unsigned axis = blocks && blocks->rank == 4 ? 1 : 0;
	out->algorithm = is_butterfly ? ADAPTER_BOFT : ADAPTER_OFT;
	out->out = times(dim(blocks, axis), dim(blocks, axis + 1));
}

/* Today a1 [I,r], a2 [r,I], b1 [O,r], b2 [r,N]; each pair stood the other way round once. */
static void read_glora(const struct factors *f, struct adapter_module *out)
{
	const struct tensor *a1 = f->of[PART_GLORA_A1], *b1 = f->of[PART_GLORA_B1];
	const struct tensor *b2 = f->of[PART_GLORA_B2];
	bool is_old = dim(a1, 0) < dim(a1, 1);
	out->algorithm = ADAPTER_GLORA;
	out->rank = rank_of(dim(a1, is_old ? 0 : 1));
	out->in = dim(a1, is_old ? 1 : 0);
	out->out = is_old ? dim(b2, 0) : dim(b1, 0);
	out->is_convolution = has_kernel(f->of[PART_GLORA_BM]);
}

static void read_ia3(const struct factors *f, struct adapter_module *out)
{
	(void)f; /* one vector, of which only a value says whether it scales input or output */
	out->algorithm = ADAPTER_IA3;
}

static void read_full(const struct factors *f, struct adapter_module *out)
{
	const struct tensor *whole = either(f->of[PART_DIFF], f->of[PART_SET_WEIGHT]);
	out->algorithm = ADAPTER_FULL;
	out->out = dim(either(whole, either(f->of[PART_DIFF_BIAS], f->of[PART_NORM])), 0);
	out->in = dim(whole, 1);
	out->is_convolution = has_kernel(whole);
}

/* First range with a part present wins: a trained LoRA may carry differences of its biases. */
static const struct algorithm {
	enum adapter_part first, last;
	enum adapter_type type;
	void (*read)(const struct factors *factors, struct adapter_module *out);
} algorithms[] = {
	{ PART_UP, PART_MID, ADAPTER_LORA, read_lora },
	{ PART_HADA_W1_A, PART_HADA_T2, ADAPTER_LOHA, read_loha },
	{ PART_LOKR_W1, PART_LOKR_T2, ADAPTER_LOKR, read_lokr },
	{ PART_OFT_BLOCKS, PART_BOFT_R, ADAPTER_OFT, read_oft },
	{ PART_GLORA_A1, PART_GLORA_BM, ADAPTER_GLORA, read_glora },
	{ PART_ON_INPUT, PART_IA3, ADAPTER_IA3, read_ia3 },
	{ PART_DIFF, PART_SET_WEIGHT, ADAPTER_FULL, read_full },
};

static const struct algorithm *find_algorithm(const struct factors *factors)
{
	for (size_t i = 0; i < sizeof(algorithms) / sizeof(*algorithms); i++)
		for (int part = algorithms[i].first; part <= (int)algorithms[i].last; part++)
			if (factors->of[part])
				return &algorithms[i];
	return NULL;
}

enum adapter_type factors_algorithm(const struct factors *factors)
{
	const struct algorithm *algorithm = find_algorithm(factors);
	return algorithm ? algorithm->type : ADAPTER_NONE;
}

bool factors_read(const struct factors *factors, struct adapter_module *out)
{
	const struct algorithm *algorithm = find_algorithm(factors);
	if (!algorithm)
		return false;
	algorithm->read(factors, out);
	if (factors->of[PART_DORA])
		out->algorithm = ADAPTER_DORA;
	delta_read(factors, &out->delta);
	return true;
}
