// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/adapters/module_names.h"
#include "tests/unit/core/adapters/table.h"

struct world {
	struct knowledge *knowledge;
	struct arena arena;
	const struct module_names *names;
};

static struct texts words(struct arena *arena, const char *text)
{
	struct str *list = ARENA_NEW_N(arena, struct str, 16), rest = str_from(text);
	size_t n = 0;
	while (str_next_part(&rest, ' ', &list[n]))
		n++;
	return (struct texts){ list, n };
}

static void add_map(struct knowledge *knowledge, const char *architecture, const char *lines)
{
	struct name_map *map = ARRAY_PUSH(&knowledge->name_maps, struct name_map);
	struct module_rule *rules = ARENA_NEW_N(&knowledge->arena, struct module_rule, 16);
	struct str rest = str_from(lines), line;
	struct error err;
	if (architecture)
		map->architectures = words(&knowledge->arena, architecture);
	map->modules.rules = rules;
	while (str_next_part(&rest, '\n', &line))
		assert_true(module_rule_parse(line, &knowledge->arena,
					      &rules[map->modules.n_rules++], &err));
}

static void add_encoder(struct knowledge *knowledge, const char *number, const char *architectures,
			const char *roots, const char *adapter_roots)
{
	struct text_encoder *encoder = ARRAY_PUSH(&knowledge->text_encoders, struct text_encoder);
	encoder->id = str_from(number);
	if (architectures)
		encoder->architectures = words(&knowledge->arena, architectures);
	encoder->roots = words(&knowledge->arena, roots);
	encoder->adapter_roots = words(&knowledge->arena, adapter_roots);
}

static int set_up(void **state)
{
	static struct world world;
	struct knowledge *k = knowledge_create();
	k->denoiser_roots = words(&k->arena, "model.diffusion_model. unet. model.");
	k->adapter_roots =
		words(&k->arena, "base_model.model. lora_unet_ transformer. unet. unet:");
	k->text_encoder_roots =
		words(&k->arena, "text_encoder: lora_te1_ lora_te2_ lora_te3_ lora_te_");
	k->other_roots = words(&k->arena, "vae. model_ema.");
	k->input_layers = words(&k->arena, "img_in");
	add_map(k, "flux",
		"double.#.qkv = blocks.#.{to_q|to_k|to_v}\n"
		"double.#.qkv = double.#.qkv.{0|1|2}\n"
		"single.#.linear1 = singles.#.{q=in|k=in|v=in|mlp}\n"
		"single.#.linear1 = single.#.all_qkv=3in\n"
		"img_in = x_embedder");
	add_map(k, "grouped", "l.#.qkv = l.#.{q=in|k|v}");
	add_map(k, NULL,
		"resblocks.#.in_proj = text_model.encoder.layers.#.self_attn.{q_proj|k_proj|v_proj}");
	add_encoder(k, "1", NULL, "te.transformer. te.model. text_encoders.*.transformer.",
		    "lora_te_ lora_te1_ text_encoder:");
	add_encoder(k, "2", NULL, "te2.model.", "lora_te2_");
	add_encoder(k, "1", "refiner", "te.model.", "lora_te_");
	add_encoder(k, "2", "flux", "text_encoders.t5.transformer.", "lora_te2_ lora_te3_");
	world = (struct world){ .knowledge = k };
	*state = &world;
	return 0;
}

static int tear_down(void **state)
{
	struct world *world = *state;
	knowledge_destroy(world->knowledge);
	arena_finish(&world->arena);
	return 0;
}

static void read_names(struct world *world, const char *architecture, const char *lines)
{
	struct tensor_table *table = ARENA_NEW(&world->arena, struct tensor_table);
	*table = table_of(&world->arena, DTYPE_F16, lines);
	world->names =
		module_names_create(world->knowledge, table, str_from(architecture), &world->arena);
}

static const struct module_target *find(struct world *world, const char *stem,
					enum component *component)
{
	struct adapter adapter;
	const char *lines = arena_printf(
		&world->arena, "%s.lora_up.weight 4 1\n%s.lora_down.weight 1 4", stem, stem);
	if (strchr(stem, ':'))
		lines = arena_printf(&world->arena, "%s:up 4 1\n%s:down 1 4", stem, stem);
	struct tensor_table table = table_of(&world->arena, DTYPE_F16, lines);
	assert_true(adapter_read(&table, world->knowledge, &world->arena, &adapter));
	return module_names_find(world->names, &adapter.modules[0], component);
}

