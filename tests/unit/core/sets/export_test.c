// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/json.h"
#include "core/sets/export.h"

/* A set whose LoRAs differ in all that an export looks at. */
static struct export_lora loras[4];
static struct export_set set;

static struct export_model model(const char *path, const char *pool, const char *stem)
{
	return (struct export_model){ .path = str_from(path),
				      .pool = str_from(pool),
				      .stem = str_from(stem),
				      .n_of_stem = 1 };
}

static int setup(void **state)
{
	(void)state;
	loras[0] = (struct export_lora){ .model = model("loras/style/ink.safetensors",
							"style/ink.safetensors", "ink"),
					 .weight = 0.8,
					 .has_text_encoder = true };
	loras[1] =
		(struct export_lora){ .model = model("loras/more.v2.pt", "more.v2.pt", "more.v2"),
				      .weight = -0.25,
				      .has_weight_te = true,
				      .weight_te = 1,
				      .has_text_encoder = true };
	loras[2] = (struct export_lora){
		.model = model("loras/a:b.safetensors", "a:b.safetensors", "a:b"), .weight = 1
	};
	loras[3] = (struct export_lora){ .model = model("loras/x/more.v2.safetensors",
							"x/more.v2.safetensors", "more.v2"),
					 .weight = 1.0 / 3,
					 .expert = EXPERT_HIGH };
	loras[1].model.n_of_stem = loras[3].model.n_of_stem = 2;
	set = (struct export_set){ .name = STR("mine"),
				   .has_checkpoint = true,
				   .checkpoint = model("checkpoints/base.safetensors",
						       "base.safetensors", "base"),
				   .kind = KIND_CHECKPOINT,
				   .format = FORMAT_SAFETENSORS,
				   .loras = loras,
				   .n_loras = 4 };
	return 0;
}

struct exported {
	struct arena arena;
	struct bytes text;
	struct array warnings;
};

static struct exported export_as(const char *word)
{
	struct exported out = { .warnings = ARRAY_OF(struct str) };
	enum export_format format = export_find(str_from(word));
	assert_int_not_equal(format, EXPORT_COUNT);
	assert_string_equal(export_word(format), word);
	export_write(format, &set, &out.text, &out.warnings, &out.arena);
	return out;
}

static void assert_export(const char *word, const char *expected, size_t n_warnings)
{
	struct exported out = export_as(word);
	assert_string_equal(out.text.ptr, expected);
	assert_int_equal(out.warnings.len, n_warnings);
	array_finish(&out.warnings);
	bytes_finish(&out.text);
	arena_finish(&out.arena);
}

static void prompts(void **state)
{
	(void)state;
	/* The text encoder's weight stands first; "a:b" cannot be named; two have one stem. */
	assert_export("a1111", "<lora:ink:0.8> <lora:more.v2:1:-0.25> <lora:more.v2:0.3333>\n", 3);
	assert_export("lora-manager",
		      "<lora:ink:0.8> <lora:more.v2:-0.25:1> <lora:x/more.v2:0.3333>\n", 2);
	assert_export("swarmui",
		      "<lora:style/ink:0.8> <lora:more.v2.pt:-0.25:1> <lora:x/more.v2:0.3333>\n",
		      1);
	assert_export(
		"sdcpp",
		"<lora:style/ink:0.8> <lora:more.v2:-0.25> <lora:|high_noise|x/more.v2:0.3333>\n",
		2);
}

static void assert_warning(const struct exported *out, size_t i, const char *expected)
{
	assert_true(str_equal(*ARRAY_AT(&out->warnings, struct str, i), str_from(expected)));
}

/* A1111 looks stems and aliases up in one table; an alias that is one model's alone is offered. */
static void aliases(void **state)
{
	(void)state;
	loras[0].model.n_aliased = 1;
	loras[1].model.alias = STR("second");
	loras[2].model.alias = STR("a-b");
	loras[3].model.alias = STR("x=1"); /* cannot be named either */
	struct exported out = export_as("a1111");
	assert_string_equal(out.text.ptr,
			    "<lora:ink:0.8> <lora:more.v2:1:-0.25> <lora:more.v2:0.3333>\n");
	assert_int_equal(out.warnings.len, 4);
	assert_warning(&out, 0,
		       "ink: it is also the alias (ss_output_name) of 1 other LoRA, which may be "
		       "loaded in its place");
	assert_warning(&out, 1,
		       "more.v2: 2 LoRAs of the library have that name; which of them is loaded "
		       "cannot be said; its alias \"second\" names no other");
	assert_warning(&out, 2,
		       "a:b: its name holds one of \":>=\", so a prompt cannot name it: left out; "
		       "its alias \"a-b\" names no other");
	assert_warning(&out, 3,
		       "more.v2: 2 LoRAs of the library have that name; which of them is loaded "
		       "cannot be said");
	array_finish(&out.warnings);
	bytes_finish(&out.text);
	arena_finish(&out.arena);
}

