// SPDX-License-Identifier: MIT
/** Plan files of any bytes: steps with plain absolute paths that are written and read again the same,
 *  or a mistake with its line. */
#include <stdlib.h>

#include "cli/plan_print.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_path(struct str path)
{
	if (path.len < 2 || path.ptr[0] != '/' || str_find_byte(path, '\0') >= 0 ||
	    str_find(path, STR("/../")) >= 0 || str_has_suffix(path, STR("/")))
		abort();
}

static void check_again(const struct plan *plan)
{
	struct arena arena = { 0 };
	struct bytes text = { 0 };
	struct plan again;
	struct error err;
	plan_head_json(plan, &text);
	for (size_t i = 0; i < plan->n_steps; i++) {
		bytes_append_byte(&text, '\n');
		plan_step_json(&plan->steps[i], i + 1, &text);
	}
	if (!plan_file_parse(bytes_str(&text), &arena, &again, &err) ||
	    again.n_steps != plan->n_steps)
		abort();
	for (size_t i = 0; i < plan->n_steps; i++) {
		const struct plan_step *a = &plan->steps[i], *b = &again.steps[i];
		if (!str_equal(a->old, b->old) || !str_equal(a->new, b->new) ||
		    a->action != b->action || a->source.size_bytes != b->source.size_bytes)
			abort();
	}
	bytes_finish(&text);
	arena_finish(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	struct plan plan;
	struct error err = { 0 };
	if (plan_file_parse((struct str){ (const char *)data, size }, &arena, &plan, &err)) {
		for (size_t i = 0; i < plan.n_steps; i++) {
			check_path(plan.steps[i].old);
			check_path(plan.steps[i].new);
		}
		check_again(&plan);
	} else if (err.code != ERROR_FORMAT) {
		abort();
	}
	arena_finish(&arena);
	return 0;
}
