// SPDX-License-Identifier: MIT
#include "storage/settle.h"

#include <unistd.h>

#include "core/base/crew.h"
#include "storage/files/glance.h"
#include "storage/files/reversal.h"
#include "storage/scan/states.h"
#include "storage/user/operations.h"
#include "storage/user/subjects.h"

/* Where a path lies: the deepest root, and the rest. */
static bool locate(const struct settlement *settlement, struct str path, int64_t *root_id,
		   struct str *rest)
{
	const struct root *root = roots_locate(settlement->roots, path, rest);
	if (root)
		*root_id = root->id;
	return root != NULL;
}

static bool is_move(const struct journal_step *step)
{
	return step->state == STEP_DONE && step->step.action == PLAN_MOVE;
}

static bool move_subjects(const struct settlement *settlement, struct error *err)
{
	struct array moves = ARRAY_OF(struct subject_move);
	for (size_t i = 0; i < settlement->n_steps; i++) {
		const struct plan_step *step = &settlement->steps[i].step;
		struct subject_move move = { 0 };
		if (is_move(&settlement->steps[i]) &&
		    locate(settlement, step->old, &move.old_root_id, &move.old_path) &&
		    locate(settlement, step->new, &move.new_root_id, &move.new_path))
			*ARRAY_PUSH(&moves, struct subject_move) = move;
	}
	bool ok = subjects_move(settlement->store->user, moves.ptr, moves.len, err);
	array_finish(&moves);
	return ok;
}

/** Where what is attached to a copy that goes belongs from now on. */
struct heir {
	int64_t from_root_id;
	struct str from;
	struct subject_place into;
};

static bool find_heir(const struct settlement *settlement, const struct journal_step *step,
		      struct heir *out)
{
	*out = (struct heir){ .into.size_bytes = step->step.source.size_bytes };
	if (step->state != STEP_DONE || step->step.action != PLAN_TRASH ||
	    step->step.other.len == 0 ||
	    !locate(settlement, step->step.old, &out->from_root_id, &out->from) ||
	    !locate(settlement, step->step.other, &out->into.root_id, &out->into.path))
		return false;
	out->into.root_path = roots_find(settlement->roots, out->into.root_id)->path;
	return true;
}

/* The copy that went keeps its own: should it come back, it has it again. */
static bool give_to_heirs(const struct settlement *settlement, struct error *err)
{
	struct db *user = settlement->store->user;
	for (size_t i = 0; i < settlement->n_steps; i++) {
		struct heir heir;
		int64_t into;
		if (!find_heir(settlement, &settlement->steps[i], &heir))
			continue;
		int64_t from = subject_find(user, heir.from_root_id, heir.from);
		if (from && (!subject_place(user, &heir.into, &into, err) ||
			     !subject_give(user, from, into, err)))
			return false;
	}
	return true;
}

static bool brings_all_back(const struct settlement *settlement)
{
	bool has_heirs = false;
	for (size_t i = 0; i < settlement->n_steps; i++) {
		const struct journal_step *step = &settlement->steps[i];
		if (step->state != STEP_DONE)
			return false;
		has_heirs |= step->step.action == PLAN_RESTORE && step->step.other.len > 0;
	}
	return has_heirs;
}

static bool take_gifts(struct db *user, int64_t operation, struct error *err)
{
	struct db_value since = db_int(operation);
	return db_first_int(user, SQL_RELINKED_SINCE, &since, 1, 0) != 0 ||
	       operation_take_back(user, operation, err) || err->code == ERROR_CHANGED;
}

/*
 * The heirs have what they had, unless a person changed that since, or a scan moved what is attached to
 * files that were gone: then all stays as it is, since nobody knows whose it is by now.
 */
static bool take_from_heirs(const struct settlement *settlement, struct error *err)
{
	struct db *user = settlement->store->user;
	const struct file_reversal *reversal = &settlement->reversal;
	if (reversal->way != OPERATION_UNDO || !reversal->operation || !brings_all_back(settlement))
		return true;
	struct array ids = ARRAY_OF(int64_t);
	bool ok = reversal_forths(user, reversal->operation, &ids, err);
	for (size_t i = 0; ok && i < ids.len; i++)
		ok = take_gifts(user, *ARRAY_AT(&ids, int64_t, i), err);
	array_finish(&ids);
	return ok;
}

