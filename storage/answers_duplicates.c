// SPDX-License-Identifier: MIT
#include "storage/twins.h"

/* Names of one file take its room once. */
static size_t count_files(const struct twin *twins, size_t n)
{
	size_t n_files = 0;
	for (size_t i = 0; i < n; i++) {
		size_t before = 0;
		while (before < i && twins[before].hashed.ino != twins[i].hashed.ino)
			before++;
		n_files += before == i;
	}
	return n_files;
}

static struct duplicate group_of(const struct twin *twins, size_t n, struct arena *arena)
{
	struct str *paths = ARENA_NEW_N(arena, struct str, n);
	for (size_t i = 0; i < n; i++)
		paths[i] = twins[i].path;
	return (struct duplicate){
		.sha256 = twins->sha256,
		.size_bytes = twins->hashed.size_bytes,
		.paths = paths,
		.n_paths = n,
		.wasted_bytes = (count_files(twins, n) - 1) * twins->hashed.size_bytes,
	};
}

/* Only what is looked at is told; what all of it comes to is told always. */
static void add_group(const struct request *request, struct duplicate group, struct array *groups,
		      struct event *event)
{
	size_t from = request->as.duplicates.first, n = request->as.duplicates.n;
	size_t at = event->as.duplicates.n_all;
	bool is_wanted = n == 0 || (at + group.n_paths > from && at < from + n);
	if (is_wanted && groups->len == 0)
		event->as.duplicates.first = at;
	if (is_wanted)
		*ARRAY_PUSH(groups, struct duplicate) = group;
	event->as.duplicates.n_all += group.n_paths;
	event->as.duplicates.n_contents++;
	event->as.duplicates.wasted_bytes += group.wasted_bytes;
}

bool answers_duplicates(struct answers *answers, const struct request *request, struct event *event,
			struct error *err)
{
	struct array twins = ARRAY_OF(struct twin), groups = ARRAY_OF(struct duplicate);
	bool ok = twins_read(answers, request->as.duplicates.text, &event->arena, &twins, err);
	for (size_t i = 0, end; ok && i < twins.len; i = end) {
		end = twins_end(&twins, i);
		if (end - i > 1)
			add_group(
				request,
				group_of(ARRAY_AT(&twins, struct twin, i), end - i, &event->arena),
				&groups, event);
	}
	event->as.duplicates.n = groups.len;
	event->as.duplicates.list = array_to_arena(&groups, &event->arena);
	array_finish(&groups);
	array_finish(&twins);
	return ok;
}
