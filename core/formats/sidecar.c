// SPDX-License-Identifier: MIT
#include "core/formats/sidecar.h"

#include <stddef.h>
#include <string.h>

#include "core/base/array.h"
#include "core/base/utf8.h"
#include "core/formats/json_values.h"

enum {
	TRIGGERS_MAX = 64, /* a model has a few; hundreds are the tags of its pictures */
	RULES_MAX = 16,
	TAGS_MAX = 256,
	TEXT_MAX = 64 << 10, /* of a description */
};

const char *const sidecar_suffixes[] = {
	".civitai.info",   ".metadata.json", ".cm-info.json", ".swarm.json", ".rgthree-info.json",
	SIDECAR_PEFT_NAME, ".json",          ".yaml",         ".sha256",     NULL,
};

/** How a value becomes a fact. */
enum use {
	USE_TEXT,
	USE_SHA256,
	USE_AUTOV2,
	USE_ID,
	USE_SD_VERSION,
	USE_TRIGGER,
	USE_ACTIVATION,
	USE_TAG,
	USE_FAVOURITE
};

/** Where a value stands, and which fact it is. Of two for one fact the earlier rule wins. */
struct rule {
	const char *path; /* as json_values.h writes it */
	size_t field;     /* offset in struct sidecar */
	enum use use;
};

#define FIELD(name) offsetof(struct sidecar, name)
#define TRIGGERS 0, USE_TRIGGER
#define TAGS 0, USE_TAG

static const struct rule civitai_rules[] = {
	{ "baseModel", FIELD(base_model), USE_TEXT },
	{ "files[].hashes.SHA256", FIELD(sha256), USE_SHA256 },
	{ "files[].hashes.AutoV2", FIELD(autov2), USE_AUTOV2 },
	{ "model.name", FIELD(title), USE_TEXT },
	{ "name", FIELD(title), USE_TEXT },
	{ "creator.username", FIELD(author), USE_TEXT },
	{ "model.description", FIELD(description), USE_TEXT },
	{ "description", FIELD(description), USE_TEXT },
	{ "modelId", FIELD(model_id), USE_ID },
	{ "trainedWords[]", TRIGGERS },
	{ 0 },
};

static const struct rule lora_manager_rules[] = {
	{ "base_model", FIELD(base_model), USE_TEXT },
	{ "civitai.baseModel", FIELD(base_model), USE_TEXT },
	{ "sha256", FIELD(sha256), USE_SHA256 },
	{ "civitai.files[].hashes.SHA256", FIELD(sha256), USE_SHA256 },
	{ "civitai.files[].hashes.AutoV2", FIELD(autov2), USE_AUTOV2 },
	{ "model_name", FIELD(title), USE_TEXT },
	{ "civitai.creator.username", FIELD(author), USE_TEXT },
	{ "modelDescription", FIELD(description), USE_TEXT },
	{ "civitai.description", FIELD(description), USE_TEXT },
	{ "civitai.modelId", FIELD(model_id), USE_ID },
	{ "civitai.trainedWords[]", TRIGGERS },
	{ "tags[]", TAGS },
	{ "notes", FIELD(note), USE_TEXT },
	{ "favorite", 0, USE_FAVOURITE },
	{ 0 },
};

static const struct rule stability_matrix_rules[] = {
	{ "BaseModel", FIELD(base_model), USE_TEXT },
	{ "Hashes.SHA256", FIELD(sha256), USE_SHA256 },
	{ "UserTitle", FIELD(title), USE_TEXT },
	{ "ModelName", FIELD(title), USE_TEXT },
	{ "AuthorUsername", FIELD(author), USE_TEXT },
	{ "ModelDescription", FIELD(description), USE_TEXT },
	{ "ModelId", FIELD(model_id), USE_ID },
	{ "TrainedWords[]", TRIGGERS },
	{ 0 },
};

/* modelspec.hash_sha256 is the hash of the tensors alone, so it is no hash of the file. */
static const struct rule swarm_rules[] = {
	{ "modelspec.architecture", FIELD(modelspec), USE_TEXT },
	{ "modelspec.title", FIELD(title), USE_TEXT },
	{ "modelspec.author", FIELD(author), USE_TEXT },
	{ "modelspec.description", FIELD(description), USE_TEXT },
	{ "modelspec.license", FIELD(license), USE_TEXT },
	{ "modelspec.prediction_type", FIELD(prediction), USE_TEXT },
	{ "modelspec.trigger_phrase", TRIGGERS },
	{ 0 },
};

