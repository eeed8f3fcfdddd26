// SPDX-License-Identifier: MIT
/**
 * The models in ComfyUI's JSON: nodes of the API format by the names of their inputs, nodes of a
 * workflow by their type and the order of their widgets. Internal to core/sets.
 */
#ifndef CORE_SETS_PROMPT_JSON_H
#define CORE_SETS_PROMPT_JSON_H

#include "core/sets/prompt.h"

void prompt_json_read(struct str text, struct arena *arena, struct array *models);

#endif