static void assert_target(struct world *world, const char *stem, const char *tensor, uint64_t rows)
{
	enum component component;
	const struct module_target *target = find(world, stem, &component);
	if (!target)
		fail_msg("%s: no target", stem);
	else if (!str_equal(target->name, str_from(tensor)) || target->shape.rows != rows)
		fail_msg("%s: %.*s, %llu rows", stem, STR_ARG(target->name),
			 (unsigned long long)target->shape.rows);
}

static void assert_none(struct world *world, const char *stem, enum component wanted)
{
	enum component component;
	if (find(world, stem, &component))
		fail_msg("%s: a target", stem);
	assert_int_equal(component, wanted);
}

static void roots_are_cut_and_other_parts_left(void **state)
{
	struct world *world = *state;
	read_names(world, "sdxl",
		   "model.diffusion_model.a.b.weight 4 4\nvae.c.weight 4 4\n"
		   "model_ema.ab 4 4\nmodel.diffusion_model.a.b.bias 4\n"
		   "model.other 1");
	assert_target(world, "lora_unet_a_b", "model.diffusion_model.a.b.weight", 4);
	assert_target(world, "base_model.model.a.b", "model.diffusion_model.a.b.weight", 4);
	assert_none(world, "lora_unet_c", COMPONENT_DENOISER);
	assert_none(world, "lora_unet_vae_c", COMPONENT_DENOISER);
	assert_true(module_names_has(world->names, COMPONENT_DENOISER));
	assert_false(module_names_has(world->names, COMPONENT_TEXT_ENCODER_1));
}

static void fused_layers_are_cut_in_rows(void **state)
{
	struct world *world = *state;
	read_names(world, "flux",
		   "double.3.qkv.weight 12 4\nsingle.0.linear1.weight 28 4\n"
		   "img_in.weight 4 2");
	assert_target(world, "lora_unet_double_3_qkv", "double.3.qkv.weight", 12);
	assert_target(world, "transformer.blocks.3.to_k", "double.3.qkv.weight", 4);
	assert_target(world, "lora_unet_double_3_qkv_2", "double.3.qkv.weight", 4);
	assert_target(world, "transformer.singles.0.v", "single.0.linear1.weight", 4);
	assert_target(world, "transformer.singles.0.mlp", "single.0.linear1.weight", 16);
	assert_target(world, "single.0.all_qkv", "single.0.linear1.weight", 12);
	assert_target(world, "transformer.x_embedder", "img_in.weight", 4);
	assert_none(world, "transformer.blocks.4.to_k", COMPONENT_DENOISER);
	enum component component;
	assert_true(find(world, "transformer.x_embedder", &component)->shape.takes_any_inputs);
}

static void split_layers_are_taken_together(void **state)
{
	struct world *world = *state;
	read_names(world, "flux",
		   "blocks.3.to_q.weight 4 4\nblocks.3.to_k.weight 4 4\n"
		   "blocks.3.to_v.weight 4 4\nblocks.4.to_q.weight 4 4\n"
		   "x_embedder.weight 4 2");
	assert_target(world, "lora_unet_double_3_qkv",
		      "blocks.3.to_q.weight + blocks.3.to_k.weight + blocks.3.to_v.weight", 12);
	assert_target(world, "double.3.qkv.1",
		      "blocks.3.to_q.weight + blocks.3.to_k.weight + blocks.3.to_v.weight", 4);
	assert_target(world, "lora_unet_img_in", "x_embedder.weight", 4);
	assert_none(world, "lora_unet_double_4_qkv", COMPONENT_DENOISER);
}

static void grouped_heads_share_what_is_left(void **state)
{
	struct world *world = *state;
	read_names(world, "grouped", "l.0.qkv.weight 3840 2304");
	assert_target(world, "l.0.q", "l.0.qkv.weight", 2304);
	assert_target(world, "l.0.v", "l.0.qkv.weight", 768);
}

static void maps_of_others_do_not_hold(void **state)
{
	struct world *world = *state;
	read_names(world, "sdxl", "double.3.qkv.weight 12 4");
	assert_none(world, "transformer.blocks.3.to_k", COMPONENT_DENOISER);
	read_names(world, NULL, "double.3.qkv.weight 12 4");
	assert_target(world, "lora_unet_double_3_qkv", "double.3.qkv.weight", 12);
}

