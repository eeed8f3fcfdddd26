// SPDX-License-Identifier: MIT
/* Renames, adapters and quantisation, through the manifest entries that ask for them. */
#include "core/samples/parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "tests/support/sample_disk.h"

#define SDXL_LAYERS "\"\\\\d\\\\.1\\\\.(transformer_blocks|proj_)|middle_block\\\\.1\\\\.\""

struct built {
	struct arena arena;
	struct array rows;
};

static struct built build(const char *entry)
{
	struct built built = { .rows = ARRAY_OF(struct key_row) };
	struct key_source keys = sample_disk_keys();
	struct error err = { 0 };
	const struct spec *spec;

	assert_true(spec_parse(str_from(entry), &built.arena, &spec, &err));
	if (!parts_build(spec, &keys, &built.arena, &built.rows, &err))
		fail_msg("%s", err.text);
	return built;
}

static void finish(struct built *built)
{
	array_finish(&built->rows);
	arena_finish(&built->arena);
}

static const struct key_row *find(const struct built *built, const char *name)
{
	for (size_t i = 0; i < built->rows.len; i++) {
		const struct key_row *row = ARRAY_AT(&built->rows, struct key_row, i);
		if (strcmp(row->name.ptr, name) == 0)
			return row;
	}
	fail_msg("no %s", name);
	return NULL;
}

static size_t count(const struct built *built, const char *suffix)
{
	size_t n = 0;

	for (size_t i = 0; i < built->rows.len; i++) {
		if (str_has_suffix(ARRAY_AT(&built->rows, struct key_row, i)->name,
				   str_from(suffix)))
			n++;
	}
	return n;
}

static void assert_shape(const struct built *built, const char *name, unsigned n_dims,
			 const uint64_t *shape)
{
	const struct key_row *row = find(built, name);

	assert_int_equal(row->n_dims, n_dims);
	for (unsigned i = 0; i < n_dims; i++)
		assert_int_equal(row->shape[i], shape[i]);
}

#define ASSERT_SHAPE(built, name, ...)                                                        \
	assert_shape((built), (name), sizeof((uint64_t[]){ __VA_ARGS__ }) / sizeof(uint64_t), \
		     (uint64_t[]){ __VA_ARGS__ })

static void sd1_lora_has_192_and_72_modules(void **state)
{
	struct built unet =
		build("{\"rank\":8,\"parts\":[{\"keys\":\"sd1-unet\",\"rename\":\"unet-diffusers\","
		      "\"adapter\":{\"match\":\"attentions\"}}]}");
	struct built clip = build("{\"rank\":8,\"parts\":[{\"keys\":\"sd1-lora-clip\"}]}");
	struct built list = build("{\"rank\":8,\"parts\":[{\"keys\":\"sd1-lora-unet\"}]}");

	(void)state;
	assert_int_equal(count(&unet, ".lora_down.weight"), 192);
	assert_int_equal(count(&unet, ".lora_up.weight"), 192);
	assert_int_equal(count(&unet, ".alpha"), 192);
	assert_int_equal(count(&clip, ".lora_down.weight"), 72);
	/* The list is of a real file: what we derive has every one of its names and shapes. */
	assert_int_equal(list.rows.len, unet.rows.len);
	for (size_t i = 0; i < list.rows.len; i++) {
		const struct key_row *row = ARRAY_AT(&list.rows, struct key_row, i);
		assert_shape(&unet, row->name.ptr, row->n_dims, row->shape);
	}
	finish(&list);
	finish(&clip);
	finish(&unet);
}

static void sdxl_lora_has_722_modules(void **state)
{
	struct built built = build(
		"{\"rank\":16,\"parts\":[{\"keys\":\"sdxl-unet\",\"adapter\":{\"match\":" SDXL_LAYERS
		"}}]}");

	(void)state;
	assert_int_equal(count(&built, ".lora_down.weight"), 722);
	ASSERT_SHAPE(&built,
		     "lora_unet_input_blocks_4_1_transformer_blocks_0_attn2_to_k.lora_down"
		     ".weight",
		     16, 2048);
	ASSERT_SHAPE(&built, "lora_unet_output_blocks_5_1_proj_out.lora_up.weight", 640, 16);
	finish(&built);
}

static void flux_lora_has_304_modules(void **state)
{
	struct built built = build("{\"rank\":4,\"parts\":[{\"keys\":\"flux1-dev\",\"adapter\":"
				   "{\"match\":\"_blocks\\\\.\\\\d+\\\\.\"}}]}");
	struct built real = build("{\"parts\":[{\"keys\":\"iv-flux-lora-kohya\"}]}");

	(void)state;
	assert_int_equal(count(&built, ".lora_down.weight"), 304);
	assert_int_equal(built.rows.len, real.rows.len);
	for (size_t i = 0; i < real.rows.len; i++)
		find(&built, ARRAY_AT(&real.rows, struct key_row, i)->name.ptr);
	finish(&real);
	finish(&built);
}

