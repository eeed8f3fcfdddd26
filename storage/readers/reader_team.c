// SPDX-License-Identifier: MIT
#include "storage/readers/reader_team.h"

#include <pthread.h>
#include <stdlib.h>

#include "core/base/must.h"

struct reader_team {
	pthread_mutex_t lock; /* guards all but the processes themselves */
	pthread_cond_t is_free;
	struct reader_process **idle; /* who read last is last: it is asked first */
	size_t n_idle, n;
	struct confinement walls;
	bool has_walls;
};

struct reader_team *reader_team_create(struct readers *readers, size_t n, bool gives_facts,
				       const atomic_bool *is_cancelled)
{
	if (!readers)
		return NULL;
	struct reader_team *team = calloc(1, sizeof *team);
	struct reader_process **idle = calloc(n, sizeof *idle);
	if (!team || !idle)
		die_oom();
	team->idle = idle;
	team->n_idle = team->n = n;
	for (size_t i = 0; i < n; i++)
		idle[i] = reader_process_create(readers, gives_facts, is_cancelled);
	must(pthread_mutex_init(&team->lock, NULL));
	must(pthread_cond_init(&team->is_free, NULL));
	return team;
}

void reader_team_destroy(struct reader_team *team)
{
	if (!team)
		return;
	if (team->n_idle != team->n)
		BUG("%zu readers are still reading", team->n - team->n_idle);
	for (size_t i = 0; i < team->n; i++)
		reader_process_destroy(team->idle[i]);
	must(pthread_cond_destroy(&team->is_free));
	must(pthread_mutex_destroy(&team->lock));
	free(team->idle);
	free(team);
}

struct reader_process *reader_team_take(struct reader_team *team)
{
	must(pthread_mutex_lock(&team->lock));
	while (team->n_idle == 0)
		must(pthread_cond_wait(&team->is_free, &team->lock));
	struct reader_process *process = team->idle[--team->n_idle];
	must(pthread_mutex_unlock(&team->lock));
	return process;
}

void reader_team_give_back(struct reader_team *team, struct reader_process *process)
{
	const struct confinement *walls = reader_process_walls(process);
	must(pthread_mutex_lock(&team->lock));
	if (walls) {
		team->walls = *walls;
		team->has_walls = true;
	}
	team->idle[team->n_idle++] = process;
	must(pthread_cond_signal(&team->is_free));
	must(pthread_mutex_unlock(&team->lock));
}

bool reader_team_walls(struct reader_team *team, struct confinement *out)
{
	must(pthread_mutex_lock(&team->lock));
	bool has_walls = team->has_walls;
	*out = team->walls;
	must(pthread_mutex_unlock(&team->lock));
	return has_walls;
}
