// SPDX-License-Identifier: MIT
#include "storage/live/watches.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "core/base/array.h"
#include "core/base/must.h"
#include "core/base/path.h"

/* Not IN_MODIFY: a download would be told of at every write, and closing it is told, too. */
#define CHANGES (IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_CLOSE_WRITE | IN_ATTRIB)
#define LEAVES (IN_DELETE | IN_MOVED_FROM)

enum { READ_BYTES = 64 << 10 };

struct watch {
	int wd; /* rises from watch to watch */
	int64_t root_id;
	bool is_inner;
	struct str folder; /* its bytes follow the struct */
};

struct watches {
	int fd;
	pthread_mutex_t lock; /* guards what follows */
	struct array list;    /* struct watch *: by wd */
	int refusal;
};

bool watches_open(struct watches **out, struct error *err)
{
	int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (fd < 0)
		return error_system(err, errno, "watching folders");
	struct watches *watches = calloc(1, sizeof *watches);
	if (!watches)
		die_oom();
	watches->fd = fd;
	watches->list = ARRAY_OF(struct watch *);
	must(pthread_mutex_init(&watches->lock, NULL));
	*out = watches;
	return true;
}

static struct watch *at(const struct watches *watches, size_t i)
{
	return *ARRAY_AT(&watches->list, struct watch *, i);
}

void watches_close(struct watches *watches)
{
	if (!watches)
		return;
	for (size_t i = 0; i < watches->list.len; i++)
		free(at(watches, i));
	array_finish(&watches->list);
	must(pthread_mutex_destroy(&watches->lock));
	close(watches->fd);
	free(watches);
}

int watches_fd(const struct watches *watches)
{
	return watches->fd;
}

