// SPDX-License-Identifier: MIT
#include "core/formats/sidecar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/array.h"

#define SHA "0123456789abcdef0123456789ABCDEF0123456789abcdef0123456789abcdef"
#define SHA_LOWER "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void parse(const char *name, const char *text, struct arena *arena, struct sidecar *out)
{
	struct error err;
	if (!sidecar_parse(str_from(name), str_from(text), arena, out, &err))
		fail_msg("%s", err.text);
}

static void assert_text(struct str text, const char *wanted)
{
	assert_non_null(text.ptr);
	assert_string_equal(text.ptr, wanted);
}

static void reads_civitai(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct sidecar out;
	parse("a.civitai.info",
	      "{\"id\":1,\"modelId\":257749,\"name\":\"v6\",\"baseModel\":\"Pony\","
	      "\"trainedWords\":[\" score_9, score_8 \",\"style\",\"style\",\"\"],"
	      "\"files\":[{\"name\":\"x\",\"hashes\":{\"AutoV2\":\"67AB2FD8EC\",\"SHA256\":\"" SHA
	      "\"}},"
	      "{\"hashes\":{\"SHA256\":\"" SHA "\"}}],"
	      "\"model\":{\"name\":\"Pony XL\",\"type\":\"LORA\"},\"description\":null}",
	      &arena, &out);
	assert_text(out.file, "a.civitai.info");
	assert_text(out.base_model, "Pony");
	assert_text(out.sha256, SHA_LOWER);
	assert_text(out.autov2, "67ab2fd8ec");
	assert_text(out.title, "Pony XL");
	assert_text(out.model_id, "257749");
	assert_int_equal(out.n_triggers, 2);
	assert_text(out.triggers[0], "score_9, score_8");
	assert_null(out.description.ptr);
	arena_finish(&arena);
}

static void reads_lora_manager(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct sidecar out;
	parse("a.metadata.json",
	      "{\"civitai\":{\"baseModel\":\"SDXL 1.0\",\"modelId\":7,"
	      "\"trainedWords\":[\"w\"],\"creator\":{\"username\":\"me\"}},\"base_model\":\"Illustrious\","
	      "\"model_name\":\"N\",\"sha256\":\"" SHA
	      "\",\"usage_tips\":\"{\\\"strength\\\":1}\"}",
	      &arena, &out);
	assert_text(out.base_model, "Illustrious"); /* the better rule, though it comes later */
	assert_text(out.author, "me");
	assert_text(out.model_id, "7");
	assert_text(out.triggers[0], "w");
	arena_finish(&arena);
}

static void reads_the_others(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct sidecar out;
	parse("a.cm-info.json",
	      "\xef\xbb\xbf{\"ModelName\":\"N\",\"UserTitle\":\"T\",\"BaseModel\":\"Flux.1 D\","
	      "\"Hashes\":{\"SHA256\":\"" SHA "\"},\"TrainedWords\":[\"w\"]}",
	      &arena, &out);
	assert_text(out.title, "T");
	assert_text(out.base_model, "Flux.1 D");
	assert_text(out.sha256, SHA_LOWER);
	parse("a.swarm.json",
	      "{\"modelspec.architecture\":\"stable-diffusion-xl-v1-base/lora\","
	      "\"modelspec.prediction_type\":\"v\",\"modelspec.hash_sha256\":\"0x" SHA "\","
	      "\"modelspec.trigger_phrase\":\"w\"}",
	      &arena, &out);
	assert_text(out.modelspec, "stable-diffusion-xl-v1-base/lora");
	assert_text(out.prediction, "v");
	assert_null(out.sha256.ptr); /* that of the tensors is none of the file */
	parse("a.safetensors.rgthree-info.json",
	      "{\"baseModel\":\"SD 1.5\",\"trainedWords\":[{\"word\":\"w\","
	      "\"count\":3},{\"count\":1,\"word\":\"x\"}],\"raw\":{\"civitai\":{\"modelId\":9}}}",
	      &arena, &out);
	assert_int_equal(out.n_triggers, 2);
	assert_text(out.triggers[1], "x");
	assert_text(out.model_id, "9");
	parse("adapter_config.json",
	      "{\"base_model_name_or_path\":\"Qwen/Qwen-Image\",\"lora_alpha\":32,\"r\":16}",
	      &arena, &out);
	assert_text(out.trained_on, "Qwen/Qwen-Image");
	assert_text(out.alpha, "32");
	parse("a.json",
	      "{\"sd version\":\"SDXL\",\"activation text\":\"one, two ,one\",\"modelId\":"
	      "\"Model not found\",\"preferred weight\":0}",
	      &arena, &out);
	assert_text(out.sd_version, "SDXL");
	assert_int_equal(out.n_triggers, 2);
	assert_text(out.triggers[1], "two");
	assert_null(out.model_id.ptr);
	parse("a.json", "{\"sd version\":\"Unknown\",\"activation text\":\"a, b || c\"}", &arena,
	      &out);
	assert_null(out.sd_version.ptr);
	assert_text(out.triggers[0], "a, b");
	arena_finish(&arena);
}

