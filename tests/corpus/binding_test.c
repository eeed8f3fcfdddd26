// SPDX-License-Identifier: MIT
/*
 * Every LoRA of the corpus bound to every checkpoint of it, whatever the container: the counts of
 * the binding facts come out, and no verdict contradicts what the manifests say of the files.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "config/knowledge.h"
#include "core/fit/fit.h"
#include "core/identify/identify.h"
#include "core/samples/parts.h"
#include "tests/support/sample_disk.h"

/* Models that the corpus has no file of. */
static const char extra_models[] =
	"{\"path\":\"sdxl one encoder\",\"parts\":[{\"keys\":\"sdxl-unet\",\"prefix\":"
	"\"model.diffusion_model.\"},{\"keys\":\"clip-l-v1\",\"prefix\":"
	"\"conditioner.embedders.0.transformer.text_model.\"}],\"dtype\":\"F16\",\"expect\":"
	"{\"kind\":\"checkpoint\",\"architecture\":\"sdxl\"}}\n"
	"{\"path\":\"sd2 both\",\"parts\":[{\"keys\":\"sd2-unet\",\"adapter\":{\"match\":"
	"\"attentions\"},\"rename\":\"unet-diffusers\"},{\"keys\":[[\"text_model_encoder_layers_{0..22}_self_attn_"
	"{q|k|v|out}_proj.weight\",[1024,1024]],[\"text_model_encoder_layers_{0..22}_mlp_fc1.weight\","
	"[4096,1024]],[\"text_model_encoder_layers_{0..22}_mlp_fc2.weight\",[1024,4096]]],\"adapter\":"
	"{\"prefix\":\"lora_te_\"}}],\"dtype\":\"F16\",\"rank\":4,\"expect\":{\"kind\":\"lora\","
	"\"architecture\":\"sd2\"}}\n"
	"{\"path\":\"flux diffusers te\",\"parts\":[{\"keys\":\"iv-flux-lora-kohya\"},{\"keys\":"
	"[[\"text_model_encoder_layers_{0..11}_self_attn_{q|k|v|out}_proj.weight\",[768,768]],"
	"[\"text_model_encoder_layers_{0..11}_mlp_fc1.weight\",[3072,768]],"
	"[\"text_model_encoder_layers_{0..11}_mlp_fc2.weight\",[768,3072]]],\"adapter\":"
	"{\"prefix\":\"lora_te1_\"}}],\"dtype\":\"F16\",\"rank\":16,\"expect\":{\"kind\":\"lora\","
	"\"architecture\":\"flux1\"}}\n";

struct file {
	struct str path;
	struct tensor_table table;
	struct tensor_facts facts;
	struct str architecture; /* as the manifest has it; "" when it claims nothing */
	struct adapter adapter;
	const struct module_names *names; /* of a checkpoint */
};

struct corpus {
	struct arena arena;
	struct knowledge *knowledge;
	struct array checkpoints, loras; /* struct file */
};

static struct tensor_table table_of(const struct array *rows, struct arena *arena)
{
	struct tensor *tensors = ARENA_NEW_N(arena, struct tensor, rows->len + 1);
	for (size_t i = 0; i < rows->len; i++) {
		const struct key_row *row = ARRAY_AT(rows, struct key_row, i);
		uint64_t *shape = ARENA_NEW_N(arena, uint64_t, KEY_DIMS_MAX);
		memcpy(shape, row->shape, sizeof row->shape);
		tensors[i] = (struct tensor){ .name = row->name,
					      .shape = shape,
					      .rank = row->n_dims,
					      .dtype = (uint8_t)row->dtype };
	}
	return (struct tensor_table){ tensors, rows->len };
}

static void must(bool ok, const struct error *err)
{
	if (!ok)
		fail_msg("%s", err->text);
}

/* The tensors of a folder are those of its components, each under its component's name. */
static void build(const struct spec *entry, struct arena *arena, struct array *rows)
{
	struct error err = { 0 };
	const struct key_source keys = sample_disk_keys();
	const struct spec *components = spec_find(entry, "components");
	if (!components)
		must(parts_build(entry, &keys, arena, rows, &err), &err);
	for (const struct spec *one = components ? components->first : NULL; one; one = one->next) {
		size_t from = rows->len;
		struct str folder = spec_text(one, "dir", STR("."));
		must(parts_build(one, &keys, arena, rows, &err), &err);
		for (size_t i = from; i < rows->len && !str_equal(folder, STR(".")); i++) {
			struct key_row *row = ARRAY_AT(rows, struct key_row, i);
			row->name =
				arena_strf(arena, "%.*s.%.*s", STR_ARG(folder), STR_ARG(row->name));
		}
	}
}