static void blocks_get_the_names_of_diffusers(void **state)
{
	struct built sd1 = build("{\"parts\":[{\"keys\":\"sd1-unet\",\"rename\":"
				 "\"unet-diffusers\"}]}");
	struct built sdxl = build("{\"parts\":[{\"keys\":\"sdxl-unet\",\"rename\":"
				  "\"unet-diffusers\"}]}");

	(void)state;
	ASSERT_SHAPE(&sd1, "conv_in.weight", 320, 4, 3, 3);
	ASSERT_SHAPE(&sd1, "down_blocks.2.attentions.1.transformer_blocks.0.attn2.to_k.weight",
		     1280, 768);
	ASSERT_SHAPE(&sd1, "down_blocks.0.downsamplers.0.conv.bias", 320);
	ASSERT_SHAPE(&sd1, "up_blocks.0.upsamplers.0.conv.bias", 1280);
	ASSERT_SHAPE(&sd1, "up_blocks.3.resnets.2.conv_shortcut.bias", 320);
	ASSERT_SHAPE(&sd1, "mid_block.resnets.1.conv2.bias", 1280);
	ASSERT_SHAPE(&sd1, "time_embedding.linear_2.weight", 1280, 1280);
	ASSERT_SHAPE(&sdxl, "mid_block.attentions.0.transformer_blocks.9.attn2.to_v.weight", 1280,
		     2048);
	ASSERT_SHAPE(&sdxl, "up_blocks.1.upsamplers.0.conv.bias", 640);
	ASSERT_SHAPE(&sdxl, "add_embedding.linear_1.weight", 1280, 2816);
	finish(&sdxl);
	finish(&sd1);
}

static void a_vae_counts_its_way_up_from_the_other_end(void **state)
{
	struct built built = build("{\"parts\":[{\"keys\":\"sd-vae\",\"rename\":"
				   "\"vae-diffusers\"}]}");

	(void)state;
	assert_int_equal(built.rows.len, 248);
	ASSERT_SHAPE(&built, "decoder.up_blocks.0.resnets.0.conv1.weight", 512, 512, 3, 3);
	ASSERT_SHAPE(&built, "decoder.up_blocks.3.resnets.0.conv_shortcut.weight", 128, 256, 1, 1);
	ASSERT_SHAPE(&built, "encoder.mid_block.attentions.0.to_out.0.weight", 512, 512);
	ASSERT_SHAPE(&built, "encoder.down_blocks.2.downsamplers.0.conv.bias", 512);
	ASSERT_SHAPE(&built, "decoder.conv_norm_out.bias", 128);
	finish(&built);
}

static void open_clip_is_split_for_transformers(void **state)
{
	struct built built = build("{\"parts\":[{\"keys\":\"openclip-g\",\"rename\":"
				   "\"openclip-hf\"}]}");

	(void)state;
	assert_int_equal(built.rows.len, 517);
	ASSERT_SHAPE(&built, "text_model.encoder.layers.31.self_attn.k_proj.weight", 1280, 1280);
	ASSERT_SHAPE(&built, "text_model.encoder.layers.0.mlp.fc1.weight", 5120, 1280);
	ASSERT_SHAPE(&built, "text_model.embeddings.position_embedding.weight", 77, 1280);
	finish(&built);
}

/* A linear layer of 640 x 320 and a 3 x 3 convolution of 64 x 32, adapted by ADAPTER. */
#define TWO_LAYERS(adapter)                                                                  \
	"{\"rank\":4,\"parts\":[{\"keys\":[[\"a.l.weight\",[640,320]],[\"a.l.bias\",[640]]," \
	"[\"a.c.weight\",[64,32,3,3]]],\"adapter\":" adapter "}]}"

static void conv_rank_is_of_kernels_alone(void **state)
{
	struct built built = build(TWO_LAYERS("{\"conv_rank\":2}"));

	(void)state;
	assert_int_equal(built.rows.len, 6);
	ASSERT_SHAPE(&built, "lora_unet_a_l.lora_down.weight", 4, 320);
	ASSERT_SHAPE(&built, "lora_unet_a_c.lora_down.weight", 2, 32, 3, 3);
	ASSERT_SHAPE(&built, "lora_unet_a_c.lora_up.weight", 64, 2, 1, 1);
	finish(&built);
}

