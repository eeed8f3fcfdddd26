// SPDX-License-Identifier: MIT
#include "core/samples/rename.h"

#include "core/samples/regexp.h"

struct pair {
	const char *from, *to;
};

static const struct pair unet_top[] = {
	{ "time_embed.0", "time_embedding.linear_1" },
	{ "time_embed.2", "time_embedding.linear_2" },
	{ "label_emb.0.0", "add_embedding.linear_1" },
	{ "label_emb.0.2", "add_embedding.linear_2" },
	{ "input_blocks.0.0", "conv_in" },
	{ "out.0", "conv_norm_out" },
	{ "out.2", "conv_out" },
	{ NULL, NULL },
};

static const struct pair unet_resnet[] = {
	{ "in_layers.0", "norm1" },
	{ "in_layers.2", "conv1" },
	{ "emb_layers.1", "time_emb_proj" },
	{ "out_layers.0", "norm2" },
	{ "out_layers.3", "conv2" },
	{ "skip_connection", "conv_shortcut" },
	{ NULL, NULL },
};

static const struct pair openclip_top[] = {
	{ "positional_embedding", "text_model.embeddings.position_embedding.weight" },
	{ "token_embedding.weight", "text_model.embeddings.token_embedding.weight" },
	{ "ln_final.weight", "text_model.final_layer_norm.weight" },
	{ "ln_final.bias", "text_model.final_layer_norm.bias" },
	{ "text_projection", "text_projection.weight" },
	{ NULL, NULL },
};

static const struct pair openclip_block[] = {
	{ "attn.out_proj", "self_attn.out_proj" },
	{ "ln_1", "layer_norm1" },
	{ "ln_2", "layer_norm2" },
	{ "mlp.c_fc", "mlp.fc1" },
	{ "mlp.c_proj", "mlp.fc2" },
	{ NULL, NULL },
};

/* In this order. LDM counts the blocks on the way up from the end. */
static const struct pair vae_patterns[] = {
	{ "down\\.(\\d)\\.block\\.(\\d)", "down_blocks.\\1.resnets.\\2" },
	{ "down\\.(\\d)\\.downsample", "down_blocks.\\1.downsamplers.0" },
	{ "up\\.0\\.block\\.(\\d)", "up_blocks.3.resnets.\\1" },
	{ "up\\.1\\.block\\.(\\d)", "up_blocks.2.resnets.\\1" },
	{ "up\\.2\\.block\\.(\\d)", "up_blocks.1.resnets.\\1" },
	{ "up\\.3\\.block\\.(\\d)", "up_blocks.0.resnets.\\1" },
	{ "up\\.0\\.upsample", "up_blocks.3.upsamplers.0" },
	{ "up\\.1\\.upsample", "up_blocks.2.upsamplers.0" },
	{ "up\\.2\\.upsample", "up_blocks.1.upsamplers.0" },
	{ "up\\.3\\.upsample", "up_blocks.0.upsamplers.0" },
	{ "mid\\.block_1", "mid_block.resnets.0" },
	{ "mid\\.block_2", "mid_block.resnets.1" },
	{ "nin_shortcut", "conv_shortcut" },
	{ "\\.norm_out\\.", ".conv_norm_out." },
	{ "mid\\.attn_1\\.q\\.", "mid_block.attentions.0.to_q." },
	{ "mid\\.attn_1\\.k\\.", "mid_block.attentions.0.to_k." },
	{ "mid\\.attn_1\\.v\\.", "mid_block.attentions.0.to_v." },
	{ "mid\\.attn_1\\.proj_out\\.", "mid_block.attentions.0.to_out.0." },
	{ "mid\\.attn_1\\.norm\\.", "mid_block.attentions.0.group_norm." },
};
#define N_VAE_PATTERNS (sizeof(vae_patterns) / sizeof(vae_patterns[0]))

static struct str pair_find(const struct pair *pairs, struct str from)
{
	for (; pairs->from; pairs++) {
		if (str_equal(str_from(pairs->from), from))
			return str_from(pairs->to);
	}
	return STR_NULL;
}

/* Takes a number and the dot behind it off the front. */
static uint64_t cut_number(struct str *rest)
{
	struct str part;
	uint64_t number = 0;

	if (!str_next_part(rest, '.', &part) || !str_to_u64(part, &number))
		BUG("a block without a number");
	return number;
}

static struct str unet_inner(struct str block, uint64_t which, bool is_resnet, struct str rest,
			     struct arena *arena)
{
	struct str to = is_resnet ? pair_find(unet_resnet, rest) : STR_NULL;

	return arena_strf(arena, "%.*s.%s.%llu.%.*s", STR_ARG(block),
			  is_resnet ? "resnets" : "attentions", (unsigned long long)which,
			  STR_ARG(to.ptr ? to : rest));
}

static struct str unet_down(struct str rest, struct arena *arena)
{
	uint64_t number = cut_number(&rest) - 1, layer = cut_number(&rest);
	struct str block = arena_strf(arena, "down_blocks.%llu", (unsigned long long)(number / 3));

	if (str_equal(rest, STR("op")))
		return arena_strf(arena, "%.*s.downsamplers.0.conv", STR_ARG(block));
	return unet_inner(block, number % 3, layer == 0, rest, arena);
}

static struct str unet_up(struct str rest, struct arena *arena)
{
	uint64_t number = cut_number(&rest), layer = cut_number(&rest);
	struct str block = arena_strf(arena, "up_blocks.%llu", (unsigned long long)(number / 3));

