// SPDX-License-Identifier: MIT
/**
 * Names that a Lora-Manager sidecar repeats, and that have to follow when its model goes elsewhere:
 * `file_name`, `file_path` and `preview_url` of S.metadata.json (willmiao/ComfyUI-Lora-Manager:
 * docs/metadata-json-schema.md).
 *
 * Everything else keeps its bytes: unknown keys, their order, white space. Only what named the files
 * as they were is changed, and only where it is written as we would write it, so that the way back
 * gives the same bytes again. (A field that had the new name before gets the old one by an undo.)
 */
#ifndef CORE_ORGANISE_SIDECAR_NAMES_H
#define CORE_ORGANISE_SIDECAR_NAMES_H

#include "core/base/array.h"

/** One file that goes elsewhere; absolute paths. */
struct name_change {
	struct str old, new;
	size_t n_root; /* bytes of the root that both lie in; 0: of two */
};

/** Is it a file that repeats names, by its own name? */
bool sidecar_repeats_names(struct str path);

/**
 * Appends the text with its names changed.
 *
 * @changes  the model first, then what goes along
 * @return   false when nothing is to be changed, or it is no JSON object; `out` is not for use then
 */
NODISCARD bool sidecar_names_follow(struct str text, const struct name_change *changes, size_t n,
				    struct bytes *out);

#endif
