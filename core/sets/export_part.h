// SPDX-License-Identifier: MIT
/**
 * What the writers of exports share. Internal to core/sets.
 */
#ifndef CORE_SETS_EXPORT_PART_H
#define CORE_SETS_EXPORT_PART_H

#include "core/base/json_write.h"
#include "core/sets/export.h"

struct export_job {
	const struct export_set *set;
	struct bytes *out;
	struct array *warnings;
	struct arena *arena;
};

void export_warn(const struct export_job *job, const char *format, ...) PRINTF(2, 3);

void export_a1111(const struct export_job *job);
void export_lora_manager(const struct export_job *job);
void export_swarmui(const struct export_job *job);
void export_sdcpp(const struct export_job *job);
void export_comfyui(const struct export_job *job);
void export_rgthree(const struct export_job *job);
void export_comfyui_workflow(const struct export_job *job);
void export_diffusers(const struct export_job *job);
void export_json(const struct export_job *job);

/** A model as the server's list has it: its path in the pool, with the server's separator. */
struct str export_listed(const struct export_job *job, const struct export_model *model);

/** The loader of a checkpoint in ComfyUI. */
struct export_loader {
	const char *node;  /* "CheckpointLoaderSimple" */
	const char *input; /* "ckpt_name" */
	const char *title;
	bool has_clip; /* its second output */
	bool has_weight_dtype;
};
struct export_loader export_loader_of(const struct export_job *job);

/** The LoRA goes to the model alone: it changes no text encoder, or none is at hand. Warns where
 *  something is lost by that. */
bool export_is_model_only(const struct export_job *job, const struct export_lora *lora,
			  bool has_clip);
double export_weight_te(const struct export_lora *lora);

#endif