static const struct rule rgthree_rules[] = {
	{ "baseModel", FIELD(base_model), USE_TEXT },
	{ "sha256", FIELD(sha256), USE_SHA256 },
	{ "name", FIELD(title), USE_TEXT },
	{ "raw.civitai.modelId", FIELD(model_id), USE_ID },
	{ "trainedWords[].word", TRIGGERS },
	{ 0 },
};

static const struct rule a1111_rules[] = {
	{ "sd version", FIELD(sd_version), USE_SD_VERSION },
	{ "sha256", FIELD(sha256), USE_SHA256 },
	{ "description", FIELD(description), USE_TEXT },
	{ "modelId", FIELD(model_id), USE_ID },
	{ "activation text", 0, USE_ACTIVATION },
	{ "notes", FIELD(note), USE_TEXT },
	{ 0 },
};

static const struct rule peft_rules[] = {
	{ "base_model_name_or_path", FIELD(trained_on), USE_TEXT },
	{ "lora_alpha", FIELD(alpha), USE_TEXT },
	{ 0 },
};

struct parse {
	struct arena *arena;
	struct sidecar *out;
	const struct rule *rules;
	bool is_taken[RULES_MAX];
	struct array triggers, tags; /* of struct str */
};

static bool is_hex(struct str text, size_t len)
{
	for (size_t i = 0; i < text.len; i++)
		if (!memchr("0123456789abcdefABCDEF", text.ptr[i], 22))
			return false;
	return text.len == len;
}

/** Lower case; STR_NULL unless it is a hash of something: that of no bytes stands for "unknown". */
static struct str clean_hash(struct arena *arena, struct str text, size_t n_digits)
{
	if (!is_hex(text, n_digits))
		return STR_NULL;
	char *copy = arena_cstr(arena, text);
	for (size_t i = 0; i < n_digits; i++)
		if (copy[i] >= 'A' && copy[i] <= 'F')
			copy[i] += 'a' - 'A';
	struct str hash = { copy, n_digits };
	return str_has_prefix(hash, STR("e3b0c44298")) ? STR_NULL : hash;
}

static struct str clean_sd_version(struct str text)
{
	bool says_nothing =
		str_equal_nocase(text, STR("Unknown")) || str_equal_nocase(text, STR("Other"));
	return says_nothing ? STR_NULL : text;
}

/** Once each. */
static void add_text(struct parse *parse, struct array *list, size_t n_max, struct str text)
{
	text = str_trim(text);
	if (!text.len || list->len == n_max)
		return;
	for (size_t i = 0; i < list->len; i++)
		if (str_equal(*ARRAY_AT(list, struct str, i), text))
			return;
	*ARRAY_PUSH(list, struct str) = arena_str(parse->arena, text);
}

static void add_trigger(struct parse *parse, struct str text)
{
	add_text(parse, &parse->triggers, TRIGGERS_MAX, text);
}

/** "word, word" or, where they are whole prompts, "prompt || prompt": Civitai Helper joins so. */
static void add_activation(struct parse *parse, struct str text)
{
	char separator = str_find(text, STR("||")) >= 0 ? '|' : ',';
	struct str part;
	while (str_next_part(&text, separator, &part))
		add_trigger(parse, part);
}

/** STR_NULL when the value is not what the rule wants. */
static struct str clean_value(struct arena *arena, enum use use, struct str text)
{
	uint64_t id;
	switch (use) {
	case USE_SHA256: return clean_hash(arena, text, 64);
	case USE_AUTOV2: return clean_hash(arena, text, 10);
	case USE_ID: return str_to_u64(text, &id) ? text : STR_NULL;
	case USE_SD_VERSION: return clean_sd_version(text);
	case USE_TEXT:
	case USE_TRIGGER:
	case USE_ACTIVATION:
	case USE_TAG:
	case USE_FAVOURITE: break;
	}
	return text;
}

static struct str *field_of(struct sidecar *out, const struct rule *rule)
{
	return (struct str *)(void *)((char *)out + rule->field);
}

/** Has this fact been taken from this rule or a better one? */
static bool is_settled(const struct parse *parse, size_t rule_i)
{
	for (size_t i = 0; i <= rule_i; i++)
		if (parse->is_taken[i] && parse->rules[i].field == parse->rules[rule_i].field)
			return true;
	return false;
}

