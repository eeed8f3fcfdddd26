// SPDX-License-Identifier: MIT
#include "storage/files/proof.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

bool proof_is_wanted(const struct plan_step *step)
{
	return step->action == PLAN_LINK || (step->action == PLAN_TRASH && step->other.len > 0);
}

static int open_file(struct places *places, struct str path, struct stat *state, struct error *err)
{
	const char *name;
	int folder = places_folder(places, path, false, &name, err);
	if (folder < 0)
		return -1;
	int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, state) != 0) {
		error_system(err, errno, "%.*s", STR_ARG(path));
		if (fd >= 0)
			close(fd);
		return -1;
	}
	return fd;
}

static bool fail_changed(struct error *err, struct str path, const char *why)
{
	return error_set(err, ERROR_CHANGED, NULL, "%.*s: %s", STR_ARG(path), why);
}

/* The plan knows one of them: that which goes, or for a link that which stays. */
static bool check_states(const struct plan_step *step, struct str gone, const struct stat *kept,
			 const struct stat *going, struct error *err)
{
	const struct stat *planned = step->action == PLAN_LINK ? kept : going;
	if (!S_ISREG(kept->st_mode) || !S_ISREG(going->st_mode) || !plan_file_is(step, planned))
		return fail_changed(err, step->old, "it changed since the plan was made");
	if (kept->st_dev == going->st_dev && kept->st_ino == going->st_ino)
		return fail_changed(err, gone, "it is another name of the file that is to stay");
	return true;
}

static bool compare(struct execution *execution, int kept, int going, struct str gone,
		    struct error *err)
{
	if (place_is_equal(kept, going, &execution->watch, err))
		return true;
	return err->code == ERROR_NONE
		       ? fail_changed(err, gone,
				      "its bytes are not those of the copy that is to stay")
		       : error_context(err, "%.*s", STR_ARG(gone));
}

bool proof_step(struct execution *execution, const struct plan_step *step, struct error *err)
{
	struct stat kept_state, going_state;
	bool is_link = step->action == PLAN_LINK;
	struct str kept = is_link ? step->old : step->other,
		   going = is_link ? step->new : step->old;
	int kept_fd = open_file(&execution->places, kept, &kept_state, err);
	if (kept_fd < 0)
		return false;
	int going_fd = open_file(&execution->places, going, &going_state, err);
	bool ok = going_fd >= 0 && check_states(step, going, &kept_state, &going_state, err) &&
		  compare(execution, kept_fd, going_fd, going, err);
	close(kept_fd);
	if (going_fd >= 0)
		close(going_fd);
	return ok;
}

bool proof_look_at_kept(struct places *places, const struct plan_step *step, struct error *err)
{
	struct stat state;
	if (step->action != PLAN_TRASH || step->other.len == 0)
		return true;
	int fd = open_file(places, step->other, &state, err);
	if (fd < 0)
		return false;
	close(fd);
	return (S_ISREG(state.st_mode) && (uint64_t)state.st_size == step->source.size_bytes) ||
	       fail_changed(err, step->other, "it changed since the plan was made");
}
