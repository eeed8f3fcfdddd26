// SPDX-License-Identifier: MIT
/**
 * A set as text for another program: each names models its own way, and what it cannot say is
 * warned of. Pure: writes bytes.
 *
 * Source: interop facts, sections 6 and 7.
 */
#ifndef CORE_SETS_EXPORT_H
#define CORE_SETS_EXPORT_H

#include "core/base/array.h"
#include "core/identify/model.h"
#include "core/sets/set.h"

enum export_format {
	EXPORT_A1111,
	EXPORT_COMFYUI,
	EXPORT_COMFYUI_WORKFLOW,
	EXPORT_LORA_MANAGER,
	EXPORT_RGTHREE,
	EXPORT_SWARMUI,
	EXPORT_SDCPP,
	EXPORT_DIFFUSERS,
	EXPORT_JSON,
	EXPORT_COUNT
};

const char *export_word(enum export_format format); /* "comfyui-workflow" */
enum export_format export_find(struct str word);    /* EXPORT_COUNT when there is none */

/** A model as other programs call it. Raw bytes, "/" between folders. */
struct export_model {
	struct str path; /* below its root, with its extension */
	struct str pool; /* the same below the folder that programs keep that kind in */
	struct str stem;
	size_t n_of_stem; /* models of that kind with that stem in the library, itself too */
	size_t n_aliased; /* other LoRAs of which the stem is the alias */
	struct str alias; /* nothing else is called so; STR_NULL: there is none */
};

struct export_lora {
	struct export_model model;
	double weight;
	bool has_weight_te;
	double weight_te;
	bool has_text_encoder; /* it changes text encoders, or that is not known */
	enum set_expert expert;
};

struct export_set {
	struct str name, note; /* note STR_NULL: none */
	bool has_checkpoint;
	struct export_model checkpoint;
	enum kind kind; /* of the checkpoint */
	enum format format;
	const struct export_lora *loras;
	size_t n_loras;
	bool is_for_windows; /* where lists of models have "\\" between folders */
};

/** Does that format name models as a server's lists do, with the separator of its system? */
bool export_has_separator(enum export_format format);

/** Is what that format writes one JSON value on one line? */
bool export_is_json(enum export_format format);

/**
 * Writes the set in that format, with a line feed at its end.
 * @warnings  struct str, on `arena`: what the other program will not do as the set says
 */
void export_write(enum export_format format, const struct export_set *set, struct bytes *out,
		  struct array *warnings, struct arena *arena);

/** How others call a model, by its absolute path and that of its root. As if it were the only one. */
struct export_model export_name(const struct knowledge *knowledge, bool is_lora, struct str root,
				struct str path, struct str stem);

/**
 * What is left of a path when the folders down to a pool ("models/Lora/") are taken off. A pool
 * stands in a folder called "models", also where that is above the root, or is the first folder below.
 * @root, @below  one slice behind the other: what they name is a path
 */
struct str export_pool_path(const struct texts *pools, struct str root, struct str below);

#endif
