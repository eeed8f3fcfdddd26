// SPDX-License-Identifier: MIT
#include "storage/files/reversal.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

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

static size_t keep_done(struct array *steps)
{
	struct journal_step *list = steps->ptr;
	size_t n = 0;
	for (size_t i = 0; i < steps->len; i++)
		if (list[i].state == STEP_DONE)
			list[n++] = list[i];
	return n;
}

static bool turn_all(struct array *steps, struct str trash, struct arena *arena, struct plan *out,
		     struct error *err)
{
	const struct journal_step *done = steps->ptr;
	size_t n = keep_done(steps);
	uint32_t group = 0;
	out->steps = ARENA_NEW_N(arena, struct plan_step, n + 1);
	for (size_t i = n; i-- > 0;) {
		if (i + 1 < n && done[i].step.group != done[i + 1].step.group)
			group++;
		turn(&done[i], group, arena, &out->steps[out->n_steps]);
		if (done[i].sha256.len > 0 && out->steps[out->n_steps].action == PLAN_MOVE)
			out->bytes_copied += done[i].step.source.size_bytes; /* back the same way */
		if (!name_in_trash(&done[i], trash, arena, &out->steps[out->n_steps++], err))
			return false;
	}
	return true;
}

int64_t reversal_last_done(struct db *user, int64_t operation)
{
	struct db_value value = db_int(operation);
	int64_t reverter = db_first_int(user, SQL_OPERATION_REVERTER, &value, 1, 0);
	return reverter ? reverter : operation;
}

bool reversal_plan(struct db *user, int64_t operation, enum operation_way way, struct str trash,
		   struct arena *arena, struct plan *out, struct error *err)
{
	struct array steps = ARRAY_OF(struct journal_step);
	*out = (struct plan){
		.what = way == OPERATION_UNDO ? STR("undo") : STR("redo"),
		.words = arena_strf(arena, "%lld", (long long)operation),
	};
	bool ok = journal_steps(user, reversal_last_done(user, operation), arena, &steps, err) &&
		  turn_all(&steps, trash, arena, out, err);
	if (ok && out->n_steps == 0)
		ok = error_set(err, ERROR_USAGE, NULL, "operation %lld did nothing to files",
			       (long long)operation);
	array_finish(&steps);
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
