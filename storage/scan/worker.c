// SPDX-License-Identifier: MIT
#include "storage/scan/worker.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/must.h"
#include "storage/scan/settled.h"

enum { TOLD_MAX = 100 };

bool scan_is_cancelled(const struct scan *scan)
{
	return atomic_load_explicit(&scan->is_cancelled, memory_order_relaxed);
}

void scan_tell(struct scan *scan, struct str text)
{
	if (scan->options.is_live)
		return;
	must(pthread_mutex_lock(&scan->lock));
	size_t n = ++scan->n_told;
	must(pthread_mutex_unlock(&scan->lock));
	if (n > TOLD_MAX)
		return;
	struct scan_batch *batch = scan_batch_create(SCAN_TOLD);
	batch->told = n < TOLD_MAX ? arena_str(&batch->arena, text)
				   : STR("there is more of this; it is not listed");
	scan_batch_send(scan->out, batch);
}

static int compare_u64(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
	return (left > right) - (left < right);
}

static void collect_inodes(struct scan *scan)
{
	size_t n = 0;
	scan->inodes = ARENA_NEW_N(&scan->arena, uint64_t, scan->n_known);
	for (size_t s = 0; s < scan->n_sites; s++)
		for (size_t i = 0; i < scan->sites[s].given->n_known; i++)
			scan->inodes[n++] = scan->sites[s].given->known[i].state.inode;
	qsort(scan->inodes, n, sizeof *scan->inodes, compare_u64);
}

/** Might a new file be a known one that was moved? Then it waits until all roots are walked. */
static bool may_be_moved(struct scan *scan, const struct site *site, uint64_t inode)
{
	if (scan->n_known == 0 || !site->root.stable_inodes)
		return false;
	must(pthread_mutex_lock(&scan->lock));
	if (!scan->inodes)
		collect_inodes(scan);
	must(pthread_mutex_unlock(&scan->lock));
	return bsearch(&inode, scan->inodes, scan->n_known, sizeof inode, compare_u64) != NULL;
}

static void push_open(struct worker *worker)
{
	if (worker->open)
		work_add_chunk(worker->scan->work, worker->open);
	worker->open = NULL;
}

static void add_job(struct worker *worker, const struct probe_job *job)
{
	if (!worker->open)
		worker->open = chunk_create();
	chunk_add(worker->open, job);
	if (worker->open->n == CHUNK_FILES)
		push_open(worker);
}

static void hold_job(struct worker *worker, const struct probe_job *job)
{
	if (!worker->held || worker->held->n == CHUNK_FILES) {
		struct chunk *chunk = chunk_create();
		chunk->next = worker->held;
		worker->held = chunk;
	}
	chunk_add(worker->held, job);
}

static struct finding finding_of(const struct worker *worker, const struct probe_job *job,
				 enum finding_type type)
{
	const struct candidate *candidate = &job->candidate;
	return (struct finding){
		.type = type,
		.id = job->id,
		.root_id = worker->scan->sites[job->root_i].given->id,
		.path = candidate->path,
		.state = candidate->state,
		.context = candidate->context,
		.target = candidate->target,
		.companions = candidate->companions,
		.n_companions = candidate->n_companions,
	};
}

/** Nothing of it changed: it is not read, unless everything is to be. */
static void take_same(struct worker *worker, const struct probe_job *job,
		      const struct known_file *known)
{
	if (worker->scan->options.full) {
		add_job(worker, job);
		return;
	}
	worker->counts.unchanged++;
	worker->counts.damaged += known->is_damaged;
	if (job->change == CHANGE_BACK) {
		struct finding finding = finding_of(worker, job, FINDING_SEEN);
		outbox_add(&worker->outbox, &finding);
	}
}

/** What the index knows of that path. A folder that is a model lies above what lies below it. */
static const struct known_file *find_known(const struct worker *worker, const struct site *site,
					   const struct candidate *candidate)
{
	struct known_range all = { site->given->known, site->given->n_known };
	if (candidate->type == CANDIDATE_FOLDER)
		return known_find(all, candidate->path, 0);
	return known_find(worker->known, candidate->path, worker->folder->path.len);
}

static bool has_own_inode(const struct candidate *candidate)
{
	return candidate->type == CANDIDATE_FILE || candidate->type == CANDIDATE_FOLDER ||
	       candidate->type == CANDIDATE_SHARDS;
}

static bool is_being_written(const struct worker *worker, const struct probe_job *job)
{
	return worker->scan->options.is_live &&
	       (job->change == CHANGE_NEW || job->change == CHANGE_CHANGED) &&
	       settled_not(&job->candidate.state, settled_now_ns());
}

static bool is_half_written(const struct worker *worker, const struct probe_job *job,
			    const struct model *model)
{
	/* A file that was moved has to be found now: its old place is not looked at again. */
	return worker->scan->options.is_live && job->type == FINDING_MODEL &&
	       settled_not_whole(model, &job->candidate.state, settled_now_ns());
}