static void add(struct corpus *corpus, struct str line)
{
	struct arena *arena = &corpus->arena;
	struct error err = { 0 };
	const struct spec *entry;
	struct array rows = ARRAY_OF(struct key_row);
	must(spec_parse(line, arena, &entry, &err), &err);
	build(entry, arena, &rows);
	struct file file = {
		.path = spec_text(entry, "path", STR("?")),
		.architecture = spec_text(spec_find(entry, "expect"), "architecture", STR("")),
		.table = table_of(&rows, arena),
	};
	array_finish(&rows);
	identify_tensors(corpus->knowledge, &file.table, NULL, arena, &file.facts);
	enum kind kind = file.facts.kind;
	if (kind == KIND_LORA) {
		adapter_read(&file.table, corpus->knowledge, arena, &file.adapter);
		*ARRAY_PUSH(&corpus->loras, struct file) = file;
	} else if (kind == KIND_CHECKPOINT || kind == KIND_DIFFUSION_MODEL) {
		const struct architecture *known = file.facts.architecture;
		file.names = module_names_create(corpus->knowledge, &file.table,
						 known ? known->id : STR_NULL, arena);
		*ARRAY_PUSH(&corpus->checkpoints, struct file) = file;
	}
}

static void add_all(struct corpus *corpus, struct str lines)
{
	struct str line;
	while (str_next_part(&lines, '\n', &line))
		if (line.len)
			add(corpus, line);
}

static int set_up(void **state)
{
	static const char *const sets[] = {
		"checkpoints", "quantised", "gguf", "diffusers", "loras",
	};
	static struct corpus corpus;
	struct error mistake = { 0 };
	corpus.knowledge = knowledge_load(NULL, &mistake);
	corpus.checkpoints = ARRAY_OF(struct file);
	corpus.loras = ARRAY_OF(struct file);
	if (!corpus.knowledge || mistake.code != ERROR_NONE)
		return 1;
	for (size_t i = 0; i < sizeof(sets) / sizeof(*sets); i++) {
		const char *below =
			arena_printf(&corpus.arena, "tests/corpus/manifests/%s.jsonl", sets[i]);
		add_all(&corpus,
			sample_disk_read(&corpus.arena, sample_disk_source(&corpus.arena, below)));
	}
	add_all(&corpus, str_from(extra_models));
	*state = &corpus;
	return 0;
}

static int tear_down(void **state)
{
	struct corpus *corpus = *state;
	knowledge_destroy(corpus->knowledge);
	array_finish(&corpus->checkpoints);
	array_finish(&corpus->loras);
	arena_finish(&corpus->arena);
	return 0;
}

static const struct file *find(const struct array *files, const char *path)
{
	for (size_t i = 0; i < files->len; i++)
		if (str_equal(ARRAY_AT(files, struct file, i)->path, str_from(path)))
			return ARRAY_AT(files, struct file, i);
	fail_msg("no such file: %s", path);
	return NULL;
}

#define SD1 "Stable-diffusion/v1-5-pruned-emaonly.safetensors"
#define SD1_INPAINT "Stable-diffusion/sd-v1-5-inpainting.ckpt"
#define SD1_NAI "Stable-diffusion/anime/AnythingV3.ckpt"
#define SD1_FOLDER "stable-diffusion-v1-5"
#define SD1_GGUF "unet/sd15-no-arch-q8_0.gguf"
#define SD2 "Stable-diffusion/v2-1_768-ema-pruned.safetensors"
#define SD2_CUT "Stable-diffusion/wd-1-5-beta.safetensors"
#define SDXL "SDXL/sd_xl_base_1.0.safetensors"
#define SDXL_FOLDER "stable-diffusion-xl-base-1.0"
#define REFINER "SDXL/sd_xl_refiner_1.0.safetensors"
#define FLUX "diffusion_models/flux1-dev.safetensors"
#define FLUX_ALL "checkpoints/flux1-dev-fp8.safetensors"
#define FLUX_FOLDER "FLUX.1-dev"
#define FLUX_NVFP4 "flux1-schnell-svdq-nvfp4.safetensors"
#define QWEN "diffusion_models/qwen_image_bf16.safetensors"
#define CHROMA "diffusion_models/Chroma1-HD.safetensors"

/* The rows of the facts' sections 7 and 9 for which there are lists; denoiser and text encoders,
   each bound, mismatched, unbound. */
