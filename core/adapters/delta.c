// SPDX-License-Identifier: MIT
#include "core/adapters/delta.h"

#include "core/adapters/factors.h"

/* Dimension `axis`, 0 when there is none. */
static uint64_t dim(const struct tensor *tensor, unsigned axis)
{
	return tensor && axis < tensor->rank ? tensor->shape[axis] : 0;
}

/* 0 stands for unknown, and for what is too large to be true. */
static uint64_t times(uint64_t a, uint64_t b)
{
	return b && a > UINT64_MAX / b ? 0 : a * b;
}

/* The product of the dimensions from `axis` on; 1 when there are none. */
static uint64_t product(const struct tensor *tensor, unsigned axis)
{
	uint64_t all = 1;
	for (unsigned i = axis; tensor && i < tensor->rank; i++)
		all = times(all, tensor->shape[i]);
	return all;
}

static void take_kernel(struct delta *out, const struct tensor *tensor)
{
	if (!tensor || tensor->rank < 3 || tensor->rank > 2 + DELTA_KERNEL_MAX)
		return;
	out->n_kernel = (uint8_t)(tensor->rank - 2);
	for (unsigned i = 0; i < out->n_kernel; i++)
		out->kernel[i] = tensor->shape[i + 2];
}

static void read_lora(const struct factors *f, struct delta *out)
{
	const struct tensor *up = f->of[PART_UP], *down = f->of[PART_DOWN], *mid = f->of[PART_MID];
	out->is_whole = up && down;
	if (!out->is_whole)
		return;
	out->rows = dim(up, 0);
	out->columns = times(product(down, 1), mid ? product(mid, 2) : 1);
	out->is_sound = up->rank >= 2 && down->rank >= 2 &&
			(mid ? product(up, 1) == dim(mid, 0) && dim(mid, 1) == dim(down, 0)
			     : product(up, 1) == dim(down, 0));
	take_kernel(out, mid ? mid : down);
}

/* One half of a Hadamard product; with a core its first factor lies transposed. */
static bool read_hada(const struct tensor *a, const struct tensor *b, const struct tensor *core,
		      struct delta *out)
{
	out->rows = dim(a, core ? 1 : 0);
	out->columns = times(dim(b, 1), core ? product(core, 2) : 1);
	return a->rank == 2 && b->rank == 2 && dim(a, core ? 0 : 1) == dim(b, 0);
}

static void read_loha(const struct factors *f, struct delta *out)
{
	const struct tensor *a1 = f->of[PART_HADA_W1_A], *b1 = f->of[PART_HADA_W1_B];
	const struct tensor *a2 = f->of[PART_HADA_W2_A], *b2 = f->of[PART_HADA_W2_B];
	struct delta other = { 0 };
	out->is_whole = a1 && b1 && a2 && b2;
	if (!out->is_whole)
		return;
	bool is_sound = read_hada(a2, b2, f->of[PART_HADA_T2], &other);
	out->is_sound = read_hada(a1, b1, f->of[PART_HADA_T1], out) && is_sound &&
			out->rows == other.rows && out->columns == other.columns;
	take_kernel(out, f->of[PART_HADA_T1]);
}

/* A Kronecker product: dimensions multiply, whatever each half is made of. */
static void read_lokr(const struct factors *f, struct delta *out)
{
	const struct tensor *w1 = f->of[PART_LOKR_W1], *w2 = f->of[PART_LOKR_W2];
	const struct tensor *a1 = f->of[PART_LOKR_W1_A], *b1 = f->of[PART_LOKR_W1_B];
	const struct tensor *a2 = f->of[PART_LOKR_W2_A], *b2 = f->of[PART_LOKR_W2_B];
	const struct tensor *core = f->of[PART_LOKR_T2];
	out->is_whole = (w1 || (a1 && b1)) && (w2 || (a2 && b2));
	if (!out->is_whole)
		return;
	uint64_t rows_2 = w2 ? dim(w2, 0) : dim(a2, core ? 1 : 0);
	uint64_t columns_2 = w2 ? product(w2, 1) : product(b2, 1);
	if (!w2 && core)
		columns_2 = times(columns_2, product(core, 2));
	out->rows = times(w1 ? dim(w1, 0) : dim(a1, 0), rows_2);
	out->columns = times(w1 ? dim(w1, 1) : dim(b1, 1), columns_2);
	out->is_sound = (w1 || dim(a1, 1) == dim(b1, 0)) &&
			(w2 || (core ? dim(core, 0) == dim(a2, 0) && dim(core, 1) == dim(b2, 0)
				     : dim(a2, 1) == dim(b2, 0)));
	take_kernel(out, w2 ? w2 : core);
}

/* Blocks that turn the outputs; the butterfly kind has one more dimension. */
static void read_oft(const struct factors *f, struct delta *out)
{
	const struct tensor *blocks = f->of[PART_OFT_BLOCKS];
	out->is_whole = out->is_sound = true;
	if (f->of[PART_BOFT_R] && f->of[PART_BOFT_R]->rank == 4) {
		blocks = f->of[PART_BOFT_R]; /* PEFT turns the inputs */
		out->is_either_side = true;
	}
	if (!blocks)
		return; /* a packed triangle tells no width */
	unsigned axis = blocks->rank == 4 ? 1 : 0;
	uint64_t size = dim(blocks, axis + 1);
	out->rows = times(dim(blocks, axis), size);
	out->is_sound = (blocks->rank == 3 || blocks->rank == 4) && size == dim(blocks, axis + 2);
	if (blocks->rank == 4 && !out->is_either_side) {
		uint64_t m = dim(blocks, 0);
		uint64_t span = m >= 1 && m <= 32 ? times((uint64_t)1 << (m - 1), size) : 0;
		out->is_sound &= size % 2 == 0 && span && out->rows % span == 0;
	}
}

