// SPDX-License-Identifier: MIT
/**
 * What the shipped knowledge claims of files that no corpus holds: a few tensors and words each.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "config/knowledge.h"
#include "tests/unit/core/identify/world.h"

#define PAIR(module, rank, in, out) \
	module ".lora_down.weight " #rank " " #in "\n" module ".lora_up.weight " #out " " #rank "\n"
#define PEFT(module, rank, in, out) \
	module ".lora_A.weight " #rank " " #in "\n" module ".lora_B.weight " #out " " #rank "\n"
#define DOWN_0 "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_"
#define SD1 PAIR(DOWN_0 "attn2_to_k", 4, 768, 320)
#define SD1_OR_2 PAIR(DOWN_0 "attn1_to_k", 4, 320, 320)
#define SDXL \
	PAIR("lora_unet_down_blocks_2_attentions_0_transformer_blocks_9_attn2_to_k", 4, 2048, 1280)
#define FLUX PAIR("lora_unet_double_blocks_0_img_mod_lin", 4, 3072, 18432)
#define OFT DOWN_0 "attn1_to_k.oft_blocks 40 8 8\n"
#define LAYER "lora_te_text_model_encoder_layers_"
#define VAE_16 "encoder.conv_in.weight 128 3 3 3\ndecoder.conv_in.weight 512 16 3 3\n"
#define POURED                                                                             \
	"unet.down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k.weight 320 768\n" \
	"unet.down_blocks.0.attentions.1.norm.weight 320\nunet.conv_in.weight 320 4 3 3\n" \
	"unet.mid_block.attentions.0.norm.weight 1280\nvae.decoder.conv_in.weight 512 4 3 3\n"
#define FACE                                                                                     \
	"image_proj.proj.0.weight 1024 512\nip_adapter.1.to_k_ip.weight 320 768\n"               \
	"ip_adapter.1.to_q_lora.down.weight 128 320\nip_adapter.1.to_q_lora.up.weight 320 128\n" \
	"ip_adapter.0.to_q_lora.down.weight 128 320\nip_adapter.0.to_q_lora.up.weight 320 128\n"

struct claim {
	const char *tensors, *name, *key, *value; /* a pair of metadata, or NULL */
	enum kind kind;
	const char *architecture, *base, *variant; /* NULL: none is claimed */
};

/* Each with its own knowledge, since a world gathers what was said. */
static void assert_claim(const struct claim *claim)
{
	struct error err;
	void *state;
	world_open(&state);
	struct world *world = state;
	knowledge_destroy(world->knowledge);
	world->knowledge = knowledge_load(NULL, &err);
	assert_int_equal(err.code, ERROR_NONE);
	world_tensors(world, claim->tensors);
	if (claim->key)
		world_say(world, claim->key, claim->value);
	world_identify(world, claim->name);
	const struct model *model = &world->model;
	print_message("%s: %.*s\n", claim->name, STR_ARG(model->base_model));
	assert_int_equal(model->kind, claim->kind);
	assert_text(model->architecture, claim->architecture);
	assert_text(model->base_model, claim->base);
	assert_int_equal(model->n_variants, claim->variant != NULL);
	if (claim->variant)
		assert_text(model->variants[0], claim->variant);
	world_close(&state);
}

static void assert_claims(const struct claim *claims, size_t n)
{
	for (size_t i = 0; i < n; i++)
		assert_claim(&claims[i]);
}

#define ALL(claims) assert_claims(claims, sizeof(claims) / sizeof(*(claims)))

static void a_lora_is_named_for_its_subject(void **state)
{
	(void)state;
	static const struct claim claims[] = {
		{ SD1, "midnight_city", .kind = KIND_LORA, .architecture = "sd1", .base = "sd1" },
		{ SD1, "deliberate strokes", .kind = KIND_LORA, .architecture = "sd1",
		  .base = "sd1" },
		{ SD1, "x", "ss_sd_model_name", "deliberate_v2.safetensors", KIND_LORA, "sd1",
		  "sd1-deliberate", NULL },
		{ SD1, "x", "ss_output_name", "dreamlike sky", KIND_LORA, "sd1", "sd1", NULL },
		{ SDXL, "turbo_racer", .kind = KIND_LORA, .architecture = "sdxl", .base = "sdxl" },
		{ SDXL, "lightning_bolt", .kind = KIND_LORA, .architecture = "sdxl",
		  .base = "sdxl" },
		{ SDXL, "sdxl_lightning_4step", .kind = KIND_LORA, .architecture = "sdxl",
		  .base = "sdxl-lightning", .variant = "lightning" },
		{ SDXL, "foo_pony_v2", .kind = KIND_LORA, .architecture = "sdxl",
		  .base = "sdxl-pony" },
		{ FLUX, "chroma key", .kind = KIND_LORA, .architecture = "flux1",
		  .base = "flux1-dev" },
	};
	ALL(claims);
}