static void python(void **state)
{
	(void)state;
	assert_export("diffusers",
		      "# pipe: a pipeline of \"checkpoints/base.safetensors\"\n"
		      "pipe.load_lora_weights(\"loras/style\", weight_name=\"ink.safetensors\", "
		      "adapter_name=\"ink\")\n"
		      "pipe.load_lora_weights(\"loras\", weight_name=\"more.v2.pt\", "
		      "adapter_name=\"more_v2\")\n"
		      "pipe.load_lora_weights(\"loras\", weight_name=\"a:b.safetensors\", "
		      "adapter_name=\"a:b\")\n"
		      "pipe.load_lora_weights(\"loras/x\", weight_name=\"more.v2.safetensors\", "
		      "adapter_name=\"more_v2_2\")\n"
		      "pipe.set_adapters([\"ink\", \"more_v2\", \"a:b\", \"more_v2_2\"], "
		      "[0.8, -0.25, 1.0, 0.3333333333333333])\n",
		      1);
}

static void our_json(void **state)
{
	(void)state;
	set.n_loras = 2;
	assert_export(
		"json",
		"{\"name\":\"mine\",\"checkpoint\":\"checkpoints/base.safetensors\",\"loras\":["
		"{\"path\":\"loras/style/ink.safetensors\",\"weight\":0.8,\"weight_te\":null},"
		"{\"path\":\"loras/more.v2.pt\",\"weight\":-0.25,\"weight_te\":1.0}],"
		"\"note\":null}\n",
		0);
}

static void comfyui(void **state)
{
	(void)state;
	set.n_loras = 3;
	assert_export(
		"comfyui",
		"{\"1\":{\"class_type\":\"CheckpointLoaderSimple\",\"inputs\":{\"ckpt_name\":"
		"\"base.safetensors\"}},"
		"\"2\":{\"class_type\":\"LoraLoader\",\"inputs\":{\"model\":[\"1\",0],\"clip\":[\"1\",1],"
		"\"lora_name\":\"style/ink.safetensors\",\"strength_model\":0.8,\"strength_clip\":0.8}},"
		"\"3\":{\"class_type\":\"LoraLoader\",\"inputs\":{\"model\":[\"2\",0],\"clip\":[\"2\",1],"
		"\"lora_name\":\"more.v2.pt\",\"strength_model\":-0.25,\"strength_clip\":1.0}},"
		"\"4\":{\"class_type\":\"LoraLoaderModelOnly\",\"inputs\":{\"model\":[\"3\",0],"
		"\"lora_name\":\"a:b.safetensors\",\"strength_model\":1.0}}}\n",
		0);
	set.n_loras = 1;
	set.has_checkpoint = false;
	assert_export("comfyui",
		      "{\"1\":{\"class_type\":\"LoraLoader\",\"inputs\":{"
		      "\"lora_name\":\"style/ink.safetensors\",\"strength_model\":0.8,"
		      "\"strength_clip\":0.8}}}\n",
		      1);
}

static void bare_models_have_no_text_encoder(void **state)
{
	(void)state;
	set.n_loras = 1;
	set.kind = KIND_DIFFUSION_MODEL;
	assert_export(
		"comfyui",
		"{\"1\":{\"class_type\":\"UNETLoader\",\"inputs\":{\"unet_name\":"
		"\"base.safetensors\",\"weight_dtype\":\"default\"}},"
		"\"2\":{\"class_type\":\"LoraLoaderModelOnly\",\"inputs\":{\"model\":[\"1\",0],"
		"\"lora_name\":\"style/ink.safetensors\",\"strength_model\":0.8}}}\n",
		1);
	set.format = FORMAT_GGUF;
	struct exported out = export_as("comfyui-workflow");
	assert_non_null(strstr(out.text.ptr, "\"type\":\"UnetLoaderGGUF\""));
	array_finish(&out.warnings);
	bytes_finish(&out.text);
	arena_finish(&out.arena);
}

static void rgthree(void **state)
{
	(void)state;
	set.n_loras = 2;
	assert_export(
		"rgthree",
		"{\"1\":{\"class_type\":\"CheckpointLoaderSimple\",\"inputs\":{\"ckpt_name\":"
		"\"base.safetensors\"}},"
		"\"2\":{\"class_type\":\"Power Lora Loader (rgthree)\",\"inputs\":{\"model\":[\"1\",0],"
		"\"clip\":[\"1\",1],"
		"\"lora_1\":{\"on\":true,\"lora\":\"style/ink.safetensors\",\"strength\":0.8,"
		"\"strengthTwo\":null},"
		"\"lora_2\":{\"on\":true,\"lora\":\"more.v2.pt\",\"strength\":-0.25,"
		"\"strengthTwo\":1.0}}}}\n",
		0);
}

