// SPDX-License-Identifier: MIT
#include "storage/files/reversal.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/map.h"
#include "storage/files/execute.h"
#include "storage/files/follow.h"
#include "storage/files/trash.h"
#include "storage/files/tree.h"
#include "storage/user/operations.h"

static enum plan_action opposite(enum plan_action action)
{
	switch (action) {
	case PLAN_MOVE: return PLAN_MOVE;
	case PLAN_TRASH: return PLAN_RESTORE;
	case PLAN_COPY:
	case PLAN_RESTORE:
	case PLAN_LINK:
	case PLAN_EXTRACT:
	case PLAN_WRITE:
	case PLAN_ACTION_COUNT: break;
	}
	return PLAN_TRASH;
}

/* What vfat keeps of a time. */
#define COARSE_NS 2000000000

static bool is_near(int64_t a_ns, int64_t b_ns)
{
	return a_ns - b_ns <= COARSE_NS && b_ns - a_ns <= COARSE_NS;
}

/* A sidecar in which names were changed is known by its bytes, not by its size. */
static bool is_as_written(const char *path, struct str sha256)
{
	char hex[SHA256_HEX + 1];
	struct error ignored;
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	bool ok =
		fd >= 0 && place_hash(fd, NULL, hex, &ignored) && str_equal(sha256, str_from(hex));
	if (fd >= 0)
		close(fd);
	return ok;
}

/*
 * Where bytes were copied, by this operation or by a later one that was taken back, the file has another
 * inode, which is looked at now; its size and time are those of the old one, or it changed since and
 * will be refused.
 */
static void look_at(struct plan_step *step, struct str sha256, bool is_write, struct arena *arena)
{
	struct stat state;
	const char *path = arena_cstr(arena, step->old);
	if (lstat(path, &state) != 0 || !S_ISREG(state.st_mode))
		return;
	struct plan_file now = plan_file_of(&state);
	if (is_write) { /* another file than the one it was made of */
		if (now.size_bytes <= 2 * FOLLOW_BYTES_MAX && is_as_written(path, sha256))
			step->source = now;
		return;
	}
	int64_t exact_ns = step->source.mtime_ns;
	if (!is_near(now.mtime_ns, exact_ns))
		return;
	if (now.size_bytes == step->source.size_bytes ||
	    (now.size_bytes <= 2 * FOLLOW_BYTES_MAX && is_as_written(path, sha256))) {
		step->source = now;
		step->mtime_ns = now.mtime_ns != exact_ns ? exact_ns : 0;
	}
}

/* As above: another inode, but as many bytes and the same youngest time. */
static void look_at_folder(struct plan_step *step, struct arena *arena)
{
	struct tree tree;
	struct error ignored; /* it is refused, or cannot be moved, when its turn comes */
	if (!tree_read_path(arena_cstr(arena, step->old), arena, &tree, &ignored))
		return;
	struct plan_file now = tree_plan_file(&tree);
	if (now.size_bytes == step->source.size_bytes &&
	    is_near(now.mtime_ns, step->source.mtime_ns))
		step->source = now;
}

static void turn(const struct journal_step *done, uint32_t group, struct arena *arena,
		 struct plan_step *out)
{
	*out = done->step;
	out->action = opposite(done->step.action);
	out->old = done->step.new;
	out->new = out->action == PLAN_TRASH ? STR_NULL : done->step.old;
	out->group = group;
	if (done->step.action == PLAN_EXTRACT)
		out->other = STR(""); /* a member of an archive is no copy that stays */
	if (out->is_folder)
		look_at_folder(out, arena);
	else
		look_at(out, done->sha256, done->step.action == PLAN_WRITE, arena);
}

