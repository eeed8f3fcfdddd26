// SPDX-License-Identifier: MIT
#include "core/formats/folder_config.h"

#include "core/base/utf8.h"
#include "core/formats/json_values.h"

enum { COMPONENTS_MAX = 256 }; /* a pipeline has a dozen */

/** One JSON while it is read. */
struct config {
	struct gather *gather;
	const struct folder_file *file;
	bool keeps_pairs;
	size_t n_pairs;

	/* of model_index.json */
	struct array *components;      /* struct component; NULL for any other JSON */
	struct str module, class_name; /* of a pipeline class that lies in a module of its own */
};

/** In the folder or in one of a component: what lies deeper is nobody's configuration. */
static bool is_shallow(struct str path)
{
	return str_find_byte(path, '/') == str_rfind_byte(path, '/');
}

static void keep_pair(struct config *config, const struct json_value *value)
{
	struct arena *arena = config->gather->arena;
	if (++config->n_pairs > CONFIG_PAIRS_MAX)
		return;
	*ARRAY_PUSH(&config->gather->config, struct metadata_pair) = (struct metadata_pair){
		arena_strf(arena, "%.*s:%.*s", STR_ARG(config->file->path), STR_ARG(value->path)),
		arena_str(arena, utf8_cut(value->text, METADATA_VALUE_MAX)),
	};
}

/** The first of a component's two words. A file of the folder is told by its name; a path is none
 * of a package's, and leads to a file wherever it is. */
static void take_library(struct config *config, const struct json_value *value)
{
	bool is_path = str_find_byte(value->text, '/') >= 0 ||
		       str_find_byte(value->text, '\\') >= 0 ||
		       str_has_prefix(value->text, STR("."));
	if (value->type == JSON_STRING && is_path)
		gather_code(config->gather, value->text);
}

/** "unet": ["diffusers", "UNet2DConditionModel"], or twice null. */
static void take_component(struct config *config, const struct json_value *value)
{
	struct array *all = config->components;
	struct arena *arena = config->gather->arena;
	struct str name = value->path;
	if (!str_cut_suffix(&name, STR("[]")) || str_has_prefix(name, STR("_")))
		return;
	struct component *last = all->len ? ARRAY_AT(all, struct component, all->len - 1) : NULL;
	bool is_second = last && str_equal(last->name, name);
	if (!is_second && all->len == COMPONENTS_MAX)
		return;
	if (!is_second) {
		last = ARRAY_PUSH(all, struct component);
		last->name = arena_str(arena, name);
		take_library(config, value);
	}
	last->class_name =
		value->type == JSON_STRING && is_second ? arena_str(arena, value->text) : STR_NULL;
}

/** A class of its own: ["module", "Class"]. */
static void take_pipeline_class(struct config *config, const struct json_value *value)
{
	if (!str_equal(value->path, STR("_class_name[]")) || value->type != JSON_STRING)
		return;
	struct str text = arena_str(config->gather->arena, value->text);
	if (!config->module.ptr)
		config->module = text;
	else
		config->class_name = text;
}

static void take_value(void *context, const struct json_value *value)
{
	struct config *config = context;
	if (str_has_prefix(value->path, STR("auto_map.")) && value->type == JSON_STRING)
		gather_code(config->gather, value->text);
	if (config->keeps_pairs && value->type != JSON_NULL)
		keep_pair(config, value);
	if (!config->components)
		return;
	take_component(config, value);
	take_pipeline_class(config, value);
}

static void tell_pipeline_class(struct config *config)
{
	if (config->module.ptr)
		gather_code(config->gather, config->class_name.ptr
						    ? arena_strf(config->gather->arena, "%.*s.%.*s",
								 STR_ARG(config->module),
								 STR_ARG(config->class_name))
						    : config->module);
}

static void read_config(struct gather *gather, const struct folder_file *file,
			struct array *components)
{
	struct str name = str_after_last(file->path, '/');
	struct arena arena = { 0 };
	struct config config = {
		.gather = gather,
		.file = file,
		.components = components,
		.keeps_pairs = components || str_equal(name, STR("config.json")) ||
			       str_equal(name, STR("scheduler_config.json")),
	};
	struct str text = gather_text(gather, file, &arena);
	const char *why;
	if (text.ptr && !json_values_each(text, &arena, take_value, &config, &why))
		gather_ignore(gather, file, why);
	if (config.n_pairs > CONFIG_PAIRS_MAX)
		gather_ignore(gather, file, "it has more than 4096 values");
	tell_pipeline_class(&config);
	arena_finish(&arena);
}

void folder_config_read(struct gather *gather, struct components *out)
{
	struct array components = ARRAY_OF(struct component);
	uint64_t left = CONFIG_TEXT_BYTES_MAX;
	for (size_t i = 0; i < gather->folder->n_files; i++) {
		const struct folder_file *file = &gather->folder->files[i];
		bool is_index = str_equal(file->path, STR("model_index.json"));
		if (str_has_suffix(file->path, STR(".py")))
			gather_code(gather, file->path);
		if (!is_index &&
		    (!is_shallow(file->path) || !str_has_suffix(file->path, STR("config.json"))))
			continue;
		if (file->blob.size_bytes > left) {
			gather_ignore(gather, file, "the folder has too many");
			continue;
		}
		left -= file->blob.size_bytes;
		read_config(gather, file, is_index ? &components : NULL);
	}
	out->list = array_to_arena(&components, gather->arena);
	out->n = components.len;
	array_finish(&components);
}
