// SPDX-License-Identifier: MIT
/**
 * A binding as JSON: contract.md, "Fit", key by key in its order.
 */
#ifndef CLI_BINDING_JSON_H
#define CLI_BINDING_JSON_H

#include "core/base/json_write.h"
#include "core/fit/binding.h"

/**
 * "binding": counts by component; null for NULL.
 * @checkpoint, @adapter  for "modules_detail", which `bind` alone tells; else NULL
 */
void binding_json(struct json_writer *json, const struct binding *binding,
		  const struct module_names *checkpoint, const struct adapter *adapter);

#endif