static void take_field(struct parse *parse, size_t rule_i, struct str text)
{
	const struct rule *rule = &parse->rules[rule_i];
	if (is_settled(parse, rule_i))
		return;
	text = clean_value(parse->arena, rule->use, str_trim(text));
	if (!text.len)
		return;
	*field_of(parse->out, rule) = arena_str(parse->arena, utf8_cut(text, TEXT_MAX));
	parse->is_taken[rule_i] = true;
}

static void take_value(void *context, const struct json_value *value)
{
	struct parse *parse = context;
	bool is_text = value->type == JSON_STRING || value->type == JSON_NUMBER;
	for (size_t i = 0; parse->rules[i].path; i++) {
		enum use use = parse->rules[i].use;
		if (!str_equal(value->path, str_from(parse->rules[i].path)))
			continue;
		if (use == USE_FAVOURITE)
			parse->out->is_favourite = value->type == JSON_TRUE;
		else if (!is_text)
			continue;
		else if (use == USE_TAG)
			add_text(parse, &parse->tags, TAGS_MAX, value->text);
		else if (use == USE_TRIGGER)
			add_trigger(parse, value->text);
		else if (use == USE_ACTIVATION)
			add_activation(parse, value->text);
		else
			take_field(parse, i, value->text);
	}
}

static bool ignored(struct str name, const char *why, struct error *err)
{
	return error_set(err, ERROR_FORMAT, "W_JSON", "sidecar %.*s ignored: %s", STR_ARG(name),
			 why);
}

static bool parse_json(const struct rule *rules, struct str text, struct arena *arena,
		       struct sidecar *out, struct error *err)
{
	struct parse parse = {
		.arena = arena,
		.out = out,
		.rules = rules,
		.triggers = ARRAY_OF(struct str),
		.tags = ARRAY_OF(struct str),
	};
	const char *why;
	bool is_read = json_values_each(text, arena, take_value, &parse, &why);
	out->triggers = array_to_arena(&parse.triggers, arena);
	out->n_triggers = parse.triggers.len;
	out->tags = array_to_arena(&parse.tags, arena);
	out->n_tags = parse.tags.len;
	array_finish(&parse.triggers);
	array_finish(&parse.tags);
	return is_read || ignored(out->file, why, err);
}

/** The only line of it that says something about the model; the rest is for the loader. */
static void parse_yaml(struct str text, struct arena *arena, struct sidecar *out)
{
	struct str line;
	while (str_next_part(&text, '\n', &line)) {
		line = str_trim(line);
		if (!str_cut_prefix(&line, STR("parameterization:")))
			continue;
		ptrdiff_t comment = str_find_byte(line, '#');
		line = str_trim(str_slice(line, 0, comment < 0 ? line.len : (size_t)comment));
		if (line.len >= 2 && (*line.ptr == '"' || *line.ptr == '\'') &&
		    line.ptr[line.len - 1] == *line.ptr)
			line = str_slice(line, 1, line.len - 1);
		if (line.len)
			out->prediction = arena_str(arena, line);
		return;
	}
}

static const struct {
	const char *suffix;
	const struct rule *rules;
} layouts[] = {
	{ ".civitai.info", civitai_rules },
	{ ".metadata.json", lora_manager_rules },
	{ ".cm-info.json", stability_matrix_rules },
	{ ".swarm.json", swarm_rules },
	{ ".rgthree-info.json", rgthree_rules },
	{ SIDECAR_PEFT_NAME, peft_rules },
	{ ".json", a1111_rules },
};

bool sidecar_parse(struct str name, struct str text, struct arena *arena, struct sidecar *out,
		   struct error *err)
{
	*out = (struct sidecar){ .file = arena_str(arena, name) };
	if (text.len > SIDECAR_BYTES_MAX)
		return ignored(name, "larger than 16 MiB", err);
	for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++)
		if (str_has_suffix_nocase(name, str_from(layouts[i].suffix)))
			return parse_json(layouts[i].rules, text, arena, out, err);
	if (str_has_suffix_nocase(name, STR(".yaml"))) {
		parse_yaml(text, arena, out);
		return true;
	}
	if (!str_has_suffix_nocase(name, STR(".sha256")))
		return ignored(name, "not a sidecar we know", err);
	out->sha256 = clean_hash(arena, str_trim(str_slice(str_trim(text), 0, 64)), 64);
	return out->sha256.ptr || ignored(name, "not 64 hexadecimal digits", err);
}
