// SPDX-License-Identifier: MIT
#include "core/base/queue.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/must.h"

struct queue {
	pthread_mutex_t lock;
	pthread_cond_t has_message, has_room;
	void **ring;
	size_t first, len, cap;
	bool is_closed;
	int wake_fd; /* -1: none; its counter is 1 while messages wait, else 0 */
};

struct queue *queue_create(size_t capacity, bool wakes)
{
	struct queue *queue = calloc(1, sizeof *queue);
	void **ring = capacity ? calloc(capacity, sizeof *ring) : NULL;
	if (!queue || !ring)
		die_oom();
	queue->ring = ring;
	queue->cap = capacity;
	queue->wake_fd = wakes ? eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK) : -1;
	if (wakes && queue->wake_fd < 0)
		die_oom();
	pthread_condattr_t monotonic;
	must(pthread_condattr_init(&monotonic));
	must(pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC));
	must(pthread_mutex_init(&queue->lock, NULL));
	must(pthread_cond_init(&queue->has_message, &monotonic));
	must(pthread_cond_init(&queue->has_room, &monotonic));
	must(pthread_condattr_destroy(&monotonic));
	return queue;
}

void queue_destroy(struct queue *queue)
{
	if (!queue)
		return;
	must(pthread_cond_destroy(&queue->has_room));
	must(pthread_cond_destroy(&queue->has_message));
	must(pthread_mutex_destroy(&queue->lock));
	if (queue->wake_fd >= 0)
		close(queue->wake_fd);
	free(queue->ring);
	free(queue);
}

static void wake(const struct queue *queue)
{
	uint64_t one = 1;
	if (queue->wake_fd >= 0 && write(queue->wake_fd, &one, sizeof one) != sizeof one)
		BUG("wake-up descriptor failed with %d", errno);
}

static void unwake(const struct queue *queue)
{
	uint64_t count;
	if (queue->wake_fd >= 0 && read(queue->wake_fd, &count, sizeof count) != sizeof count)
		BUG("wake-up descriptor failed with %d", errno);
}

static void put(struct queue *queue, void *message)
{
	if (!message)
		BUG("NULL is no message");
	queue->ring[(queue->first + queue->len) % queue->cap] = message;
	if (queue->len++ == 0)
		wake(queue);
	must(pthread_cond_signal(&queue->has_message));
}

static void *take(struct queue *queue)
{
	if (queue->len == 0)
		return NULL;
	void *message = queue->ring[queue->first];
	queue->first = (queue->first + 1) % queue->cap;
	if (--queue->len == 0)
		unwake(queue);
	must(pthread_cond_signal(&queue->has_room));
	return message;
}

bool queue_send(struct queue *queue, void *message)
{
	must(pthread_mutex_lock(&queue->lock));
	while (queue->len == queue->cap && !queue->is_closed)
		must(pthread_cond_wait(&queue->has_room, &queue->lock));
	bool is_open = !queue->is_closed;
	if (is_open)
		put(queue, message);
	must(pthread_mutex_unlock(&queue->lock));
	return is_open;
}

bool queue_try_send(struct queue *queue, void *message)
{
	must(pthread_mutex_lock(&queue->lock));
	bool has_room = queue->len < queue->cap && !queue->is_closed;
	if (has_room)
		put(queue, message);
	must(pthread_mutex_unlock(&queue->lock));
	return has_room;
}

void *queue_receive(struct queue *queue)
{
	return queue_receive_timeout(queue, -1);
}

static struct timespec deadline_in(int timeout_ms)
{
	struct timespec time;
	if (clock_gettime(CLOCK_MONOTONIC, &time))
		BUG("no monotonic clock");
	time.tv_sec += timeout_ms / 1000;
	time.tv_nsec += (long)(timeout_ms % 1000) * 1000000;
	if (time.tv_nsec >= 1000000000) {
		time.tv_sec++;
		time.tv_nsec -= 1000000000;
	}
	return time;
}

/** Waits for a message; false when the time is up. */
static bool wait_message(struct queue *queue, const struct timespec *deadline)
{
	int result = deadline ? pthread_cond_timedwait(&queue->has_message, &queue->lock, deadline)
			      : pthread_cond_wait(&queue->has_message, &queue->lock);
	if (result != ETIMEDOUT)
		must(result);
	return result == 0;
}

void *queue_receive_timeout(struct queue *queue, int timeout_ms)
{
	struct timespec deadline = { 0 };
	if (timeout_ms > 0)
		deadline = deadline_in(timeout_ms);
	must(pthread_mutex_lock(&queue->lock));
	while (timeout_ms != 0 && queue->len == 0 && !queue->is_closed)
		if (!wait_message(queue, timeout_ms < 0 ? NULL : &deadline))
			break;
	void *message = take(queue);
	must(pthread_mutex_unlock(&queue->lock));
	return message;
}

void queue_close(struct queue *queue)
{
	must(pthread_mutex_lock(&queue->lock));
	queue->is_closed = true;
	must(pthread_cond_broadcast(&queue->has_message));
	must(pthread_cond_broadcast(&queue->has_room));
	must(pthread_mutex_unlock(&queue->lock));
}

size_t queue_length(struct queue *queue)
{
	must(pthread_mutex_lock(&queue->lock));
	size_t len = queue->len;
	must(pthread_mutex_unlock(&queue->lock));
	return len;
}

int queue_fd(const struct queue *queue)
{
	return queue->wake_fd;
}
