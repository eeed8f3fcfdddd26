// SPDX-License-Identifier: MIT
#include "core/base/crew.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

struct crew {
	size_t n, share;
	crew_work work;
	void *context;
	atomic_size_t next;
};

struct member {
	struct crew *crew;
	size_t member_i;
};

static void *take_shares(void *context)
{
	const struct member *member = context;
	struct crew *crew = member->crew;
	size_t first;
	while ((first = atomic_fetch_add(&crew->next, crew->share)) < crew->n) {
		size_t left = crew->n - first;
		crew->work(crew->context, member->member_i, first,
			   first + (left < crew->share ? left : crew->share));
	}
	return NULL;
}

size_t crew_of_thinkers(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);
	return n < 1 ? 1 : n < CREW_MAX ? (size_t)n : CREW_MAX;
}

/* A thread that cannot be had is no failure: the caller's takes the shares that are left. */
void crew_do(size_t n_members, size_t n, size_t share, crew_work work, void *context)
{
	struct crew crew = { .n = n, .share = share, .work = work, .context = context };
	struct member members[CREW_MAX];
	pthread_t threads[CREW_MAX];
	size_t n_there = 1;
	for (size_t i = 0; i < CREW_MAX; i++)
		members[i] = (struct member){ &crew, i };
	while (n_there < n_members && n_there * share < n &&
	       pthread_create(&threads[n_there], NULL, take_shares, &members[n_there]) == 0)
		n_there++;
	take_shares(&members[0]);
	for (size_t i = 1; i < n_there; i++)
		pthread_join(threads[i], NULL); /* fails only for a thread that is not ours */
}
