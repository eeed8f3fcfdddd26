// SPDX-License-Identifier: MIT
#include "storage/scan/moves.h"

/** Two lists of strays and where each of them is from. */
struct search {
	struct scan *scan;
	struct outbox outbox;
	struct array gone;    /* struct stray: known files that were not seen */
	struct array origins; /* struct origin, one for each of `gone` */
	struct array arrived; /* struct stray: files that were held back */
	struct array jobs;    /* struct probe_job *, one for each of `arrived` */
	struct chunk *held;   /* owns the jobs */
	struct chunk *open;   /* being filled with what has to be read */
	uint64_t n_moved;
};

struct origin {
	struct site *site;
	size_t known_i;
};

static bool is_unread(const struct site *site, struct str path)
{
	for (size_t i = 0; i < site->unread.len; i++) {
		struct str folder = *ARRAY_AT(&site->unread, struct str, i);
		/* The folder may be a model itself. */
		if (folder.len == 0 || (str_has_prefix(path, folder) &&
					(path.len == folder.len || path.ptr[folder.len] == '/')))
			return true;
	}
	return false;
}

bool moves_is_gone(const struct site *site, size_t known_i)
{
	return site->is_online && !site->seen[known_i] &&
	       !is_unread(site, site->given->known[known_i].path);
}

static void collect_gone(struct search *search, struct site *site)
{
	for (size_t i = 0; site->root.stable_inodes && i < site->given->n_known; i++) {
		const struct known_file *known = &site->given->known[i];
		if (!moves_is_gone(site, i) || name_is_passed_by(&site->place.rules, known->path))
			continue;
		*ARRAY_PUSH(&search->gone, struct stray) = (struct stray){
			.path = known->path, .state = known->state, .was_missing = known->is_missing
		};
		*ARRAY_PUSH(&search->origins, struct origin) = (struct origin){ site, i };
	}
}

static void collect_arrived(struct search *search, struct chunk *chunk)
{
	for (size_t i = 0; i < chunk->n; i++) {
		const struct candidate *candidate = &chunk->jobs[i].candidate;
		*ARRAY_PUSH(&search->jobs, struct probe_job *) = &chunk->jobs[i];
		*ARRAY_PUSH(&search->arrived, struct stray) =
			(struct stray){ .path = candidate->path, .state = candidate->state };
	}
}

static void take_held(struct search *search, struct worker *worker)
{
	while (worker->held) {
		struct chunk *chunk = worker->held;
		worker->held = chunk->next;
		chunk->next = search->held;
		search->held = chunk;
		collect_arrived(search, chunk);
	}
}

/** The same content under the same name elsewhere: known without reading it. */
static void send_moved(struct search *search, const struct probe_job *job)
{
	const struct candidate *candidate = &job->candidate;
	struct finding finding = {
		.type = FINDING_MOVED,
		.id = job->id,
		.root_id = search->scan->sites[job->root_i].given->id,
		.path = candidate->path,
		.state = candidate->state,
		.context = candidate->context,
		.target = candidate->target,
		.companions = candidate->companions,
		.n_companions = candidate->n_companions,
	};
	outbox_add(&search->outbox, &finding);
	search->n_moved++;
}

static void read_later(struct search *search, const struct probe_job *job)
{
	if (!search->open)
		search->open = chunk_create();
	chunk_add(search->open, job);
	if (search->open->n < CHUNK_FILES)
		return;
	work_add_chunk(search->scan->work, search->open);
	search->open = NULL;
}

static void settle_moved(struct search *search, struct probe_job *job, const struct origin *origin)
{
	const struct known_file *known = &origin->site->given->known[origin->known_i];
	origin->site->seen[origin->known_i] = 1;
	job->type = FINDING_MOVED;
	job->id = known->id;
	/* Other sidecars beside it may say something else. */
	if (known->context == job->candidate.context &&
	    changes_of_names(search->scan->options.knowledge, known->path, job->candidate.path) ==
		    NAMES_SAY_SAME)
		send_moved(search, job);
	else
		read_later(search, job);
}

static void settle(struct search *search)
{
	changes_match_moves(search->gone.ptr, search->gone.len, search->arrived.ptr,
			    search->arrived.len, &search->scan->arena);
	for (size_t i = 0; i < search->jobs.len; i++) {
		struct probe_job *job = *ARRAY_AT(&search->jobs, struct probe_job *, i);
		size_t match = ARRAY_AT(&search->arrived, struct stray, i)->match;
		if (match == SIZE_MAX)
			read_later(search, job);
		else
			settle_moved(search, job, ARRAY_AT(&search->origins, struct origin, match));
	}
	if (search->open)
		work_add_chunk(search->scan->work, search->open);
}

static void search_finish(struct search *search)
{
	while (search->held) {
		struct chunk *next = search->held->next;
		chunk_destroy(search->held);
		search->held = next;
	}
	outbox_finish(&search->outbox);
	array_finish(&search->gone);
	array_finish(&search->origins);
	array_finish(&search->arrived);
	array_finish(&search->jobs);
}

uint64_t moves_settle(struct scan *scan, struct worker *workers, size_t n_workers)
{
	struct search search = {
		.scan = scan,
		.gone = ARRAY_OF(struct stray),
		.origins = ARRAY_OF(struct origin),
		.arrived = ARRAY_OF(struct stray),
		.jobs = ARRAY_OF(struct probe_job *),
	};
	outbox_init(&search.outbox, scan->out);
	for (size_t i = 0; i < n_workers; i++)
		take_held(&search, &workers[i]);
	for (size_t i = 0; search.jobs.len && i < scan->n_sites; i++)
		collect_gone(&search, &scan->sites[i]);
	settle(&search);
	search_finish(&search);
	return search.n_moved;
}
