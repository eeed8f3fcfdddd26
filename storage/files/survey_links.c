// SPDX-License-Identifier: MIT
#include "storage/files/survey_links.h"

#include <limits.h>
#include <stdlib.h>

#include "core/base/path.h"

/** Where it leads in the end; STR_NULL when that is nowhere. On `arena`. */
static struct str real_path(struct str path, struct arena *arena)
{
	char real[PATH_MAX];
	return realpath(arena_cstr(arena, path), real) ? arena_str(arena, str_from(real))
						       : STR_NULL;
}

const struct str *survey_links_roots(const struct survey *survey, struct arena *arena)
{
	struct str *real = ARENA_NEW_N(arena, struct str, survey->n_roots + 1);
	for (size_t i = 0; i < survey->n_roots; i++)
		real[i] = real_path(survey->roots[i], arena);
	return real;
}

/** The first link whose target is not before that path. */
static size_t first_from(const struct survey *survey, struct str target)
{
	size_t low = 0, high = survey->n_links;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (str_compare(survey->links[middle].target, target) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/** The links that a step breaks. */
struct broken {
	const struct survey *survey;
	const struct plan_step *step;
	const struct map *freed;
	struct arena scratch;
	struct str first;
	size_t n;
};

/* The index knows where it led when it was read. */
static bool will_break(struct broken *broken, const struct survey_link *link)
{
	struct str rest;
	const struct plan_step *own = map_find(broken->freed, link->path);
	if ((own && own->action == PLAN_TRASH) ||
	    path_is_below(link->path, broken->step->old, &rest))
		return false;
	struct str now = real_path(link->path, &broken->scratch);
	return now.ptr && str_equal(now, link->target);
}

static void count_from(struct broken *broken, struct str target, bool is_folder)
{
	const struct survey *survey = broken->survey;
	for (size_t i = first_from(survey, target); i < survey->n_links; i++) {
		const struct survey_link *link = &survey->links[i];
		if (is_folder ? !str_has_prefix(link->target, target)
			      : !str_equal(link->target, target))
			break;
		if (!will_break(broken, link))
			continue;
		if (broken->n++ == 0)
			broken->first = link->path;
	}
}

struct str survey_links_note(const struct survey *survey, const struct plan_step *step,
			     struct str real, const struct map *freed, struct arena *arena)
{
	struct broken broken = { .survey = survey, .step = step, .freed = freed };
	struct str note = STR_NULL;
	if (step->is_folder)
		count_from(&broken, arena_strf(&broken.scratch, "%.*s/", STR_ARG(real)), true);
	else
		count_from(&broken, real, false);
	if (broken.n == 1)
		note = arena_strf(arena, "the link %.*s leads to it, and will lead nowhere",
				  STR_ARG(broken.first));
	else if (broken.n > 1)
		note = arena_strf(arena,
				  "%.*s and %zu other link%s lead to it, and will lead nowhere",
				  STR_ARG(broken.first), broken.n - 1, broken.n == 2 ? "" : "s");
	arena_finish(&broken.scratch);
	return note;
}
