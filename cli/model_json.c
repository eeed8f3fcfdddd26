// SPDX-License-Identifier: MIT
#include "cli/model_json.h"

#include <time.h>

#include "cli/binding_json.h"

static void word(struct json_writer *json, const char *key, const char *text)
{
	json_string(json, key, str_from(text));
}

static void number_or_null(struct json_writer *json, const char *key, int64_t number, bool is_known)
{
	if (is_known)
		json_i64_value(json, key, number);
	else
		json_null(json, key);
}

static void note(struct json_writer *json, const char *key, const struct note *note)
{
	if (!note->code.ptr) {
		json_null(json, key);
		return;
	}
	json_object(json, key);
	json_string(json, "code", note->code);
	json_string(json, "message", note->message);
	json_object_end(json);
}

void model_json_texts(struct json_writer *json, const char *key, const struct str *list, size_t n)
{
	json_array(json, key);
	for (size_t i = 0; i < n; i++)
		json_string(json, NULL, list[i]);
	json_array_end(json);
}

static void evidence(struct json_writer *json, const char *key, const struct evidence *list,
		     size_t n)
{
	json_array(json, key);
	for (size_t i = 0; i < n; i++) {
		json_object(json, NULL);
		word(json, "source", source_word(list[i].source));
		json_string(json, "field", list[i].field);
		json_string(json, "says", list[i].says);
		json_string(json, "detail", list[i].detail);
		json_object_end(json);
	}
	json_array_end(json);
}

static void adapter(struct json_writer *json, const struct adapter_summary *adapter)
{
	if (adapter->type == ADAPTER_NONE) {
		json_null(json, "adapter");
		return;
	}
	json_object(json, "adapter");
	word(json, "type", adapter_word(adapter->type));
	number_or_null(json, "rank_min", adapter->rank_min, adapter->rank_min > 0);
	number_or_null(json, "rank_max", adapter->rank_max, adapter->rank_max > 0);
	json_double_if(json, "alpha", adapter->has_alpha, adapter->alpha);
	json_u64_value(json, "modules", adapter->n_modules);
	json_bool(json, "text_encoder", adapter->has_text_encoder);
	json_bool(json, "convolution", adapter->has_convolution);
	json_object_end(json);
}

static void identity(struct json_writer *json, const struct model *model)
{
	word(json, "kind", kind_word(model->kind));
	json_string(json, "architecture", model->architecture);
	json_string(json, "base_model", model->base_model);
	json_bool(json, "lineage_known", model->lineage_known);
	model_json_texts(json, "variants", model->variants, model->n_variants);
	json_string(json, "prediction", model->prediction);
	json_string(json, "precision", model->precision);
	word(json, "confidence", confidence_word(model->confidence));
	evidence(json, "evidence", model->evidence, model->n_evidence);
	evidence(json, "conflicts", model->conflicts, model->n_conflicts);
}

static void origin(struct json_writer *json, const struct model *model)
{
	json_object(json, "trained_on");
	json_string(json, "name", model->trained_on.name);
	json_string(json, "sha256", model->trained_on.sha256);
	json_string(json, "autov2", model->trained_on.autov2);
	json_string(json, "model_id", model->trained_on.model_id);
	json_object_end(json);
	model_json_texts(json, "merged_from", model->merged_from, model->n_merged_from);
	model_json_texts(json, "triggers", model->triggers, model->n_triggers);
	json_string(json, "alias", model->alias);
	json_string(json, "title", model->title);
	json_string(json, "author", model->author);
	json_string(json, "description", model->description);
	json_string(json, "license", model->license);
	json_string(json, "resolution", model->resolution);
}

static void trust(struct json_writer *json, const struct model *model)
{
	json_object(json, "safety");
	word(json, "verdict", safety_word(model->safety));
	model_json_texts(json, "globals", model->globals, model->n_globals);
	json_object_end(json);
	json_object(json, "hashes");
	json_string(json, "sha256", model->sha256);
	json_string(json, "autov2", model->autov2);
	json_string(json, "autov3", model->autov3);
	json_object_end(json);
}

void model_json(struct json_writer *json, struct str path, const struct model *model)
{
	json_string(json, "path", path);
	json_base64_if_broken(json, "path_bytes", path);
	json_string(json, "name", model->name);
	word(json, "format", format_word(model->format));
	word(json, "status", status_word(model->status));
	note(json, "error", &model->error);
	json_array(json, "notes");
	for (size_t i = 0; i < model->n_notes; i++)
		note(json, NULL, &model->notes[i]);
	json_array_end(json);
	identity(json, model);
	number_or_null(json, "bytes", (int64_t)model->size_bytes, model_has_size(model));
	number_or_null(json, "tensors", model->n_tensors, model->n_tensors >= 0);
	number_or_null(json, "parameters", model->parameters, model->parameters >= 0);
	adapter(json, &model->adapter);
	origin(json, model);
	trust(json, model);
}

void model_json_time(struct json_writer *json, const char *key, int64_t seconds)
{
	char text[sizeof "-9223372036854775808-00-00T00:00:00Z"];
	time_t time = (time_t)seconds;
	struct tm broken;
	if (seconds == 0 || !gmtime_r(&time, &broken) ||
	    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &broken) == 0)
		json_null(json, key);
	else
		json_string(json, key, str_from(text));
}

void model_json_entry(struct json_writer *json, const struct entry *entry)
{
	static const struct entry unknown = { 0 };
	const struct entry *e = entry ? entry : &unknown;
	number_or_null(json, "id", e->id, entry != NULL);
	json_string(json, "root", e->root);
	model_json_texts(json, "tags", e->tags, e->n_tags);
	number_or_null(json, "rating", e->rating, e->rating > 0);
	json_bool(json, "favourite", e->is_favourite);
	json_string(json, "note", e->note);
	model_json_time(json, "added", e->added_s);
	model_json_texts(json, "sets", e->sets, e->n_sets);
	model_json_texts(json, "companions", e->companions, e->n_companions);
	if (entry)
		json_bool(json, "online", e->is_online);
	else
		json_null(json, "online");
}

void model_json_fit(struct json_writer *json, const struct fit *fit)
{
	json_array(json, "reasons");
	for (size_t i = 0; i < fit->n_reasons; i++) {
		json_object(json, NULL);
		word(json, "code", reason_word(fit->reasons[i].code));
		json_string(json, "message", fit->reasons[i].message);
		json_object_end(json);
	}
	json_array_end(json);
	model_json_texts(json, "advice", fit->advice, fit->n_advice);
}

void model_json_lora(struct json_writer *json, struct str path, const struct picked_lora *lora,
		     const struct fit *fit)
{
	json_object(json, NULL);
	json_string(json, "path", path);
	json_double_value(json, "weight", lora ? lora->weight : 1);
	json_double_if(json, "weight_te", lora && lora->has_weight_te, lora ? lora->weight_te : 0);
	word(json, "fit", verdict_word(fit->verdict));
	binding_json(json, fit->binding, NULL, NULL);
	model_json_fit(json, fit);
	json_object_end(json);
}