	if (layer > 0 && str_equal(rest, STR("conv")))
		return arena_strf(arena, "%.*s.upsamplers.0.conv", STR_ARG(block));
	return unet_inner(block, number % 3, layer == 0, rest, arena);
}

static struct str unet_middle(struct str rest, struct arena *arena)
{
	uint64_t number = cut_number(&rest);

	return unet_inner(STR("mid_block"), number / 2, number != 1, rest, arena);
}

static struct str unet_stem(struct str stem, struct arena *arena)
{
	struct str top = pair_find(unet_top, stem);

	if (top.ptr)
		return top;
	if (str_cut_prefix(&stem, STR("input_blocks.")))
		return unet_down(stem, arena);
	if (str_cut_prefix(&stem, STR("output_blocks.")))
		return unet_up(stem, arena);
	if (str_cut_prefix(&stem, STR("middle_block.")))
		return unet_middle(stem, arena);
	return stem;
}

static bool rename_unet(struct arena *arena, struct array *rows, struct error *err)
{
	(void)err; /* every name is either known or stays as it is */
	for (size_t i = 0; i < rows->len; i++) {
		struct key_row *row = ARRAY_AT(rows, struct key_row, i);
		ptrdiff_t dot = str_rfind_byte(row->name, '.');
		if (dot < 0)
			continue;
		struct str leaf = str_slice(row->name, (size_t)dot, row->name.len);
		struct str stem = unet_stem(str_slice(row->name, 0, (size_t)dot), arena);
		row->name = arena_strf(arena, "%.*s%.*s", STR_ARG(stem), STR_ARG(leaf));
	}
	return true;
}

static bool rename_vae(struct arena *arena, struct array *rows, struct error *err)
{
	for (size_t i = 0; i < rows->len; i++) {
		/* Attention is a 1x1 convolution in LDM, a linear layer in diffusers. */
		struct key_row *row = ARRAY_AT(rows, struct key_row, i);
		if (str_find(row->name, STR("mid.attn_1")) >= 0 && row->n_dims == 4)
			row->n_dims = 2;
	}
	for (size_t p = 0; p < N_VAE_PATTERNS; p++) {
		struct regexp regexp;
		if (!regexp_init(&regexp, str_from(vae_patterns[p].from), err))
			return false;
		for (size_t i = 0; i < rows->len; i++) {
			struct key_row *row = ARRAY_AT(rows, struct key_row, i);
			row->name = regexp_replace(&regexp, row->name, str_from(vae_patterns[p].to),
						   arena);
		}
		regexp_finish(&regexp);
	}
	return true;
}

/* open_clip keeps q, k and v in one matrix. */
static void split_in_proj(const struct key_row *row, const char *layer, struct str leaf,
			  struct arena *arena, struct array *out)
{
	for (const char *letter = "qkv"; *letter; letter++) {
		struct key_row *part = ARRAY_PUSH(out, struct key_row);
		*part = *row;
		part->name = arena_strf(arena, "%s.self_attn.%c_proj.%.*s", layer, *letter,
					STR_ARG(leaf));
		part->shape[0] /= 3;
	}
}

static void rename_openclip_block(const struct key_row *row, struct str rest, struct arena *arena,
				  struct array *out)
{
	const char *layer = arena_printf(arena, "text_model.encoder.layers.%llu",
					 (unsigned long long)cut_number(&rest));

	if (str_cut_prefix(&rest, STR("attn.in_proj_"))) {
		split_in_proj(row, layer, rest, arena, out);
		return;
	}
	ptrdiff_t dot = str_rfind_byte(rest, '.');
	struct str stem = str_slice(rest, 0, (size_t)dot);
	struct str to = pair_find(openclip_block, stem);
	struct key_row *one = ARRAY_PUSH(out, struct key_row);
	*one = *row;
	one->name = arena_strf(arena, "%s.%.*s%.*s", layer, STR_ARG(to.ptr ? to : stem),
			       STR_ARG(str_slice(rest, (size_t)dot, rest.len)));
}

static bool rename_openclip(struct arena *arena, struct array *rows, struct error *err)
{
	struct array out = ARRAY_OF(struct key_row);

	(void)err; /* what Transformers does not have is dropped */
	for (size_t i = 0; i < rows->len; i++) {
		const struct key_row *row = ARRAY_AT(rows, struct key_row, i);
		struct str rest = row->name, top = pair_find(openclip_top, row->name);
		if (str_cut_prefix(&rest, STR("transformer.resblocks."))) {
			rename_openclip_block(row, rest, arena, &out);
		} else if (top.ptr) {
			struct key_row *one = ARRAY_PUSH(&out, struct key_row);
			*one = *row;
			one->name = top;
		}
	}
	array_finish(rows);
	*rows = out;
	return true;
}

static const struct {
	const char *name;
	bool (*rename)(struct arena *arena, struct array *rows, struct error *err);
} layouts[] = {
	{ "unet-diffusers", rename_unet },
	{ "vae-diffusers", rename_vae },
	{ "openclip-hf", rename_openclip },
};

bool rename_rows(struct str which, struct arena *arena, struct array *rows, struct error *err)
{
	for (size_t i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++) {
		if (str_equal(which, str_from(layouts[i].name)))
			return layouts[i].rename(arena, rows, err);
	}
	return error_set(err, ERROR_FORMAT, NULL, "no layout \"%.*s\"", STR_ARG(which));
}
