// SPDX-License-Identifier: MIT
#include "core/formats/diffusers.h"

#include "core/formats/component.h"
#include "core/formats/folder_config.h"

/* Folders that are components even if model_index.json forgot them. */
static const struct str usual_components[] = {
	{ "unet", 4 },          { "transformer", 11 },    { "vae", 3 },
	{ "text_encoder", 12 }, { "text_encoder_2", 14 }, { "text_encoder_3", 14 },
};

/* Ends of the names of classes that have no weights. */
static const struct str weightless[] = {
	{ "Scheduler", 9 }, { "Tokenizer", 9 },         { "TokenizerFast", 13 },
	{ "Processor", 9 }, { "FeatureExtractor", 16 },
};

static const struct component *find_component(const struct components *components, struct str name)
{
	for (size_t i = 0; i < components->n; i++)
		if (str_equal(components->list[i].name, name))
			return &components->list[i];
	return NULL;
}

/** Loaded as the index says; `component` is NULL when the index does not name it. */
static bool is_loaded(const struct component *component, struct str name)
{
	for (size_t i = 0; !component && i < sizeof usual_components / sizeof *usual_components;
	     i++)
		if (str_equal(usual_components[i], name))
			return true;
	return component && component->class_name.ptr;
}

static bool wants_weights(const struct component *component)
{
	for (size_t i = 0; component && i < sizeof weightless / sizeof *weightless; i++)
		if (str_has_suffix(component->class_name, weightless[i]))
			return false;
	return component != NULL;
}

static void read_component(struct gather *gather, const struct components *components,
			   struct str name)
{
	const struct component *component = find_component(components, name);
	struct str folder = arena_strf(gather->arena, "%.*s/", STR_ARG(name));
	if (!is_loaded(component, name))
		return;
	if (!component_read(gather, folder, arena_strf(gather->arena, "%.*s.", STR_ARG(name))) &&
	    wants_weights(component) &&
	    folder_find(gather->folder,
			arena_strf(gather->arena, "%.*sconfig.json", STR_ARG(folder))))
		reading_note(gather->out, gather->arena, "W_IX_MISSING",
			     "weights of %.*s are missing", STR_ARG(name));
}

static void read_pipeline(struct gather *gather, const struct components *components)
{
	struct str before = STR_NULL;
	for (size_t i = 0; i < gather->folder->n_files; i++) {
		struct str path = gather->folder->files[i].path;
		ptrdiff_t slash = str_find_byte(path, '/');
		if (slash <= 0)
			continue;
		struct str name = str_slice(path, 0, (size_t)slash);
		if (!str_equal(name, before))
			read_component(gather, components, name);
		before = name;
	}
}

bool diffusers_read(struct gather *gather)
{
	struct components components;
	bool is_pipeline = folder_find(gather->folder, STR("model_index.json"));
	if (!is_pipeline && !folder_find(gather->folder, STR("config.json")))
		return false;
	gather->out->format = FORMAT_DIFFUSERS;
	folder_config_read(gather, &components);
	if (is_pipeline)
		read_pipeline(gather, &components);
	else
		(void)component_read(gather, STR(""), STR("")); /* as if it were a pipeline's */
	if (!gather->n_read && gather->out->status == STATUS_OK)
		reading_note(gather->out, gather->arena, "W_IX_MISSING", "weights are missing");
	return true;
}