static void words_tell_where_tensors_are_the_same(void **state)
{
	(void)state;
	static const struct claim claims[] = {
		{ SD1_OR_2, "x", .kind = KIND_LORA },
		{ SD1_OR_2, "x", "ss_base_model_version", "sd_v1", KIND_LORA, "sd1", "sd1", NULL },
		{ SD1_OR_2, "x", "ss_base_model_version", "sd_v2_v", KIND_LORA, "sd2", "sd2",
		  "v-pred" },
		{ SD1_OR_2, "x", "ss_base_model_version", "flux1", KIND_LORA, NULL, NULL, NULL },
		{ OFT, "x", "ss_base_model_version", "sd_v2", KIND_LORA, "sd2", "sd2", NULL },
		{ OFT, "x", "modelspec.architecture", "stable-diffusion-v2-512/lora", KIND_LORA,
		  "sd2", "sd2", NULL },
		{ SDXL, "x", "ss_base_model_version", "sd_v1", KIND_LORA, "sdxl", "sdxl", NULL },
	};
	ALL(claims);
}

static void few_modules_suffice(void **state)
{
	(void)state;
	static const struct claim claims[] = {
		{ PAIR("lora_unet_up_blocks_2_resnets_0_conv1", 8, 960, 320), "resnets",
		  .kind = KIND_LORA, .architecture = "sdxl", .base = "sdxl" },
		{ "lora_unet_mid_block_attentions_0_proj_in.lora_down.weight 4 1280 1 1\n"
		  "lora_unet_mid_block_attentions_0_proj_in.lora_up.weight 1280 4 1 1\n",
		  "mid", .kind = KIND_LORA, .architecture = "sd1", .base = "sd1" },
		{ PAIR(LAYER "22_mlp_fc1", 4, 1024, 4096), "text", .kind = KIND_LORA,
		  .architecture = "sd2", .base = "sd2" },
		{ OFT LAYER "22_mlp_fc1.oft_blocks 512 8 8\n", "oft", .kind = KIND_LORA,
		  .architecture = "sd2", .base = "sd2" },
		{ PEFT("transformer.single_transformer_blocks.7.proj_out", 16, 15360, 3072), "one",
		  .kind = KIND_LORA, .architecture = "flux1", .base = "flux1-dev" },
		{ PEFT("transformer.transformer_blocks.18.attn.to_q", 16, 3072, 3072), "double",
		  .kind = KIND_LORA, .architecture = "flux1", .base = "flux1-dev" },
		{ PEFT("transformer.transformer_blocks.59.attn.to_q", 16, 3072, 3072), "qwen",
		  .kind = KIND_LORA, .architecture = "qwen-image", .base = "qwen-image" },
		{ PEFT("transformer.transformer_blocks.5.attn.to_q", 16, 3072, 3072), "either",
		  .kind = KIND_LORA },
	};
	ALL(claims);
}

static void parts_are_told_from_adapters_and_each_other(void **state)
{
	(void)state;
	static const struct claim claims[] = {
		{ FACE, "faceid", .kind = KIND_IP_ADAPTER, .architecture = "sd1", .base = "sd1" },
		{ "clip_l 4 768\nclip_g 4 1280\n", "two", .kind = KIND_EMBEDDING,
		  .architecture = "sdxl", .base = "sdxl" },
		{ "clip_l 4 768\nclip_g 4 1280\nt5xxl 4 4096\n", "three", .kind = KIND_EMBEDDING },
		{ POURED, "poured", .kind = KIND_CHECKPOINT, .architecture = "sd1", .base = "sd1" },
		{ "module.down_blocks.0.motion_modules.0.temporal_transformer.norm.weight 320\n"
		  "module.down_blocks.3.motion_modules.0.temporal_transformer.norm.weight 1280\n",
		  "mm", .kind = KIND_MOTION_MODULE, .architecture = "sd1", .base = "sd1" },
		{ VAE_16, "ae", .kind = KIND_VAE, .variant = "flux1" },
		{ VAE_16, "sd3_vae", .kind = KIND_VAE, .variant = "sd3" },
	};
	ALL(claims);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_lora_is_named_for_its_subject),
		cmocka_unit_test(words_tell_where_tensors_are_the_same),
		cmocka_unit_test(few_modules_suffice),
		cmocka_unit_test(parts_are_told_from_adapters_and_each_other),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
