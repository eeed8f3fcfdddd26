// SPDX-License-Identifier: MIT
#include "storage/scan/scanner.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/must.h"
#include "storage/scan/moves.h"
#include "storage/scan/worker.h"

/* A cold disk is waited for, not computed: measured on 10,000 files of every container that were not
   in memory, eight workers on two processors took 0.88 of the time of four; in memory 1.2 times. */
enum { WORKERS_MIN = 8, WORKERS_MAX = 64, PROGRESS_MS = 250 };

/* Of the descriptors that the system grants, some are for folders, databases and sockets. */
enum { DESCRIPTORS_OTHERS = 256, DESCRIPTORS_MIN = 4, DESCRIPTORS_MAX = 200 };

struct scanner {
	struct scan scan;
	pthread_t thread; /* the one that starts the workers and draws conclusions */
	struct worker *workers;
	size_t n_workers;
	uint64_t n_moved; /* known without reading them */
};

/** Real path of a root; as it is given where it is not there. */
static struct str real_path(struct scan *scan, struct str path)
{
	char real[PATH_MAX];
	if (realpath(arena_cstr(&scan->arena, path), real))
		return arena_str(&scan->arena, str_from(real));
	return path;
}

static void collect_roots(struct scan *scan)
{
	struct scanner_options *options = &scan->options;
	size_t n = options->n_roots ? options->n_roots : scan->n_sites;
	struct str *roots = ARENA_NEW_N(&scan->arena, struct str, n);
	for (size_t i = 0; i < n; i++)
		roots[i] = real_path(scan, options->n_roots ? options->roots[i]
							    : scan->sites[i].given->path);
	options->roots = roots;
	options->n_roots = n;
}

static void collect_nested(struct scan *scan, struct site *site)
{
	const struct scanner_options *options = &scan->options;
	struct str *nested = ARENA_NEW_N(&scan->arena, struct str, options->n_roots);
	for (size_t i = 0; i < options->n_roots; i++) {
		struct str below = options->roots[i];
		if (str_cut_prefix(&below, site->root.real) && str_cut_prefix(&below, STR("/")) &&
		    below.len)
			nested[site->place.n_nested++] = below;
	}
	site->place.nested = nested;
}

static const char *const *collect_globs(struct scan *scan)
{
	const struct scanner_options *options = &scan->options;
	const char **globs = ARENA_NEW_N(&scan->arena, const char *, options->n_ignore);
	for (size_t i = 0; i < options->n_ignore; i++)
		globs[i] = arena_cstr(&scan->arena, options->ignore[i]);
	return globs;
}

static void check_known(struct scan *scan, struct site *site)
{
	const struct scan_root *given = site->given;
	for (size_t i = 0; i < given->n_known; i++) {
		if (i && str_compare(given->known[i - 1].path, given->known[i].path) >= 0)
			BUG("known files are not sorted by path");
		site->n_present += !given->known[i].is_missing;
	}
	site->scope = (struct scope){ given->parts, given->n_parts };
	site->seen = ARENA_NEW_N(&scan->arena, unsigned char, given->n_known);
	/* What is missing may turn up in whatever is looked at. */
	for (size_t i = 0; !scope_is_whole(site->scope) && i < given->n_known; i++)
		site->seen[i] = !given->known[i].is_missing &&
				!scope_has(site->scope, given->known[i].path);
	scan->n_known += given->n_known;
}

static unsigned depth_of(struct str folder)
{
	unsigned depth = 0;
	for (; folder.len; folder = scope_above(folder))
		depth++;
	return depth;
}

/** Where to begin: folders with all below them are entered from above. */
static void add_folders(struct scan *scan, const struct site *site)
{
	size_t root_i = (size_t)(site - scan->sites);
	if (scope_is_whole(site->scope)) {
		work_add_folder(scan->work, folder_job_create(root_i, 0, true, STR("")));
		return;
	}
	for (size_t i = 0; i < site->scope.n; i++) {
		const struct scan_part *part = &site->scope.parts[i];
		if (!part->is_deep)
			work_add_folder(scan->work,
					folder_job_create(root_i, depth_of(part->folder), false,
							  part->folder));
	}
}

static void open_site(struct scan *scan, struct site *site, const char *const *globs)
{
	const struct scanner_options *options = &scan->options;
	struct error err;
	site->is_online =
		root_open(&site->root, site->given, options->accept_missing, &scan->arena, &err);
	if (!site->is_online) {
		scan_tell(scan, arena_strf(&scan->arena, "%.*s is offline: %s",
					   STR_ARG(site->given->path), err.text));
		return;
	}
	site->place = (struct walk_place){
		.root_fd = site->root.fd,
		.root_path = site->given->path,
		.rules = { options->extensions, options->n_extensions, globs, options->n_ignore,
			   arena_cstr(&scan->arena, site->given->path) },
		.roots = options->roots,
		.n_roots = options->n_roots,
	};
	collect_nested(scan, site);
	add_folders(scan, site);
}

