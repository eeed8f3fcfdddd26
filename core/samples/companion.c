// SPDX-License-Identifier: MIT
#include "core/samples/companion.h"

#include "core/base/json_write.h"
#include "core/samples/dice.h"
#include "core/samples/picture.h"

/* A companion's facts, from the entry's `info` or made up from the model's name. */
struct facts {
	const struct companion_model *model;
	struct arena *arena;
	struct str sha256, sha256_upper, base, title, kind, notes, version, creator, words_joined;
	uint64_t model_id, version_id;
};

static struct str upper(struct arena *arena, struct str text)
{
	char *copy = arena_cstr(arena, text);

	for (size_t i = 0; i < text.len; i++) {
		if (copy[i] >= 'a' && copy[i] <= 'z')
			copy[i] -= 'a' - 'A';
	}
	return (struct str){ copy, text.len };
}

static struct str joined_words(const struct spec *info, struct arena *arena)
{
	const struct spec *words = spec_find(info, "words");
	struct bytes out = { 0 };

	for (const struct spec *word = words ? words->first : NULL; word; word = word->next)
		bytes_printf(&out, "%s%.*s", out.len > 0 ? ", " : "", STR_ARG(word->text));
	struct str joined = arena_str(arena, bytes_str(&out));
	bytes_finish(&out);
	return joined;
}

static struct facts gather(const struct companion_model *model, struct arena *arena)
{
	const struct spec *info = model->info;
	struct dice dice = dice_from(model->stem);
	struct facts facts = {
		.model = model,
		.arena = arena,
		.sha256 = spec_text(info, "sha256", dice_hash(arena, model->stem, STR("file"))),
		.base = spec_text(info, "base", STR("Other")),
		.title = spec_text(info, "title", model->stem),
		.kind = spec_text(info, "type", STR("LORA")),
		.notes = spec_text(info, "notes", STR("")),
		.version = spec_text(info, "version", STR("v1.0")),
		.creator = spec_text(info, "creator", STR("nightowl_lab")),
		.words_joined = joined_words(info, arena),
	};

	facts.model_id = spec_number(info, "model_id", 100000 + dice_throw(&dice, 900000));
	facts.version_id = spec_number(info, "version_id", 100000 + dice_throw(&dice, 1900000));
	facts.sha256_upper = upper(arena, facts.sha256);
	return facts;
}

static void write_words(const struct facts *f, struct json_writer *json, const char *key)
{
	const struct spec *words = spec_find(f->model->info, "words");

	json_array(json, key);
	for (const struct spec *word = words ? words->first : NULL; word; word = word->next)
		json_string(json, NULL, word->text);
	json_array_end(json);
}

static void write_civitai_file(const struct facts *f, struct json_writer *json)
{
	json_array(json, "files");
	json_object(json, NULL);
	json_u64_value(json, "id", f->version_id + 7);
	json_double_value(json, "sizeKB", (double)f->model->size_bytes / 1024);
	json_string(json, "name", f->model->file);
	json_string(json, "type", STR("Model"));
	json_bool(json, "primary", true);
	json_object(json, "metadata");
	json_string(json, "format", STR("SafeTensor"));
	json_string(json, "size", STR("pruned"));
	json_string(json, "fp", STR("fp16"));
	json_object_end(json);
	json_object(json, "hashes");
	json_string(json, "AutoV1", str_slice(f->sha256_upper, 0, 8));
	json_string(json, "AutoV2", str_slice(f->sha256_upper, 0, 10));
	json_string(json, "SHA256", f->sha256_upper);
	json_object_end(json);
	json_object_end(json);
	json_array_end(json);
}

/* A model-version object, as the shop's API gives it. */
static void write_civitai_version(const struct facts *f, struct json_writer *json, const char *key)
{
	json_object(json, key);
	json_u64_value(json, "id", f->version_id);
	json_u64_value(json, "modelId", f->model_id);
	json_string(json, "name", f->version);
	json_string(json, "createdAt", STR("2024-03-02T10:11:12.000Z"));
	json_string(json, "updatedAt", STR("2024-03-02T10:20:00.000Z"));
	json_string(json, "status", STR("Published"));
	json_string(json, "baseModel", f->base);
	json_string(json, "baseModelType", STR("Standard"));
	write_words(f, json, "trainedWords");
	json_string(json, "description", f->notes);
	json_object(json, "model");
	json_string(json, "name", f->title);
	json_string(json, "type", f->kind);
	json_bool(json, "nsfw", false);
	json_bool(json, "poi", false);
	json_object_end(json);
	json_object(json, "creator");
	json_string(json, "username", f->creator);
	json_object_end(json);
	write_civitai_file(f, json);
	json_array(json, "images");
	json_array_end(json);
	json_object_end(json);
}

static void make_civitai_info(const struct facts *f, struct bytes *out)
{
	struct json_writer json = json_writer(out);

	write_civitai_version(f, &json, NULL);
}

/* A1111's user metadata knows four families and no lineage. */
static struct str a1111_version(struct str base)
{
	static const struct {
		const char *base, *version;
	} versions[] = {
		{ "SD 1", "SD1" },  { "SD 2", "SD2" },         { "SDXL", "SDXL" },
		{ "Pony", "SDXL" }, { "Illustrious", "SDXL" }, { "NoobAI", "SDXL" },
	};

	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
		if (str_has_prefix(base, str_from(versions[i].base)))
			return str_from(versions[i].version);
	}
	return STR("Unknown");
}

