// SPDX-License-Identifier: MIT
#include "storage/live/live.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "storage/live/due.h"
#include "storage/live/watches.h"
#include "storage/store.h"

/* A root as it was at the last look. */
struct live_root {
	int64_t id;
	struct str path; /* on the arena of the roots */
	bool is_online, has_events;
	int64_t poll_ms; /* when it is to be looked at, changed or not; 0: never */
};

struct live {
	struct watches *watches; /* NULL: the system gives none */
	struct error failure;    /* why */
	struct due due;
	struct arena arena; /* of the roots */
	struct array roots; /* struct live_root */
	int mounts_fd;      /* -1: there is none */
	bool told_refusal, told_silence;
};

struct live *live_create(void)
{
	struct live *live = calloc(1, sizeof *live);
	if (!live)
		die_oom();
	if (!watches_open(&live->watches, &live->failure))
		live->watches = NULL;
	due_init(&live->due);
	live->roots = ARRAY_OF(struct live_root);
	/* Readable out of band whenever something is mounted or unmounted: proc(5). */
	live->mounts_fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
	return live;
}

void live_destroy(struct live *live)
{
	if (!live)
		return;
	watches_close(live->watches);
	due_finish(&live->due);
	array_finish(&live->roots);
	arena_finish(&live->arena);
	if (live->mounts_fd >= 0)
		close(live->mounts_fd);
	free(live);
}

static struct live_root *root_at(const struct live *live, size_t i)
{
	return ARRAY_AT(&live->roots, struct live_root, i);
}

static struct live_root *find_root(const struct live *live, int64_t id)
{
	for (size_t i = 0; i < live->roots.len; i++)
		if (root_at(live, i)->id == id)
			return root_at(live, i);
	return NULL;
}

static void forget_root(struct live *live, int64_t id)
{
	if (live->watches)
		watches_drop(live->watches, id, STR(""));
	due_forget(&live->due, id);
}

static bool is_same(const struct live_root *root, const struct roots *roots)
{
	const struct root *now = roots_find(roots, root->id);
	return now && str_equal(now->path, root->path);
}

void live_set_roots(struct live *live, const struct roots *roots)
{
	if (!live)
		return;
	struct array before = live->roots;
	struct arena arena = live->arena;
	live->roots = ARRAY_OF(struct live_root);
	live->arena = (struct arena){ 0 };
	for (size_t i = 0; i < before.len; i++) {
		const struct live_root *root = ARRAY_AT(&before, struct live_root, i);
		if (!is_same(root, roots)) {
			forget_root(live, root->id);
			continue;
		}
		struct live_root *kept = ARRAY_PUSH(&live->roots, struct live_root);
		*kept = *root;
		kept->path = arena_str(&live->arena, root->path);
	}
	for (size_t i = 0; i < roots->n; i++) {
		const struct root *root = &roots->list[i];
		if (find_root(live, root->id))
			continue;
		*ARRAY_PUSH(&live->roots, struct live_root) = (struct live_root){
			root->id, arena_str(&live->arena, root->path), true, true, 0,
		};
		due_root(&live->due, root->id, store_monotonic_ms() + LIVE_FIRST_MS);
	}
	array_finish(&before);
	arena_finish(&arena);
}

/* What is noted. */

static void on_changed(void *context, int64_t root_id, struct str folder, bool is_deep)
{
	struct live *live = context;
	if (find_root(live, root_id))
		due_note(&live->due, root_id, folder, is_deep, store_monotonic_ms());
}

static void on_lost(void *context)
{
	struct live *live = context;
	for (size_t i = 0; i < live->roots.len; i++)
		on_changed(live, root_at(live, i)->id, STR(""), true);
}

/* The disk of a root that is offline may have come. */
static void take_mounts(struct live *live)
{
	for (size_t i = 0; i < live->roots.len; i++)
		if (!root_at(live, i)->is_online)
			on_changed(live, root_at(live, i)->id, STR(""), true);
}

/* Where the system does not keep to its manual. */
static void lose_mounts(struct live *live)
{
	close(live->mounts_fd);
	live->mounts_fd = -1;
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a <= 0 || (b > 0 && b < a) ? b : a;
}

static int64_t next_ms(const struct live *live)
{
	int64_t next = due_next_ms(&live->due);
	for (size_t i = 0; i < live->roots.len; i++)
		next = earlier(next, root_at(live, i)->poll_ms);
	return next > 0 ? next : -1;
}

static int patience_ms(const struct live *live, int timeout_ms)
{
	int64_t next = next_ms(live), left = next - store_monotonic_ms();
	if (next < 0)
		return timeout_ms;
	left = left < 0 ? 0 : left;
	return timeout_ms >= 0 && timeout_ms < left ? timeout_ms
	       : left > INT32_MAX                   ? INT32_MAX
						    : (int)left;
}

