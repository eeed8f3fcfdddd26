// SPDX-License-Identifier: MIT
/**
 * What is typed to set base model and kind by hand: "pony", "sdxl-pony lora", "clear".
 */
#ifndef TUI_APP_HAND_H
#define TUI_APP_HAND_H

#include "core/knowledge/knowledge.h"
#include "storage/messages.h"

/**
 * Reads words with spaces between: a base model by id or alias, a kind, "clear". A word may say
 * what it is: base:pony, kind:lora.
 * @err  USAGE: which word is neither, and what was probably meant
 */
NODISCARD bool hand_read(const struct knowledge *knowledge, struct str text,
			 struct correction_change *out, struct error *err);

/** Cuts off what a word says that it is: "base:" or "kind:". */
void hand_cut_label(struct str *word);

/** The i-th word that may stand there, for completion; STR_NULL after the last. */
struct str hand_word(const struct knowledge *knowledge, size_t i);

#endif
