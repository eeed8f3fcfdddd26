// SPDX-License-Identifier: MIT
#include "storage/files/recover.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "storage/files/trash.h"

/** What the disk says of a step. */
enum fact {
	FACT_NOT_DONE,			/* the source is there, the target is not */
	FACT_DONE,			/* the other way round, and it is that file */
	FACT_COPIED,			/* both are there with the same bytes */
	FACT_STRANGE,			/* anything else: somebody else was here */
};

/* -1 where it cannot be opened: then it counts as not there. */
static int open_end(struct execution *execution, struct str path, bool is_in_trash)
{
	struct error ignored;
	const char *name;
	int folder = AT_FDCWD;
	if (is_in_trash)
		name = arena_cstr(&execution->arena, path);
	else
		folder = places_folder(&execution->places, path, false, &name, &ignored);
	if (folder == -1)
		return -1;
	return openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

static bool has_bytes(int fd, struct str sha256)
{
	char hex[SHA256_HEX + 1];
	struct error ignored;
	return sha256.len > 0 && place_hash(fd, NULL, hex, &ignored)
		&& str_equal(sha256, str_from(hex));
}

static bool is_source(const struct journal_step *step, int fd)
{
	struct stat state;
	return fd >= 0 && fstat(fd, &state) == 0 && plan_file_is(&step->step, &state);
}

static enum fact judge(const struct journal_step *step, int old, int new)
{
	bool has_old = is_source(step, old), is_it = is_source(step, new);
	bool is_link = step->step.action == PLAN_LINK;
	if (is_it && (old < 0 || is_link))
		return FACT_DONE;
	if (is_it && has_old)
		return FACT_COPIED;	/* by a link: only the old name has to go */
	if (has_old && new < 0)
		return FACT_NOT_DONE;
	if (new >= 0 && has_bytes(new, step->sha256))
		return has_old ? FACT_COPIED : old < 0 ? FACT_DONE : FACT_STRANGE;
	return has_old && new >= 0 && step->sha256.len == 0 ? FACT_NOT_DONE : FACT_STRANGE;
}

static enum fact look(struct execution *execution, const struct journal_step *step)
{
	int old = open_end(execution, step->step.old, step->step.action == PLAN_RESTORE);
	int new = open_end(execution, step->step.new, step->step.action == PLAN_TRASH);
	enum fact fact = judge(step, old, new);
	if (old >= 0)
		close(old);
	if (new >= 0)
		close(new);
	return fact;
}

/* Only where the source is still as it was: then the copy was never needed. */
static void remove_part(struct execution *execution, size_t place, const struct journal_step *step)
{
	struct error ignored;
	const char *name;
	if (step->step.action == PLAN_TRASH)
		return;
	int folder = places_folder(&execution->places, step->step.new, false, &name, &ignored);
	if (folder < 0)
		return;
	name = execution_part_name(execution->operation, place, &execution->arena);
	place_unlink(folder, name, &ignored);	/* mostly there is none */
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
	int fd = openat(new_folder, part, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	bool is_it = is_source(step, fd);
	if (fd >= 0)
		close(fd);
	return is_it && place_rename(new_folder, part, old_folder, old, &ignored);
}

static bool is_whole(const enum fact *facts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (facts[i] != FACT_DONE && facts[i] != FACT_COPIED)
			return false;
	return true;
}

static enum step_state end_whole(struct execution *execution, const struct journal_step *step,
				 enum fact fact)
{
	struct error ignored;
	bool has_both = fact == FACT_COPIED && step->step.action == PLAN_MOVE;
	return !has_both || execute_remove_source(execution, step, &ignored) ? STEP_DONE
		: STEP_CONFLICT;
}

static enum step_state end_back(struct execution *execution, size_t place,
				struct journal_step *step, enum fact fact)
{
	struct error ignored;
	if (fact == FACT_STRANGE)
		return take_out_of_part(execution, place, step) ? STEP_ROLLED_BACK : STEP_CONFLICT;
	if (fact == FACT_NOT_DONE)
		remove_part(execution, place, step);
	return fact == FACT_NOT_DONE || execute_back(execution, step, &ignored) ? STEP_ROLLED_BACK
		: STEP_CONFLICT;
}

static void recover_group(struct execution *execution, size_t first, struct journal_step *steps,
			  size_t n)
{
	struct error ignored;
	enum fact *facts = ARENA_NEW_N(&execution->arena, enum fact, n);
	for (size_t i = 0; i < n; i++)
		facts[i] = look(execution, &steps[i]);
	bool whole = is_whole(facts, n);
	/* Copies are on the disk before the sources go, as when nothing was cut short. */
	if (whole && !places_sync(&execution->places, &ignored))
		whole = false;
	for (size_t i = n; i-- > 0;)
		steps[i].state = whole ? end_whole(execution, &steps[i], facts[i])
			: end_back(execution, first + i, &steps[i], facts[i]);
}

void recover_steps(struct execution *execution, struct journal_step *steps, size_t n)
{
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && steps[end].step.group == steps[i].step.group; end++)
			;
		recover_group(execution, i, &steps[i], end - i);
		struct error ignored;
		if (!places_sync(&execution->places, &ignored))
			continue;	/* told by the next failure; the facts stay what they are */
	}
}
