// SPDX-License-Identifier: MIT
#include "storage/files/follow.h"

#include <errno.h>
#include <unistd.h>

#include "core/organise/sidecar_names.h"

bool follow_is_wanted(const struct plan_step *step)
{
	return step->is_companion && !step->is_folder &&
	       (step->action == PLAN_MOVE || step->action == PLAN_COPY) &&
	       step->source.size_bytes <= FOLLOW_BYTES_MAX && sidecar_repeats_names(step->old);
}

/* One more byte than there may be tells that it grew. */
static bool read_all(int fd, struct arena *arena, struct str *out)
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

bool follow_names(int source, const struct journal_step *steps, size_t n,
		  const struct places *places, struct bytes *out)
{
	struct arena arena = { 0 };
	struct name_change *changes = ARENA_NEW_N(&arena, struct name_change, n + 1);
	struct str text;
	size_t n_changes = collect(steps, n, places, changes);
	bool ok = read_all(source, &arena, &text) &&
		  sidecar_names_follow(text, changes, n_changes, out);
	arena_finish(&arena);
	return ok;
}
