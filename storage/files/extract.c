// SPDX-License-Identifier: MIT
#include "storage/files/extract.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "storage/files/place_part.h"
#include "storage/readers/unpacker.h"

enum {
	NEW_FILE_MODE = 0666, /* the umask counts; nothing that comes out can be run */
	SYNC_EVERY = 256,     /* files: folders stay open until then */
};

/** One archive on its way out. */
struct extraction {
	struct execution *execution;
	struct journal_step *steps;
	size_t n;
	struct map by_member;      /* path in the archive -> index of the step + 1 */
	struct journal_step *step; /* whose bytes come now; NULL: nobody's */
	struct place_part part;
	struct arena arena;
};

static bool fail_changed(struct error *err, const struct plan_step *step, const char *how)
{
	return error_set(err, ERROR_CHANGED, NULL, "%.*s//%.*s: %s", STR_ARG(step->old),
			 STR_ARG(step->other), how);
}

static size_t place_of(const struct extraction *extraction)
{
	return (size_t)(extraction->step - extraction->steps);
}

static bool open_part(struct extraction *extraction, struct error *err)
{
	struct execution *execution = extraction->execution;
	const struct plan_step *step = &extraction->step->step;
	const char *name;
	int folder = places_folder(&execution->places, step->new, true, &name, err);
	return folder >= 0 &&
	       place_part_open(&extraction->part, folder,
			       execution_part_name(execution->operation, place_of(extraction),
						   &execution->arena),
			       NEW_FILE_MODE, step->source.size_bytes, err);
}

/* A path that is there twice, or that is no longer what it was, is refused: which one is meant? */
static bool member(void *context, const struct unpack_member *member, struct error *err)
{
	struct extraction *extraction = context;
	size_t index = (size_t)(uintptr_t)map_find(&extraction->by_member, member->path);
	extraction->step = NULL;
	if (index == 0)
		return true;
	struct journal_step *step = &extraction->steps[index - 1];
	if (member->kind != UNPACK_FILE || member->is_encrypted || !member->has_size ||
	    member->size_bytes != step->step.source.size_bytes)
		return fail_changed(err, &step->step, "it is not as it was listed");
	if (step->sha256.len > 0)
		return fail_changed(err, &step->step, "the archive has it twice");
	extraction->step = step;
	return open_part(extraction, err);
}

static bool data(void *context, struct str bytes, struct error *err)
{
	struct extraction *extraction = context;
	const struct place_watch *watch = &extraction->execution->watch;
	if (extraction->part.len + bytes.len > extraction->step->step.source.size_bytes)
		return fail_changed(err, &extraction->step->step, "it is longer than it says");
	if (!place_part_add(&extraction->part, bytes, err))
		return false;
	return !watch->go_on || watch->go_on(watch->context, extraction->part.len) ||
	       error_set(err, ERROR_CANCELLED, NULL, "stopped");
}

/* Much may be passed over that nobody wants: others get their turn. */
static void alive(void *context)
{
	struct extraction *extraction = context;
	const struct place_watch *watch = &extraction->execution->watch;
	if (watch->go_on)
		(void)watch->go_on(watch->context, 0); /* whether to stop, the next piece asks */
}

static bool end(void *context, struct error *err)
{
	struct extraction *extraction = context;
	struct execution *execution = extraction->execution;
	struct journal_step *step = extraction->step;
	char hex[SHA256_HEX + 1];
	if (extraction->part.len != step->step.source.size_bytes)
		return fail_changed(err, &step->step, "it is shorter than it says");
	if (!place_part_end(&extraction->part, step->step.source.mtime_ns, &execution->watch, hex,
			    err))
		return false;
	step->sha256 = arena_str(&execution->arena, str_from(hex));
	if (step->step.sha256.len > 0 && !str_equal(step->step.sha256, step->sha256))
		return fail_changed(err, &step->step,
				    "its bytes are not those that its hash is of");
	execution->n_extracted++;
	return journal_copied(execution->user, execution->operation, place_of(extraction), hex,
			      err) &&
	       (execution->n_extracted % SYNC_EVERY != 0 || places_sync(&execution->places, err));
}

