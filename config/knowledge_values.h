// SPDX-License-Identifier: MIT
/**
 * One value of a knowledge file into its place in a struct.
 */
#ifndef CONFIG_KNOWLEDGE_VALUES_H
#define CONFIG_KNOWLEDGE_VALUES_H

#include "config/knowledge_keys.h"
#include "core/knowledge/knowledge.h"

/** Whether the value takes the place of what is there or joins it. */
enum value_mode { VALUE_REPLACES, VALUE_ADDS };

/** Lists and lines can be added to, with "key+". */
bool value_can_add(enum key_type type);

/**
 * Reads `value` as `type` into `field`, which is where the key's offset points.
 *
 * Texts are slices of `value`; folded ones, lists and rules live on `arena`. An empty value
 * replaces with nothing.
 *
 * @err FORMAT: why it cannot be read
 */
NODISCARD bool value_read(enum key_type type, enum value_mode mode, struct str value, void *field,
			  struct arena *arena, struct error *err);

#endif