static void put_off(struct worker *worker, const struct probe_job *job)
{
	const struct candidate *candidate = &job->candidate;
	struct scan_batch *batch = scan_batch_create(SCAN_PUT_OFF);
	batch->put_off.root_id = worker->scan->sites[job->root_i].given->id;
	batch->put_off.folder = arena_str(&batch->arena, candidate->type == CANDIDATE_FOLDER
								 ? candidate->path
								 : scope_above(candidate->path));
	scan_batch_send(worker->scan->out, batch);
}

static void on_candidate(void *context, const struct candidate *candidate)
{
	struct worker *worker = context;
	struct site *site = &worker->scan->sites[worker->folder->root_i];
	const struct known_file *known = find_known(worker, site, candidate);
	struct probe_job job = {
		.root_i = worker->folder->root_i,
		.change = change_of(known, &candidate->state, candidate->context,
				    site->root.stable_inodes),
		.type = FINDING_MODEL,
		.id = known ? known->id : 0,
		.candidate = *candidate,
	};
	worker->counts.seen++;
	if (known)
		site->seen[known - site->given->known] = 1;
	if (is_being_written(worker, &job)) {
		put_off(worker, &job);
		return;
	}
	switch (job.change) {
	case CHANGE_NEW:
		if (has_own_inode(candidate) &&
		    may_be_moved(worker->scan, site, candidate->state.inode))
			hold_job(worker, &job);
		else
			add_job(worker, &job);
		break;
	case CHANGE_CHANGED:
		/* What was told to be gone is new to the person when something is there again. */
		if (known->is_missing)
			job.change = CHANGE_NEW;
		add_job(worker, &job);
		break;
	case CHANGE_SAME:
	case CHANGE_BACK: take_same(worker, &job, known); break;
	}
}

/** A folder that is a model depends on what lies beside it. */
static bool is_known_model(const struct site *site, struct str folder)
{
	struct known_range all = { site->given->known, site->given->n_known };
	return known_find(all, folder, 0) && !scope_find(site->scope, folder);
}

static void on_folder(void *context, struct str path)
{
	const struct worker *worker = context;
	const struct site *site = &worker->scan->sites[worker->folder->root_i];
	bool is_deep = worker->folder->is_deep || scope_is_deep(site->scope, path);
	if (is_deep || is_known_model(site, path))
		work_add_folder(worker->scan->work,
				folder_job_create(worker->folder->root_i, worker->folder->depth + 1,
						  is_deep, path));
}

static void enter(const struct worker *worker, struct str folder, bool is_inner)
{
	const struct scanner_options *options = &worker->scan->options;
	if (options->enter)
		options->enter(options->enter_context,
			       worker->scan->sites[worker->folder->root_i].given, folder, is_inner);
}

static void on_inner(void *context, struct str path)
{
	enter(context, path, true);
}

static void on_told(void *context, struct str text)
{
	const struct worker *worker = context;
	scan_tell(worker->scan, text);
}

/** Nothing below is concluded to be gone, and the person is told. */
static void give_up_folder(struct worker *worker, const char *why)
{
	struct scan *scan = worker->scan;
	struct site *site = &scan->sites[worker->folder->root_i];
	must(pthread_mutex_lock(&scan->lock));
	*ARRAY_PUSH(&site->unread, struct str) = arena_str(&scan->arena, worker->folder->path);
	must(pthread_mutex_unlock(&scan->lock));
	arena_reset(&worker->arena);
	scan_tell(scan, arena_strf(&worker->arena,
				   "%s: what the index knows of that folder stays as it is", why));
}

static void walk_job(struct worker *worker, const struct folder_job *folder)
{
	struct scan *scan = worker->scan;
	struct site *site = &scan->sites[folder->root_i];
	const struct walk_sink sink = {
		.context = worker,
		.candidate = on_candidate,
		.folder = on_folder,
		.inner = on_inner,
		.told = on_told,
	};
	struct error err;
	uint64_t before = worker->counts.seen;
	worker->folder = folder;
	struct known_range all = { site->given->known, site->given->n_known };
	worker->known = known_below(all, folder->path);
	atomic_store_explicit(&scan->site_i, folder->root_i, memory_order_relaxed);
	enter(worker, folder->path, false);
	if (folder->depth > WALK_DEPTH_MAX)
		give_up_folder(worker, "a folder lies deeper than 128 others");
	else if (!walk_folder(&worker->walk, &site->place, folder->path, &sink, &err))
		give_up_folder(worker, err.text);
	push_open(worker);
	atomic_fetch_add_explicit(&scan->seen, worker->counts.seen - before, memory_order_relaxed);
}

static void count_model(struct worker *worker, const struct probe_job *job,
			const struct model *model)
{
	struct scan_summary *counts = &worker->counts;
	counts->damaged += model->status == STATUS_DAMAGED;
	if (job->type == FINDING_MOVED)
		counts->moved++;
	else if (job->change == CHANGE_NEW)
		counts->new ++;
	else if (job->change == CHANGE_CHANGED)
		counts->changed++;
	else
		counts->unchanged++;
}