static int open_archive(const struct plan_step *step, struct stat *state, struct error *err)
{
	struct arena arena = { 0 };
	int fd = open(arena_cstr(&arena, step->old), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	arena_finish(&arena);
	if (fd < 0 || fstat(fd, state) != 0) {
		error_system(err, errno, "%.*s", STR_ARG(step->old));
		if (fd >= 0)
			close(fd);
		return -1;
	}
	/* The size of the step is that of the member. */
	struct plan_file now = plan_file_of(state);
	if (S_ISREG(state->st_mode) && now.ino == step->source.ino &&
	    now.mtime_ns == step->source.mtime_ns)
		return fd;
	close(fd);
	error_set(err, ERROR_CHANGED, NULL, "%.*s: the archive changed since the plan was made",
		  STR_ARG(step->old));
	return -1;
}

bool extract_has_source(const struct plan_step *step, struct error *err)
{
	struct stat state;
	int fd = open_archive(step, &state, err);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* What a manifest tells, and room for what an archive puts around its members. */
static uint64_t agreed_bytes(const struct extraction *extraction)
{
	enum { AROUND_EACH_BYTES = 64 << 10, AROUND_ALL_BYTES = 128 << 20 };
	uint64_t sum = AROUND_ALL_BYTES;
	for (size_t i = 0; i < extraction->n; i++) {
		uint64_t size_bytes = extraction->steps[i].step.source.size_bytes;
		if (size_bytes > UINT64_MAX / 2 - sum)
			return UINT64_MAX / 2;
		sum += size_bytes + AROUND_EACH_BYTES;
	}
	return sum;
}

/* A plan is about one archive. */
static const struct plan_step *find_members(struct extraction *extraction, struct unpack_wish *wish,
					    struct error *err)
{
	const struct plan_step *first = NULL;
	struct str *paths = ARENA_NEW_N(&extraction->arena, struct str, extraction->n + 1);
	map_init(&extraction->by_member, &extraction->arena, extraction->n + 1);
	for (size_t i = 0; i < extraction->n; i++) {
		const struct plan_step *step = &extraction->steps[i].step;
		if (step->action != PLAN_EXTRACT)
			continue;
		first = first ? first : step;
		if (!str_equal(first->old, step->old)) {
			error_set(err, ERROR_USAGE, NULL, "these are two archives");
			return NULL;
		}
		*map_place(&extraction->by_member, step->other) = (void *)(uintptr_t)(i + 1);
		paths[wish->n_paths++] = step->other;
	}
	wish->paths = paths;
	if (first && first->sha256.len > 0)
		wish->out_bytes_max = agreed_bytes(extraction);
	return first;
}

static bool has_all(const struct extraction *extraction, struct error *err)
{
	for (size_t i = 0; i < extraction->n; i++) {
		const struct journal_step *step = &extraction->steps[i];
		if (step->step.action == PLAN_EXTRACT && step->sha256.len == 0)
			return fail_changed(err, &step->step, "the archive has it no more");
	}
	return true;
}

static bool run(struct extraction *extraction, struct readers *readers, struct unpack_wish *wish,
		const struct plan_step *first, struct error *err)
{
	const struct unpack_taker taker = { member, data, end, alive, extraction };
	struct stat state;
	int fd = open_archive(first, &state, err);
	if (fd < 0)
		return false;
	unpack_wish_index(wish, &extraction->arena);
	bool ok = unpacker_run(readers, fd, (uint64_t)state.st_size, wish, &taker, err) &&
		  has_all(extraction, err) && places_sync(&extraction->execution->places, err);
	close(fd);
	if (ok)
		return true;
	place_part_drop(&extraction->part);
	for (size_t i = 0; i < extraction->n; i++)
		execution_forget_part(extraction->execution, i, &extraction->steps[i]);
	return false;
}

bool extract_all(struct execution *execution, struct readers *readers, struct journal_step *steps,
		 size_t n, struct error *err)
{
	struct extraction extraction = { .execution = execution, .steps = steps, .n = n };
	struct unpack_wish wish = { 0 };
	err->code = ERROR_NONE;
	const struct plan_step *first = find_members(&extraction, &wish, err);
	bool ok = first ? run(&extraction, readers, &wish, first, err) : err->code == ERROR_NONE;
	arena_finish(&extraction.arena);
	return ok;
}
