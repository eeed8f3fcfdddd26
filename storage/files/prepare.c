// SPDX-License-Identifier: MIT
#include "storage/files/prepare.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "storage/files/follow.h"

enum { PARTS_MAX = 64 }; /* that are open together, beside the folders of a batch */

/** A part on its way to the disk. */
struct part {
	struct place_text text;
	size_t place; /* of its step in the operation */
	struct journal_step *step;
};

/** Parts of one batch. */
struct preparing {
	struct execution *execution;
	struct part parts[PARTS_MAX];
	size_t n_parts;
};

/** The group that a step is of. */
struct step_group {
	struct journal_step *steps;
	size_t n, first;
};

bool prepare_is_done(const struct journal_step *step)
{
	return step->state == STEP_PLANNED && step->sha256.len > 0;
}

static bool fail_changed(struct error *err, struct str path, const char *how)
{
	return error_set(err, ERROR_CHANGED, NULL, "%.*s: %s", STR_ARG(path), how);
}

/* The file itself has the name, where case is folded; or another has it, which its turn will tell. */
static bool is_taken(const struct plan_step *step, int folder, const char *name)
{
	struct stat met;
	return step->action != PLAN_WRITE && fstatat(folder, name, &met, AT_SYMLINK_NOFOLLOW) == 0;
}

/* A time that cannot be set is no reason to keep a file from its place. */
static void set_time(const struct place_text *text, int64_t mtime_ns)
{
	struct timespec times[2];
	place_times(mtime_ns, times);
	if (mtime_ns != 0)
		(void)futimens(text->fd, times);
}

static bool begin_text(struct preparing *preparing, const struct step_group *group, int source,
		       struct part *part, struct error *err)
{
	const struct plan_step *step = &part->step->step;
	struct bytes text = { 0 };
	struct stat state;
	bool is_write = step->action == PLAN_WRITE;
	bool ok = (fstat(source, &state) == 0 && S_ISREG(state.st_mode) &&
		   plan_file_is(step, &state)) ||
		  fail_changed(err, step->old, "it changed since the plan was made");
	bool changes = ok && follow_text(source, step, group->steps, group->n,
					 &preparing->execution->places, &text);
	if (ok && !changes && is_write)
		ok = fail_changed(err, step->old, "it cannot be told that");
	ok = ok && changes;
	ok = ok &&
	     (place_text_begin(source, &state, bytes_str(&text), is_write, &part->text, err) ||
	      error_context(err, "%.*s", STR_ARG(step->new)));
	if (ok)
		set_time(&part->text, step->mtime_ns);
	bytes_finish(&text);
	return ok;
}

static bool begin_part(struct preparing *preparing, const struct step_group *group,
		       struct part *part, struct error *err)
{
	struct execution *execution = preparing->execution;
	const struct plan_step *step = &part->step->step;
	const char *old, *new;
	int old_folder = places_folder(&execution->places, step->old, false, &old, err);
	int new_folder =
		old_folder < 0 ? -1 : places_folder(&execution->places, step->new, true, &new, err);
	if (new_folder < 0 || is_taken(step, new_folder, new))
		return false;
	part->text.folder = new_folder;
	part->text.part = execution_part_name(execution->operation, part->place, &execution->arena);
	int source =
		openat(old_folder, old, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (source < 0)
		return error_system(err, errno, "%.*s", STR_ARG(step->old));
	bool ok = begin_text(preparing, group, source, part, err);
	close(source);
	return ok;
}

static void drop(struct part *part)
{
	struct error ignored; /* the next start tries again */
	place_unlink(part->text.folder, part->text.part, &ignored);
	part->step->sha256 = STR_NULL;
}

/* Of one whose bytes did not arrive the others know nothing. */
static void reach_disk(struct preparing *preparing, struct error *err)
{
	size_t n = 0;
	struct part *parts = preparing->parts;
	for (size_t i = 0; i < preparing->n_parts; i++)
		place_text_hurry(&parts[i].text);
	for (size_t i = 0; i < preparing->n_parts; i++) {
		if (!place_text_end(&parts[i].text, err))
			continue;
		parts[i].step->sha256 =
			arena_str(&preparing->execution->arena, str_from(parts[i].text.hex));
		parts[n++] = parts[i];
	}
	preparing->n_parts = n;
}

static bool write_down(struct preparing *preparing, struct error *err)
{
	struct db *user = preparing->execution->user;
	bool ok = db_begin(user, err);
	for (size_t i = 0; ok && i < preparing->n_parts; i++)
		ok = journal_copied(user, preparing->execution->operation,
				    preparing->parts[i].place, preparing->parts[i].text.hex, err);
	ok = ok && db_commit(user, err);
	if (!ok)
		db_rollback(user);
	return ok;
}

static void end_parts(struct preparing *preparing, struct error *err)
{
	reach_disk(preparing, err);
	if (preparing->n_parts > 0 && !write_down(preparing, err))
		for (size_t i = 0; i < preparing->n_parts; i++)
			drop(&preparing->parts[i]);
	preparing->n_parts = 0;
}

static bool prepare(struct preparing *preparing, const struct step_group *group, size_t i,
		    struct error *err)
{
	struct part *part = &preparing->parts[preparing->n_parts];
	err->code = ERROR_NONE;
	*part = (struct part){ .place = group->first + i, .step = &group->steps[i] };
	if (!begin_part(preparing, group, part, err))
		return false;
	preparing->n_parts++;
	return true;
}

static void prepare_group(struct preparing *preparing, const struct step_group *group)
{
	struct error ignored; /* told when its turn comes and it fails again */
	for (size_t i = 0; i < group->n; i++) {
		if (!follow_is_wanted(&group->steps[i].step) || prepare_is_done(&group->steps[i]) ||
		    !prepare(preparing, group, i, &ignored))
			continue;
		if (preparing->n_parts == PARTS_MAX)
			end_parts(preparing, &ignored);
	}
}

size_t prepare_steps(struct execution *execution, size_t folders_max, size_t first,
		     struct journal_step *steps, size_t n)
{
	struct preparing preparing = { .execution = execution };
	struct error ignored;
	size_t i = 0;
	for (size_t end; i < n && execution->places.open.len <= folders_max; i = end) {
		for (end = i + 1; end < n && steps[end].step.group == steps[i].step.group; end++)
			;
		prepare_group(&preparing, &(struct step_group){ &steps[i], end - i, first + i });
	}
	end_parts(&preparing, &ignored);
	return i;
}

bool prepare_step(struct execution *execution, size_t first, struct journal_step *steps, size_t n,
		  size_t i, struct error *err)
{
	struct preparing preparing = { .execution = execution };
	const struct step_group group = { steps, n, first };
	if (!prepare(&preparing, &group, i, err))
		return false;
	end_parts(&preparing, err);
	return prepare_is_done(&steps[i]);
}