/* Today a1 [I,r], a2 [r,I], b1 [O,r], b2 [r,N]; each pair stood the other way round once. */
static void read_glora(const struct factors *f, struct delta *out)
{
	const struct tensor *a1 = f->of[PART_GLORA_A1], *a2 = f->of[PART_GLORA_A2];
	const struct tensor *b1 = f->of[PART_GLORA_B1], *b2 = f->of[PART_GLORA_B2];
	out->is_whole = a1 && a2 && b1 && b2;
	if (!out->is_whole)
		return;
	bool is_old = dim(a1, 0) < product(a1, 1);
	const struct tensor *tall = is_old ? b2 : b1, *wide = is_old ? b1 : b2;
	out->rows = dim(tall, 0);
	out->columns = product(wide, 1);
	out->is_sound = product(tall, 1) == dim(wide, 0);
	take_kernel(out, wide);
}

/* One vector beside the outputs or the inputs; only a value tells which. */
static void read_ia3(const struct factors *f, struct delta *out)
{
	const struct tensor *vector = f->of[PART_IA3] ? f->of[PART_IA3] : f->of[PART_WEIGHT];
	out->is_whole = vector != NULL;
	out->is_sound = out->is_either_side = true;
	if (vector)
		out->rows = product(vector, 0);
}

static void read_full(const struct factors *f, struct delta *out)
{
	const struct tensor *whole = f->of[PART_DIFF] ? f->of[PART_DIFF] : f->of[PART_SET_WEIGHT];
	const struct tensor *bias = f->of[PART_DIFF_BIAS];
	const struct tensor *first = whole ? whole : bias ? bias : f->of[PART_NORM];
	out->is_whole = out->is_sound = true;
	out->rows = dim(first, 0);
	if (!whole && bias)
		out->is_small = true; /* of whatever it is the bias, its rows must agree */
	else
		out->columns = product(first, 1);
	out->is_small |= first && first->rank <= 1;
	out->is_sound = !bias || !whole || dim(bias, 0) == out->rows;
	take_kernel(out, whole);
}

/* One number an output, or one an input. */
static bool is_sound_magnitude(const struct delta *delta, const struct tensor *dora)
{
	uint64_t kernel = 1, n = product(dora, 0);
	for (unsigned i = 0; i < delta->n_kernel; i++)
		kernel = times(kernel, delta->kernel[i]);
	return n == delta->rows || n == delta->columns || (kernel && n == delta->columns / kernel);
}

static void (*const readers[ADAPTER_COUNT])(const struct factors *factors, struct delta *out) = {
	[ADAPTER_LORA] = read_lora, [ADAPTER_LOHA] = read_loha, [ADAPTER_LOKR] = read_lokr,
	[ADAPTER_OFT] = read_oft,   [ADAPTER_BOFT] = read_oft,  [ADAPTER_GLORA] = read_glora,
	[ADAPTER_IA3] = read_ia3,   [ADAPTER_FULL] = read_full,
};

void delta_read(const struct factors *factors, struct delta *out)
{
	*out = (struct delta){ 0 };
	enum adapter_type algorithm = factors_algorithm(factors);
	if (!readers[algorithm])
		return;
	readers[algorithm](factors, out);
	/* These tell both; 0 is a dimension of 0 or a product that overflowed. */
	bool tells_all =
		algorithm != ADAPTER_OFT && algorithm != ADAPTER_IA3 && algorithm != ADAPTER_FULL;
	if (tells_all && (!out->rows || !out->columns))
		out->is_sound = false;
	const struct tensor *dora = factors->of[PART_DORA];
	if (dora && out->is_whole && out->columns)
		out->is_sound &= is_sound_magnitude(out, dora);
	out->may_pad = factors->of[PART_RESHAPE] != NULL;
}

static bool is_as_wide(const struct delta *delta, const struct delta_target *target)
{
	return !delta->columns || delta->columns == target->columns;
}

enum delta_fit delta_fits(const struct delta *delta, const struct delta_target *target)
{
	if (!delta->is_whole)
		return DELTA_INCOMPLETE;
	if (!delta->is_sound)
		return DELTA_DIFFERS;
	if (!target->rows || !delta->rows)
		return DELTA_FITS;
	if (delta->is_either_side)
		return delta->rows == target->rows || delta->rows == target->inputs ? DELTA_FITS
										    : DELTA_DIFFERS;
	if (delta->rows == target->rows && is_as_wide(delta, target))
		return DELTA_FITS;
	if (target->is_table && delta->rows == target->columns && delta->columns == target->rows)
		return DELTA_FITS;
	if (delta->may_pad || (target->takes_any_inputs && delta->rows == target->rows))
		return DELTA_FITS_PADDED;
	return DELTA_DIFFERS;
}