/* A restored file gets its own name in the trash again; a copy gets one. */
static bool name_in_trash(const struct journal_step *done, struct str home, struct arena *arena,
			  struct plan_step *step, struct error *err)
{
	struct trash trash;
	if (step->action != PLAN_TRASH)
		return true;
	if (done->step.action == PLAN_RESTORE) {
		step->new = done->step.old;
		return true;
	}
	if (!trash_find(step->old, home, arena, &trash, err))
		return error_context(err, "%.*s", STR_ARG(step->old));
	step->new = trash_path(&trash, str_after_last(step->old, '/'), arena);
	return true;
}

/** What became of one step of an operation: the last that was done to its file by it, or by its undos and redos. */
struct fate {
	const struct journal_step *last;
	uint32_t group; /* of the operation's own step */
	bool is_undone;
};

struct fates {
	struct arena *arena; /* borrowed */
	struct array loaded; /* struct array of struct journal_step, of one operation each */
	struct array list;   /* struct fate, in the operation's order */
	struct map by_path;  /* where the file lies now: place in the list + 1 */
};

static void fates_finish(struct fates *fates)
{
	for (size_t i = 0; i < fates->loaded.len; i++)
		array_finish(ARRAY_AT(&fates->loaded, struct array, i));
	array_finish(&fates->loaded);
	array_finish(&fates->list);
}

static const struct array *load_steps(struct fates *fates, struct db *user, int64_t operation,
				      struct error *err)
{
	struct array *steps = ARRAY_PUSH(&fates->loaded, struct array);
	*steps = ARRAY_OF(struct journal_step);
	return journal_steps(user, operation, fates->arena, steps, err) ? steps : NULL;
}

static void begin_fates(struct fates *fates, const struct array *steps)
{
	for (size_t i = 0; i < steps->len; i++) {
		const struct journal_step *step = ARRAY_AT(steps, struct journal_step, i);
		if (step->state == STEP_DONE)
			*ARRAY_PUSH(&fates->list, struct fate) =
				(struct fate){ .last = step, .group = step->step.group };
	}
}

static struct fate *fate_at(const struct fates *fates, size_t i)
{
	return ARRAY_AT(&fates->list, struct fate, i);
}

/* What a step led to lies under its new name. */
static void place_fate(struct fates *fates, size_t i)
{
	*map_place(&fates->by_path, fate_at(fates, i)->last->step.new) = (void *)(uintptr_t)(i + 1);
}

static void place_all(struct fates *fates)
{
	map_init(&fates->by_path, fates->arena, fates->list.len);
	for (size_t i = 0; i < fates->list.len; i++)
		place_fate(fates, i);
}

/* An undo that was cut short did some of the steps, and the next one the others. */
static void follow_fates(struct fates *fates, const struct array *steps, bool is_undo)
{
	for (size_t k = 0; k < steps->len; k++) {
		const struct journal_step *step = ARRAY_AT(steps, struct journal_step, k);
		uintptr_t place = (uintptr_t)map_find(&fates->by_path, step->step.old);
		struct fate *fate = place ? fate_at(fates, place - 1) : NULL;
		/* The map also knows where files were that went on since. */
		if (step->state != STEP_DONE || !fate ||
		    !str_equal(fate->last->step.new, step->step.old))
			continue;
		fate->last = step;
		fate->is_undone = is_undo;
		place_fate(fates, place - 1);
	}
}

/** An undo or redo. */
struct reverter {
	int64_t id;
	bool is_undo;
};

static bool list_reverters(struct db *user, int64_t operation, struct array *out, struct error *err)
{
	err->code = ERROR_NONE;
	sqlite3_stmt *rows = DB_BIND(user, SQL_OPERATION_REVERTERS, err, db_int(operation));
	while (rows && db_next(rows, err))
		*ARRAY_PUSH(out, struct reverter) = (struct reverter){
			.id = sqlite3_column_int64(rows, 0),
			.is_undo = sqlite3_column_int(rows, 1),
		};
	return err->code == ERROR_NONE;
}

