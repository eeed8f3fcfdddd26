// SPDX-License-Identifier: MIT
#include "core/sets/export.h"

#include <stdarg.h>
#include <stdio.h>

#include "core/base/path.h"
#include "core/base/text.h"
#include "core/sets/export_part.h"

enum { WARNING_BYTES = 600 };

static const struct {
	const char *word;
	void (*write)(const struct export_job *job);
	bool is_json;
} formats[EXPORT_COUNT] = {
	[EXPORT_A1111] = { "a1111", export_a1111, false },
	[EXPORT_COMFYUI] = { "comfyui", export_comfyui, true },
	[EXPORT_COMFYUI_WORKFLOW] = { "comfyui-workflow", export_comfyui_workflow, true },
	[EXPORT_LORA_MANAGER] = { "lora-manager", export_lora_manager, false },
	[EXPORT_RGTHREE] = { "rgthree", export_rgthree, true },
	[EXPORT_SWARMUI] = { "swarmui", export_swarmui, false },
	[EXPORT_SDCPP] = { "sdcpp", export_sdcpp, false },
	[EXPORT_DIFFUSERS] = { "diffusers", export_diffusers, false },
	[EXPORT_JSON] = { "json", export_json, true },
};

const char *export_word(enum export_format format)
{
	return format < EXPORT_COUNT ? formats[format].word : NULL;
}

enum export_format export_find(struct str word)
{
	enum export_format format = 0;
	while (format < EXPORT_COUNT && !str_equal(word, str_from(formats[format].word)))
		format++;
	return format;
}

void export_warn(const struct export_job *job, const char *format, ...)
{
	char text[WARNING_BYTES];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments); /* a name of any length is cut */
	va_end(arguments);
	*ARRAY_PUSH(job->warnings, struct str) = arena_str(job->arena, str_from(text));
}

bool export_has_separator(enum export_format format)
{
	return format == EXPORT_COMFYUI || format == EXPORT_COMFYUI_WORKFLOW ||
	       format == EXPORT_RGTHREE;
}

bool export_is_json(enum export_format format)
{
	return formats[format].is_json;
}

void export_write(enum export_format format, const struct export_set *set, struct bytes *out,
		  struct array *warnings, struct arena *arena)
{
	const struct export_job job = { set, out, warnings, arena };
	formats[format].write(&job);
	bytes_append_byte(out, '\n');
}

static bool is_pool(const struct texts *pools, struct str folder, struct arena *arena)
{
	struct str folded = text_fold_copy(arena, folder);
	for (size_t i = 0; i < pools->n; i++)
		if (str_equal(pools->list[i], folded))
			return true;
	return false;
}

/* What follows the first pool in a path: one in "models", or its first folder, if that may be one. */
static bool find_pool(const struct texts *pools, struct str path, bool may_be, struct str *left)
{
	struct arena arena = { 0 };
	struct str rest = path, folder;
	bool is_found = false;
	while (!is_found && str_next_part(&rest, '/', &folder) && rest.ptr) {
		is_found = may_be && is_pool(pools, folder, &arena);
		may_be = str_equal_nocase(folder, STR("models"));
	}
	if (is_found)
		*left = rest;
	arena_finish(&arena);
	return is_found;
}

struct str export_pool_path(const struct texts *pools, struct str root, struct str below)
{
	struct str path = { below.ptr - root.len, root.len + below.len }, left;
	bool is_in_pool = find_pool(pools, path, false, &left) && left.len >= below.len;
	return is_in_pool || find_pool(pools, below, true, &left) ? left : below;
}

struct export_model export_name(const struct knowledge *knowledge, bool is_lora, struct str root,
				struct str path, struct str stem)
{
	const struct texts *pools = is_lora ? &knowledge->lora_pools : &knowledge->pools;
	struct str below;
	if (!root.ptr || !path_is_below(path, root, &below))
		below = path;
	return (struct export_model){
		.path = below,
		.pool = export_pool_path(pools, str_slice(path, 0, path.len - below.len), below),
		.stem = stem,
		.n_of_stem = 1,
	};
}
