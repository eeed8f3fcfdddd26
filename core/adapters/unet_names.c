// SPDX-License-Identifier: MIT
#include "core/adapters/unet_names.h"

#include <stdarg.h>
#include <stdio.h>

#define N(array) (sizeof(array) / sizeof *(array))

enum { CHILDREN_MAX = 4, LEVELS_MAX = 16 };
enum block { BLOCK_RESNET, BLOCK_ATTENTION, BLOCK_LAYER };

/* Original, diffusers. */
static const char *const ends[][2] = {
	{ "input_blocks_0_0", "conv_in" },
	{ "time_embed_0", "time_embedding_linear_1" },
	{ "time_embed_2", "time_embedding_linear_2" },
	{ "label_emb_0_0", "add_embedding_linear_1" },
	{ "label_emb_0_2", "add_embedding_linear_2" },
	{ "label_emb_0_0", "class_embedding_linear_1" },
	{ "label_emb_0_2", "class_embedding_linear_2" },
	{ "out_0", "conv_norm_out" },
	{ "out_2", "conv_out" },
};

static const char *const resnet_tails[][2] = {
	{ "in_layers_0", "norm1" },          { "in_layers_2", "conv1" },
	{ "emb_layers_1", "time_emb_proj" }, { "out_layers_0", "norm2" },
	{ "out_layers_3", "conv2" },         { "skip_connection", "conv_shortcut" },
};

/* The same in both; in every block of an attention. */
static const char *const attention_tails[] = { "norm", "proj_in", "proj_out" };
static const char *const transformer_tails[] = {
	"attn1_to_q", "attn1_to_k", "attn1_to_v", "attn1_to_out_0", "ff_net_0_proj",
	"attn2_to_q", "attn2_to_k", "attn2_to_v", "attn2_to_out_0", "ff_net_2",
	"norm1",      "norm2",      "norm3",
};
enum { TRANSFORMER_NUMBERED = 9 }; /* those that cloneofsimo trained stand first, in his order */

struct walk {
	struct map *names;
	struct arena *arena;
	int known; /* which column of the tables the checkpoint is written in */
};

static PRINTF(2, 3) void *find(const struct walk *walk, const char *format, ...)
{
	char name[160];
	va_list args;
	va_start(args, format);
	int len = vsnprintf(name, sizeof name, format, args);
	va_end(args);
	if (len < 0 || (size_t)len >= sizeof name)
		return NULL;
	return map_find(walk->names, (struct str){ name, (size_t)len });
}

static void name_it(struct walk *walk, struct str name, void *what)
{
	void **place = what ? map_place(walk->names, name) : NULL;
	if (place && !*place)
		*place = what;
	/* Old attention processors leave out the number of the layer. */
	if (str_cut_suffix(&name, STR("_to_out_0")))
		name_it(walk, (struct str){ name.ptr, name.len + sizeof "_to_out" - 1 }, what);
}

/* What stands under one name gets the other as well. */
static void pair(struct walk *walk, const char *prefixes[2], const char *original,
		 const char *diffusers)
{
	const char *tails[2] = { original, diffusers };
	int known = walk->known;
	const char *line = *tails[known] ? "_" : "";
	void *what = find(walk, "%s%s%s", prefixes[known], line, tails[known]);
	if (what)
		name_it(walk,
			arena_strf(walk->arena, "%s%s%s", prefixes[!known], line, tails[!known]),
			what);
}

static void pair_block(struct walk *walk, enum block block, const char *original,
		       const char *diffusers)
{
	const char *prefixes[2] = { original, diffusers };
	if (block == BLOCK_LAYER)
		pair(walk, prefixes, "", "");
	for (size_t i = 0; block == BLOCK_RESNET && i < N(resnet_tails); i++)
		pair(walk, prefixes, resnet_tails[i][0], resnet_tails[i][1]);
	if (block != BLOCK_ATTENTION)
		return;
	for (size_t i = 0; i < N(attention_tails); i++)
		pair(walk, prefixes, attention_tails[i], attention_tails[i]);
	for (unsigned t = 0;; t++) {
		const char *blocks[2];
		for (int side = 0; side < 2; side++)
			blocks[side] = arena_printf(walk->arena, "%s_transformer_blocks_%u",
						    prefixes[side], t);
		if (!find(walk, "%s_attn1_to_q", blocks[walk->known]))
			return;
		for (size_t i = 0; i < N(transformer_tails); i++)
			pair(walk, blocks, transformer_tails[i], transformer_tails[i]);
	}
}