static const struct expected {
	const char *checkpoint, *lora;
	size_t denoiser[3], text[3], ignored;
} table[] = {
	{ SD1, "SD15/add_detail.safetensors", { 192, 0, 0 }, { 72, 0, 0 }, 0 },
	{ SD1_INPAINT, "SD15/add_detail.safetensors", { 192, 0, 0 }, { 72, 0, 0 }, 0 },
	{ SD1_NAI, "SD15/add_detail.safetensors", { 192, 0, 0 }, { 72, 0, 0 }, 0 },
	{ SD1_FOLDER, "SD15/add_detail.safetensors", { 192, 0, 0 }, { 72, 0, 0 }, 0 },
	{ SD1_GGUF, "SD15/add_detail.safetensors", { 192, 0, 0 }, { 72, 0, 0 }, 0 },
	{ SD2, "SD15/add_detail.safetensors", { 160, 32, 0 }, { 0, 72, 0 }, 0 },
	{ SDXL, "SD15/add_detail.safetensors", { 50, 46, 96 }, { 0, 0, 72 }, 0 },
	{ FLUX_ALL, "SD15/add_detail.safetensors", { 0, 0, 192 }, { 72, 0, 0 }, 0 },
	{ SD1, "SD15/locon_style.safetensors", { 278, 0, 0 }, { 72, 0, 0 }, 0 },
	{ SD1, "SD15/pokemon_attnprocs.safetensors", { 128, 0, 0 }, { 0, 0, 0 }, 0 },
	{ SD1, "SD15/lora_disney.safetensors", { 144, 0, 0 }, { 48, 0, 0 }, 2 },
	{ SD1_FOLDER, "SD15/lora_disney.safetensors", { 144, 0, 0 }, { 48, 0, 0 }, 2 },
	{ SD1, "SD15/lycoris/hada_test.safetensors", { 192, 0, 0 }, { 0, 0, 0 }, 0 },
	{ SD1, "SD15/lycoris/kron_test.safetensors", { 192, 0, 0 }, { 0, 0, 0 }, 0 },
	{ SD1, "SD15/lycoris/dora_test.safetensors", { 192, 0, 0 }, { 0, 0, 0 }, 0 },
	{ SD1, "SD15/lycoris/ia3_test.safetensors", { 192, 0, 0 }, { 0, 0, 0 }, 0 },
	{ SD1, "SD15/lycoris/oft_test.safetensors", { 192, 0, 0 }, { 0, 0, 0 }, 0 },
	{ SD1, "SD15/lycoris/glora_test.safetensors", { 192, 0, 0 }, { 0, 0, 0 }, 0 },
	{ SD1, "SD15/lycoris/full-diff_test.safetensors", { 192, 0, 0 }, { 0, 0, 0 }, 0 },
	{ SD2, "sd2 both", { 192, 0, 0 }, { 138, 0, 0 }, 0 },
	{ SD2_CUT, "sd2 both", { 192, 0, 0 }, { 138, 0, 0 }, 0 },
	{ SD2, "SD2/sd21_cifake.safetensors", { 128, 0, 0 }, { 0, 0, 0 }, 0 },
	{ SDXL, "SDXL/xl_more_art-full_v1.safetensors", { 722, 0, 0 }, { 0, 0, 0 }, 0 },
	{ SDXL_FOLDER, "SDXL/xl_more_art-full_v1.safetensors", { 722, 0, 0 }, { 0, 0, 0 }, 0 },
	{ SDXL, "Pony/character_pony.safetensors", { 722, 0, 0 }, { 264, 0, 0 }, 0 },
	{ SDXL_FOLDER, "Pony/character_pony.safetensors", { 722, 0, 0 }, { 264, 0, 0 }, 0 },
	{ "sdxl one encoder", "Pony/character_pony.safetensors", { 722, 0, 0 }, { 72, 0, 192 }, 0 },
	{ SD1, "Pony/character_pony.safetensors", { 50, 46, 626 }, { 72, 0, 192 }, 0 },
	{ REFINER, "Pony/character_pony.safetensors", { 0, 236, 486 }, { 0, 0, 264 }, 0 },
	/* 788 and the six ends: conv_in, conv_out, two embeddings of two layers. */
	{ SDXL, "SDXL/lcm-lora-sdxl.safetensors", { 794, 0, 0 }, { 0, 0, 0 }, 0 },
	{ SDXL, "SDXL/pytorch_lora_weights.safetensors", { 560, 0, 0 }, { 0, 0, 0 }, 0 },
	{ FLUX, "Flux/pokemon_trainer_sprite.safetensors", { 304, 0, 0 }, { 0, 0, 0 }, 0 },
	{ FLUX_FOLDER, "Flux/pokemon_trainer_sprite.safetensors", { 304, 0, 0 }, { 0, 0, 0 }, 0 },
	{ FLUX_NVFP4, "Flux/pokemon_trainer_sprite.safetensors", { 304, 0, 0 }, { 0, 0, 0 }, 0 },
	{ CHROMA, "Flux/pokemon_trainer_sprite.safetensors", { 228, 0, 76 }, { 0, 0, 0 }, 0 },
	{ FLUX_ALL, "flux diffusers te", { 304, 0, 0 }, { 72, 0, 0 }, 0 },
	{ SDXL, "flux diffusers te", { 0, 0, 304 }, { 72, 0, 0 }, 0 },
	{ FLUX, "Flux/diffusers_flux.safetensors", { 494, 0, 0 }, { 0, 0, 0 }, 0 },
	{ FLUX_FOLDER, "Flux/diffusers_flux.safetensors", { 494, 0, 0 }, { 0, 0, 0 }, 0 },
	{ QWEN, "Flux/diffusers_flux.safetensors", { 152, 0, 342 }, { 0, 0, 0 }, 0 },
	{ FLUX, "Flux/aitoolkit_flux.safetensors", { 228, 0, 0 }, { 0, 0, 0 }, 0 },
	{ CHROMA, "Flux/aitoolkit_flux.safetensors", { 228, 0, 0 }, { 0, 0, 0 }, 0 },
	{ FLUX_FOLDER, "Flux/aitoolkit_flux.safetensors", { 228, 0, 0 }, { 0, 0, 0 }, 0 },
	{ FLUX, "Flux/flux1-canny-dev-lora.safetensors", { 314, 0, 0 }, { 0, 0, 0 }, 152 },
	{ FLUX_ALL, "Flux/ball_flux_onetrainer.safetensors", { 266, 0, 0 }, { 240, 0, 0 }, 0 },
	{ FLUX_FOLDER, "Flux/ball_flux_onetrainer.safetensors", { 266, 0, 0 }, { 240, 0, 0 }, 0 },
	{ FLUX, "Flux/xlabs_anime_lora.safetensors", { 12, 0, 0 }, { 0, 0, 0 }, 0 },
	{ FLUX_FOLDER, "Flux/xlabs_anime_lora.safetensors", { 12, 0, 0 }, { 0, 0, 0 }, 0 },
	{ FLUX, "Qwen/qwen_image_lightning.safetensors", { 3, 0, 0 }, { 0, 0, 0 }, 0 },
	{ QWEN, "Qwen/qwen_image_lightning.safetensors", { 3, 0, 0 }, { 0, 0, 0 }, 0 },
	{ "checkpoints/sd3.5_large.safetensors",
	  "SD3/sd35l_kohya.safetensors",
	  { 377, 0, 0 },
	  { 0, 0, 0 },
	  0 },
	{ "diffusion_models/anima-base-v1.0.safetensors",
	  "Anima/anima_kohya.safetensors",
	  { 8, 3, 0 },
	  { 0, 0, 0 },
	  0 },
};

