// SPDX-License-Identifier: MIT
/* Exports that are ComfyUI's API format: nodes by number, a link is [node, output]. */
#include <inttypes.h>
#include <stdio.h>

#include "core/base/text.h"
#include "core/sets/export_part.h"

/* Where the model and the text encoder come from, as it grows along the chain; 0: nowhere. */
struct chain {
	unsigned node, model, clip;
};

enum { OUTPUT_MODEL, OUTPUT_CLIP };

struct export_loader export_loader_of(const struct export_job *job)
{
	bool is_bare = job->set->kind == KIND_DIFFUSION_MODEL;
	if (job->set->format == FORMAT_GGUF)
		return (struct export_loader){ "UnetLoaderGGUF", "unet_name", "UNet", false,
					       false };
	if (job->set->format == FORMAT_DIFFUSERS)
		return (struct export_loader){ "DiffusersLoader", "model_path", "Diffusers",
					       !is_bare, false };
	if (is_bare)
		return (struct export_loader){ "UNETLoader", "unet_name", "UNet", false, true };
	return (struct export_loader){ "CheckpointLoaderSimple", "ckpt_name", "Checkpoint", true,
				       false };
}

double export_weight_te(const struct export_lora *lora)
{
	return lora->has_weight_te ? lora->weight_te : lora->weight;
}

bool export_is_model_only(const struct export_job *job, const struct export_lora *lora,
			  bool has_clip)
{
	if (!lora->has_text_encoder)
		return true;
	if (!has_clip)
		export_warn(job,
			    "%.*s: it changes text encoders, too: load those and put a LoraLoader "
			    "in",
			    STR_ARG(lora->model.stem));
	return !has_clip;
}

struct str export_listed(const struct export_job *job, const struct export_model *model)
{
	if (!job->set->is_for_windows)
		return model->pool;
	char *path = arena_cstr(job->arena, model->pool);
	for (size_t i = 0; i < model->pool.len; i++)
		if (path[i] == '/')
			path[i] = '\\';
	return (struct str){ path, model->pool.len };
}

static void warn_of_bytes(const struct export_job *job, struct str path)
{
	size_t bad;
	if (!text_is_utf8(path, &bad))
		export_warn(job, "%.*s: its path is not UTF-8, which JSON cannot hold",
			    STR_ARG(path));
}

static void begin_node(struct json_writer *json, unsigned node, const char *class_type)
{
	char number[12];
	snprintf(number, sizeof number, "%u", node);
	json_object(json, number);
	json_string(json, "class_type", str_from(class_type));
	json_object(json, "inputs");
}

static void end_node(struct json_writer *json)
{
	json_object_end(json);
	json_object_end(json);
}

static void link_to(struct json_writer *json, const char *key, unsigned node, unsigned output)
{
	char number[12];
	if (!node)
		return;
	snprintf(number, sizeof number, "%u", node);
	json_array(json, key);
	json_string(json, NULL, str_from(number));
	json_u64_value(json, NULL, output);
	json_array_end(json);
}

static struct chain load(const struct export_job *job, struct json_writer *json)
{
	struct export_loader loader = export_loader_of(job);
	if (!job->set->has_checkpoint) {
		export_warn(job, "the set has no checkpoint: connect the first node yourself");
		return (struct chain){ 0 };
	}
	begin_node(json, 1, loader.node);
	json_string(json, loader.input, export_listed(job, &job->set->checkpoint));
	warn_of_bytes(job, job->set->checkpoint.pool);
	if (loader.has_weight_dtype)
		json_string(json, "weight_dtype", STR("default"));
	end_node(json);
	return (struct chain){ 1, 1, loader.has_clip };
}

static void add_lora(const struct export_job *job, struct json_writer *json,
		     const struct export_lora *lora, struct chain *chain)
{
	bool has_clip = chain->clip || !job->set->has_checkpoint;
	bool model_only = export_is_model_only(job, lora, has_clip);
	begin_node(json, ++chain->node, model_only ? "LoraLoaderModelOnly" : "LoraLoader");
	link_to(json, "model", chain->model, OUTPUT_MODEL);
	if (!model_only)
		link_to(json, "clip", chain->clip, OUTPUT_CLIP);
	json_string(json, "lora_name", export_listed(job, &lora->model));
	json_double_value(json, "strength_model", lora->weight);
	if (!model_only)
		json_double_value(json, "strength_clip", export_weight_te(lora));
	end_node(json);
	warn_of_bytes(job, lora->model.pool);
	chain->model = chain->node;
	if (!model_only)
		chain->clip = chain->node;
}

void export_comfyui(const struct export_job *job)
{
	struct json_writer json = json_writer(job->out);
	json_object(&json, NULL);
	struct chain chain = load(job, &json);
	for (size_t i = 0; i < job->set->n_loras; i++)
		add_lora(job, &json, &job->set->loras[i], &chain);
	json_object_end(&json);
}

static void add_slot(const struct export_job *job, struct json_writer *json, size_t i)
{
	const struct export_lora *lora = &job->set->loras[i];
	char key[32];
	snprintf(key, sizeof key, "lora_%zu", i + 1);
	json_object(json, key);
	json_bool(json, "on", true);
	json_string(json, "lora", export_listed(job, &lora->model));
	json_double_value(json, "strength", lora->weight);
	json_double_if(json, "strengthTwo", lora->has_weight_te, lora->weight_te);
	json_object_end(json);
}

void export_rgthree(const struct export_job *job)
{
	struct json_writer json = json_writer(job->out);
	json_object(&json, NULL);
	struct chain chain = load(job, &json);
	begin_node(&json, chain.node + 1, "Power Lora Loader (rgthree)");
	link_to(&json, "model", chain.model, OUTPUT_MODEL);
	link_to(&json, "clip", chain.clip, OUTPUT_CLIP);
	for (size_t i = 0; i < job->set->n_loras; i++) {
		add_slot(job, &json, i);
		warn_of_bytes(job, job->set->loras[i].model.pool);
	}
	end_node(&json);
	json_object_end(&json);
}