static bool has_conflict(const struct settlement *settlement)
{
	for (size_t i = 0; i < settlement->n_steps; i++)
		if (settlement->steps[i].state == STEP_CONFLICT)
			return true;
	return false;
}

static enum journal_state final_state(const struct settlement *settlement)
{
	if (has_conflict(settlement))
		return JOURNAL_CONFLICT;
	return settlement->n_changed > 0 ? JOURNAL_DONE : JOURNAL_ROLLED_BACK;
}

static bool is_whole(const struct settlement *settlement)
{
	for (size_t i = 0; i < settlement->n_steps; i++)
		if (settlement->steps[i].state != STEP_DONE)
			return false;
	return true;
}

/*
 * The operation whose files went back is undone, or stands again; where none did, it is as it was. While some
 * were never tried it is both in part, so that the next undo or redo goes on with these, until all that are left
 * are refused.
 */
static bool mark_reverted(const struct settlement *settlement, struct error *err)
{
	const struct file_reversal *reversal = &settlement->reversal;
	struct db *user = settlement->store->user;
	struct db_value undone = { 0 };
	bool is_partly = settlement->is_cut_short && !is_whole(settlement);
	if (!reversal->operation)
		return true;
	if (settlement->n_changed == 0)
		return is_partly ||
		       DB_RUN(user, SQL_OPERATION_PART_STAYS, err, db_int(reversal->operation),
			      db_int(reversal->way == OPERATION_UNDO));
	if (reversal->way == OPERATION_UNDO || is_partly)
		undone = db_int(operation_number(user));
	return DB_RUN(user, SQL_OPERATION_UNDONE, err, db_int(reversal->operation), undone,
		      db_int(is_partly));
}

bool settle_user(const struct settlement *settlement, struct error *err)
{
	struct db *user = settlement->store->user;
	if (!operation_begin(user, err))
		return false;
	if (!move_subjects(settlement, err) || !give_to_heirs(settlement, err) ||
	    !take_from_heirs(settlement, err) || !mark_reverted(settlement, err)) {
		operation_rollback(user);
		return false;
	}
	return operation_settle(user, settlement->operation, err) &&
	       journal_state(user, settlement->operation, final_state(settlement),
			     settlement->n_changed, err);
}

static uint32_t model_at(struct store *store, int64_t root_id, struct str path)
{
	struct db_value place[] = { db_int(root_id), db_blob(path) };
	return (uint32_t)db_first_int(store->index, SQL_SEEN_FIND, place, 2, 0);
}

/* A sidecar that was written anew on the way may say something else. */
static bool is_renamed_whole(const struct settlement *settlement, size_t i)
{
	const struct journal_step *steps = settlement->steps;
	size_t first = i, end = i + 1;
	while (first > 0 && steps[first - 1].step.group == steps[i].step.group)
		first--;
	while (end < settlement->n_steps && steps[end].step.group == steps[i].step.group)
		end++;
	while (first < end && steps[first].sha256.len == 0)
		first++;
	return first == end;
}

static bool forget(const struct settlement *settlement, const struct plan_step *step,
		   struct error *err)
{
	struct store *store = settlement->store;
	int64_t root_id;
	struct str path;
	uint32_t id =
		locate(settlement, step->old, &root_id, &path) ? model_at(store, root_id, path) : 0;
	if (!id)
		return true;
	if (settlement->reconcluder && !reconcluder_flush(settlement->reconcluder, err))
		return false;
	*ARRAY_PUSH(&store->changed, uint32_t) = id;
	return models_forget(&store->models, id, err);
}

/* Steps whose files are looked at together, by several threads. */
enum { SIGHT = 1024, SIGHT_SHARE = 256 };

struct sight {
	const struct settlement *settlement;
	size_t first;
	struct glance glances[CREW_MAX];
	struct file_state now[SIGHT]; /* of the steps from `first`; all 0: of no use */
};

static void look_at_share(void *context, size_t member_i, size_t first, size_t end)
{
	struct sight *sight = context;
	for (size_t i = first; i < end; i++) {
		size_t step_i = sight->first + i;
		const struct journal_step *step = &sight->settlement->steps[step_i];
		struct stat now;
		sight->now[i] = (struct file_state){ 0 };
		if (!step->is_followed && is_move(step) && step->before.inode != 0 &&
		    is_renamed_whole(sight->settlement, step_i) &&
		    glance_at(&sight->glances[member_i], step->step.new, &now))
			sight->now[i] = state_of(&now);
	}
}