static void make_a1111(const struct facts *f, struct bytes *out)
{
	struct json_writer json = json_writer(out);

	json_object(&json, NULL);
	json_string(&json, "description", f->notes);
	json_string(&json, "sd version", a1111_version(f->base));
	json_string(&json, "activation text", f->words_joined);
	json_u64_value(&json, "preferred weight", spec_number(f->model->info, "weight", 0));
	json_string(&json, "negative text", STR(""));
	json_string(&json, "notes", STR(""));
	json_object_end(&json);
}

static void make_lora_manager(const struct facts *f, struct bytes *out)
{
	struct json_writer json = json_writer(out);

	json_object(&json, NULL);
	json_string(&json, "file_name", f->model->stem);
	json_string(&json, "model_name", f->title);
	json_string(&json, "file_path",
		    arena_strf(f->arena, "models/%.*s", STR_ARG(f->model->file)));
	json_u64_value(&json, "size", f->model->size_bytes);
	json_double_value(&json, "modified", 1709374872.5);
	json_string(&json, "sha256", f->sha256);
	json_string(&json, "base_model", f->base);
	json_string(&json, "preview_url",
		    arena_strf(f->arena, "models/%.*s.png", STR_ARG(f->model->stem)));
	json_u64_value(&json, "preview_nsfw_level", 1);
	json_string(&json, "notes", STR(""));
	json_bool(&json, "from_civitai", true);
	write_civitai_version(f, &json, "civitai");
	json_array(&json, "tags");
	json_string(&json, NULL, STR("style"));
	json_array_end(&json);
	json_string(&json, "modelDescription", f->notes);
	json_bool(&json, "favorite", false);
	json_string(&json, "usage_tips", STR("{\"strength\":0.8}"));
	json_object_end(&json);
}

static void make_stability_matrix(const struct facts *f, struct bytes *out)
{
	struct json_writer json = json_writer(out);

	json_object(&json, NULL);
	json_u64_value(&json, "ModelId", f->model_id);
	json_string(&json, "ModelName", f->title);
	json_string(&json, "ModelDescription", f->notes);
	json_bool(&json, "Nsfw", false);
	json_array(&json, "Tags");
	json_array_end(&json);
	json_string(&json, "ModelType", f->kind);
	json_u64_value(&json, "VersionId", f->version_id);
	json_string(&json, "VersionName", f->version);
	json_string(&json, "AuthorUsername", f->creator);
	json_string(&json, "BaseModel", f->base);
	json_string(&json, "ImportedAt", STR("2024-03-02T10:11:12.0000000+00:00"));
	json_object(&json, "Hashes");
	json_string(&json, "SHA256", f->sha256_upper);
	json_object_end(&json);
	write_words(f, &json, "TrainedWords");
	json_string(&json, "Source", STR("Civitai"));
	json_object_end(&json);
}

static void make_swarm(const struct facts *f, struct bytes *out)
{
	struct json_writer json = json_writer(out);

	json_object(&json, NULL);
	json_string(&json, "modelspec.sai_model_spec", STR("1.0.0"));
	json_string(&json, "modelspec.title", f->title);
	json_string(&json, "modelspec.author", f->creator);
	json_string(&json, "modelspec.description", f->notes);
	json_string(&json, "modelspec.architecture",
		    spec_text(f->model->info, "modelspec", STR_NULL));
	json_string(&json, "modelspec.trigger_phrase", f->words_joined);
	json_string(&json, "modelspec.usage_hint", STR(""));
	json_object_end(&json);
}

static void make_text(const struct facts *f, struct bytes *out)
{
	bytes_printf(out, "%.*s\n", STR_ARG(f->words_joined));
}

static void make_page(const struct facts *f, struct bytes *out)
{
	bytes_printf(out,
		     "<html><head><title>%.*s</title></head>"
		     "<body><h1>%.*s</h1></body></html>\n",
		     STR_ARG(f->title), STR_ARG(f->title));
}

/* The one line of a checkpoint's .yaml that matters: SD2 at 768 predicts v. */
static void make_yaml(const struct facts *f, struct bytes *out)
{
	(void)f;
	bytes_append_str(out, STR("model:\n"
				  "  base_learning_rate: 1.0e-04\n"
				  "  target: ldm.models.diffusion.ddpm.LatentDiffusion\n"
				  "  params:\n"
				  "    parameterization: \"v\"\n"));
}

static void make_picture(const struct facts *f, struct bytes *out)
{
	picture_append(f->model->stem, out);
}

static const struct {
	const char *style;
	void (*make)(const struct facts *facts, struct bytes *out);
} styles[] = {
	{ "civitai.info", make_civitai_info },
	{ "json", make_a1111 },
	{ "metadata.json", make_lora_manager },
	{ "cm-info.json", make_stability_matrix },
	{ "swarm.json", make_swarm },
	{ "txt", make_text },
	{ "html", make_page },
	{ "yaml", make_yaml },
	{ "preview.png", make_picture },
	{ "png", make_picture },
};

bool companion_append(struct str style, const struct companion_model *model, struct arena *arena,
		      struct bytes *out, struct error *err)
{
	for (size_t i = 0; i < sizeof(styles) / sizeof(styles[0]); i++) {
		if (!str_equal(style, str_from(styles[i].style)))
			continue;
		struct facts facts = gather(model, arena);
		styles[i].make(&facts, out);
		return true;
	}
	return error_set(err, ERROR_FORMAT, NULL, "no sidecar \"%.*s\"", STR_ARG(style));
}