static bool follow_reverters(struct fates *fates, struct db *user, const struct array *reverters,
			     struct error *err)
{
	if (reverters->len > 0)
		place_all(fates);
	for (size_t i = 0; i < reverters->len; i++) {
		const struct reverter *reverter = ARRAY_AT(reverters, struct reverter, i);
		const struct array *steps = load_steps(fates, user, reverter->id, err);
		if (!steps)
			return false;
		follow_fates(fates, steps, reverter->is_undo);
	}
	return true;
}

static bool read_fates(struct fates *fates, struct db *user, int64_t operation, struct error *err)
{
	struct array reverters = ARRAY_OF(struct reverter);
	const struct array *steps = load_steps(fates, user, operation, err);
	bool ok = steps && list_reverters(user, operation, &reverters, err);
	if (ok)
		begin_fates(fates, steps);
	ok = ok && follow_reverters(fates, user, &reverters, err);
	array_finish(&reverters);
	return ok;
}

/* What is taken back goes the other way round in their order as well; what is made again does not. */
static size_t nth(const struct fates *fates, enum operation_way way, size_t k)
{
	return way == OPERATION_UNDO ? fates->list.len - 1 - k : k;
}

static bool turn_all(const struct fates *fates, enum operation_way way, struct str trash,
		     struct plan *out, struct error *err)
{
	struct arena *arena = fates->arena;
	const struct fate *before = NULL;
	uint32_t group = 0;
	out->steps = ARENA_NEW_N(arena, struct plan_step, fates->list.len + 1);
	for (size_t k = 0; k < fates->list.len; k++) {
		const struct fate *fate = ARRAY_AT(&fates->list, struct fate, nth(fates, way, k));
		if (fate->is_undone == (way == OPERATION_UNDO))
			continue;
		group += before && before->group != fate->group;
		before = fate;
		struct plan_step *step = &out->steps[out->n_steps++];
		turn(fate->last, group, arena, step);
		if (fate->last->sha256.len > 0 && step->action == PLAN_MOVE)
			out->bytes_copied +=
				fate->last->step.source.size_bytes; /* back the same way */
		if (!name_in_trash(fate->last, trash, arena, step, err))
			return false;
	}
	return true;
}

bool reversal_forths(struct db *user, int64_t operation, struct array *ids, struct error *err)
{
	err->code = ERROR_NONE;
	sqlite3_stmt *rows = DB_BIND(user, SQL_OPERATION_FORTHS, err, db_int(operation));
	while (rows && db_next(rows, err))
		*ARRAY_PUSH(ids, int64_t) = sqlite3_column_int64(rows, 0);
	return err->code == ERROR_NONE;
}

bool reversal_plan(struct db *user, int64_t operation, enum operation_way way, struct str trash,
		   struct arena *arena, struct plan *out, struct error *err)
{
	struct fates fates = {
		.arena = arena,
		.loaded = ARRAY_OF(struct array),
		.list = ARRAY_OF(struct fate),
	};
	*out = (struct plan){
		.what = way == OPERATION_UNDO ? STR("undo") : STR("redo"),
		.words = arena_strf(arena, "%lld", (long long)operation),
	};
	bool ok =
		read_fates(&fates, user, operation, err) && turn_all(&fates, way, trash, out, err);
	if (ok && out->n_steps == 0)
		ok = error_set(err, ERROR_USAGE, NULL, "operation %lld did nothing to files",
			       (long long)operation);
	fates_finish(&fates);
	return ok;
}

bool reversal_of(struct db *user, int64_t operation, int64_t *reverts, enum operation_way *way,
		 struct error *err)
{
	struct arena arena = { 0 };
	struct array list = ARRAY_OF(struct operation);
	bool ok = operations_find(user, operation, &arena, &list, err);
	const struct operation *found = ok && list.len > 0 ? list.ptr : NULL;
	*reverts = found ? found->reverts : 0;
	*way = found && str_equal(found->what, STR("redo")) ? OPERATION_REDO : OPERATION_UNDO;
	array_finish(&list);
	arena_finish(&arena);
	return ok;
}