static void styles_spell_the_same_factors(void **state)
{
	struct built peft = build(TWO_LAYERS("{\"style\":\"peft\",\"prefix\":\"unet.\"}"));
	struct built dora = build(TWO_LAYERS("{\"style\":\"peft\",\"prefix\":\"\","
					     "\"algo\":\"dora\"}"));

	(void)state;
	assert_int_equal(peft.rows.len, 4);
	ASSERT_SHAPE(&peft, "unet.a.l.lora_A.weight", 4, 320);
	ASSERT_SHAPE(&peft, "unet.a.l.lora_B.weight", 640, 4);
	ASSERT_SHAPE(&dora, "a.l.lora_magnitude_vector", 640);
	finish(&dora);
	finish(&peft);
}

static void every_algorithm_keeps_its_algebra(void **state)
{
	struct built loha = build(TWO_LAYERS("{\"algo\":\"loha\"}"));
	struct built lokr = build(TWO_LAYERS("{\"algo\":\"lokr\"}"));
	struct built whole = build(TWO_LAYERS("{\"algo\":\"lokr\",\"full\":true}"));
	struct built oft = build(TWO_LAYERS("{\"algo\":\"oft\"}"));
	struct built ia3 = build(TWO_LAYERS("{\"algo\":\"ia3\"}"));
	struct built diff = build(TWO_LAYERS("{\"algo\":\"full\"}"));
	struct built glora = build(TWO_LAYERS("{\"algo\":\"glora\"}"));
	struct built dora = build(TWO_LAYERS("{\"algo\":\"dora\"}"));

	(void)state;
	ASSERT_SHAPE(&loha, "lora_unet_a_c.hada_w1_b", 4, 288);
	/* The Kronecker product of the two halves has the layer's shape. */
	ASSERT_SHAPE(&lokr, "lora_unet_a_l.lokr_w1", 16, 16);
	ASSERT_SHAPE(&lokr, "lora_unet_a_l.lokr_w2_a", 40, 4);
	ASSERT_SHAPE(&lokr, "lora_unet_a_l.lokr_w2_b", 4, 20);
	ASSERT_SHAPE(&whole, "lora_unet_a_l.lokr_w2", 40, 20);
	ASSERT_SHAPE(&whole, "lora_unet_a_c.lokr_w2", 4, 2, 3, 3);
	ASSERT_SHAPE(&oft, "lora_unet_a_l.oft_blocks", 160, 4, 4);
	assert_int_equal(find(&ia3, "lora_unet_a_l.on_input")->dtype, DTYPE_BOOL);
	assert_int_equal(count(&ia3, ".alpha"), 0);
	ASSERT_SHAPE(&diff, "lora_unet_a_c.diff", 64, 32, 3, 3);
	ASSERT_SHAPE(&glora, "lora_unet_a_l.b2.weight", 640, 4);
	ASSERT_SHAPE(&dora, "lora_unet_a_c.dora_scale", 64, 1, 1, 1);
	finish(&dora);
	finish(&glora);
	finish(&diff);
	finish(&ia3);
	finish(&oft);
	finish(&whole);
	finish(&lokr);
	finish(&loha);
}

#define ONE_WEIGHT(quant)                                                                         \
	"{\"dtype\":\"BF16\",\"parts\":[{\"keys\":[[\"l.weight\",[128,64]],[\"n.weight\",[64]]]," \
	"\"quant\":" quant "}]}"

static void quantised_weights_bring_their_scales(void **state)
{
	struct built nf4 = build(ONE_WEIGHT("{\"match\":\".\",\"scheme\":\"nf4\","
					    "\"nested\":true}"));
	struct built fp4 = build(ONE_WEIGHT("{\"match\":\".\",\"scheme\":\"nvfp4\"}"));
	struct built int8 = build(ONE_WEIGHT("{\"match\":\".\",\"dtype\":\"I8\",\"with\":"
					     "[[\"weight_scale\",[\"out\",1],\"F32\"]]}"));

	(void)state;
	ASSERT_SHAPE(&nf4, "l.weight", 4096, 1);
	assert_int_equal(find(&nf4, "l.weight.absmax")->dtype, DTYPE_U8);
	ASSERT_SHAPE(&nf4, "l.weight.nested_quant_map", 256);
	ASSERT_SHAPE(&fp4, "l.weight", 128, 32);
	ASSERT_SHAPE(&fp4, "l.weight_scale", 128, 4);
	assert_int_equal(find(&int8, "l.weight")->dtype, DTYPE_I8);
	ASSERT_SHAPE(&int8, "l.weight_scale", 128, 1);
	assert_int_equal(find(&int8, "n.weight")->dtype, DTYPE_BF16);
	finish(&int8);
	finish(&fp4);
	finish(&nf4);
}

