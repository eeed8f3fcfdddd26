// SPDX-License-Identifier: MIT
/**
 * Which files of a folder belong to which of its models: previews, sidecars, downloads' traces.
 *
 * Pure: names in, lists out. A name belongs to the model whose stem it repeats exactly up to a
 * dot, the longest stem first; PEFT's adapter_config.json to its adapter_model. Source: interop facts,
 * sections 2 and 3.
 */
#ifndef STORAGE_SCAN_COMPANIONS_H
#define STORAGE_SCAN_COMPANIONS_H

#include "core/base/arena.h"

struct companions {
	const struct str *names; /* sorted; borrowed from `others` */
	size_t n;
	bool is_partial; /* a download of it is under way beside it */
};

/**
 * Gives every model its companions.
 *
 * @models   names of the models of one folder
 * @others   the folder's other files
 * @out      one for each model
 */
void companions_find(const struct str *models, size_t n_models, const struct str *others,
		     size_t n_others, struct arena *arena, struct companions *out);

/**
 * The companions of a model that is a folder: what repeats its whole name and belongs to no model of
 * one file beside it.
 *
 * @folder   its name
 * @models   and the others: of the folder that it lies in
 */
void companions_find_folder(struct str folder, const struct str *models, size_t n_models,
			    const struct str *others, size_t n_others, struct arena *arena,
			    struct companions *out);

/** What sidecars repeat of a folder's name is all of it: as a file's name without its extension. */
struct str companion_folder_name(struct str folder, struct arena *arena);

/** What is read of it, not only carried along: its place in sidecar_suffixes; SIZE_MAX for none. */
size_t companion_sidecar(struct str model, struct str name);

/** The name that a model's sidecar has; STR_NULL: it has none such. @i: a place in sidecar_suffixes */
struct str companion_sidecar_name(struct str model, size_t i, struct arena *arena);

/** The picture that shows the model, of the names of its companions; STR_NULL when none does. */
struct str companion_preview(struct str model, const struct str *names, size_t n);

/** The names that it may have, the best first; STR_NULL behind the last. @i: from 0 */
struct str companion_preview_name(struct str model, size_t i, struct arena *arena);

#endif
