// SPDX-License-Identifier: MIT
/* Exports that are words in a prompt: <lora:NAME:WEIGHT>. */
#include <stdio.h>

#include "core/sets/export_part.h"

/* What ends a name, or makes it an argument with a name of its own. */
static const char a1111_breaks[] = ":>=";

static void append_number(struct bytes *out, double number)
{
	char digits[400]; /* a double of 309 digits */
	int n = snprintf(digits, sizeof digits, "%.4f", number);
	while (n > 0 && digits[n - 1] == '0')
		n--;
	if (n > 0 && digits[n - 1] == '.')
		n--;
	bool is_minus_nothing = n == 2 && digits[0] == '-' && digits[1] == '0';
	bytes_append(out, is_minus_nothing ? "0" : digits, is_minus_nothing ? 1 : (size_t)n);
}

static bool has_any(struct str text, const char *bytes)
{
	for (; *bytes; bytes++)
		if (str_find_byte(text, *bytes) >= 0)
			return true;
	return false;
}

static void separate(const struct export_job *job)
{
	if (job->out->len > 0)
		bytes_append_byte(job->out, ' ');
}

/* Nothing of a name could break out of the tag, or of the line. */
static bool is_nameable(struct str name, const char *bytes)
{
	return !has_any(name, bytes) && !has_any(name, "\n\r\t");
}

static bool can_be_named(const struct export_job *job, struct str name, const char *bytes,
			 const char *instead)
{
	if (is_nameable(name, bytes))
		return true;
	export_warn(job,
		    "%.*s: its name holds one of \"%s\", so a prompt cannot name it: left out%s",
		    STR_ARG(name), bytes, instead);
	return false;
}

static void warn_of_stem(const struct export_job *job, const struct export_model *model,
			 const char *instead)
{
	if (model->n_of_stem > 1)
		export_warn(
			job,
			"%.*s: %zu LoRAs of the library have that name; which of them is loaded "
			"cannot be said%s",
			STR_ARG(model->stem), model->n_of_stem, instead);
}

/* A1111 looks names and aliases up in one table. */
static void warn_of_aliases(const struct export_job *job, const struct export_model *model,
			    const char *instead)
{
	if (model->n_aliased > 0)
		export_warn(
			job,
			"%.*s: it is also the alias (ss_output_name) of %zu other LoRA%s, which "
			"may be loaded in its place%s",
			STR_ARG(model->stem), model->n_aliased, model->n_aliased == 1 ? "" : "s",
			instead);
}

/* "; its alias "ink" names no other", or nothing. */
static const char *alias_instead(const struct export_job *job, struct str alias)
{
	if (!alias.len || !is_nameable(alias, a1111_breaks))
		return "";
	return arena_printf(job->arena, "; its alias \"%.*s\" names no other", STR_ARG(alias));
}

void export_a1111(const struct export_job *job)
{
	for (size_t i = 0; i < job->set->n_loras; i++) {
		const struct export_lora *lora = &job->set->loras[i];
		struct str name = lora->model.stem;
		const char *instead = alias_instead(job, lora->model.alias);
		if (!can_be_named(job, name, a1111_breaks, instead))
			continue;
		warn_of_stem(job, &lora->model, instead);
		warn_of_aliases(job, &lora->model, instead);
		separate(job);
		bytes_append_str(job->out, STR("<lora:"));
		bytes_append_str(job->out, name);
		bytes_append_byte(job->out, ':');
		/* The second place is the text encoder's; alone it is both. */
		if (lora->has_weight_te) {
			append_number(job->out, lora->weight_te);
			bytes_append_byte(job->out, ':');
		}
		append_number(job->out, lora->weight);
		bytes_append_byte(job->out, '>');
	}
}

/* <lora:NAME:MODEL[:TEXT-ENCODER]> */
static void append_tag(const struct export_job *job, const char *mark, struct str name,
		       const struct export_lora *lora)
{
	separate(job);
	bytes_append_str(job->out, STR("<lora:"));
	bytes_append_str(job->out, str_from(mark));
	bytes_append_str(job->out, name);
	bytes_append_byte(job->out, ':');
	append_number(job->out, lora->weight);
	if (lora->has_weight_te) {
		bytes_append_byte(job->out, ':');
		append_number(job->out, lora->weight_te);
	}
	bytes_append_byte(job->out, '>');
}

/* The path without the extension: what the program looks for by itself. */
static struct str without(struct str path, const char *const *extensions)
{
	for (; *extensions; extensions++)
		if (str_cut_suffix(&path, str_from(*extensions)))
			break;
	return path;
}

static const char *const any_extension[] = { ".safetensors", ".pt",   ".ckpt", ".bin",
					     ".pth",         ".gguf", ".sft",  NULL };

void export_lora_manager(const struct export_job *job)
{
	for (size_t i = 0; i < job->set->n_loras; i++) {
		const struct export_lora *lora = &job->set->loras[i];
		bool is_alone = lora->model.n_of_stem <= 1;
		struct str name =
			is_alone ? lora->model.stem : without(lora->model.pool, any_extension);
		if (!can_be_named(job, name, ":>", ""))
			continue;
		if (!is_alone && str_find_byte(name, '/') < 0)
			warn_of_stem(job, &lora->model, "");
		append_tag(job, "", name, lora);
	}
}

void export_swarmui(const struct export_job *job)
{
	static const char *const dropped[] = { ".safetensors", NULL };
	for (size_t i = 0; i < job->set->n_loras; i++) {
		const struct export_lora *lora = &job->set->loras[i];
		struct str name = without(lora->model.pool, dropped);
		if (can_be_named(job, name, ":>", ""))
			append_tag(job, "", name, lora);
	}
}

void export_sdcpp(const struct export_job *job)
{
	static const char *const tried[] = { ".safetensors", ".gguf", ".pt", ".ckpt", NULL };
	for (size_t i = 0; i < job->set->n_loras; i++) {
		struct export_lora lora = job->set->loras[i];
		struct str name = without(lora.model.pool, tried);
		if (!can_be_named(job, name, ":>", ""))
			continue;
		if (lora.has_weight_te && lora.weight_te != lora.weight)
			export_warn(job,
				    "%.*s: stable-diffusion.cpp has one weight for all: the text "
				    "encoder's is left out",
				    STR_ARG(name));
		lora.has_weight_te = false;
		append_tag(job, lora.expert == EXPERT_HIGH ? "|high_noise|" : "", name, &lora);
	}
}
