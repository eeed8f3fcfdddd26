// SPDX-License-Identifier: MIT
#include "core/sets/prompt.h"

#include "core/sets/prompt_json.h"

static void add(struct array *models, struct prompt_model model)
{
	if (models->len < PROMPT_MODELS_MAX && model.name.len > 0)
		*ARRAY_PUSH(models, struct prompt_model) = model;
}

/* "te=0.5": the value, if that is its name. */
static bool cut_name(struct str argument, struct str name, double *value)
{
	return str_cut_prefix(&argument, name) && str_cut_prefix(&argument, STR("=")) &&
	       str_to_double(str_trim(argument), value);
}

/* NAME[:TE[:UNET[:...]]], with names for some: the only place is both weights. */
static void read_tag(struct str inside, struct array *models)
{
	struct prompt_model model = { .weight = 1 };
	struct str rest = inside, argument;
	double te = 1, unet = 1, value;
	bool has_te = false, has_unet = false;
	if (!str_next_part(&rest, ':', &model.name))
		return;
	model.name = str_trim(model.name);
	str_cut_prefix(&model.name, STR("|high_noise|")); /* stable-diffusion.cpp */
	for (size_t place = 1; str_next_part(&rest, ':', &argument);) {
		if (cut_name(argument, STR("te"), &value)) {
			te = value;
			has_te = true;
		} else if (cut_name(argument, STR("unet"), &value)) {
			unet = value;
			has_unet = true;
		} else if (str_find_byte(argument, '=') < 0) {
			bool is_number = str_to_double(str_trim(argument), &value);
			has_te |= is_number && place == 1;
			has_unet |= is_number && place == 2;
			te = is_number && place == 1 ? value : te;
			unet = is_number && place == 2 ? value : unet;
			place++;
		}
	}
	model.weight = has_unet ? unet : has_te ? te : 1;
	model.has_weight_te = has_te && has_unet && te != unet;
	model.weight_te = te;
	add(models, model);
}

static void read_tags(struct str text, struct array *models)
{
	for (ptrdiff_t at; (at = str_find_byte(text, '<')) >= 0;) {
		text = str_slice(text, (size_t)at + 1, text.len);
		ptrdiff_t end = str_find_byte(text, '>'), colon = str_find_byte(text, ':');
		if (end < 0)
			return;
		if (colon < 0 || colon > end)
			continue;
		struct str word = str_slice(text, 0, (size_t)colon);
		if (str_equal_nocase(word, STR("lora")) || str_equal_nocase(word, STR("lyco")))
			read_tag(str_slice(text, (size_t)colon + 1, (size_t)end), models);
	}
}

/* The last line that begins with "Steps: ": what the program adds to the prompt. */
static struct str settings_line(struct str text)
{
	struct str rest = text, line, found = STR_NULL;
	while (str_next_part(&rest, '\n', &line))
		if (str_has_prefix(str_trim(line), STR("Steps: ")))
			found = str_trim(line);
	return found;
}

static void read_settings(struct str line, struct array *models)
{
	ptrdiff_t at = line.ptr ? str_find(line, STR(", Model: ")) : -1;
	if (at < 0)
		return;
	struct str rest = str_slice(line, (size_t)at + sizeof ", Model: " - 1, line.len), name;
	bool is_quoted = str_cut_prefix(&rest, STR("\""));
	if (str_next_part(&rest, is_quoted ? '"' : ',', &name))
		add(models, (struct prompt_model){ .name = str_trim(name), .is_checkpoint = true });
}

void prompt_read(struct str text, struct arena *arena, struct array *models)
{
	struct str trimmed = str_trim(text);
	if (str_has_prefix(trimmed, STR("{"))) {
		prompt_json_read(trimmed, arena, models);
		return;
	}
	read_settings(settings_line(text), models);
	/* A negative prompt loads nothing. */
	ptrdiff_t negative = str_find(text, STR("\nNegative prompt:"));
	read_tags(negative < 0 ? text : str_slice(text, 0, (size_t)negative), models);
}
