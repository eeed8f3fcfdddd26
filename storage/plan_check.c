// SPDX-License-Identifier: MIT
#include "storage/plan_check.h"

#include "storage/files/survey.h"

enum { FRESH_MS = 1000 };

static bool has_no_conflicts(const struct plan *plan, struct error *err)
{
	for (size_t i = 0; i < plan->n_steps; i++) {
		const struct plan_step *step = &plan->steps[i];
		if (step->conflict.ptr)
			return error_set(err, ERROR_CHANGED, NULL, "%.*s: %.*s", STR_ARG(step->old),
					 STR_ARG(step->conflict));
	}
	return true;
}

static bool survey(struct store *store, const struct plan *asked, struct arena *arena,
		   struct plan *plan, struct error *err)
{
	struct roots roots = { 0 };
	plan_copy(asked, arena, plan);
	if (!store_roots(store, arena, &roots, err))
		return false;
	struct str *paths = ARENA_NEW_N(arena, struct str, roots.n + 1);
	for (size_t i = 0; i < roots.n; i++)
		paths[i] = roots.list[i].path;
	const struct survey survey = {
		.roots = paths,
		.n_roots = roots.n,
		.checks_sources = true,
		.trash = str_from(store->options->trash_dir ? store->options->trash_dir : "/"),
	};
	survey_plan(&survey, arena, plan);
	return true;
}

/* Each step looks again before it is done: a second look at all of them tells no more so soon. */
static bool is_fresh(const struct plan *plan)
{
	return plan->surveyed_ms > 0 && store_monotonic_ms() - plan->surveyed_ms < FRESH_MS;
}

bool plan_check(struct store *store, const struct plan *asked, struct arena *arena,
		struct plan *out, struct error *err)
{
	*out = *asked;
	return (is_fresh(asked) || survey(store, asked, arena, out, err)) &&
	       has_no_conflicts(out, err);
}
