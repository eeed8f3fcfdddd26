// SPDX-License-Identifier: MIT
/**
 * The models that a prompt or a workflow names: words of A1111 and its kin, the text that they put
 * into pictures, ComfyUI's API format and its workflows. Reads any bytes; never fails: what is not
 * understood names nothing.
 *
 * Source: interop facts, sections 6 and 7.
 */
#ifndef CORE_SETS_PROMPT_H
#define CORE_SETS_PROMPT_H

#include "core/base/array.h"

/** More than any program loads; what comes after is not looked at. */
#define PROMPT_MODELS_MAX 256

struct prompt_model {
	struct str name; /* as written: a stem, or a path with "/" or "\\" */
	bool is_checkpoint;
	double weight;
	bool has_weight_te;
	double weight_te;
};

/** @models  appended: struct prompt_model, in order; names on `arena` or in `text` */
void prompt_read(struct str text, struct arena *arena, struct array *models);

#endif