static void add_counts(const struct binding_count *count, size_t sum[3])
{
	sum[0] += count->bound;
	sum[1] += count->mismatched;
	sum[2] += count->unbound;
}

static void assert_row(const struct expected *row, const struct binding *binding)
{
	size_t denoiser[3] = { 0 }, text[3] = { 0 };
	add_counts(&binding->of[COMPONENT_DENOISER], denoiser);
	for (int i = COMPONENT_TEXT_ENCODER_1; i < COMPONENT_COUNT; i++)
		add_counts(&binding->of[i], text);
	if (memcmp(denoiser, row->denoiser, sizeof denoiser) ||
	    memcmp(text, row->text, sizeof text) || binding->n_ignored != row->ignored)
		fail_msg("%s on %s: %zu/%zu/%zu, text %zu/%zu/%zu, ignored %zu", row->lora,
			 row->checkpoint, denoiser[0], denoiser[1], denoiser[2], text[0], text[1],
			 text[2], binding->n_ignored);
	assert_int_equal(binding->all.modules,
			 binding->all.bound + binding->all.unbound + binding->all.mismatched);
}

static void the_counts_of_the_facts_come_out(void **state)
{
	struct corpus *corpus = *state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		struct binding binding;
		binding_read(find(&corpus->checkpoints, table[i].checkpoint)->names,
			     &find(&corpus->loras, table[i].lora)->adapter, &binding);
		assert_row(&table[i], &binding);
	}
}

