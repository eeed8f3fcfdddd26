// SPDX-License-Identifier: MIT
#include "core/sets/prompt_json.h"

#include "core/base/json.h"

enum { DEPTH_MAX = 32, WIDGETS_MAX = 2, MODE_MUTED = 2, MODE_BYPASSED = 4 };

/* What one object says that could make it name a model. */
struct node {
	struct str checkpoint, lora_name, lora, name, type, widget;
	double strength, clip, mode;
	bool has_strength, has_clip, is_off;
	double widgets[WIDGETS_MAX]; /* the numbers among them */
	size_t n_widgets;
	size_t n_before; /* models named before it */
};

struct reader {
	struct json json;
	struct arena *arena;
	struct array *models;
};

static bool contains(struct str text, const char *part)
{
	return text.ptr && str_find(text, str_from(part)) >= 0;
}

static void add(struct reader *reader, struct prompt_model model)
{
	if (reader->models->len < PROMPT_MODELS_MAX && model.name.len > 0 &&
	    !str_equal(model.name, STR("None")))
		*ARRAY_PUSH(reader->models, struct prompt_model) = model;
}

static void add_lora(struct reader *reader, struct str name, const struct node *node)
{
	add(reader,
	    (struct prompt_model){ .name = name,
				   .weight = node->has_strength ? node->strength : 1,
				   .has_weight_te = node->has_clip && node->clip != node->strength,
				   .weight_te = node->clip });
}

/* A node of a workflow, whose values have places instead of names. */
static void add_widgets(struct reader *reader, struct node *node)
{
	if (contains(node->type, "CheckpointLoader") || contains(node->type, "UNETLoader") ||
	    contains(node->type, "UnetLoader")) {
		add(reader, (struct prompt_model){ .name = node->widget, .is_checkpoint = true });
	} else if (contains(node->type, "LoraLoader")) {
		node->has_strength = node->n_widgets > 0;
		node->has_clip = node->n_widgets > 1;
		node->strength = node->widgets[0];
		node->clip = node->widgets[1];
		add_lora(reader, node->widget, node);
	}
}

static void end_node(struct reader *reader, struct node *node)
{
	bool is_muted = node->type.ptr && (node->mode == MODE_MUTED || node->mode == MODE_BYPASSED);
	if (node->is_off || is_muted) {
		while (reader->models->len > node->n_before)
			array_pop(reader->models);
		return;
	}
	if (node->checkpoint.ptr)
		add(reader,
		    (struct prompt_model){ .name = node->checkpoint, .is_checkpoint = true });
	if (node->lora_name.ptr)
		add_lora(reader, node->lora_name, node);
	else if (node->lora.ptr && node->has_strength)
		add_lora(reader, node->lora, node);
	else if (node->name.ptr && node->has_strength && node->has_clip)
		add_lora(reader, node->name, node);
	else if (node->widget.ptr)
		add_widgets(reader, node);
}

static void take_text(struct node *node, struct str key, struct str text)
{
	static const struct {
		const char *key;
		size_t offset;
	} places[] = {
		{ "ckpt_name", offsetof(struct node, checkpoint) },
		{ "unet_name", offsetof(struct node, checkpoint) },
		{ "lora_name", offsetof(struct node, lora_name) },
		{ "lora", offsetof(struct node, lora) },
		{ "name", offsetof(struct node, name) },
		{ "type", offsetof(struct node, type) },
	};
	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		if (str_equal(key, str_from(places[i].key)))
			*(struct str *)(void *)((char *)node + places[i].offset) = text;
}

static void take_number(struct node *node, struct str key, double number)
{
	if (str_equal(key, STR("strength_model")) || str_equal(key, STR("strength"))) {
		node->strength = number;
		node->has_strength = true;
	} else if (str_equal(key, STR("strength_clip")) || str_equal(key, STR("strengthTwo")) ||
		   str_equal(key, STR("clipStrength"))) {
		node->clip = number;
		node->has_clip = true;
	} else if (str_equal(key, STR("mode"))) {
		node->mode = number;
	}
}

static bool read_value(struct reader *reader, enum json_token token, struct node *node,
		       struct str key);

static bool read_widgets(struct reader *reader, struct node *node)
{
	for (enum json_token token; (token = json_next(&reader->json)) != JSON_ARRAY_END;) {
		double number;
		if (token == JSON_STRING && !node->widget.ptr)
			node->widget = json_text(&reader->json, reader->arena);
		else if (token == JSON_NUMBER && node->n_widgets < WIDGETS_MAX &&
			 json_double(&reader->json, &number))
			node->widgets[node->n_widgets++] = number;
		else if (!read_value(reader, token, NULL, STR_NULL))
			return false;
	}
	return true;
}

static bool read_array(struct reader *reader)
{
	for (enum json_token token; (token = json_next(&reader->json)) != JSON_ARRAY_END;)
		if (!read_value(reader, token, NULL, STR_NULL))
			return false;
	return true;
}

static bool read_object(struct reader *reader)
{
	struct node node = { .n_before = reader->models->len };
	for (enum json_token token; (token = json_next(&reader->json)) != JSON_OBJECT_END;) {
		if (token != JSON_KEY)
			return false;
		struct str key = json_text(&reader->json, reader->arena);
		token = json_next(&reader->json);
		bool is_widgets = token == JSON_ARRAY && str_equal(key, STR("widgets_values"));
		if (!(is_widgets ? read_widgets(reader, &node)
				 : read_value(reader, token, &node, key)))
			return false;
	}
	end_node(reader, &node);
	return true;
}

/* Recursion ends with the reader's depth. @node  NULL: in an array */
static bool read_value(struct reader *reader, enum json_token token, struct node *node,
		       struct str key)
{
	double number;
	switch (token) {
	case JSON_OBJECT: return read_object(reader);
	case JSON_ARRAY: return read_array(reader);
	case JSON_STRING:
		if (node)
			take_text(node, key, json_text(&reader->json, reader->arena));
		return true;
	case JSON_NUMBER:
		if (node && json_double(&reader->json, &number))
			take_number(node, key, number);
		return true;
	case JSON_FALSE:
		if (node && (str_equal(key, STR("on")) || str_equal(key, STR("active"))))
			node->is_off = true;
		return true;
	case JSON_TRUE:
	case JSON_NULL: return true;
	case JSON_ERROR:
	case JSON_END:
	case JSON_KEY:
	case JSON_OBJECT_END:
	case JSON_ARRAY_END: break;
	}
	return false;
}

void prompt_json_read(struct str text, struct arena *arena, struct array *models)
{
	struct reader reader = { .arena = arena, .models = models };
	size_t n_before = models->len;
	json_init(&reader.json, text, DEPTH_MAX);
	enum json_token token = json_next(&reader.json);
	/* Half a workflow is none. */
	if (token != JSON_OBJECT || !read_object(&reader))
		while (models->len > n_before)
			array_pop(models);
}