static void reads_plain_files(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct sidecar out;
	parse("a.yaml",
	      "model:\n  params:\n    # parameterization: eps\n    parameterization: \"v\"  # 768\n",
	      &arena, &out);
	assert_text(out.prediction, "v");
	parse("a.yaml", "model:\n  target: x\n", &arena, &out);
	assert_null(out.prediction.ptr);
	parse("a.sha256", SHA "\n", &arena, &out);
	assert_text(out.sha256, SHA_LOWER);
	arena_finish(&arena);
}

static void passes_over_what_it_does_not_expect(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct sidecar out;
	parse("a.civitai.info",
	      "{\"baseModel\":[\"Pony\"],\"files\":{\"hashes\":{\"SHA256\":\"" SHA "\"}},"
	      "\"modelId\":-1,\"trainedWords\":\"w\",\"model\":[{\"name\":\"x\"}],\"name\":{\"name\":\"y\"},"
	      "\"a very long key that is longer than any path that a rule could ever name, and then some\":"
	      "{\"and below it another one, so that the path grows\":{\"baseModel\":\"x\"}}}",
	      &arena, &out);
	assert_null(out.base_model.ptr);
	assert_null(out.sha256.ptr);
	assert_null(out.model_id.ptr);
	assert_null(out.title.ptr);
	assert_int_equal(out.n_triggers, 0);
	/* The hash of no bytes is what tools write when they do not know. */
	parse("a.metadata.json",
	      "{\"sha256\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"}",
	      &arena, &out);
	assert_null(out.sha256.ptr);
	arena_finish(&arena);
}

static void says_why_one_is_ignored(void **state)
{
	(void)state;
	static const struct {
		const char *name, *text, *message;
	} rows[] = {
		{ "a.json", "{\"x\":", "sidecar a.json ignored: ends too early" },
		{ "a.json", "", "sidecar a.json ignored: not a JSON object" },
		{ "a.json", "[1]", "sidecar a.json ignored: not a JSON object" },
		{ "a.civitai.info", "{\"x\":\"\xff\"}",
		  "sidecar a.civitai.info ignored: is not UTF-8" },
		{ "a.sha256", "abc", "sidecar a.sha256 ignored: not 64 hexadecimal digits" },
		{ "a.txt", "x", "sidecar a.txt ignored: not a sidecar we know" },
	};
	struct arena arena = { 0 };
	struct sidecar out;
	struct error err;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_false(sidecar_parse(str_from(rows[i].name), str_from(rows[i].text), &arena,
					   &out, &err));
		assert_string_equal(err.text, rows[i].message);
		assert_string_equal(err.slug, "W_JSON");
	}
	struct bytes deep = { 0 };
	bytes_append_str(&deep, STR("{\"a\":"));
	for (int i = 0; i < 100; i++)
		bytes_append_byte(&deep, '[');
	assert_false(sidecar_parse(STR("a.json"), bytes_str(&deep), &arena, &out, &err));
	assert_string_equal(err.text, "sidecar a.json ignored: nested too deep");
	bytes_finish(&deep);
	arena_finish(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_civitai),
		cmocka_unit_test(reads_lora_manager),
		cmocka_unit_test(reads_the_others),
		cmocka_unit_test(reads_plain_files),
		cmocka_unit_test(passes_over_what_it_does_not_expect),
		cmocka_unit_test(says_why_one_is_ignored),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
