// SPDX-License-Identifier: MIT
/**
 * The text of a note: an operand, or standard input for "-".
 */
#ifndef CLI_NOTE_TEXT_H
#define CLI_NOTE_TEXT_H

#include "cli/cli.h"

/**
 * @text  the operand
 * @out   out: without blanks at its ends; STR_NULL when nothing is left. On `arena`
 * @err   LIMIT: too long; SYSTEM
 */
NODISCARD bool note_text_read(struct str text, struct arena *arena, struct str *out,
			      struct error *err);

#endif