static void open_sites(struct scan *scan)
{
	collect_roots(scan);
	const char *const *globs = collect_globs(scan);
	for (size_t i = 0; i < scan->n_sites; i++) {
		scan->sites[i].unread = ARRAY_OF(struct str);
		check_known(scan, &scan->sites[i]);
	}
	for (size_t i = 0; i < scan->n_sites; i++)
		open_site(scan, &scan->sites[i], globs);
}

static void send_progress(struct scan *scan)
{
	struct scan_batch *batch = scan_batch_create(SCAN_PROGRESS);
	size_t site_i = atomic_load_explicit(&scan->site_i, memory_order_relaxed);
	uint64_t seen = atomic_load_explicit(&scan->seen, memory_order_relaxed);
	batch->progress.seen = seen;
	batch->progress.total_guess = seen > scan->n_known ? seen : scan->n_known;
	batch->progress.read = atomic_load_explicit(&scan->read, memory_order_relaxed);
	batch->progress.root = arena_str(&batch->arena, scan->sites[site_i].given->name);
	scan_batch_send(scan->out, batch);
}

/** Until the workers have nothing left to do. */
static void wait_idle(struct scan *scan)
{
	while (!work_wait_idle(scan->work, PROGRESS_MS))
		send_progress(scan);
}

static void withhold(struct scan *scan, const struct site *site, size_t n,
		     struct scan_summary *summary)
{
	summary->brake = true;
	summary->n_withheld += n;
	scan_tell(scan, arena_strf(&scan->arena,
				   "%.*s: %zu of %zu models are not there any more; that many at "
				   "once look like a disk that is not mounted, so none was marked "
				   "missing (--accept-missing does it)",
				   STR_ARG(site->given->path), n, site->n_present));
}

static void tell_end(const struct site *site, size_t i, enum finding_type type,
		     struct outbox *outbox)
{
	const struct known_file *known = &site->given->known[i];
	const struct finding finding = {
		.type = type, .id = known->id, .root_id = site->given->id, .path = known->path
	};
	outbox_add(outbox, &finding);
}

/* What is to be ignored is not gone: its tags stay with it, and no brake is meant for it. */
static void conclude_passed_by(struct site *site, struct outbox *outbox)
{
	for (size_t i = 0; i < site->given->n_known; i++) {
		if (!moves_is_gone(site, i) ||
		    !name_is_passed_by(&site->place.rules, site->given->known[i].path))
			continue;
		tell_end(site, i, FINDING_PASSED_BY, outbox);
		site->seen[i] = true;
	}
}

/** What was not seen in a root that was read to the end is missing from now on. */
static void conclude_gone(struct scan *scan, struct site *site, struct outbox *outbox,
			  struct scan_summary *summary)
{
	const struct scan_root *given = site->given;
	size_t n = 0;
	for (size_t i = 0; i < given->n_known; i++)
		n += !given->known[i].is_missing && moves_is_gone(site, i);
	if (!scan->options.accept_missing && changes_is_mass(site->n_present, n)) {
		withhold(scan, site, n, summary);
		return;
	}
	for (size_t i = 0; i < given->n_known; i++) {
		if (given->known[i].is_missing || !moves_is_gone(site, i))
			continue;
		tell_end(site, i, FINDING_GONE, outbox);
	}
	summary->gone += n;
}

static void send_root_done(struct scan *scan, const struct site *site)
{
	struct scan_batch *batch = scan_batch_create(SCAN_ROOT_DONE);
	batch->root.root_id = site->given->id;
	batch->root.is_online = site->is_online;
	batch->root.is_whole = site->is_online && site->unread.len == 0 && !scan_is_cancelled(scan);
	batch->root.has_events = site->root.has_events;
	batch->root.fingerprint = arena_str(&batch->arena, site->root.fingerprint);
	scan_batch_send(scan->out, batch);
}

static void add_counts(struct scan_summary *sum, const struct scan_summary *counts)
{
	sum->seen += counts->seen;
	sum->new += counts->new;
	sum->changed += counts->changed;
	sum->moved += counts->moved;
	sum->unchanged += counts->unchanged;
	sum->damaged += counts->damaged;
	sum->read += counts->read;
}

