// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <zlib.h>
#include <cmocka.h>

#include "core/formats/png_text.h"
#include "core/sets/prompt.h"

/* "C base | L ink 0.8 te 0.5 |": every model with its weights. */
static void assert_models(struct str text, const char *expected)
{
	struct arena arena = { 0 };
	struct bytes seen = { 0 };
	struct array models = ARRAY_OF(struct prompt_model);
	prompt_read(text, &arena, &models);
	for (size_t i = 0; i < models.len; i++) {
		const struct prompt_model *model = ARRAY_AT(&models, struct prompt_model, i);
		bytes_printf(&seen, "%s %.*s", model->is_checkpoint ? "C" : "L",
			     STR_ARG(model->name));
		if (!model->is_checkpoint)
			bytes_printf(&seen, " %g", model->weight);
		if (model->has_weight_te)
			bytes_printf(&seen, " te %g", model->weight_te);
		bytes_printf(&seen, " | ");
	}
	assert_string_equal(seen.ptr ? seen.ptr : "", expected);
	bytes_finish(&seen);
	array_finish(&models);
	arena_finish(&arena);
}

static void words_of_prompts(void **state)
{
	static const char *const cases[][2] = {
		{ "a <lora:ink:0.8> b <LyCo:x> <lora: y :-1>", "L ink 0.8 | L x 1 | L y -1 | " },
		/* Alone it is both; two are the text encoder's and the U-Net's. */
		{ "<lora:a:0.5:0.8><lora:b:te=0.1><lora:c:unet=2:te=1><lora:d:1:1>",
		  "L a 0.8 te 0.5 | L b 0.1 | L c 2 te 1 | L d 1 | " },
		{ "<lora:|high_noise|walk:1> <lora:sub/x:1>", "L walk 1 | L sub/x 1 | " },
		{ "x < 3 <lora> <lora:> <other:a:1> <lora:open", "" },
		{ "<lora:a:1>\nNegative prompt: <lora:b:1>\nSteps: 20, Model hash: 1, Model: base v1, X: y",
		  "C base v1 | L a 1 | " },
		{ "a\nSteps: 20, Model: \"b, c\", Seed: 1", "C b, c | " },
		{ "Steps: what, Model: said\nSteps: 2, Model: last", "C last | " },
		{ "", "" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_models(str_from(cases[i][0]), cases[i][1]);
}

static void nodes_of_comfyui(void **state)
{
	static const char *const cases[][2] = {
		{ "{\"1\":{\"inputs\":{\"ckpt_name\":\"b.safetensors\"}},\"2\":{\"inputs\":{\"lora_name\":"
		  "\"s\\\\x.pt\",\"strength_model\":0.8,\"strength_clip\":0.8}},\"3\":{\"inputs\":"
		  "{\"lora_name\":\"y\",\"strength_model\":1,\"strength_clip\":0.5,\"model\":[\"2\",0]}}}",
		  "C b.safetensors | L s\\x.pt 0.8 | L y 1 te 0.5 | " },
		{ "{\"1\":{\"inputs\":{\"lora_1\":{\"on\":true,\"lora\":\"a\",\"strength\":0.5,"
		  "\"strengthTwo\":null},\"lora_2\":{\"on\":false,\"lora\":\"b\",\"strength\":1},"
		  "\"lora_3\":{\"on\":true,\"lora\":\"None\",\"strength\":1}}}}",
		  "L a 0.5 | " },
		{ "{\"1\":{\"inputs\":{\"loras\":{\"__value__\":[{\"name\":\"m\",\"strength\":1,"
		  "\"clipStrength\":0.2,\"active\":true},{\"name\":\"n\",\"strength\":1,"
		  "\"clipStrength\":1,\"active\":false}]}}}}",
		  "L m 1 te 0.2 | " },
		{ "{\"nodes\":[{\"type\":\"UNETLoader\",\"mode\":0,\"widgets_values\":[\"u\",\"default\"]},"
		  "{\"type\":\"LoraLoader\",\"widgets_values\":[\"l\",0.8,0.5]},"
		  "{\"type\":\"LoraLoaderModelOnly\",\"mode\":4,\"widgets_values\":[\"off\",1]},"
		  "{\"type\":\"Power\",\"mode\":2,\"widgets_values\":[{\"on\":true,\"lora\":\"z\","
		  "\"strength\":1}]},{\"type\":\"KSampler\",\"widgets_values\":[\"euler\"]}]}",
		  "C u | L l 0.8 te 0.5 | " },
		{ "{\"1\":{\"inputs\":{\"lora_name\":\"a\"}}", "" }, /* cut off */
		{ "{}", "" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_models(str_from(cases[i][0]), cases[i][1]);
}

static void there_is_an_end(void **state)
{
	struct bytes many = { 0 };
	struct arena arena = { 0 };
	struct array models = ARRAY_OF(struct prompt_model);
	(void)state;
	for (size_t i = 0; i < 1000; i++)
		bytes_append_str(&many, STR("<lora:a:1>"));
	prompt_read(bytes_str(&many), &arena, &models);
	assert_int_equal(models.len, PROMPT_MODELS_MAX);
	bytes_clear(&many);
	for (size_t i = 0; i < 100000; i++)
		bytes_append_str(&many, STR("{\"a\":"));
	array_clear(&models);
	prompt_read(bytes_str(&many), &arena, &models);
	assert_int_equal(models.len, 0);
	array_finish(&models);
	bytes_finish(&many);
	arena_finish(&arena);
}

static void add_chunk(struct bytes *png, const char *type, struct str data)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		bytes_append_byte(png, (char)(data.len >> shift));
	bytes_append(png, type, 4);
	bytes_append_str(png, data);
	bytes_append(png, "crc?", 4);
}

static struct str packed(struct arena *arena, const char *head, size_t n_head, struct str text)
{
	uLongf n = compressBound((uLong)text.len);
	char *bytes = arena_alloc(arena, n_head + n);
	memcpy(bytes, head, n_head);
	assert_int_equal(
		compress((Bytef *)bytes + n_head, &n, (const Bytef *)text.ptr, (uLong)text.len),
		Z_OK);
	return (struct str){ bytes, n_head + n };
}

static void texts_of_pictures(void **state)
{
	static const char *const expected[][2] = {
		{ "parameters", "plain" }, { "latin", "caf\xc3\xa9" }, { "z", "packed" },
		{ "i", "caf\xc3\xa9" },    { "j", "packed too" },
	};
	struct arena arena = { 0 };
	struct bytes png = { 0 };
	struct array texts = ARRAY_OF(struct png_text);
	struct error err;
	(void)state;
	bytes_append(&png, "\x89PNG\r\n\x1a\n", 8);
	add_chunk(&png, "IHDR", STR("12345678"));
	add_chunk(&png, "tEXt", STR("parameters\0plain"));
	add_chunk(&png, "IDAT", STR("what is this"));
	add_chunk(&png, "tEXt", STR("latin\0caf\xe9"));
	add_chunk(&png, "zTXt", packed(&arena, "z\0", 3, STR("packed")));
	add_chunk(&png, "iTXt", STR("i\0\0\0fr\0\0caf\xc3\xa9"));
	add_chunk(&png, "iTXt", packed(&arena, "j\0\1\0\0\0", 6, STR("packed too")));
	add_chunk(&png, "zTXt", STR("bad\0\0not packed"));
	add_chunk(&png, "tEXt", STR("no end"));
	add_chunk(&png, "iTXt", STR("x\0"));
	struct str bomb = { arena_alloc(&arena, PNG_TEXT_BYTES_MAX + 1), PNG_TEXT_BYTES_MAX + 1 };
	add_chunk(&png, "zTXt", packed(&arena, "bomb\0", 6, bomb));
	bytes_append(&png, "\xff\xff\xff\xf0tEXt", 8);
	struct blob blob = blob_from_memory(png.ptr, png.len);
	assert_true(png_text_is_png(&blob));
	assert_true(png_text_read(&blob, &arena, &texts, &err));
	assert_int_equal(texts.len, 5);
	for (size_t i = 0; i < texts.len; i++) {
		const struct png_text *text = ARRAY_AT(&texts, struct png_text, i);
		assert_true(str_equal(text->keyword, str_from(expected[i][0])));
		assert_true(str_equal(text->text, str_from(expected[i][1])));
	}
	blob = blob_from_memory("\x89PNG", 4);
	assert_false(png_text_is_png(&blob));
	array_finish(&texts);
	bytes_finish(&png);
	arena_finish(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_of_prompts),
		cmocka_unit_test(nodes_of_comfyui),
		cmocka_unit_test(there_is_an_end),
		cmocka_unit_test(texts_of_pictures),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
