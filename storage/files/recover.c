// SPDX-License-Identifier: MIT
#include "storage/files/recover.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "storage/files/trash.h"

/** What the disk says of a step. */
enum fact {
	FACT_NOT_DONE, /* the source is there, the target is not */
	FACT_DONE,     /* the other way round, and it is that file */
	FACT_COPIED,   /* both are there with the same bytes */
	FACT_STRANGE,  /* anything else: somebody else was here */
	FACT_UNKNOWN,  /* it cannot be looked at now */
};

enum end_kind { END_ABSENT, END_THERE, END_DOUBTFUL, END_UNKNOWN };

/** One end of a step: what lies under that name. */
struct end {
	int folder;
	const char *name;
	enum end_kind what;
	struct stat state;
};

/*
 * A folder that is not there holds nothing, but for one whose root is not there. An empty root may be
 * a mount point without its disk, unless it lies on the device that the file was on.
 */
static enum end_kind judge_absence(const struct places *places, struct str path, uint64_t dev)
{
	struct arena arena = { 0 };
	struct stat state;
	size_t root = places_root_of(places, path);
	bool is_empty = true;
	DIR *folder = root == SIZE_MAX ? NULL : opendir(arena_cstr(&arena, places->roots[root]));
	arena_finish(&arena);
	if (!folder)
		return END_UNKNOWN;
	for (struct dirent *name; is_empty && (name = readdir(folder));)
		is_empty = strcmp(name->d_name, ".") == 0 || strcmp(name->d_name, "..") == 0;
	bool is_same = fstat(dirfd(folder), &state) == 0 && (uint64_t)state.st_dev == dev;
	closedir(folder);
	return is_empty && !is_same ? END_DOUBTFUL : END_ABSENT;
}

static bool is_absence(int sys)
{
	return sys == ENOENT || sys == ENOTDIR;
}

static void look_at_end(struct execution *execution, struct str path, bool is_in_trash,
			uint64_t dev, struct end *end)
{
	struct places *places = &execution->places;
	struct error err = { 0 };
	*end = (struct end){ .folder = AT_FDCWD, .what = END_UNKNOWN };
	if (is_in_trash)
		end->name = arena_cstr(&execution->arena, path);
	else
		end->folder = places_folder(places, path, false, &end->name, &err);
	int sys = err.sys;
	if (end->folder != -1 &&
	    fstatat(end->folder, end->name, &end->state, AT_SYMLINK_NOFOLLOW) == 0)
		end->what = END_THERE;
	else if (is_absence(end->folder == -1 ? sys : errno))
		end->what = is_in_trash ? END_ABSENT : judge_absence(places, path, dev);
}