static void conclude(struct scanner *scanner)
{
	struct scan *scan = &scanner->scan;
	struct scan_batch *done = scan_batch_create(SCAN_DONE);
	struct scan_summary *summary = &done->summary;
	struct outbox outbox;
	outbox_init(&outbox, scan->out);
	for (size_t i = 0; i < scanner->n_workers; i++)
		add_counts(summary, &scanner->workers[i].counts);
	summary->moved += scanner->n_moved;
	summary->cancelled = scan_is_cancelled(scan);
	for (size_t i = 0; i < scan->n_sites; i++) {
		summary->offline += !scan->sites[i].is_online;
		if (summary->cancelled)
			continue;
		conclude_passed_by(&scan->sites[i], &outbox);
		conclude_gone(scan, &scan->sites[i], &outbox, summary);
	}
	outbox_finish(&outbox);
	for (size_t i = 0; i < scan->n_sites; i++)
		send_root_done(scan, &scan->sites[i]);
	summary->seconds = (double)(monotonic_ns() - scan->start_ns) / 1e9;
	scan_batch_send(scan->out, done);
}

static void *run(void *context)
{
	struct scanner *scanner = context;
	struct scan *scan = &scanner->scan;
	open_sites(scan);
	for (size_t i = 0; i < scanner->n_workers; i++)
		worker_start(&scanner->workers[i], scan);
	wait_idle(scan);
	if (!scan_is_cancelled(scan)) {
		scanner->n_moved = moves_settle(scan, scanner->workers, scanner->n_workers);
		wait_idle(scan);
	}
	work_close(scan->work);
	for (size_t i = scanner->n_workers; i-- > 0;)
		worker_join(&scanner->workers[i]);
	conclude(scanner);
	return NULL;
}

static size_t count_workers(unsigned wanted)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	size_t usual = processors < WORKERS_MIN ? WORKERS_MIN : (size_t)processors;
	size_t n = wanted ? wanted : usual;
	return n < WORKERS_MAX ? n : WORKERS_MAX;
}

/**
 * Half as many as workers, so that files are opened and fetched while others are read; but none
 * less than processors, of which reading wants one each.
 */
static size_t count_readers(size_t n_workers)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	size_t half = (n_workers + 1) / 2;
	size_t n = processors > 0 && (size_t)processors > half ? (size_t)processors : half;
	return n < n_workers ? n : n_workers;
}

static size_t count_descriptors(size_t n_workers)
{
	struct rlimit limits;
	if (getrlimit(RLIMIT_NOFILE, &limits) || limits.rlim_cur <= DESCRIPTORS_OTHERS)
		return DESCRIPTORS_MIN;
	rlim_t each = (limits.rlim_cur - DESCRIPTORS_OTHERS) / n_workers;
	return each < DESCRIPTORS_MIN   ? DESCRIPTORS_MIN
	       : each > DESCRIPTORS_MAX ? DESCRIPTORS_MAX
					: (size_t)each;
}

struct scanner *scanner_start(const struct scanner_options *options, const struct scan_root *roots,
			      size_t n_roots, struct queue *out)
{
	struct scanner *scanner = calloc(1, sizeof *scanner);
	if (!scanner)
		die_oom();
	struct scan *scan = &scanner->scan;
	scan->options = *options;
	scan->out = out;
	scan->start_ns = monotonic_ns();
	scan->work = work_create();
	scan->sites = ARENA_NEW_N(&scan->arena, struct site, n_roots);
	scan->n_sites = n_roots;
	for (size_t i = 0; i < n_roots; i++)
		scan->sites[i].given = &roots[i];
	must(pthread_mutex_init(&scan->lock, NULL));
	scanner->n_workers = count_workers(options->n_workers);
	scan->descriptors_max = count_descriptors(scanner->n_workers);
	/* Who wants one worker wants the disk to do one thing after the other. */
	scan->reads_ahead = scanner->n_workers > 1;
	scan->team = reader_team_create(options->readers, count_readers(scanner->n_workers), true,
					&scan->is_cancelled);
	scanner->workers = ARENA_NEW_N(&scan->arena, struct worker, scanner->n_workers);
	must(pthread_create(&scanner->thread, NULL, run, scanner));
	return scanner;
}

void scanner_cancel(struct scanner *scanner)
{
	atomic_store_explicit(&scanner->scan.is_cancelled, true, memory_order_relaxed);
}

void scanner_destroy(struct scanner *scanner)
{
	if (!scanner)
		return;
	struct scan *scan = &scanner->scan;
	must(pthread_join(scanner->thread, NULL));
	for (size_t i = 0; i < scanner->n_workers; i++)
		worker_finish(&scanner->workers[i]);
	for (size_t i = 0; i < scan->n_sites; i++) {
		root_close(&scan->sites[i].root);
		array_finish(&scan->sites[i].unread);
	}
	reader_team_destroy(scan->team);
	work_destroy(scan->work);
	must(pthread_mutex_destroy(&scan->lock));
	arena_finish(&scan->arena);
	free(scanner);
}
