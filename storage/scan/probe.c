// SPDX-License-Identifier: MIT
#include "storage/scan/probe.h"

#include <stdlib.h>

enum { TRIES = 2 }; /* of a file that changes while it is read */

struct probe {
	struct probe_options options;
	struct model_reader *reader; /* of this thread */
	struct arena room;           /* of one batch */
};

/** One model of a batch. */
struct job {
	const struct opened_target *target; /* borrowed */
	struct opened opened;
	struct probed *out;
	bool was_cancelled;
};

struct probe *probe_create(const struct probe_options *options)
{
	struct probe *probe = calloc(1, sizeof *probe);
	if (!probe)
		die_oom();
	probe->options = *options;
	probe->reader = model_reader_create(options->knowledge, options->gives_facts);
	return probe;
}

void probe_destroy(struct probe *probe)
{
	if (!probe)
		return;
	model_reader_destroy(probe->reader);
	arena_finish(&probe->room);
	free(probe);
}

/* Whatever becomes of the file: what was given once is not given again. */
static void tell_layout(const struct probe *probe, const struct flat *flat)
{
	if (flat->layout.ptr && probe->options.layout)
		probe->options.layout(probe->options.layout_context, flat->layout);
}

static void read_here(struct probe *probe, struct job *job, struct arena *arena)
{
	struct error err;
	struct probed *out = job->out;
	model_reader_read(probe->reader, &job->opened, arena, &out->flat);
	tell_layout(probe, &out->flat);
	if (!model_decode(out->flat.model, arena, &out->model, &err))
		BUG("a model that was just encoded: %s", err.text);
}

static void take_answer(struct probe *probe, struct job *job, const struct reader_answer *answer,
			struct arena *arena)
{
	job->was_cancelled = answer->was_cancelled;
	if (!answer->trouble.code.ptr) {
		job->out->flat = answer->flat;
		job->out->model = answer->model;
		return;
	}
	job->opened.unread = answer->trouble;
	if (answer->is_passing)
		opened_ask_again(&job->opened);
	read_here(probe, job, arena);
}

static void read_in_process(struct probe *probe, struct job **jobs, size_t n, struct arena *arena)
{
	const struct opened *opened[PROBE_MODELS_MAX] = { 0 };
	struct reader_answer answers[PROBE_MODELS_MAX];
	for (size_t i = 0; i < n; i++)
		opened[i] = &jobs[i]->opened;
	struct reader_process *process = reader_team_take(probe->options.team);
	reader_process_read(process, opened, n, arena, answers);
	for (size_t i = 0; i < n; i++)
		tell_layout(probe, &answers[i].flat);
	reader_team_give_back(probe->options.team, process);
	for (size_t i = 0; i < n; i++)
		take_answer(probe, jobs[i], &answers[i], arena);
}

/** What has no bytes to be read is no danger either. */
static void read_jobs(struct probe *probe, struct job **jobs, size_t n, struct arena *arena)
{
	struct job *others[PROBE_MODELS_MAX];
	size_t n_others = 0;
	for (size_t i = 0; i < n; i++) {
		if (probe->options.team && !jobs[i]->opened.unread.code.ptr)
			others[n_others++] = jobs[i];
		else
			read_here(probe, jobs[i], arena);
	}
	if (n_others)
		read_in_process(probe, others, n_others, arena);
}

/** Closes all; those that changed while they were read are left in `jobs`. */
static size_t close_jobs(struct job **jobs, size_t n)
{
	size_t n_left = 0;
	for (size_t i = 0; i < n; i++) {
		struct opened *opened = &jobs[i]->opened;
		bool is_steady = opened_is_steady(opened);
		jobs[i]->out->state = opened->state;
		jobs[i]->out->is_there = !opened->is_gone && !jobs[i]->was_cancelled;
		jobs[i]->out->was_opened = opened->was_opened;
		opened_close(opened);
		if (!is_steady)
			jobs[n_left++] = jobs[i];
	}
	return n_left;
}

static void finish_jobs(struct probe *probe, struct job **jobs, size_t n, struct arena *arena)
{
	for (int tries = 1; n; tries++) {
		read_jobs(probe, jobs, n, arena);
		n = close_jobs(jobs, n);
		if (tries == TRIES)
			break;
		for (size_t i = 0; i < n; i++)
			opened_open(jobs[i]->target, &probe->room, &jobs[i]->opened);
	}
	for (size_t i = 0; i < n; i++) {
		opened_give_up(&jobs[i]->opened);
		read_here(probe, jobs[i], arena);
	}
}

/** At most, once it is open. */
static size_t count_descriptors(const struct candidate *candidate)
{
	size_t n_files = candidate->n_parts ? candidate->n_parts : 1;
	size_t n_sidecars = candidate->n_companions;
	return (n_files < OPENED_FILES_MAX ? n_files : OPENED_FILES_MAX) +
	       (n_sidecars < OPENED_SIDECARS_MAX ? n_sidecars : OPENED_SIDECARS_MAX);
}

/** Those of the models that may be open at the same time; how many that were. */
static size_t probe_some(struct probe *probe, const struct opened_target *targets, size_t n,
			 struct arena *arena, struct probed *out)
{
	struct job *jobs[PROBE_MODELS_MAX];
	size_t n_jobs = 0, n_descriptors = 0;
	arena_reset(&probe->room);
	while (n_jobs < n) {
		n_descriptors += count_descriptors(targets[n_jobs].candidate);
		if (n_jobs && n_descriptors > probe->options.descriptors_max)
			break;
		struct job *job = ARENA_NEW(&probe->room, struct job);
		job->target = &targets[n_jobs];
		job->out = &out[n_jobs];
		*job->out = (struct probed){ 0 };
		opened_open(job->target, &probe->room, &job->opened);
		if (probe->options.reads_ahead)
			opened_expect(&job->opened);
		jobs[n_jobs++] = job;
	}
	finish_jobs(probe, jobs, n_jobs, arena);
	return n_jobs;
}

void probe_models(struct probe *probe, const struct opened_target *targets, size_t n,
		  struct arena *arena, struct probed *out)
{
	for (size_t at = 0; at < n;)
		at += probe_some(probe, targets + at, n - at, arena, out + at);
}