static bool has_bytes(const struct end *end, const struct journal_step *step)
{
	struct error ignored;
	if (step->sha256.len == 0 ||
	    !(step->step.is_folder ? S_ISDIR(end->state.st_mode) : S_ISREG(end->state.st_mode)))
		return false;
	int fd = openat(end->folder, end->name,
			O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	bool is_it = fd >= 0 && execution_has_bytes(fd, step->step.new, step->sha256, &ignored);
	if (fd >= 0)
		close(fd);
	return is_it;
}

static bool is_source(const struct journal_step *step, const struct end *end)
{
	return end->what == END_THERE && plan_file_is(&step->step, &end->state);
}

/* A folder on another disk may have the same number by chance: a copied one is known by what is in it. */
static bool is_target(const struct journal_step *step, const struct end *end)
{
	return is_source(step, end) && !(step->step.is_folder && step->sha256.len > 0);
}

/* The table of never-lose-data.md, section 5. What met a free old name since is no matter of ours. */
static enum fact judge(const struct journal_step *step, const struct end *old,
		       const struct end *new)
{
	bool has_old = is_source(step, old), is_it = is_target(step, new);
	if (old->what >= END_DOUBTFUL || new->what == END_UNKNOWN ||
	    (new->what == END_DOUBTFUL && !has_old))
		return FACT_UNKNOWN;
	if (is_it && (!has_old || step->step.action == PLAN_LINK))
		return FACT_DONE;
	if (is_it)
		return FACT_COPIED; /* by a link: only the old name has to go */
	if (has_old && new->what != END_THERE)
		return FACT_NOT_DONE;
	if (new->what == END_THERE && has_bytes(new, step))
		return has_old ? FACT_COPIED : old->what == END_ABSENT ? FACT_DONE : FACT_STRANGE;
	return has_old && step->sha256.len == 0 ? FACT_NOT_DONE : FACT_STRANGE;
}

/* Where the bytes came from stays, an archive or a file in the trash, so nothing can be lost: what has
 * the name but not the bytes is another file. */
static enum fact judge_by_bytes(const struct journal_step *step, const struct end *new)
{
	if (new->what == END_UNKNOWN || new->what == END_DOUBTFUL)
		return FACT_UNKNOWN;
	return new->what == END_THERE &&has_bytes(new, step) ? FACT_DONE : FACT_NOT_DONE;
}

static enum fact look(struct execution *execution, const struct journal_step *step)
{
	struct end old, new;
	uint64_t dev = step->step.source.dev;
	if (step->step.action == PLAN_EXTRACT || step->step.action == PLAN_WRITE) {
		look_at_end(execution, step->step.new, false, dev, &new);
		return judge_by_bytes(step, &new);
	}
	look_at_end(execution, step->step.old, step->step.action == PLAN_RESTORE, dev, &old);
	look_at_end(execution, step->step.new, step->step.action == PLAN_TRASH, dev, &new);
	return judge(step, &old, &new);
}

/* Only where the source is still as it was: then the copy was never needed. */
static void remove_part(struct execution *execution, size_t place, const struct journal_step *step)
{
	if (step->step.action == PLAN_TRASH)
		trash_forget(step->step.new, step->step.old);
	else
		execution_drop_part(execution, place, step);
}

/* A rename of case alone was cut between its two halves: the file has our temporary name. */
static bool take_out_of_part(struct execution *execution, size_t place, struct journal_step *step)
{
	struct error ignored;
	const char *old, *new;
	int old_folder = places_folder(&execution->places, step->step.old, false, &old, &ignored);
	int new_folder = places_folder(&execution->places, step->step.new, false, &new, &ignored);
	const char *part = execution_part_name(execution->operation, place, &execution->arena);
	if (step->step.action != PLAN_MOVE || old_folder < 0 || new_folder < 0)
		return false;
	struct stat state;
	return fstatat(new_folder, part, &state, AT_SYMLINK_NOFOLLOW) == 0 &&
	       plan_file_is(&step->step, &state) &&
	       place_rename(new_folder, part, old_folder, old, &ignored);
}

static bool is_whole(const enum fact *facts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (facts[i] != FACT_DONE && facts[i] != FACT_COPIED)
			return false;
	return true;
}

/* All of a folder is under its new name: what stays under the old one, having changed or come since, is
 * told and no reason to say that it did not move. */
static enum step_state end_whole(struct execution *execution, const struct journal_step *step,
				 enum fact fact)
{
	struct error failure;
	if (step->step.action ==
	    PLAN_RESTORE) /* its info goes last: cut before that, it is still there */
		trash_forget(step->step.old, step->step.new);
	bool has_both = fact == FACT_COPIED && step->step.action == PLAN_MOVE;
	if (!has_both || execute_remove_source(execution, step, &failure))
		return STEP_DONE;
	if (!step->step.is_folder)
		return STEP_CONFLICT;
	execution->kept = failure;
	return STEP_DONE;
}

static enum step_state end_back(struct execution *execution, size_t place,
				struct journal_step *step, enum fact fact)
{
	struct error ignored;
	if (fact == FACT_STRANGE || fact == FACT_UNKNOWN)
		return take_out_of_part(execution, place, step) ? STEP_ROLLED_BACK : STEP_CONFLICT;
	if (fact == FACT_NOT_DONE)
		remove_part(execution, place, step);
	return fact == FACT_NOT_DONE || execute_back(execution, step, &ignored) ? STEP_ROLLED_BACK
										: STEP_CONFLICT;
}

static bool is_ended(const struct journal_step *steps, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (steps[i].state == STEP_PLANNED || steps[i].state == STEP_COPIED)
			return false;
	return true;
}

static bool recover_group(struct execution *execution, size_t first, struct journal_step *steps,
			  size_t n)
{
	struct error ignored;
	enum fact *facts = ARENA_NEW_N(&execution->arena, enum fact, n);
	for (size_t i = 0; i < n; i++) {
		facts[i] = look(execution, &steps[i]);
		if (facts[i] == FACT_UNKNOWN)
			return false;
	}
	bool whole = is_whole(facts, n);
	/* Copies are on the disk before the sources go, as when nothing was cut short. */
	if (whole && !places_sync(&execution->places, &ignored))
		whole = false;
	for (size_t i = n; i-- > 0;)
		steps[i].state = whole ? end_whole(execution, &steps[i], facts[i])
				       : end_back(execution, first + i, &steps[i], facts[i]);
	return true;
}

bool recover_steps(struct execution *execution, struct journal_step *steps, size_t n)
{
	bool ok = true;
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && steps[end].step.group == steps[i].step.group; end++)
			;
		if (is_ended(&steps[i], end - i))
			continue;
		ok &= recover_group(execution, i, &steps[i], end - i);
		struct error ignored;
		if (!places_sync(&execution->places, &ignored))
			continue; /* told by the next failure; the facts stay what they are */
	}
	return ok;
}