static void workflow(void **state)
{
	(void)state;
	set.n_loras = 1;
	assert_export(
		"comfyui-workflow",
		"{\"last_node_id\":2,\"last_link_id\":2,\"nodes\":["
		"{\"id\":1,\"type\":\"CheckpointLoaderSimple\",\"pos\":[0,0],\"size\":[315,126],"
		"\"flags\":{},\"order\":0,\"mode\":0,\"inputs\":[],\"outputs\":["
		"{\"name\":\"MODEL\",\"type\":\"MODEL\",\"links\":[1],\"slot_index\":0},"
		"{\"name\":\"CLIP\",\"type\":\"CLIP\",\"links\":[2],\"slot_index\":1},"
		"{\"name\":\"VAE\",\"type\":\"VAE\",\"links\":null,\"slot_index\":2}],"
		"\"properties\":{\"Node name for S&R\":\"CheckpointLoaderSimple\"},"
		"\"widgets_values\":[\"base.safetensors\"]},"
		"{\"id\":2,\"type\":\"LoraLoader\",\"pos\":[380,0],\"size\":[315,126],\"flags\":{},"
		"\"order\":1,\"mode\":0,\"inputs\":["
		"{\"name\":\"model\",\"type\":\"MODEL\",\"link\":1},"
		"{\"name\":\"clip\",\"type\":\"CLIP\",\"link\":2}],\"outputs\":["
		"{\"name\":\"MODEL\",\"type\":\"MODEL\",\"links\":null,\"slot_index\":0},"
		"{\"name\":\"CLIP\",\"type\":\"CLIP\",\"links\":null,\"slot_index\":1}],"
		"\"properties\":{\"Node name for S&R\":\"LoraLoader\"},"
		"\"widgets_values\":[\"style/ink.safetensors\",0.8,0.8]}],"
		"\"links\":[[1,1,0,2,0,\"MODEL\"],[2,1,1,2,1,\"CLIP\"]],"
		"\"groups\":[],\"config\":{},\"extra\":{},\"version\":0.4}\n",
		0);
}

static void json_is_json(void **state)
{
	static const char *const words[] = { "comfyui", "comfyui-workflow", "rgthree", "json" };
	(void)state;
	loras[0].model.pool = loras[0].model.path = STR("\"\\\n\xff\x01.safetensors");
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		struct exported out = export_as(words[i]);
		struct json json;
		enum json_token token;
		json_init(&json, bytes_str(&out.text), 16);
		while ((token = json_next(&json)) != JSON_END)
			assert_int_not_equal(token, JSON_ERROR);
		array_finish(&out.warnings);
		bytes_finish(&out.text);
		arena_finish(&out.arena);
	}
}

static void pools_are_taken_off(void **state)
{
	static const struct str words[] = { { "loras", 5 }, { "stable-diffusion", 16 } };
	static const char *const paths[][3] = {
		{ "/r/", "loras/a/x.pt", "a/x.pt" },
		{ "/r/", "LORAS/x.pt", "x.pt" },
		{ "/r/", "ComfyUI/models/loras/a/x.pt", "a/x.pt" },
		{ "/r/", "models/Stable-diffusion/x.pt", "x.pt" },
		{ "/r/", "my/loras/x.pt", "my/loras/x.pt" },
		{ "/r/", "loras/loras/x.pt", "loras/x.pt" },
		{ "/r/", "loras", "loras" },
		{ "/r/", "x.pt", "x.pt" },
		{ "/r/", "checkpoints/x.pt", "checkpoints/x.pt" },
		{ "/r/models/", "loras/loras/x.pt", "loras/x.pt" },
		{ "/r/models/Loras/", "x.pt", "x.pt" },
		{ "/r/models/Loras/", "loras/x.pt", "loras/x.pt" },
		{ "/r/models/Loras/sub/", "a/x.pt", "sub/a/x.pt" },
		{ "/loras/r/", "x.pt", "x.pt" },
		{ "/stable-diffusion/", "loras/x.pt", "x.pt" },
		{ "", "/gone/models/loras/a/x.pt", "a/x.pt" },
	};
	const struct texts pools = { words, 2 };
	(void)state;
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		struct arena arena = { 0 };
		struct str path = arena_strf(&arena, "%s%s", paths[i][0], paths[i][1]);
		size_t len = strlen(paths[i][0]);
		struct str left = export_pool_path(&pools, str_slice(path, 0, len),
						   str_slice(path, len, path.len));
		if (!str_equal(left, str_from(paths[i][2])))
			fail_msg("%s %s: %.*s", paths[i][0], paths[i][1], STR_ARG(left));
		arena_finish(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(prompts, setup),
		cmocka_unit_test_setup(aliases, setup),
		cmocka_unit_test_setup(python, setup),
		cmocka_unit_test_setup(our_json, setup),
		cmocka_unit_test_setup(comfyui, setup),
		cmocka_unit_test_setup(bare_models_have_no_text_encoder, setup),
		cmocka_unit_test_setup(rgthree, setup),
		cmocka_unit_test_setup(workflow, setup),
		cmocka_unit_test_setup(json_is_json, setup),
		cmocka_unit_test_setup(pools_are_taken_off, setup),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