static void packed_weights_have_names_alone(void **state)
{
	struct world *world = *state;
	struct tensor_table table = table_of(&world->arena, DTYPE_U8,
					     "double.3.qkv.weight 12 2\ndouble.4.qkv.qweight 24 1");
	world->names = module_names_create(world->knowledge, &table, STR("flux"), &world->arena);
	assert_target(world, "transformer.blocks.3.to_k", "double.3.qkv.weight", 0);
	assert_target(world, "lora_unet_double_4_qkv", "double.4.qkv.qweight", 0);
}

static void text_encoders_have_numbers(void **state)
{
	struct world *world = *state;
	const char *lines = "x.weight 4 4\nte.transformer.text_model.a.weight 4 4\n"
			    "te.transformer.encoder.layers.0.b.weight 4 4\n"
			    "te2.model.resblocks.5.in_proj_weight 12 4\n"
			    "te2.model.text_projection 4 4";
	read_names(world, "sdxl", lines);
	assert_target(world, "lora_te1_text_model_a", "te.transformer.text_model.a.weight", 4);
	assert_target(world, "lora_te_text_model_encoder_layers_0_b",
		      "te.transformer.encoder.layers.0.b.weight", 4);
	assert_target(world, "lora_te2_text_model_encoder_layers_5_self_attn_k_proj",
		      "te2.model.resblocks.5.in_proj_weight", 4);
	assert_target(world, "lora_te2_text_projection", "te2.model.text_projection", 4);
	assert_none(world, "lora_te3_text_model_a", COMPONENT_TEXT_ENCODER_1);
	read_names(world, "refiner", "x.weight 4 4\nte.model.text_model.a.weight 4 4");
	assert_target(world, "lora_te_text_model_a", "te.model.text_model.a.weight", 4);
	assert_none(world, "lora_te1_text_model_a", COMPONENT_TEXT_ENCODER_1);
	read_names(world, "flux",
		   "x.weight 4 4\ntext_encoders.t5.transformer.q.weight 4 4\n"
		   "text_encoders.other.transformer.model.r.weight 4 4");
	assert_target(world, "lora_te3_q", "text_encoders.t5.transformer.q.weight", 4);
	assert_target(world, "lora_te2_q", "text_encoders.t5.transformer.q.weight", 4);
	assert_target(world, "lora_te_r", "text_encoders.other.transformer.model.r.weight", 4);
}

/* Two levels, attention in the second; one resnet down, two up. */
static const char original_unet[] =
	"input_blocks.0.0.weight 320 4 3 3\ninput_blocks.1.0.in_layers.2.weight 1 1\n"
	"input_blocks.2.0.op.weight 2 2\ninput_blocks.3.0.in_layers.2.weight 3 3\n"
	"input_blocks.3.1.proj_in.weight 4 4\n"
	"input_blocks.3.1.transformer_blocks.0.attn1.to_q.weight 5 5\n"
	"input_blocks.3.1.transformer_blocks.0.attn2.to_out.0.weight 6 6\n"
	"middle_block.0.in_layers.2.weight 7 7\nmiddle_block.1.proj_in.weight 8 8\n"
	"middle_block.1.transformer_blocks.0.attn1.to_q.weight 9 9\n"
	"middle_block.2.out_layers.3.weight 10 10\nmiddle_block.2.in_layers.2.weight 10 10\n"
	"output_blocks.0.0.in_layers.2.weight 11 11\noutput_blocks.0.1.proj_in.weight 11 11\n"
	"output_blocks.0.1.transformer_blocks.0.attn1.to_q.weight 12 12\n"
	"output_blocks.1.0.in_layers.2.weight 13 13\noutput_blocks.1.1.proj_in.weight 13 13\n"
	"output_blocks.1.2.conv.weight 14 14\noutput_blocks.2.0.skip_connection.weight 15 15\n"
	"output_blocks.2.0.in_layers.2.weight 15 15\ntime_embed.2.weight 16 16";

