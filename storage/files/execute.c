// SPDX-License-Identifier: MIT
#include "storage/files/execute.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

#include "storage/files/extract.h"
#include "storage/files/follow.h"
#include "storage/files/place_tree.h"
#include "storage/files/prepare.h"
#include "storage/files/proof.h"
#include "storage/files/trash.h"
#include "storage/scan/states.h"

void execution_init(struct execution *execution, struct db *user, int64_t operation,
		    const struct str *roots, size_t n_roots)
{
	*execution = (struct execution){ .user = user, .operation = operation };
	places_init(&execution->places, roots, n_roots);
}

void execution_finish(struct execution *execution)
{
	places_finish(&execution->places);
	arena_finish(&execution->arena);
}

const char *execution_part_name(int64_t operation, size_t place, struct arena *arena)
{
	return arena_printf(arena, ".lorarium-%" PRId64 "-%zu.part", operation, place);
}

void execution_drop_part(struct execution *execution, size_t place, const struct journal_step *step)
{
	struct error ignored; /* a failure was told already, or the next start tries again */
	struct error failure;
	struct place_tree_removal part = { .is_part = true };
	part.folder =
		places_folder(&execution->places, step->step.new, false, &part.name, &ignored);
	part.name = execution_part_name(execution->operation, place, &execution->arena);
	if (part.folder < 0)
		return;
	if (!step->step.is_folder) {
		place_unlink(part.folder, part.name, &ignored); /* mostly there is none */
		return;
	}
	part.twin_folder =
		places_folder(&execution->places, step->step.old, false, &part.twin, &ignored);
	if (part.twin_folder >= 0 && !place_tree_remove(&part, &failure))
		execution->kept = failure;
}

void execution_forget_part(struct execution *execution, size_t place,
			   const struct journal_step *step)
{
	if (step->sha256.len > 0)
		execution_drop_part(execution, place, step);
}

struct plan_file plan_file_of(const struct stat *state)
{
	return (struct plan_file){
		.dev = (uint64_t)state->st_dev,
		.ino = (uint64_t)state->st_ino,
		.size_bytes = S_ISDIR(state->st_mode) ? 0 : (uint64_t)state->st_size,
		.mtime_ns = S_ISDIR(state->st_mode) ? 0
						    : (int64_t)state->st_mtim.tv_sec * 1000000000 +
							      state->st_mtim.tv_nsec,
	};
}

bool plan_file_is(const struct plan_step *step, const struct stat *state)
{
	struct plan_file now = plan_file_of(state);
	const struct plan_file *then = &step->source;
	return S_ISDIR(state->st_mode) == step->is_folder && now.ino == then->ino &&
	       (step->is_folder ||
		(now.size_bytes == then->size_bytes && now.mtime_ns == then->mtime_ns));
}

/** Both ends of a step: descriptors of their folders, and names in there. -1: in a trash. */
struct ends {
	int old_folder, new_folder;
	const char *old, *new;
};

static bool open_ends(struct execution *execution, const struct plan_step *step, bool makes,
		      struct ends *ends, struct error *err)
{
	struct places *places = &execution->places;
	*ends = (struct ends){ -1, -1, NULL, NULL };
	if (step->action != PLAN_RESTORE && step->action != PLAN_EXTRACT) {
		ends->old_folder = places_folder(places, step->old, false, &ends->old, err);
		if (ends->old_folder < 0)
			return false;
	}
	if (step->action != PLAN_TRASH) {
		ends->new_folder = places_folder(places, step->new, makes, &ends->new, err);
		if (ends->new_folder < 0)
			return false;
	}
	return true;
}

static bool fail_changed(struct error *err, struct str path, const char *how)
{
	return error_set(err, ERROR_CHANGED, NULL, "%.*s: %s", STR_ARG(path), how);
}

static bool look_at_source(const struct plan_step *step, const struct ends *ends,
			   struct stat *state, struct error *err)
{
	struct arena arena = { 0 };
	if (step->action == PLAN_EXTRACT || step->action == PLAN_WRITE)
		return true; /* its bytes came out of it, and are on the disk */
	int done = step->action == PLAN_RESTORE
			   ? lstat(arena_cstr(&arena, step->old), state)
			   : fstatat(ends->old_folder, ends->old, state, AT_SYMLINK_NOFOLLOW);
	int sys = errno;
	arena_finish(&arena);
	if (done != 0)
		return error_system(err, sys, "%.*s", STR_ARG(step->old));
	return plan_file_is(step, state) ||
	       fail_changed(err, step->old, "it changed since the plan was made");
}

