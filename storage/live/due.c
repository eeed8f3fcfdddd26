// SPDX-License-Identifier: MIT
#include "storage/live/due.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/error.h"
#include "storage/scan/scope.h"

/* Not due until something happens to it again. */
#define NEVER_MS INT64_MAX

struct due_folder {
	int64_t root_id;
	bool is_deep;
	bool is_taken, took_deep; /* by the scan that is not over yet */
	unsigned n_again;         /* how often it was put off; 0: something changed since */
	int64_t first_ms;         /* when the first change since it was taken was seen */
	int64_t due_ms;
	struct str folder; /* its bytes follow the struct */
};

void due_init(struct due *due)
{
	due->folders = ARRAY_OF(struct due_folder *);
}

static struct due_folder *at(const struct due *due, size_t i)
{
	return *ARRAY_AT(&due->folders, struct due_folder *, i);
}

void due_finish(struct due *due)
{
	for (size_t i = 0; i < due->folders.len; i++)
		free(at(due, i));
	array_finish(&due->folders);
}

static int compare(const struct due_folder *a, int64_t root_id, struct str folder)
{
	int order = (a->root_id > root_id) - (a->root_id < root_id);
	return order ? order : str_compare(a->folder, folder);
}

/* The first one that does not come before. */
static size_t place_of(const struct due *due, int64_t root_id, struct str folder)
{
	size_t from = 0, to = due->folders.len;
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		if (compare(at(due, middle), root_id, folder) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

static struct due_folder *create(int64_t root_id, struct str folder)
{
	struct due_folder *created = malloc(sizeof *created + folder.len);
	if (!created)
		die_oom();
	char *copy = (char *)(created + 1);
	memcpy(copy, folder.ptr, folder.len);
	*created = (struct due_folder){ .root_id = root_id,
					.due_ms = NEVER_MS,
					.folder = { copy, folder.len } };
	return created;
}

static struct due_folder *place(struct due *due, int64_t root_id, struct str folder)
{
	size_t i = place_of(due, root_id, folder);
	if (i < due->folders.len && compare(at(due, i), root_id, folder) == 0)
		return at(due, i);
	(void)array_push(&due->folders); /* its place is in the middle */
	struct due_folder **list = due->folders.ptr;
	memmove(&list[i + 1], &list[i], (due->folders.len - 1 - i) * sizeof *list);
	list[i] = create(root_id, folder);
	return list[i];
}

/* Keeps those that `stays` wants. */
static void sift(struct due *due, bool (*stays)(const struct due_folder *folder, int64_t root_id),
		 int64_t root_id)
{
	struct due_folder **list = due->folders.ptr;
	size_t n = 0;
	for (size_t i = 0; i < due->folders.len; i++) {
		if (stays(list[i], root_id))
			list[n++] = list[i];
		else
			free(list[i]);
	}
	while (due->folders.len > n)
		array_pop(&due->folders);
}

static bool is_of_another(const struct due_folder *folder, int64_t root_id)
{
	return folder->root_id != root_id;
}

static bool is_due(const struct due_folder *folder, int64_t root_id)
{
	(void)root_id;
	return folder->due_ms != NEVER_MS;
}

static void touch(struct due_folder *folder, bool is_deep, int64_t now_ms)
{
	bool is_first = folder->due_ms == NEVER_MS || folder->n_again > 0;
	if (is_first)
		folder->first_ms = now_ms;
	int64_t latest_ms = folder->first_ms + DUE_LATEST_MS, quiet_ms = now_ms + DUE_QUIET_MS;
	folder->n_again = 0;
	folder->is_deep |= is_deep;
	folder->due_ms = quiet_ms < latest_ms ? quiet_ms : latest_ms;
}

/* So many that looking at the root is less work than telling them apart. */
static void gather_root(struct due *due, int64_t root_id, int64_t now_ms)
{
	due_forget(due, root_id);
	touch(place(due, root_id, STR("")), true, now_ms);
}

void due_note(struct due *due, int64_t root_id, struct str folder, bool is_deep, int64_t now_ms)
{
	if (due->folders.len >= DUE_FOLDERS_MAX) {
		gather_root(due, root_id, now_ms);
		return;
	}
	touch(place(due, root_id, folder), is_deep, now_ms);
	if (is_deep && folder.len)
		touch(place(due, root_id, scope_above(folder)), false, now_ms);
}

void due_root(struct due *due, int64_t root_id, int64_t at_ms)
{
	struct due_folder *root = place(due, root_id, STR(""));
	if (root->due_ms == NEVER_MS || root->due_ms > at_ms)
		root->due_ms = at_ms;
	root->first_ms = at_ms;
	root->is_deep = true;
	root->n_again = 0;
}

void due_again(struct due *due, int64_t root_id, struct str folder, int64_t now_ms)
{
	struct due_folder *again = place(due, root_id, folder);
	int64_t wait_ms = DUE_AGAIN_MS;
	if (again->due_ms != NEVER_MS)
		return; /* it changed again meanwhile, or this was said already */
	for (unsigned i = 0; i < again->n_again && wait_ms < DUE_AGAIN_MAX_MS; i++)
		wait_ms *= 2;
	again->n_again++;
	again->is_deep = false;
	again->due_ms = now_ms + (wait_ms < DUE_AGAIN_MAX_MS ? wait_ms : DUE_AGAIN_MAX_MS);
}

int64_t due_next_ms(const struct due *due)
{
	int64_t next_ms = NEVER_MS;
	for (size_t i = 0; i < due->folders.len; i++)
		if (at(due, i)->due_ms < next_ms)
			next_ms = at(due, i)->due_ms;
	return next_ms == NEVER_MS ? -1 : next_ms;
}

/* What waits for somebody to finish writing has a time of its own. */
static bool is_taken_along(const struct due_folder *folder, int64_t now_ms)
{
	return folder->due_ms != NEVER_MS && (folder->n_again == 0 || folder->due_ms <= now_ms);
}

/* What happens to it from now on may be less. */
static void set_taken(struct due_folder *folder)
{
	folder->is_taken = true;
	folder->took_deep |= folder->is_deep;
	folder->is_deep = false;
	folder->due_ms = NEVER_MS;
}

static void take(struct due *due, int64_t now_ms, struct arena *arena, struct array *taken)
{
	for (size_t i = 0; i < due->folders.len; i++) {
		struct due_folder *folder = at(due, i);
		if (!is_taken_along(folder, now_ms))
			continue;
		*ARRAY_PUSH(taken, struct scan_part) = (struct scan_part){
			folder->root_id,
			arena_str(arena, folder->folder),
			folder->is_deep,
		};
		set_taken(folder);
	}
}

static size_t end_of_root(const struct array *taken, size_t from)
{
	int64_t root_id = ARRAY_AT(taken, struct scan_part, from)->root_id;
	size_t end = from;
	while (end < taken->len && ARRAY_AT(taken, struct scan_part, end)->root_id == root_id)
		end++;
	return end;
}

/* Below a deep one nothing need be named. */
static void add_outermost(const struct array *taken, size_t from, size_t end, struct array *parts)
{
	struct scope scope = { ARRAY_AT(taken, struct scan_part, from), end - from };
	bool is_whole = scope_is_whole(scope);
	for (size_t i = from; i < end; i++) {
		const struct scan_part *part = ARRAY_AT(taken, struct scan_part, i);
		bool is_root = part->folder.len == 0;
		if (is_root || !(is_whole || scope_is_deep(scope, scope_above(part->folder))))
			*ARRAY_PUSH(parts, struct scan_part) = *part;
	}
}

size_t due_take(struct due *due, int64_t now_ms, struct arena *arena,
		const struct scan_part **parts)
{
	int64_t next_ms = due_next_ms(due);
	struct array taken = ARRAY_OF(struct scan_part), list = ARRAY_OF(struct scan_part);
	if (next_ms < 0 || next_ms > now_ms)
		return 0;
	take(due, now_ms, arena, &taken);
	for (size_t i = 0, end; i < taken.len; i = end) {
		end = end_of_root(&taken, i);
		add_outermost(&taken, i, end, &list);
	}
	size_t n = list.len;
	*parts = array_to_arena(&list, arena);
	array_finish(&taken);
	array_finish(&list);
	return n;
}

void due_take_root(struct due *due, int64_t root_id)
{
	for (size_t i = 0; i < due->folders.len; i++)
		if (at(due, i)->root_id == root_id)
			set_taken(at(due, i));
}

void due_done(struct due *due)
{
	sift(due, is_due, 0);
	for (size_t i = 0; i < due->folders.len; i++)
		at(due, i)->is_taken = at(due, i)->took_deep = false;
}

void due_failed(struct due *due, int64_t now_ms)
{
	for (size_t i = 0; i < due->folders.len; i++)
		if (at(due, i)->is_taken)
			touch(at(due, i), at(due, i)->took_deep, now_ms);
	due_done(due);
}

void due_forget(struct due *due, int64_t root_id)
{
	sift(due, is_of_another, root_id);
}