static void operations_come_in_their_order(void **state)
{
	struct built built = build(
		"{\"parts\":[{\"keys\":[[\"x.0.w\",[2]],[\"x.0.b\",[1]],[\"y\",[3]]],"
		"\"prefix\":\"p.\",\"shapes\":{\"z.2.w\":[7]},\"drop\":\"b$\",\"only\":\"^z|y\","
		"\"sub\":[[\"^x\",\"z\"]],\"expand\":{\"x.0.\":3},\"dtype\":\"I64\"}]}");

	(void)state;
	assert_int_equal(built.rows.len, 4);
	ASSERT_SHAPE(&built, "p.z.1.w", 2);
	ASSERT_SHAPE(&built, "p.z.2.w", 7);
	assert_int_equal(find(&built, "p.y")->dtype, DTYPE_I64);
	finish(&built);
}

static void build_all(const struct spec *entry, struct arena *arena)
{
	struct key_source keys = sample_disk_keys();
	struct array rows = ARRAY_OF(struct key_row);
	struct error err = { 0 };

	if (!parts_build(entry, &keys, arena, &rows, &err))
		fail_msg("%s", err.text);
	assert_true(rows.len > 0);
	array_finish(&rows);
}

/* Also of entries whose container is not written yet. */
static void every_part_of_the_corpus_builds(void **state)
{
	static const char *const sets[] = { "checkpoints", "diffusers", "gguf",
					    "loras",       "others",    "quantised" };
	struct error err = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		struct arena arena = { 0 };
		const char *path = arena_printf(&arena, "tests/corpus/manifests/%s.jsonl", sets[i]);
		struct str text = sample_disk_read(&arena, sample_disk_source(&arena, path)), line;
		while (str_next_part(&text, '\n', &line)) {
			const struct spec *entry, *components;
			if (line.len == 0)
				continue;
			assert_true(spec_parse(line, &arena, &entry, &err));
			if (spec_find(entry, "parts"))
				build_all(entry, &arena);
			components = spec_find(entry, "components");
			for (const struct spec *one = components ? components->first : NULL; one;
			     one = one->next) {
				if (spec_find(one, "parts"))
					build_all(one, &arena);
			}
		}
		arena_finish(&arena);
	}
}

static void what_an_entry_lacks_is_named(void **state)
{
	static const char *const broken[] = {
		"{\"parts\":[{\"keys\":\"no-such-list\"}]}",
		"{\"parts\":[{\"keys\":[[\"a\"]]}]}",
		"{\"parts\":[{\"keys\":[[\"a\",[1]]],\"dtype\":\"F99\"}]}",
		"{\"parts\":[{\"keys\":[[\"a\",[1]]],\"rename\":\"esperanto\"}]}",
		"{\"parts\":[{\"keys\":[[\"a\",[1]]],\"drop\":\"(?:a)\"}]}",
		"{\"parts\":[{\"keys\":[[\"a.weight\",[1,1]]],\"adapter\":{\"algo\":\"magic\"}}]}",
		"{\"parts\":[{\"keys\":[[\"a.weight\",[1,1]]],\"adapter\":{\"style\":\"magic\"}}]}",
		"{\"parts\":[{\"keys\":[[\"a.weight\",[64,1]]],\"quant\":{\"scheme\":\"fp3\"}}]}",
	};
	struct key_source keys = sample_disk_keys();

	(void)state;
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		struct arena arena = { 0 };
		struct array rows = ARRAY_OF(struct key_row);
		struct error err = { 0 };
		const struct spec *spec;
		assert_true(spec_parse(str_from(broken[i]), &arena, &spec, &err));
		assert_false(parts_build(spec, &keys, &arena, &rows, &err));
		assert_int_equal(err.code, ERROR_FORMAT);
		assert_true(err.text[0] != '\0');
		array_finish(&rows);
		arena_finish(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sd1_lora_has_192_and_72_modules),
		cmocka_unit_test(sdxl_lora_has_722_modules),
		cmocka_unit_test(flux_lora_has_304_modules),
		cmocka_unit_test(blocks_get_the_names_of_diffusers),
		cmocka_unit_test(a_vae_counts_its_way_up_from_the_other_end),
		cmocka_unit_test(open_clip_is_split_for_transformers),
		cmocka_unit_test(conv_rank_is_of_kernels_alone),
		cmocka_unit_test(styles_spell_the_same_factors),
		cmocka_unit_test(every_algorithm_keeps_its_algebra),
		cmocka_unit_test(quantised_weights_bring_their_scales),
		cmocka_unit_test(operations_come_in_their_order),
		cmocka_unit_test(every_part_of_the_corpus_builds),
		cmocka_unit_test(what_an_entry_lacks_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