static const struct {
	const char *original, *diffusers;
	uint64_t rows;
} both[] = {
	{ "input_blocks.0.0", "conv_in", 320 },
	{ "input_blocks.2.0.op", "down_blocks.0.downsamplers.0.conv", 2 },
	{ "input_blocks.3.0.in_layers.2", "down_blocks.1.resnets.0.conv1", 3 },
	{ "input_blocks.3.1.proj_in", "down_blocks.1.attentions.0.proj_in", 4 },
	{ "input_blocks.3.1.transformer_blocks.0.attn2.to_out.0",
	  "down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_out.0", 6 },
	{ "middle_block.1.proj_in", "mid_block.attentions.0.proj_in", 8 },
	{ "middle_block.2.out_layers.3", "mid_block.resnets.1.conv2", 10 },
	{ "output_blocks.0.1.proj_in", "up_blocks.0.attentions.0.proj_in", 11 },
	{ "output_blocks.1.2.conv", "up_blocks.0.upsamplers.0.conv", 14 },
	{ "output_blocks.2.0.skip_connection", "up_blocks.1.resnets.0.conv_shortcut", 15 },
	{ "time_embed.2", "time_embedding.linear_2", 16 },
};

static void u_nets_are_walked_both_ways(void **state)
{
	struct world *world = *state;
	struct bytes lines = { 0 };
	read_names(world, "sdxl", original_unet);
	for (size_t i = 0; i < sizeof(both) / sizeof(*both); i++)
		assert_target(world, both[i].diffusers,
			      arena_printf(&world->arena, "%s.weight", both[i].original),
			      both[i].rows);
	assert_target(world,
		      "down_blocks.1.attentions.0.transformer_blocks.0.attn2.processor.to_out",
		      "input_blocks.3.1.transformer_blocks.0.attn2.to_out.0.weight", 6);
	for (size_t i = 0; i < sizeof(both) / sizeof(*both); i++)
		bytes_printf(&lines, "%s.weight %d 2\n", both[i].diffusers, (int)both[i].rows);
	bytes_printf(&lines,
		     "down_blocks.0.resnets.0.conv1.weight 1 1\n"
		     "down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q.weight 1 1\n"
		     "mid_block.resnets.0.conv1.weight 1 1\n"
		     "up_blocks.0.resnets.0.conv1.weight 1 1\n"
		     "up_blocks.0.resnets.1.conv1.weight 1 1\n"
		     "up_blocks.0.attentions.1.proj_in.weight 1 1\n"
		     "up_blocks.1.resnets.0.conv1.weight 1 1\n");
	read_names(world, "sdxl", lines.ptr);
	for (size_t i = 0; i < sizeof(both) / sizeof(*both); i++)
		assert_target(world, both[i].original,
			      arena_printf(&world->arena, "%s.weight", both[i].diffusers),
			      both[i].rows);
	bytes_finish(&lines);
}

static void numbers_count_down_up_and_middle(void **state)
{
	struct world *world = *state;
	read_names(world, "sdxl", original_unet);
	assert_target(world, "unet:0", "input_blocks.3.1.transformer_blocks.0.attn1.to_q.weight",
		      5);
	assert_target(world, "unet:8",
		      "input_blocks.3.1.transformer_blocks.0.attn2.to_out.0.weight", 6);
	assert_target(world, "unet:9", "output_blocks.0.1.transformer_blocks.0.attn1.to_q.weight",
		      12);
	assert_target(world, "unet:18", "middle_block.1.transformer_blocks.0.attn1.to_q.weight", 9);
	assert_none(world, "unet:27", COMPONENT_DENOISER);
	read_names(world, "sdxl",
		   "x.weight 1 1\n"
		   "te.transformer.text_model.encoder.layers.0.self_attn.k_proj.weight 2 2\n"
		   "te.transformer.text_model.encoder.layers.0.self_attn.out_proj.weight 3 3");
	assert_target(world, "text_encoder:0",
		      "te.transformer.text_model.encoder.layers.0.self_attn.k_proj.weight", 2);
	assert_target(world, "text_encoder:3",
		      "te.transformer.text_model.encoder.layers.0.self_attn.out_proj.weight", 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(roots_are_cut_and_other_parts_left),
		cmocka_unit_test(fused_layers_are_cut_in_rows),
		cmocka_unit_test(split_layers_are_taken_together),
		cmocka_unit_test(grouped_heads_share_what_is_left),
		cmocka_unit_test(maps_of_others_do_not_hold),
		cmocka_unit_test(packed_weights_have_names_alone),
		cmocka_unit_test(text_encoders_have_numbers),
		cmocka_unit_test(u_nets_are_walked_both_ways),
		cmocka_unit_test(numbers_count_down_up_and_middle),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
