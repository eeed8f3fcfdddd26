// SPDX-License-Identifier: MIT
/** Reads any bytes as a picture's texts, as a prompt and as a workflow. */
#include <stdlib.h>

#include "core/formats/png_text.h"
#include "core/sets/prompt.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_prompt(struct str text, struct arena *arena)
{
	struct array models = ARRAY_OF(struct prompt_model);
	prompt_read(text, arena, &models);
	if (models.len > PROMPT_MODELS_MAX)
		abort();
	for (size_t i = 0; i < models.len; i++)
		if (ARRAY_AT(&models, struct prompt_model, i)->name.len == 0)
			abort();
	array_finish(&models);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	struct error err;
	struct array texts = ARRAY_OF(struct png_text);
	struct blob blob = blob_from_memory(data, size);
	read_prompt((struct str){ (const char *)data, size }, &arena);
	if (png_text_is_png(&blob) && !png_text_read(&blob, &arena, &texts, &err))
		abort();
	for (size_t i = 0; i < texts.len; i++)
		read_prompt(ARRAY_AT(&texts, struct png_text, i)->text, &arena);
	array_finish(&texts);
	arena_finish(&arena);
	return 0;
}
