// SPDX-License-Identifier: MIT
/**
 * Models and verdicts as JSON: contract.md, "A model" and "Fit", key by key in its order.
 */
#ifndef CLI_MODEL_JSON_H
#define CLI_MODEL_JSON_H

#include "cli/pick.h"
#include "core/base/json_write.h"

/** The keys of a model, without the braces. */
void model_json(struct json_writer *json, struct str path, const struct model *model);

/** What `list` and `show` add; all unknown for NULL. */
void model_json_entry(struct json_writer *json, const struct entry *entry);

/** "reasons" and "advice". */
void model_json_fit(struct json_writer *json, const struct fit *fit);

/** One LoRA of `check` and `fit`: path, weights, verdict, binding, reasons, advice. */
void model_json_lora(struct json_writer *json, struct str path, const struct picked_lora *lora,
		     const struct fit *fit);

/** RFC 3339 in UTC; null for 0. */
void model_json_time(struct json_writer *json, const char *key, int64_t seconds);

void model_json_texts(struct json_writer *json, const char *key, const struct str *list, size_t n);

#endif
