// SPDX-License-Identifier: MIT
/**
 * Help, completions and the lists of the man page, all from the tables of cli/args.
 */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/args.h"
#include "core/base/array.h"
#include "core/knowledge/knowledge.h"

/** The whole program; `command` COMMAND_COUNT, or one command with its options. */
void help_usage(struct bytes *out, enum command_id command);

/** Text with what scdoc takes for markup escaped. */
void help_man_text(struct bytes *out, const char *text);
/** scdoc: one paragraph a global option, and one a command with its options. */
void help_man_options(struct bytes *out);
void help_man_commands(struct bytes *out);

/** A bash completion. @knowledge  its base models are offered */
void help_completion(struct bytes *out, const struct knowledge *knowledge);

#endif
