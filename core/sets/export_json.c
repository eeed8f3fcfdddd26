// SPDX-License-Identifier: MIT
/* Exports for programmers: our own JSON, and Python for diffusers. */
#include "core/sets/export_part.h"

void export_json(const struct export_job *job)
{
	struct json_writer json = json_writer(job->out);
	const struct export_set *set = job->set;
	json_object(&json, NULL);
	json_string(&json, "name", set->name);
	json_string(&json, "checkpoint", set->has_checkpoint ? set->checkpoint.path : STR_NULL);
	json_array(&json, "loras");
	for (size_t i = 0; i < set->n_loras; i++) {
		json_object(&json, NULL);
		json_string(&json, "path", set->loras[i].model.path);
		json_double_value(&json, "weight", set->loras[i].weight);
		json_double_if(&json, "weight_te", set->loras[i].has_weight_te,
			       set->loras[i].weight_te);
		json_object_end(&json);
	}
	json_array_end(&json);
	json_string(&json, "note", set->note);
	json_object_end(&json);
}

/* A JSON text is a Python text as well: it has no escape that Python reads otherwise. */
static void append_text(struct bytes *out, struct str text)
{
	struct json_writer json = json_writer(out);
	json_string(&json, NULL, text);
}

static void append_number(struct bytes *out, double number)
{
	struct json_writer json = json_writer(out);
	json_double_value(&json, NULL, number);
}

/* Adapters become attributes of PyTorch modules, whose names have no points. */
static struct str pointless_name(const struct export_job *job, size_t i)
{
	struct str stem = job->set->loras[i].model.stem;
	char *bytes = arena_cstr(job->arena, stem);
	for (size_t j = 0; j < stem.len; j++)
		if (bytes[j] == '.')
			bytes[j] = '_';
	return (struct str){ bytes, stem.len };
}

static bool is_taken(const struct str *names, size_t n, struct str name)
{
	for (size_t i = 0; i < n; i++)
		if (str_equal(names[i], name))
			return true;
	return false;
}

static void name_all(const struct export_job *job, struct str *names)
{
	for (size_t i = 0; i < job->set->n_loras; i++) {
		struct str wanted = pointless_name(job, i), name = wanted;
		for (size_t number = 2; is_taken(names, i, name); number++)
			name = arena_strf(job->arena, "%.*s_%zu", STR_ARG(wanted), number);
		names[i] = name;
	}
}

static void load_lora(const struct export_job *job, size_t i, struct str name)
{
	struct str path = job->set->loras[i].model.path;
	ptrdiff_t slash = str_rfind_byte(path, '/');
	struct bytes *out = job->out;
	bytes_append_str(out, STR("pipe.load_lora_weights("));
	append_text(out, slash > 0 ? str_slice(path, 0, (size_t)slash) : STR("."));
	bytes_append_str(out, STR(", weight_name="));
	append_text(out, str_slice(path, (size_t)(slash + 1), path.len));
	bytes_append_str(out, STR(", adapter_name="));
	append_text(out, name);
	bytes_append_str(out, STR(")\n"));
}

void export_diffusers(const struct export_job *job)
{
	const struct export_set *set = job->set;
	struct bytes *out = job->out;
	struct str *names = ARENA_NEW_N(job->arena, struct str, set->n_loras);
	name_all(job, names);
	if (set->has_checkpoint) {
		bytes_append_str(out, STR("# pipe: a pipeline of "));
		append_text(out, set->checkpoint.path);
		bytes_append_byte(out, '\n');
	}
	for (size_t i = 0; i < set->n_loras; i++)
		load_lora(job, i, names[i]);
	bytes_append_str(out, STR("pipe.set_adapters(["));
	for (size_t i = 0; i < set->n_loras; i++) {
		bytes_append_str(out, i > 0 ? STR(", ") : STR(""));
		append_text(out, names[i]);
	}
	bytes_append_str(out, STR("], ["));
	for (size_t i = 0; i < set->n_loras; i++) {
		const struct export_lora *lora = &set->loras[i];
		bytes_append_str(out, i > 0 ? STR(", ") : STR(""));
		append_number(out, lora->weight);
		if (lora->has_weight_te && lora->weight_te != lora->weight)
			export_warn(job,
				    "%.*s: the text encoder's weight is left out: set_adapters "
				    "takes it by component",
				    STR_ARG(lora->model.stem));
	}
	bytes_append_str(out, STR("])"));
}
