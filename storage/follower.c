// SPDX-License-Identifier: MIT
#include "storage/follower.h"

#include <pthread.h>
#include <stdlib.h>

struct follower {
	struct settlement settlement;
	pthread_t thread;
	pthread_mutex_t mutex; /* of all below */
	pthread_cond_t changed;
	size_t next, end; /* it is at; it may go to before */
	bool must_stop, has_failed;
	struct error failure;
};

/* Under the lock, which is not held meanwhile. After a failure the rest is let be. */
static void follow(struct follower *follower)
{
	size_t first = follower->next, end = follower->end;
	struct error err;
	if (!follower->has_failed) {
		pthread_mutex_unlock(&follower->mutex);
		bool ok = settle_steps(&follower->settlement, first, end, &err);
		pthread_mutex_lock(&follower->mutex);
		if (!ok) {
			follower->has_failed = true;
			follower->failure = err;
		}
	}
	follower->next = end;
	pthread_cond_broadcast(&follower->changed);
}

static void *run(void *context)
{
	struct follower *follower = context;
	pthread_mutex_lock(&follower->mutex);
	while (!follower->must_stop) {
		if (follower->next < follower->end)
			follow(follower);
		else
			pthread_cond_wait(&follower->changed, &follower->mutex);
	}
	pthread_mutex_unlock(&follower->mutex);
	return NULL;
}

struct follower *follower_create(const struct settlement *settlement)
{
	struct follower *follower = calloc(1, sizeof *follower);
	if (!follower)
		die_oom();
	follower->settlement = *settlement;
	/* Corrections are in user.db, which is the journal's meanwhile; a new one ends this follower first. */
	if (!settlement->store->has_corrections)
		follower->settlement.reconcluder = reconcluder_create(settlement->store);
	if (pthread_mutex_init(&follower->mutex, NULL) != 0 ||
	    pthread_cond_init(&follower->changed, NULL) != 0 ||
	    pthread_create(&follower->thread, NULL, run, follower) != 0)
		die_oom();
	return follower;
}

void follower_take(struct follower *follower, size_t end)
{
	pthread_mutex_lock(&follower->mutex);
	if (follower->end < end)
		follower->end = end;
	pthread_cond_broadcast(&follower->changed);
	pthread_mutex_unlock(&follower->mutex);
}

bool follower_rest(struct follower *follower, struct error *err)
{
	pthread_mutex_lock(&follower->mutex);
	while (follower->next < follower->end)
		pthread_cond_wait(&follower->changed, &follower->mutex);
	bool ok = !follower->has_failed;
	pthread_mutex_unlock(&follower->mutex);
	if (!ok)
		*err = follower->failure;
	return ok;
}

void follower_destroy(struct follower *follower)
{
	if (!follower)
		return;
	pthread_mutex_lock(&follower->mutex);
	follower->must_stop = true;
	pthread_cond_broadcast(&follower->changed);
	pthread_mutex_unlock(&follower->mutex);
	pthread_join(follower->thread, NULL); /* fails only for a thread that is not ours */
	reconcluder_destroy(follower->settlement.reconcluder);
	pthread_cond_destroy(&follower->changed);
	pthread_mutex_destroy(&follower->mutex);
	free(follower);
}