/* One numbered block of the original names: its resnet, its attention. False: there is none. */
static bool walk_children(struct walk *walk, const char *block, const char *level, unsigned i)
{
	bool found = false;
	for (unsigned child = 0; child < CHILDREN_MAX; child++) {
		const char *at = arena_printf(walk->arena, "%s_%u", block, child);
		if (find(walk, "%s_in_layers_2", at))
			pair_block(walk, BLOCK_RESNET, at,
				   arena_printf(walk->arena, "%s_resnets_%u", level, i));
		else if (find(walk, "%s_proj_in", at))
			pair_block(walk, BLOCK_ATTENTION, at,
				   arena_printf(walk->arena, "%s_attentions_%u", level, i));
		else
			continue;
		found = true;
	}
	return found;
}

static void walk_original_down(struct walk *walk)
{
	unsigned level = 0, i = 0;
	for (unsigned n = 1;; n++) {
		const char *block = arena_printf(walk->arena, "input_blocks_%u", n);
		const char *name = arena_printf(walk->arena, "down_blocks_%u", level);
		if (find(walk, "%s_0_op", block)) {
			pair_block(walk, BLOCK_LAYER, arena_printf(walk->arena, "%s_0_op", block),
				   arena_printf(walk->arena, "%s_downsamplers_0_conv", name));
			level++;
			i = 0;
		} else if (!walk_children(walk, block, name, i++)) {
			return;
		}
	}
}

static void walk_original_up(struct walk *walk)
{
	unsigned level = 0, i = 0;
	for (unsigned n = 0;; n++) {
		const char *block = arena_printf(walk->arena, "output_blocks_%u", n);
		const char *name = arena_printf(walk->arena, "up_blocks_%u", level);
		if (!walk_children(walk, block, name, i++))
			return;
		for (unsigned child = 1; child < CHILDREN_MAX; child++) {
			if (!find(walk, "%s_%u_conv", block, child))
				continue;
			pair_block(walk, BLOCK_LAYER,
				   arena_printf(walk->arena, "%s_%u_conv", block, child),
				   arena_printf(walk->arena, "%s_upsamplers_0_conv", name));
			level++;
			i = 0;
			break;
		}
	}
}

static void walk_original_middle(struct walk *walk)
{
	unsigned resnet = 0;
	for (unsigned child = 0; child < CHILDREN_MAX; child++) {
		const char *at = arena_printf(walk->arena, "middle_block_%u", child);
		if (find(walk, "%s_in_layers_2", at))
			pair_block(walk, BLOCK_RESNET, at,
				   arena_printf(walk->arena, "mid_block_resnets_%u", resnet++));
		else if (find(walk, "%s_proj_in", at))
			pair_block(walk, BLOCK_ATTENTION, at, "mid_block_attentions_0");
	}
}

/* One level of diffusers' names; the number of the original block goes on. */
static bool walk_level(struct walk *walk, const char *level, const char *direction, unsigned *n,
		       unsigned *last_child)
{
	unsigned i = 0;
	for (; find(walk, "%s_resnets_%u_conv1", level, i); i++, ++*n) {
		struct arena *arena = walk->arena;
		const char *attention = arena_printf(arena, "%s_attentions_%u", level, i);
		pair_block(walk, BLOCK_RESNET, arena_printf(arena, "%s_blocks_%u_0", direction, *n),
			   arena_printf(arena, "%s_resnets_%u", level, i));
		*last_child = find(walk, "%s_proj_in", attention) ? 2 : 1;
		if (*last_child == 2)
			pair_block(walk, BLOCK_ATTENTION,
				   arena_printf(arena, "%s_blocks_%u_1", direction, *n), attention);
	}
	return i > 0;
}