/* A rename changes the time of change alone: the index, which knew the file by it, gets the new one. */
static bool follow(const struct settlement *settlement, size_t i, const struct file_state *now,
		   struct error *err)
{
	struct store *store = settlement->store;
	struct journal_step *step = &settlement->steps[i];
	struct relocation moved = { .may_conclude = settlement->reconcluder != NULL };
	struct relocated found;
	if (!locate(settlement, step->step.old, &moved.old_root_id, &moved.old_path) ||
	    !locate(settlement, step->step.new, &moved.root_id, &moved.path))
		return true;
	if (now->inode != 0) {
		moved.before = step->before;
		moved.after = *now;
	}
	if (!models_relocate(&store->models, &moved, &found, err))
		return false;
	if (found.id)
		*ARRAY_PUSH(&store->changed, uint32_t) = found.id;
	step->is_known = found.need == RELOCATED_NOTHING && found.is_alone;
	return found.need != RELOCATED_CONCLUDE ||
	       reconcluder_add(settlement->reconcluder, found.id,
			       found.is_alone ? &step->is_known : NULL, err);
}

/* Its tags may be others by now. */
static void tell_heir(const struct settlement *settlement, const struct plan_step *step)
{
	int64_t root_id;
	struct str path;
	uint32_t id = step->other.len > 0 && step->action == PLAN_TRASH &&
				      locate(settlement, step->other, &root_id, &path)
			      ? model_at(settlement->store, root_id, path)
			      : 0;
	if (id)
		*ARRAY_PUSH(&settlement->store->changed, uint32_t) = id;
}

/* In their order: what goes to the trash may free the name of what comes. */
static bool settle_step(const struct settlement *settlement, size_t i, const struct file_state *now,
			struct error *err)
{
	struct journal_step *step = &settlement->steps[i];
	if (step->is_followed)
		return true;
	step->is_followed = true;
	if (is_move(step))
		return follow(settlement, i, now, err);
	return step->state != STEP_DONE || step->step.action != PLAN_TRASH ||
	       forget(settlement, &step->step, err);
}

static bool settle_in_sight(struct sight *sight, size_t n, struct error *err)
{
	crew_do(CREW_MAX, n, SIGHT_SHARE, look_at_share, sight);
	for (size_t i = 0; i < n; i++)
		if (!settle_step(sight->settlement, sight->first + i, &sight->now[i], err))
			return false;
	return true;
}

bool settle_steps(const struct settlement *settlement, size_t first, size_t end, struct error *err)
{
	struct sight sight = { .settlement = settlement };
	bool ok = store_begin(settlement->store, err);
	for (sight.first = first; ok && sight.first < end; sight.first += SIGHT) {
		size_t left = end - sight.first;
		ok = settle_in_sight(&sight, left < SIGHT ? left : SIGHT, err);
	}
	if (ok && settlement->reconcluder)
		ok = reconcluder_flush(settlement->reconcluder, err);
	if (!ok)
		store_rollback(settlement->store);
	for (size_t i = 0; i < CREW_MAX; i++)
		glance_finish(&sight.glances[i]);
	return ok;
}

static bool follow_rest(const struct settlement *settlement, struct error *err)
{
	if (!settle_steps(settlement, 0, settlement->n_steps, err))
		return false;
	for (size_t i = 0; i < settlement->n_steps; i++)
		tell_heir(settlement, &settlement->steps[i].step);
	return store_commit(settlement->store, err);
}

/* Those that are not empty stay, and nobody minds. */
static bool remove_folders(const struct settlement *settlement, struct error *err)
{
	struct arena arena = { 0 };
	struct array paths = ARRAY_OF(struct str);
	bool is_undo = settlement->reversal.operation && settlement->reversal.way == OPERATION_UNDO;
	int64_t made_by = is_undo ? settlement->reversal.operation : settlement->operation;
	bool ok = journal_folders(settlement->store->user, made_by, &arena, &paths, err);
	for (size_t i = 0; ok && i < paths.len; i++)
		(void)rmdir(arena_cstr(&arena, *ARRAY_AT(&paths, struct str, i)));
	array_finish(&paths);
	arena_finish(&arena);
	return ok;
}

bool settle_index(const struct settlement *settlement, struct error *err)
{
	bool undoes = settlement->reversal.operation && settlement->reversal.way == OPERATION_UNDO;
	return follow_rest(settlement, err) &&
	       ((!undoes && settlement->n_changed > 0) || remove_folders(settlement, err));
}
