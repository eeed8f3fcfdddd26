// SPDX-License-Identifier: MIT
#include "core/identify/said.h"

#include <stddef.h>

#include "core/knowledge/tokens.h"

enum { DETAIL_VALUE_MAX = 160, NAME_MAX_BYTES = 1024 };

/* Fields of a sidecar that are one text. */
static const struct {
	const char *name;
	size_t offset;
} sidecar_fields[] = {
	{ "base_model", offsetof(struct sidecar, base_model) },
	{ "sha256", offsetof(struct sidecar, sha256) },
	{ "autov2", offsetof(struct sidecar, autov2) },
	{ "title", offsetof(struct sidecar, title) },
	{ "author", offsetof(struct sidecar, author) },
	{ "description", offsetof(struct sidecar, description) },
	{ "license", offsetof(struct sidecar, license) },
	{ "model_id", offsetof(struct sidecar, model_id) },
	{ "sd_version", offsetof(struct sidecar, sd_version) },
	{ "modelspec", offsetof(struct sidecar, modelspec) },
	{ "prediction", offsetof(struct sidecar, prediction) },
	{ "trained_on", offsetof(struct sidecar, trained_on) },
	{ "alpha", offsetof(struct sidecar, alpha) },
};

static struct str sidecar_field(const struct sidecar *sidecar, struct str field)
{
	for (size_t i = 0; i < sizeof(sidecar_fields) / sizeof(*sidecar_fields); i++)
		if (str_equal(field, str_from(sidecar_fields[i].name)))
			return *(const struct str *)((const char *)sidecar +
						     sidecar_fields[i].offset);
	return STR_NULL;
}

static bool speaks(struct str text)
{
	text = str_trim(text);
	return text.len && !str_equal_nocase(text, STR("none")) &&
	       !str_equal_nocase(text, STR("null")) && !str_equal_nocase(text, STR("nofile"));
}

static bool say(struct str text, struct str where, struct said *out)
{
	if (!speaks(text))
		return false;
	*out = (struct said){ str_trim(text), where };
	return true;
}

static struct str start(struct str text, size_t max)
{
	return str_slice(text, 0, text.len < max ? text.len : max);
}

struct str said_start(struct str text)
{
	return start(text, NAME_MAX_BYTES);
}

struct str said_stem(struct str name)
{
	ptrdiff_t dot = str_rfind_byte(name, '.');
	return dot > 0 ? str_slice(name, 0, (size_t)dot) : name;
}

static bool said_beside(const struct identify_input *input, struct str field, size_t i,
			struct said *out)
{
	for (size_t k = 0; k < input->gist->n_sidecars; k++) {
		const struct sidecar *sidecar = &input->gist->sidecars[k];
		if (say(sidecar_field(sidecar, field), sidecar->file, out) && i-- == 0)
			return true;
	}
	return false;
}

bool said_at(const struct identify_input *input, struct str place, size_t i, struct said *out)
{
	if (str_cut_prefix(&place, STR("sidecar:")))
		return said_beside(input, place, i, out);
	if (i)
		return false;
	if (str_cut_prefix(&place, STR("meta:")))
		return say(metadata_find(&input->gist->reading.metadata, place), place, out);
	if (str_cut_prefix(&place, STR("config:")))
		return say(metadata_find(&input->gist->reading.config, place), place, out);
	if (str_equal(place, STR("file:sha256")))
		return say(input->gist->sha256, STR("sha256"), out);
	if (str_equal(place, STR("filename")))
		return say(input->name, STR("file name"), out);
	if (str_equal(place, STR("folder")))
		return say(input->folder_name, STR("folder"), out);
	return false;
}

bool said_fact(const struct knowledge *knowledge, const struct identify_input *input,
	       struct str fact, struct said *out, struct str *place)
{
	const struct fact_source *source = knowledge_fact(knowledge, fact);
	for (; source; source = source->next) {
		for (size_t k = 0; k < source->from.n; k++) {
			if (!said_at(input, source->from.list[k], 0, out))
				continue;
			if (place)
				*place = source->from.list[k];
			return true;
		}
	}
	return false;
}

struct str said_detail(const struct said *said, struct arena *arena)
{
	struct str value = start(said->text, DETAIL_VALUE_MAX);
	if (!said->where.ptr)
		return arena_str(arena, value);
	return arena_strf(arena, "%.*s=%.*s", STR_ARG(said->where), STR_ARG(value));
}

bool said_is_of_line(enum kind kind)
{
	return kind == KIND_CHECKPOINT || kind == KIND_DIFFUSION_MODEL;
}

struct str said_own_name(struct str name, enum kind kind, struct arena *arena)
{
	return token_text(name, said_is_of_line(kind), arena);
}