static void a_missing_encoder_is_not_there(void **state)
{
	struct corpus *corpus = *state;
	struct binding binding;
	const struct adapter *pony =
		&find(&corpus->loras, "Pony/character_pony.safetensors")->adapter;
	binding_read(find(&corpus->checkpoints, "sdxl one encoder")->names, pony, &binding);
	assert_true(binding.is_present[COMPONENT_TEXT_ENCODER_1]);
	assert_false(binding.is_present[COMPONENT_TEXT_ENCODER_2]);
	assert_int_equal(binding.of[COMPONENT_TEXT_ENCODER_2].unbound, 192);
}

static struct fit_side side_of(const struct corpus *corpus, const struct file *file)
{
	const struct architecture *architecture =
		knowledge_architecture(corpus->knowledge, file->architecture);
	const struct base_model *proven = file->facts.base_model;
	return (struct fit_side){
		.kind = file->facts.kind,
		.architecture = architecture ? architecture->id : STR_NULL,
		.base_model = proven && str_equal(proven->architecture, file->architecture)
				      ? proven->id
			      : architecture ? architecture->foundation
					     : STR_NULL,
		.name = file->path,
	};
}

static bool share(const struct corpus *corpus, struct str a, struct str b)
{
	const struct architecture *one = knowledge_architecture(corpus->knowledge, a);
	for (size_t i = 0; one && i < one->shares.n; i++)
		if (str_equal(one->shares.list[i], b))
			return true;
	return false;
}

/* Lists that were written for a test, with widths that the model does not have (facts, section 9). */
static bool is_fixture(struct str path)
{
	return str_has_prefix(path, STR("Anima/"));
}

/* NULL, or what is wrong with the verdict. */
static const char *object(const struct corpus *corpus, const struct file *checkpoint,
			  const struct file *lora, enum verdict verdict)
{
	struct str one = checkpoint->architecture, other = lora->architecture;
	if (str_equal(one, other))
		return verdict == FIT_INCOMPATIBLE && !is_fixture(lora->path) ? "one architecture"
									      : NULL;
	if (share(corpus, one, other) || share(corpus, other, one))
		return verdict < FIT_CAUTION ? "they share but a part" : NULL;
	return verdict != FIT_INCOMPATIBLE ? "two architectures" : NULL;
}

static void no_verdict_contradicts_the_manifests(void **state)
{
	struct corpus *corpus = *state;
	unsigned n = 0, n_wrong = 0;
	for (size_t c = 0; c < corpus->checkpoints.len; c++)
		for (size_t l = 0; l < corpus->loras.len; l++) {
			const struct file *checkpoint =
				ARRAY_AT(&corpus->checkpoints, struct file, c);
			const struct file *lora = ARRAY_AT(&corpus->loras, struct file, l);
			struct fit_side side = side_of(corpus, lora);
			struct fit_side other = side_of(corpus, checkpoint);
			struct binding binding;
			if (!lora->architecture.len || !checkpoint->architecture.len)
				continue;
			binding_read(checkpoint->names, &lora->adapter, &binding);
			side.binding = &binding;
			enum verdict verdict = fit_verdict(corpus->knowledge, &other, &side);
			const char *wrong = object(corpus, checkpoint, lora, verdict);
			n++;
			n_wrong += wrong != NULL;
			if (wrong)
				printf("%.*s on %.*s: %s, but %s\n", STR_ARG(lora->path),
				       STR_ARG(checkpoint->path), verdict_word(verdict), wrong);
		}
	printf("verdicts that hold: %u of %u\n", n - n_wrong, n);
	assert_true(n > 2000);
	assert_int_equal(n_wrong, 0);
}

static void every_checkpoint_has_a_denoiser(void **state)
{
	struct corpus *corpus = *state;
	for (size_t c = 0; c < corpus->checkpoints.len; c++) {
		const struct file *file = ARRAY_AT(&corpus->checkpoints, struct file, c);
		if (file->architecture.len)
			assert_true(module_names_has(file->names, COMPONENT_DENOISER));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_counts_of_the_facts_come_out),
		cmocka_unit_test(a_missing_encoder_is_not_there),
		cmocka_unit_test(no_verdict_contradicts_the_manifests),
		cmocka_unit_test(every_checkpoint_has_a_denoiser),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