/* The first one that is not older. */
static size_t place_of(const struct watches *watches, int wd)
{
	size_t from = 0, to = watches->list.len;
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		if (at(watches, middle)->wd < wd)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

static struct watch *find(const struct watches *watches, int wd)
{
	size_t i = place_of(watches, wd);
	return i < watches->list.len && at(watches, i)->wd == wd ? at(watches, i) : NULL;
}

static struct watch *create(int wd, const struct watched *folder)
{
	struct watch *watch = malloc(sizeof *watch + folder->folder.len);
	if (!watch)
		die_oom();
	char *copy = (char *)(watch + 1);
	memcpy(copy, folder->folder.ptr, folder->folder.len);
	*watch = (struct watch){ .wd = wd,
				 .root_id = folder->root_id,
				 .is_inner = folder->is_inner,
				 .folder = { copy, folder->folder.len } };
	return watch;
}

/* A folder that was moved keeps its watch, and is known by where it is now. */
static void put(struct watches *watches, struct watch *watch)
{
	size_t i = place_of(watches, watch->wd);
	struct watch **list = watches->list.ptr;
	if (i < watches->list.len && list[i]->wd == watch->wd) {
		free(list[i]);
		list[i] = watch;
		return;
	}
	(void)array_push(&watches->list); /* nearly always its place is the last one */
	list = watches->list.ptr;
	memmove(&list[i + 1], &list[i], (watches->list.len - 1 - i) * sizeof *list);
	list[i] = watch;
}

void watches_add(struct watches *watches, const struct watched *folder)
{
	struct arena arena = { 0 };
	struct str root = folder->root_path;
	bool is_root = folder->folder.len == 0;
	const char *path = path_join(&arena, root, folder->folder).ptr;
	/* Links on the way to a root are the user's word. */
	uint32_t mask = CHANGES | IN_ONLYDIR | IN_EXCL_UNLINK |
			(is_root ? IN_DELETE_SELF | IN_MOVE_SELF : IN_DONT_FOLLOW);
	/* Under the lock: what happens from now on is looked up when it is there. */
	must(pthread_mutex_lock(&watches->lock));
	int wd = inotify_add_watch(watches->fd, path, mask);
	if (wd >= 0)
		put(watches, create(wd, folder));
	else if (errno != ENOENT && errno != ENOTDIR && errno != EACCES)
		watches->refusal =
			errno; /* those are gone or closed to us, as the scan will find */
	must(pthread_mutex_unlock(&watches->lock));
	arena_finish(&arena);
}

int watches_refusal(struct watches *watches)
{
	must(pthread_mutex_lock(&watches->lock));
	int refusal = watches->refusal;
	must(pthread_mutex_unlock(&watches->lock));
	return refusal;
}

size_t watches_count(struct watches *watches)
{
	must(pthread_mutex_lock(&watches->lock));
	size_t n = watches->list.len;
	must(pthread_mutex_unlock(&watches->lock));
	return n;
}

static bool is_within(const struct watch *watch, int64_t root_id, struct str folder)
{
	return watch->root_id == root_id &&
	       (folder.len == 0 ||
		(str_has_prefix(watch->folder, folder) &&
		 (watch->folder.len == folder.len || watch->folder.ptr[folder.len] == '/')));
}

static void cut(struct watches *watches, size_t n)
{
	while (watches->list.len > n)
		array_pop(&watches->list);
}

void watches_drop(struct watches *watches, int64_t root_id, struct str folder)
{
	must(pthread_mutex_lock(&watches->lock));
	struct watch **list = watches->list.ptr;
	size_t n = 0;
	for (size_t i = 0; i < watches->list.len; i++) {
		if (!is_within(list[i], root_id, folder)) {
			list[n++] = list[i];
			continue;
		}
		(void)inotify_rm_watch(watches->fd,
				       list[i]->wd); /* gone with its folder, perhaps */
		free(list[i]);
	}
	cut(watches, n);
	must(pthread_mutex_unlock(&watches->lock));
}

/* The system has dropped it: the folder is gone. */
static void forget(struct watches *watches, int wd)
{
	must(pthread_mutex_lock(&watches->lock));
	size_t i = place_of(watches, wd);
	struct watch **list = watches->list.ptr;
	if (i < watches->list.len && list[i]->wd == wd) {
		free(list[i]);
		memmove(&list[i], &list[i + 1], (watches->list.len - 1 - i) * sizeof *list);
		array_pop(&watches->list);
	}
	must(pthread_mutex_unlock(&watches->lock));
}

/* Where an event happened, on `arena`; false when nobody watches that any more. */
static bool look_up(struct watches *watches, int wd, struct arena *arena, struct watched *out)
{
	must(pthread_mutex_lock(&watches->lock));
	const struct watch *watch = find(watches, wd);
	if (watch)
		*out = (struct watched){ .root_id = watch->root_id,
					 .is_inner = watch->is_inner,
					 .folder = arena_str(arena, watch->folder) };
	must(pthread_mutex_unlock(&watches->lock));
	return watch != NULL;
}

/* These decide what all that lies beside and below them is. */
static bool makes_models(struct str name)
{
	return str_equal(name, STR("model_index.json")) || str_equal(name, STR("config.json"));
}

static void take_folder(struct watches *watches, const struct watched *where, struct str name,
			uint32_t mask, struct arena *arena, const struct watches_sink *sink)
{
	struct str path = path_join(arena, where->folder, name);
	if (mask & LEAVES)
		watches_drop(watches, where->root_id, path);
	sink->changed(sink->context, where->root_id, where->is_inner ? where->folder : path, true);
}

static void take_event(struct watches *watches, const struct watched *where, struct str name,
		       uint32_t mask, struct arena *arena, const struct watches_sink *sink)
{
	bool is_root_gone = mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT);
	if (is_root_gone) {
		watches_drop(watches, where->root_id, STR(""));
		sink->changed(sink->context, where->root_id, STR(""), true);
	} else if (name.len && (mask & IN_ISDIR)) {
		take_folder(watches, where, name, mask, arena, sink);
	} else if (name.len) {
		sink->changed(sink->context, where->root_id, where->folder,
			      where->is_inner || makes_models(name));
	}
}

static void take_one(struct watches *watches, const struct inotify_event *event, struct str name,
		     const struct watches_sink *sink)
{
	struct arena arena = { 0 };
	struct watched where;
	if (event->mask & IN_Q_OVERFLOW)
		sink->lost(sink->context);
	else if (event->mask & IN_IGNORED)
		forget(watches, event->wd);
	else if (look_up(watches, event->wd, &arena, &where))
		take_event(watches, &where, name, event->mask, &arena, sink);
	arena_finish(&arena);
}

void watches_take(struct watches *watches, const char *events, size_t len,
		  const struct watches_sink *sink)
{
	struct inotify_event event;
	while (len >= sizeof event) {
		memcpy(&event, events, sizeof event);
		if (event.len > len - sizeof event)
			return;
		const char *name = events + sizeof event;
		take_one(watches, &event, (struct str){ name, strnlen(name, event.len) }, sink);
		events += sizeof event + event.len;
		len -= sizeof event + event.len;
	}
}

void watches_read(struct watches *watches, const struct watches_sink *sink)
{
	char events[READ_BYTES];
	for (;;) {
		ssize_t n = read(watches->fd, events, sizeof events);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		watches_take(watches, events, (size_t)n, sink);
	}
}