static bool fail_taken(struct error *err, struct str path)
{
	return fail_changed(err, path, "there is a file of that name");
}

/* A case-only rename meets itself where the file system folds case. */
static bool look_at_target(const struct plan_step *step, const struct ends *ends, struct error *err)
{
	struct stat state;
	if (step->action == PLAN_TRASH)
		return true;
	if (fstatat(ends->new_folder, ends->new, &state, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT || error_system(err, errno, "%.*s", STR_ARG(step->new));
	if (step->action == PLAN_MOVE && plan_file_is(step, &state) &&
	    str_equal_nocase(step->old, step->new))
		return true;
	return fail_taken(err, step->new);
}

/* Its name is free by then: a step before it in the group takes away what has it now. */
static bool is_made_free(const struct journal_step *steps, size_t n, const struct plan_step *step)
{
	for (size_t i = 0; i < n; i++) {
		enum plan_action action = steps[i].step.action;
		if ((action == PLAN_TRASH || action == PLAN_MOVE) &&
		    str_equal(steps[i].step.old, step->new))
			return true;
	}
	return false;
}

static bool check_step(struct execution *execution, const struct journal_step *steps, size_t i,
		       struct error *err)
{
	struct ends ends;
	struct stat source;
	const struct plan_step *step = &steps[i].step;
	return open_ends(execution, step, true, &ends, err) &&
	       look_at_source(step, &ends, &source, err) &&
	       proof_look_at_kept(&execution->places, step, err) &&
	       (is_made_free(steps, i, step) || look_at_target(step, &ends, err));
}

/* A time that cannot be set is no reason to keep a file from its place. */
static void set_time(int folder, const char *part, int64_t mtime_ns)
{
	struct timespec times[2];
	place_times(mtime_ns, times);
	(void)utimensat(folder, part, times, AT_SYMLINK_NOFOLLOW);
}

static bool copy_folder(struct execution *execution, struct journal_step *step, int source,
			const struct ends *ends, const char *part, char hex[SHA256_HEX + 1],
			struct error *err)
{
	struct tree *tree = ARENA_NEW(&execution->arena, struct tree);
	step->tree = tree;
	return place_tree_copy(source, ends->new_folder, part, &execution->watch, &execution->arena,
			       tree, hex, err);
}

static bool copy_to_part(struct execution *execution, size_t place, struct journal_step *step,
			 const struct ends *ends, const char *part, struct error *err)
{
	char hex[SHA256_HEX + 1];
	struct stat state;
	int source = openat(ends->old_folder, ends->old,
			    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (source < 0)
		return error_system(err, errno, "%.*s", STR_ARG(step->step.old));
	bool ok = fstat(source, &state) == 0 && (S_ISREG(state.st_mode) || step->step.is_folder) &&
		  plan_file_is(&step->step, &state);
	if (!ok)
		fail_changed(err, step->step.old, "it changed since the plan was made");
	ok = ok &&
	     (step->step.is_folder
		      ? copy_folder(execution, step, source, ends, part, hex, err)
		      : place_copy(source, ends->new_folder, part, &execution->watch, hex, err));
	close(source);
	if (ok && step->step.mtime_ns != 0)
		set_time(ends->new_folder, part, step->step.mtime_ns);
	if (!ok)
		return error_context(err, "%.*s", STR_ARG(step->step.new));
	step->sha256 = arena_str(&execution->arena, str_from(hex));
	return journal_copied(execution->user, execution->operation, place, hex, err);
}

/* The bytes stand under the new name; the old one is still there. */
static bool copy_step(struct execution *execution, size_t place, struct journal_step *step,
		      const struct ends *ends, struct error *err)
{
	const char *part = execution_part_name(execution->operation, place, &execution->arena);
	if ((prepare_is_done(step) || copy_to_part(execution, place, step, ends, part, err)) &&
	    place_rename(ends->new_folder, part, ends->new_folder, ends->new, err)) {
		step->state = STEP_COPIED;
		execution->n_waiting++;
		execution->bytes_waiting += step->step.source.size_bytes;
		return true;
	}
	execution_drop_part(execution, place, step);
	return false;
}

/* Through a third name: where case is folded, the new name is taken by the file itself. */
static bool rename_case(const struct ends *ends, const char *between, struct error *err)
{
	struct error ignored;
	if (!place_rename(ends->old_folder, ends->old, ends->new_folder, between, err))
		return false;
	if (place_rename(ends->new_folder, between, ends->new_folder, ends->new, err))
		return true;
	if (!place_rename(ends->new_folder, between, ends->old_folder, ends->old, &ignored))
		return error_context(err, "%s was left behind", between);
	return false;
}

/* A rename tells by itself that the new name is taken; whatever takes more steps looks before. */
static bool move_step(struct execution *execution, size_t place, struct journal_step *step,
		      const struct ends *ends, const struct stat *source, struct error *err)
{
	const struct plan_step *plan = &step->step;
	bool is_case_only = str_equal_nocase(plan->old, plan->new);
	if ((is_case_only || prepare_is_done(step)) && !look_at_target(plan, ends, err))
		return false;
	if (prepare_is_done(step))
		return copy_step(execution, place, step, ends, err);
	bool ok = is_case_only ? rename_case(ends,
					     execution_part_name(execution->operation, place,
								 &execution->arena),
					     err)
			       : place_rename_seen(ends->old_folder, ends->old, ends->new_folder,
						   ends->new, source, err);
	if (ok) {
		step->state = STEP_DONE;
		if (S_ISREG(source->st_mode))
			step->before = state_of(source);
	}
	if (ok || err->code != ERROR_SYSTEM || (err->sys != EXDEV && err->sys != EEXIST))
		return ok;
	if (err->sys == EEXIST)
		return fail_taken(err, plan->new);
	return look_at_target(plan, ends, err) && copy_step(execution, place, step, ends, err);
}

/** Where the trash's own name is to be written down. */
struct renaming {
	struct execution *execution;
	size_t place;
	struct journal_step *step;
};

static bool take_name(void *context, struct str path, struct error *err)
{
	struct renaming *renaming = context;
	struct execution *execution = renaming->execution;
	renaming->step->step.new = arena_str(&execution->arena, path);
	return journal_renamed(execution->user, execution->operation, renaming->place, path, err);
}

static bool trash_step(struct execution *execution, size_t place, struct journal_step *step,
		       const struct ends *ends, struct error *err)
{
	struct trash trash;
	struct renaming renaming = { execution, place, step };
	const struct trash_told told = { take_name, &renaming };
	if (!trash_of(step->step.new, &trash))
		return fail_changed(err, step->step.new, "this is in no trash");
	/* A trash at the top of a device is called .Trash-UID or .Trash/UID. */
	ptrdiff_t at = str_find(trash.folder, STR("/.Trash"));
	trash.top = at < 0 ? STR("") : str_slice(trash.folder, 0, at > 0 ? (size_t)at : 1);
	if (!trash_put(&trash, step->step.old, ends->old_folder, ends->old, step->step.new,
		       execution->now_s, &told, err))
		return error_context(err, "%.*s", STR_ARG(step->step.old));
	step->state = STEP_DONE;
	return true;
}

static bool link_step(struct journal_step *step, const struct ends *ends, struct error *err)
{
	if (linkat(ends->old_folder, ends->old, ends->new_folder, ends->new, 0) != 0)
		return error_system(err, errno, "%.*s", STR_ARG(step->step.new));
	step->state = STEP_DONE;
	return true;
}

/* Its bytes lie beside its name: extract_all, prepare_steps. */
static bool name_step(struct execution *execution, size_t place, struct journal_step *step,
		      const struct ends *ends, struct error *err)
{
	const char *part = execution_part_name(execution->operation, place, &execution->arena);
	if (step->sha256.len == 0)
		return fail_changed(err, step->step.new, "its bytes are not there");
	if (!place_rename(ends->new_folder, part, ends->new_folder, ends->new, err))
		return error_context(err, "%.*s", STR_ARG(step->step.new));
	step->state = STEP_DONE;
	return true;
}

static bool do_step(struct execution *execution, size_t place, struct journal_step *step,
		    struct error *err)
{
	struct ends ends;
	struct stat source;
	if (!open_ends(execution, &step->step, true, &ends, err) ||
	    !look_at_source(&step->step, &ends, &source, err) ||
	    (step->step.action != PLAN_MOVE && !look_at_target(&step->step, &ends, err)))
		return false;
	switch (step->step.action) {
	case PLAN_MOVE: return move_step(execution, place, step, &ends, &source, err);
	case PLAN_COPY: return copy_step(execution, place, step, &ends, err);
	case PLAN_TRASH: return trash_step(execution, place, step, &ends, err);
	case PLAN_RESTORE:
		step->state = STEP_DONE;
		if (trash_take(step->step.old, ends.new_folder, ends.new, err))
			return true;
		step->state = STEP_PLANNED;
		return false;
	case PLAN_LINK: return link_step(step, &ends, err);
	case PLAN_EXTRACT:
	case PLAN_WRITE: return name_step(execution, place, step, &ends, err);
	case PLAN_ACTION_COUNT: break;
	}
	return error_set(err, ERROR_UNSUPPORTED, NULL, "%.*s: this cannot be done to a file",
			 STR_ARG(step->step.new));
}

bool execution_has_bytes(int fd, struct str path, struct str sha256, struct error *err)
{
	char hex[SHA256_HEX + 1];
	struct stat state;
	if (fstat(fd, &state) != 0)
		return error_system(err, errno, "%.*s", STR_ARG(path));
	return (S_ISDIR(state.st_mode) ? place_tree_hash(fd, NULL, hex, err)
				       : place_hash(fd, NULL, hex, err)) &&
	       (str_equal(sha256, str_from(hex)) ||
		fail_changed(err, path, "this is another file by now"));
}

/* What is there under the new name is ours: the same file, or the copy that we made of it. */
static bool is_ours(const struct journal_step *step, int fd, struct error *err)
{
	struct stat state;
	if (step->sha256.len > 0)
		return execution_has_bytes(fd, step->step.new, step->sha256, err);
	if (fstat(fd, &state) != 0)
		return error_system(err, errno, "%.*s", STR_ARG(step->step.new));
	return plan_file_is(&step->step, &state) ||
	       fail_changed(err, step->step.new, "this is another file by now");
}

static bool check_target(const struct journal_step *step, const struct ends *ends,
			 struct error *err)
{
	int fd = openat(ends->new_folder, ends->new,
			O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return error_system(err, errno, "%.*s", STR_ARG(step->step.new));
	bool ok = is_ours(step, fd, err);
	close(fd);
	return ok;
}

static bool remove_copied_folder(const struct journal_step *step, const struct ends *ends,
				 struct error *err)
{
	const struct place_tree_removal removal = {
		.folder = ends->new_folder,
		.name = ends->new,
		.twin_folder = ends->old_folder,
		.twin = ends->old,
	};
	return place_tree_remove(&removal, err) ||
	       error_context(err, "%.*s", STR_ARG(step->step.new));
}

/* Only a name that we made, of bytes that are elsewhere as well. */
static bool remove_target(const struct journal_step *step, const struct ends *ends,
			  struct error *err)
{
	struct stat old;
	if (fstatat(ends->old_folder, ends->old, &old, AT_SYMLINK_NOFOLLOW) != 0 ||
	    !plan_file_is(&step->step, &old))
		return fail_changed(err, step->step.old, "it changed, so its copy is kept");
	if (step->step.is_folder)
		return remove_copied_folder(step, ends, err);
	return check_target(step, ends, err) && place_unlink(ends->new_folder, ends->new, err);
}

/* Out of the trash, back to where it came from. */
static bool untrash(const struct journal_step *step, const struct ends *ends, struct error *err)
{
	return trash_take(step->step.new, ends->old_folder, ends->old, err);
}

static bool retrash(struct execution *execution, const struct journal_step *step,
		    const struct ends *ends, struct error *err)
{
	struct trash trash;
	return trash_of(step->step.old, &trash) &&
	       trash_put(&trash, step->step.new, ends->new_folder, ends->new, step->step.old,
			 execution->now_s, NULL, err);
}

/* A rename by a link and an unlink was cut between the two. */
static bool has_both_names(const struct journal_step *step, const struct ends *ends)
{
	struct stat old, new;
	return fstatat(ends->old_folder, ends->old, &old, AT_SYMLINK_NOFOLLOW) == 0 &&
	       fstatat(ends->new_folder, ends->new, &new, AT_SYMLINK_NOFOLLOW) == 0 &&
	       old.st_dev == new.st_dev &&old.st_ino == new.st_ino &&
	       !str_equal_nocase(step->step.old, step->step.new);
}

bool execute_back(struct execution *execution, const struct journal_step *step, struct error *err)
{
	struct ends ends;
	if (!open_ends(execution, &step->step, false, &ends, err))
		return false;
	switch (step->step.action) {
	case PLAN_MOVE:
		if (step->sha256.len > 0)
			return remove_target(step, &ends, err);
		if (has_both_names(step, &ends))
			return place_unlink(ends.new_folder, ends.new, err);
		return (step->step.is_folder || check_target(step, &ends, err)) &&
		       place_rename(ends.new_folder, ends.new, ends.old_folder, ends.old, err);
	case PLAN_COPY:
	case PLAN_LINK: return remove_target(step, &ends, err);
	case PLAN_TRASH: return untrash(step, &ends, err);
	case PLAN_RESTORE: return retrash(execution, step, &ends, err);
	case PLAN_EXTRACT:
		return extract_has_source(&step->step, err) && check_target(step, &ends, err) &&
		       place_unlink(ends.new_folder, ends.new, err);
	case PLAN_WRITE:
		/* What it said before comes back out of the trash, by the step before it. */
		return check_target(step, &ends, err) &&
		       place_unlink(ends.new_folder, ends.new, err);
	case PLAN_ACTION_COUNT: break;
	}
	return true;
}

static void roll_back(struct execution *execution, size_t first, struct journal_step *steps,
		      size_t n)
{
	struct error ignored; /* the failure that led here is what counts; a conflict is kept */
	for (size_t i = n; i-- > 0;) {
		execution_forget_part(execution, first + i, &steps[i]);
		bool is_done = steps[i].state == STEP_DONE || steps[i].state == STEP_COPIED;
		steps[i].state = !is_done || execute_back(execution, &steps[i], &ignored)
					 ? STEP_ROLLED_BACK
					 : STEP_CONFLICT;
	}
}

static bool remove_source_folder(struct execution *execution, const struct journal_step *step,
				 const struct ends *ends, struct error *err)
{
	const struct place_tree_removal removal = {
		.folder = ends->old_folder,
		.name = ends->old,
		.twin_folder = ends->new_folder,
		.twin = ends->new,
		.as_read = step->tree,
		.watch = &execution->watch,
	};
	return place_tree_remove(&removal, err) ||
	       error_context(err, "%.*s", STR_ARG(step->step.old));
}

bool execute_remove_source(struct execution *execution, const struct journal_step *step,
			   struct error *err)
{
	struct ends ends;
	struct stat source;
	return open_ends(execution, &step->step, false, &ends, err) &&
	       look_at_source(&step->step, &ends, &source, err) &&
	       (step->step.is_folder ? remove_source_folder(execution, step, &ends, err)
				     : place_unlink(ends.old_folder, ends.old, err));
}

static bool has_copies(const struct journal_step *steps, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (steps[i].state == STEP_COPIED)
			return true;
	return false;
}

/* All are under their new names, on the disk; those that were copied have the old one as well. */
static void remove_sources(struct execution *execution, struct journal_step *steps, size_t n)
{
	struct error failure;
	for (size_t i = 0; i < n; i++) {
		if (steps[i].state != STEP_COPIED)
			continue;
		if (steps[i].step.action == PLAN_MOVE &&
		    !execute_remove_source(execution, &steps[i], &failure))
			execution->kept = failure;
		steps[i].state = STEP_DONE;
	}
}

static size_t group_end(const struct journal_step *steps, size_t n, size_t first)
{
	size_t end = first + 1;
	while (end < n && steps[end].step.group == steps[first].step.group)
		end++;
	return end;
}

bool execute_end(struct execution *execution, size_t first, struct journal_step *steps, size_t n,
		 size_t *n_lost, struct error *err)
{
	*n_lost = 0;
	execution->n_waiting = 0;
	execution->bytes_waiting = 0;
	if (!has_copies(steps, n))
		return true;
	bool ok = places_sync(&execution->places, err);
	for (size_t i = 0, end; i < n; i = end) {
		end = group_end(steps, n, i);
		if (ok || !has_copies(&steps[i], end - i)) {
			remove_sources(execution, &steps[i], end - i);
			continue;
		}
		roll_back(execution, first + i, &steps[i], end - i);
		++*n_lost;
	}
	return ok;
}

/* What could not be prepared before fails here, before anything is done. */
static bool prepare_rest(struct execution *execution, size_t first, struct journal_step *steps,
			 size_t n, struct error *err)
{
	for (size_t i = 0; i < n; i++)
		if (follow_is_wanted(&steps[i].step) && !prepare_is_done(&steps[i]) &&
		    !prepare_step(execution, first, steps, n, i, err) && err->code != ERROR_NONE)
			return false;
	return true;
}

bool execute_group(struct execution *execution, size_t first, struct journal_step *steps, size_t n,
		   struct error *err)
{
	bool ok = true;
	/* Before anything is done; every step looks once more by itself, so one alone needs no more. */
	for (size_t i = 0; ok && n > 1 && i < n; i++)
		ok = check_step(execution, steps, i, err);
	ok = ok && prepare_rest(execution, first, steps, n, err);
	for (size_t i = 0; ok && i < n; i++)
		ok = do_step(execution, first + i, &steps[i], err);
	if (!ok)
		roll_back(execution, first, steps, n);
	return ok;
}