static void walk_levels_down(struct walk *walk)
{
	unsigned n = 1, last_child;
	for (unsigned level = 0;; level++) {
		const char *name = arena_printf(walk->arena, "down_blocks_%u", level);
		if (!walk_level(walk, name, "input", &n, &last_child))
			return;
		const char *sampler = arena_printf(walk->arena, "%s_downsamplers_0_conv", name);
		if (find(walk, "%s", sampler))
			pair_block(walk, BLOCK_LAYER,
				   arena_printf(walk->arena, "input_blocks_%u_0_op", n++), sampler);
	}
}

static void walk_levels_up(struct walk *walk)
{
	unsigned n = 0, last_child;
	for (unsigned level = 0;; level++) {
		const char *name = arena_printf(walk->arena, "up_blocks_%u", level);
		if (!walk_level(walk, name, "output", &n, &last_child))
			return;
		pair_block(walk, BLOCK_LAYER,
			   arena_printf(walk->arena, "output_blocks_%u_%u_conv", n - 1, last_child),
			   arena_printf(walk->arena, "%s_upsamplers_0_conv", name));
	}
}

static void walk_levels_middle(struct walk *walk)
{
	bool has_attention = find(walk, "mid_block_attentions_0_proj_in") != NULL;
	pair_block(walk, BLOCK_RESNET, "middle_block_0", "mid_block_resnets_0");
	pair_block(walk, BLOCK_ATTENTION, "middle_block_1", "mid_block_attentions_0");
	pair_block(walk, BLOCK_RESNET, has_attention ? "middle_block_2" : "middle_block_1",
		   "mid_block_resnets_1");
}

void unet_names_add(struct map *names, struct arena *arena)
{
	struct walk walk = { .names = names, .arena = arena };
	if (find(&walk, "input_blocks_1_0_in_layers_2")) {
		walk_original_down(&walk);
		walk_original_middle(&walk);
		walk_original_up(&walk);
	} else if (find(&walk, "down_blocks_0_resnets_0_conv1")) {
		walk.known = 1;
		walk_levels_down(&walk);
		walk_levels_middle(&walk);
		walk_levels_up(&walk);
	} else {
		return;
	}
	for (size_t i = 0; i < N(ends); i++)
		pair_block(&walk, BLOCK_LAYER, ends[i][0], ends[i][1]);
}

static void number_attention(struct walk *walk, const char *attention, unsigned *n)
{
	for (unsigned t = 0; find(walk, "%s_transformer_blocks_%u_attn1_to_q", attention, t); t++)
		for (size_t i = 0; i < TRANSFORMER_NUMBERED; i++)
			name_it(walk, arena_strf(walk->arena, "%u", (*n)++),
				find(walk, "%s_transformer_blocks_%u_%s", attention, t,
				     transformer_tails[i]));
}

void unet_names_number(struct map *names, struct arena *arena)
{
	static const char *const directions[] = { "down", "up" };
	struct walk walk = { .names = names, .arena = arena };
	unsigned n = 0;
	for (size_t d = 0; d < N(directions); d++)
		for (unsigned level = 0; level < LEVELS_MAX; level++)
			for (unsigned i = 0;; i++) {
				const char *attention =
					arena_printf(arena, "%s_blocks_%u_attentions_%u",
						     directions[d], level, i);
				if (!find(&walk, "%s_proj_in", attention))
					break;
				number_attention(&walk, attention, &n);
			}
	number_attention(&walk, "mid_block_attentions_0", &n);
}

void unet_names_number_text(struct map *names, struct arena *arena)
{
	static const char *const order[] = { "k", "v", "q", "out" };
	struct walk walk = { .names = names, .arena = arena };
	unsigned n = 0;
	for (unsigned layer = 0;
	     find(&walk, "text_model_encoder_layers_%u_self_attn_k_proj", layer); layer++)
		for (size_t i = 0; i < N(order); i++)
			name_it(&walk, arena_strf(arena, "%u", n++),
				find(&walk, "text_model_encoder_layers_%u_self_attn_%s_proj", layer,
				     order[i]));
}
