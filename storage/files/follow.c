// SPDX-License-Identifier: MIT
#include "storage/files/follow.h"

#include <errno.h>
#include <unistd.h>

#include "core/base/json_patch.h"
#include "core/organise/sidecar_names.h"
#include "core/organise/sidecar_tell.h"

bool follow_is_wanted(const struct plan_step *step)
{
	if (step->action == PLAN_WRITE)
		return step->source.size_bytes <= FOLLOW_BYTES_MAX;
	return step->is_companion && !step->is_folder &&
	       (step->action == PLAN_MOVE || step->action == PLAN_COPY) &&
	       step->source.size_bytes <= FOLLOW_BYTES_MAX && sidecar_repeats_names(step->old);
}

/* One more byte than there may be tells that it grew. */
bool follow_read(int fd, struct arena *arena, struct str *out)
{
	char *text = arena_try_bytes(arena, FOLLOW_BYTES_MAX + 1);
	size_t len = 0;
	ssize_t n = 0;
	if (!text)
		die_oom();
	while (len <= FOLLOW_BYTES_MAX) {
		n = pread(fd, text + len, FOLLOW_BYTES_MAX + 1 - len, (off_t)len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		len += (size_t)n;
	}
	*out = (struct str){ text, len };
	return n == 0;
}

static void add_change(const struct places *places, const struct plan_step *step,
		       struct name_change *out)
{
	size_t root = places_root_of(places, step->old);
	*out = (struct name_change){ .old = step->old, .new = step->new };
	if (root != SIZE_MAX && root == places_root_of(places, step->new))
		out->n_root =
			str_equal(places->roots[root], STR("/")) ? 0 : places->roots[root].len;
}

/* The model first, wherever it stands: an undo has its steps the other way round. */
static size_t collect(const struct journal_step *steps, size_t n, const struct places *places,
		      struct name_change *changes)
{
	size_t n_changes = 0;
	for (int companions = 0; companions <= 1; companions++)
		for (size_t i = 0; i < n; i++)
			if (steps[i].step.is_companion == companions &&
			    steps[i].step.action == PLAN_MOVE)
				add_change(places, &steps[i].step, &changes[n_changes++]);
	return n_changes;
}

static bool follow_names(struct str text, const struct journal_step *steps, size_t n,
			 const struct places *places, struct arena *arena, struct bytes *out)
{
	struct name_change *changes = ARENA_NEW_N(arena, struct name_change, n + 1);
	size_t n_changes = collect(steps, n, places, changes);
	return sidecar_names_follow(text, changes, n_changes, out);
}

/* A plan may have come out of a file: what it says is looked at where it is done. */
static bool tell(struct str text, const struct plan_step *step, struct bytes *out)
{
	struct error ignored;
	return sidecar_may_say(step->new, step->says) &&
	       json_patch(text, step->says, out, &ignored);
}

bool follow_text(int source, const struct plan_step *step, const struct journal_step *steps,
		 size_t n, const struct places *places, struct bytes *out)
{
	struct arena arena = { 0 };
	struct str text;
	bool ok = follow_read(source, &arena, &text) &&
		  (step->action == PLAN_WRITE ? tell(text, step, out)
					      : follow_names(text, steps, n, places, &arena, out));
	arena_finish(&arena);
	return ok;
}