bool live_wait(struct live *live, int inbox_fd, int own_fd, int timeout_ms, bool wakes)
{
	const struct watches_sink sink = { live, on_changed, on_lost };
	struct pollfd fds[] = {
		{ .fd = inbox_fd, .events = POLLIN },
		{ .fd = own_fd, .events = POLLIN },
		{ .fd = live && live->watches ? watches_fd(live->watches) : -1, .events = POLLIN },
		{ .fd = live ? live->mounts_fd : -1, .events = POLLPRI },
	};
	/* Interrupted: whoever waits looks, and waits again. */
	if (poll(fds, 4, live && wakes ? patience_ms(live, timeout_ms) : timeout_ms) < 0)
		return true;
	if (fds[2].revents)
		watches_read(live->watches, &sink);
	if (fds[3].revents & POLLPRI)
		take_mounts(live);
	else if (fds[3].revents)
		lose_mounts(live);
	return fds[0].revents != 0;
}

/* What is asked for. */

static void poll_roots(struct live *live, int64_t now_ms)
{
	for (size_t i = 0; i < live->roots.len; i++) {
		struct live_root *root = root_at(live, i);
		if (root->poll_ms == 0 || root->poll_ms > now_ms)
			continue;
		due_root(&live->due, root->id, now_ms);
		root->poll_ms = 0; /* what the scan finds out about it says when again */
	}
}

struct request *live_request(struct live *live)
{
	if (!live)
		return NULL;
	int64_t now_ms = store_monotonic_ms();
	struct request *request = request_create(REQUEST_SCAN);
	poll_roots(live, now_ms);
	request->as.scan.is_live = true;
	request->as.scan.n_parts =
		due_take(&live->due, now_ms, &request->arena, &request->as.scan.parts);
	if (request->as.scan.n_parts > 0)
		return request;
	request_destroy(request);
	return NULL;
}

/* What scans tell. */

void live_enter(void *context, const struct scan_root *root, struct str folder, bool is_inner)
{
	struct live *live = context;
	const struct watched watched = { root->id, root->path, folder, is_inner };
	if (live->watches)
		watches_add(live->watches, &watched);
}

void live_scanning(struct live *live, int64_t root_id)
{
	if (live)
		due_take_root(&live->due, root_id);
}

void live_put_off(struct live *live, int64_t root_id, struct str folder)
{
	if (live && find_root(live, root_id))
		due_again(&live->due, root_id, folder, store_monotonic_ms());
}

static int refusal_of(const struct live *live)
{
	return live->watches ? watches_refusal(live->watches) : live->failure.sys;
}

void live_root(struct live *live, int64_t root_id, bool is_online, bool has_events)
{
	struct live_root *root = live ? find_root(live, root_id) : NULL;
	if (!root)
		return;
	int64_t now_ms = store_monotonic_ms();
	root->is_online = is_online;
	root->has_events = has_events;
	if (!is_online)
		root->poll_ms = now_ms + LIVE_OFFLINE_MS;
	else if (!has_events || refusal_of(live))
		root->poll_ms = earlier(root->poll_ms, now_ms + LIVE_POLL_MS);
	else
		root->poll_ms = 0;
}

void live_scanned(struct live *live, bool is_whole)
{
	if (live && is_whole)
		due_done(&live->due);
	else if (live)
		due_failed(&live->due, store_monotonic_ms());
}

static const char *advice(int refusal)
{
	switch (refusal) {
	case ENOSPC:
		return "there are more folders than this system watches "
		       "(raise fs.inotify.max_user_watches)";
	case EMFILE: return "other programs watch too much (raise fs.inotify.max_user_instances)";
	default: return strerror(refusal);
	}
}

bool live_must_tell(struct live *live, struct arena *arena, struct str *text)
{
	int refusal = live ? refusal_of(live) : 0;
	if (refusal && !live->told_refusal) {
		live->told_refusal = live->told_silence = true;
		*text = arena_strf(arena, "folders are looked at every %d minutes, not watched: %s",
				   LIVE_POLL_MS / 60000, advice(refusal));
		return true;
	}
	for (size_t i = 0; live && !live->told_silence && i < live->roots.len; i++) {
		if (root_at(live, i)->has_events || !root_at(live, i)->is_online)
			continue;
		live->told_silence = true;
		*text = arena_strf(arena,
				   "%.*s is looked at every %d minutes: its file system does not "
				   "tell what others change",
				   STR_ARG(root_at(live, i)->path), LIVE_POLL_MS / 60000);
		return true;
	}
	return false;
}
