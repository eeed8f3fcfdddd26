// SPDX-License-Identifier: MIT
/**
 * Models and verdicts for people, as lines of "key: value".
 */
#ifndef CLI_MODEL_TEXT_H
#define CLI_MODEL_TEXT_H

#include "cli/pick.h"

/** What one file is and why we think so; then what the library adds, when it does. */
void model_text(struct cli *cli, const struct picked *picked);

/** "caution: ink.safetensors", then its reasons and advice, indented. `about` may be STR_NULL. */
void model_text_fit(struct cli *cli, const char *label, struct str about, const struct fit *fit);

/** "218 MiB"; on `arena`. */
struct str model_text_size(struct arena *arena, uint64_t size_bytes);
/** "2.6 B", "860 M". */
struct str model_text_count(struct arena *arena, uint64_t count);

enum out_style model_text_style(enum verdict verdict);

#endif
