// SPDX-License-Identifier: MIT
#include "cli/binding_json.h"

static void counts(struct json_writer *json, const struct binding_count *count)
{
	json_u64_value(json, "modules", count->modules);
	json_u64_value(json, "bound", count->bound);
	json_u64_value(json, "unbound", count->unbound);
	json_u64_value(json, "shape_mismatches", count->mismatched);
}

static void components(struct json_writer *json, const struct binding *binding)
{
	json_array(json, "components");
	for (int i = 0; i < COMPONENT_COUNT; i++) {
		if (!binding->of[i].modules)
			continue;
		json_object(json, NULL);
		json_string(json, "component", str_from(component_word((enum component)i)));
		json_bool(json, "present", binding->is_present[i]);
		counts(json, &binding->of[i]);
		json_object_end(json);
	}
	json_array_end(json);
}

/* Rows, inputs, kernel; null when one of them is not known. */
static void shape(struct json_writer *json, const char *key, uint64_t rows, uint64_t columns,
		  const uint64_t *kernel, size_t n_kernel)
{
	uint64_t inputs = columns;
	for (size_t i = 0; i < n_kernel; i++)
		inputs = kernel[i] ? inputs / kernel[i] : 0;
	if (!rows || !inputs) {
		json_null(json, key);
		return;
	}
	json_array(json, key);
	json_u64_value(json, NULL, rows);
	json_u64_value(json, NULL, inputs);
	for (size_t i = 0; i < n_kernel; i++)
		json_u64_value(json, NULL, kernel[i]);
	json_array_end(json);
}

/* One dimension each: norms, biases, and what tells a width alone. */
static void width(struct json_writer *json, const char *key, uint64_t rows)
{
	if (!rows) {
		json_null(json, key);
		return;
	}
	json_array(json, key);
	json_u64_value(json, NULL, rows);
	json_array_end(json);
}

static void adapter_shape(struct json_writer *json, const struct delta *delta)
{
	bool is_width = delta && (delta->is_small || !delta->columns);
	if (!delta || !delta->is_whole)
		json_null(json, "adapter_shape");
	else if (is_width)
		width(json, "adapter_shape", delta->rows);
	else
		shape(json, "adapter_shape", delta->rows, delta->columns, delta->kernel,
		      delta->n_kernel);
}

static void target_shape(struct json_writer *json, const struct module_target *target)
{
	if (!target)
		json_null(json, "target_shape");
	else if (target->is_vector)
		width(json, "target_shape", target->shape.rows);
	else
		shape(json, "target_shape", target->shape.rows, target->shape.columns,
		      target->kernel, target->n_kernel);
}

static void module(struct json_writer *json, const struct bound_module *bound,
		   const char *component)
{
	json_object(json, NULL);
	json_string(json, "module", bound->module);
	json_string(json, "component", str_from(component));
	json_string(json, "target", bound->target ? bound->target->name : STR_NULL);
	json_string(json, "state", str_from(binding_word(bound->state)));
	adapter_shape(json, bound->delta);
	target_shape(json, bound->target);
	json_object_end(json);
}

static void modules(struct json_writer *json, const struct module_names *checkpoint,
		    const struct adapter *adapter)
{
	json_array(json, "modules_detail");
	for (size_t i = 0; i < adapter->n_modules; i++) {
		struct bound_module bound = binding_of(checkpoint, &adapter->modules[i]);
		module(json, &bound, component_word(bound.component));
	}
	for (size_t i = 0; i < adapter->n_others; i++) {
		const struct bound_module other = {
			.module = adapter->others[i],
			.state = BINDING_IGNORED,
		};
		module(json, &other, NULL);
	}
	json_array_end(json);
}

void binding_json(struct json_writer *json, const struct binding *binding,
		  const struct module_names *checkpoint, const struct adapter *adapter)
{
	if (!binding) {
		json_null(json, "binding");
		return;
	}
	json_object(json, "binding");
	counts(json, &binding->all);
	json_u64_value(json, "ignored", binding->n_ignored);
	components(json, binding);
	if (adapter)
		modules(json, checkpoint, adapter);
	json_object_end(json);
}