static void take_probed(struct worker *worker, const struct probe_job *job,
			const struct probed *probed)
{
	worker->counts.read += probed->was_opened;
	atomic_fetch_add_explicit(&worker->scan->read, probed->was_opened, memory_order_relaxed);
	if (!probed->is_there)
		return;
	if (is_half_written(worker, job, &probed->model)) {
		put_off(worker, job);
		return;
	}
	struct finding finding = finding_of(worker, job, job->type);
	finding.state = probed->state;
	finding.model = probed->model;
	finding.flat = probed->flat;
	outbox_add_model(&worker->outbox, &finding);
	count_model(worker, job, &probed->model);
}

static void probe_jobs(struct worker *worker, const struct probe_job *jobs, size_t n)
{
	struct opened_target targets[PROBE_MODELS_MAX] = { 0 };
	struct probed probed[PROBE_MODELS_MAX];
	for (size_t i = 0; i < n; i++)
		targets[i] = (struct opened_target){
			.folder_fd = worker->scan->sites[jobs[i].root_i].root.fd,
			.reach = OPENED_BENEATH,
			.candidate = &jobs[i].candidate,
		};
	probe_models(worker->probe, targets, n, &worker->outbox.arena, probed);
	for (size_t i = 0; i < n; i++)
		take_probed(worker, &jobs[i], &probed[i]);
	outbox_tick(&worker->outbox);
}

/** To be stored before any model that has it: batches are taken in the order they are sent. */
static void send_layout(void *context, struct str squeezed)
{
	const struct worker *worker = context;
	struct scan_batch *batch = scan_batch_create(SCAN_LAYOUT);
	batch->layout = arena_str(&batch->arena, squeezed);
	scan_batch_send(worker->scan->out, batch);
}

static void start_probe(struct worker *worker)
{
	const struct scanner_options *options = &worker->scan->options;
	const struct probe_options probe = {
		.knowledge = options->knowledge,
		.team = worker->scan->team,
		.gives_facts = true,
		.layout = send_layout,
		.layout_context = worker,
		.reads_ahead = worker->scan->reads_ahead,
		.descriptors_max = worker->scan->descriptors_max,
	};
	worker->probe = probe_create(&probe);
}

/** Where the kernel leaves readers free. */
static void tell_walls(struct worker *worker)
{
	struct scan *scan = worker->scan;
	struct confinement walls;
	if (scan->team && !scan->options.is_live && reader_team_walls(scan->team, &walls) &&
	    readers_must_tell(scan->options.readers, &walls))
		scan_tell(
			scan,
			STR("this system cannot confine the processes that read files: a file made to "
			    "attack them is not held back (see `lorarium doctor`)"));
}

static void probe_chunk(struct worker *worker, const struct chunk *chunk)
{
	if (!worker->probe)
		start_probe(worker);
	for (size_t i = 0; i < chunk->n && !scan_is_cancelled(worker->scan);
	     i += PROBE_MODELS_MAX) {
		size_t left = chunk->n - i;
		probe_jobs(worker, &chunk->jobs[i],
			   left < PROBE_MODELS_MAX ? left : PROBE_MODELS_MAX);
	}
	tell_walls(worker);
}

static void do_work(struct worker *worker, struct work_taken taken)
{
	if (taken.folder && !scan_is_cancelled(worker->scan))
		walk_job(worker, taken.folder);
	if (taken.chunk && !scan_is_cancelled(worker->scan))
		probe_chunk(worker, taken.chunk);
	free(taken.folder);
	chunk_destroy(taken.chunk);
	work_done(worker->scan->work);
}

static void *run(void *context)
{
	struct worker *worker = context;
	struct work *work = worker->scan->work;
	for (;;) {
		struct work_taken taken = work_take(work, false);
		if (taken.type == WORK_NOTHING) {
			/* Nobody waits for what is found while this thread has nothing to do. */
			outbox_flush(&worker->outbox);
			taken = work_take(work, true);
		}
		if (taken.type == WORK_END)
			break;
		do_work(worker, taken);
	}
	outbox_flush(&worker->outbox);
	return NULL;
}

void worker_start(struct worker *worker, struct scan *scan)
{
	*worker = (struct worker){ .scan = scan };
	outbox_init(&worker->outbox, scan->out);
	must(pthread_create(&worker->thread, NULL, run, worker));
}

void worker_join(struct worker *worker)
{
	must(pthread_join(worker->thread, NULL));
}

void worker_finish(struct worker *worker)
{
	while (worker->held) {
		struct chunk *next = worker->held->next;
		chunk_destroy(worker->held);
		worker->held = next;
	}
	chunk_destroy(worker->open);
	probe_destroy(worker->probe);
	walk_finish(&worker->walk);
	outbox_finish(&worker->outbox);
	arena_finish(&worker->arena);
}
