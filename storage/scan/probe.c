// SPDX-License-Identifier: MIT
#include "storage/scan/probe.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/map.h"
#include "core/identify/identify.h"
#include "storage/scan/beneath.h"
#include "storage/scan/companions.h"
#include "storage/scan/states.h"

enum {
	LAYOUTS_MAX = 1024,	/* conclusions kept; a library has a few dozen layouts */
	SIDECARS_MAX = 16,	/* of one model: one a suffix */
	TRIES = 2,		/* of a file that changes while it is read */
};

struct probe {
	const struct knowledge *knowledge;	/* borrowed */
	struct format_reader *reader;
	struct arena layouts;			/* owns `facts` and what it holds */
	struct map facts;			/* layout id, as bytes -> struct tensor_facts */
};

/** A file while it is probed. */
struct job {
	struct probe *probe;
	const struct probe_target *target;
	struct arena *arena;
	struct reading reading;
	const struct tensor_facts *tensors;
	struct tensor_facts own_tensors;	/* of a layout that has no id */
	struct file_state state;
	bool is_opened, is_gone;
};

static void start_layouts(struct probe *probe)
{
	arena_finish(&probe->layouts);
	map_init(&probe->facts, &probe->layouts, 64);
}

struct probe *probe_create(const struct knowledge *knowledge)
{
	struct probe *probe = calloc(1, sizeof *probe);
	if (!probe)
		die_oom();
	probe->knowledge = knowledge;
	probe->reader = format_reader_create();
	start_layouts(probe);
	return probe;
}

void probe_destroy(struct probe *probe)
{
	if (!probe)
		return;
	format_reader_destroy(probe->reader);
	arena_finish(&probe->layouts);
	free(probe);
}

/** What the tensors prove, thought through once a layout. */
static const struct tensor_facts *facts_of_layout(struct probe *probe,
						  const struct reading *reading)
{
	uint32_t id = reading->layout_id;
	struct str key = { (const char *)&id, sizeof id };
	struct tensor_facts *facts = map_find(&probe->facts, key);
	if (facts)
		return facts;
	if (probe->facts.n >= LAYOUTS_MAX)
		start_layouts(probe);
	facts = ARENA_NEW(&probe->layouts, struct tensor_facts);
	identify_tensors(probe->knowledge, &reading->table, &probe->layouts, facts);
	*map_place(&probe->facts, arena_str(&probe->layouts, key)) = facts;
	return facts;
}

static void think_of_tensors(struct job *job)
{
	if (!job->reading.has_table)
		return;
	if (job->reading.layout_id) {
		job->tensors = facts_of_layout(job->probe, &job->reading);
		return;
	}
	identify_tensors(job->probe->knowledge, &job->reading.table, job->arena, &job->own_tensors);
	job->tensors = &job->own_tensors;
}

/** Nothing was read, so nothing may be said about safety. */
static void forget_reading(struct job *job)
{
	job->tensors = NULL;
	job->reading = (struct reading){
		.safety = SAFETY_CANNOT_TELL,
		.size_bytes = job->state.size_bytes,
	};
}

/** The bytes of a link are not those of what it leads to. */
static void forget_target(struct job *job)
{
	forget_reading(job);
	job->reading.size_bytes = 0;
}

static void fail_unread(struct job *job, const char *code, const char *message)
{
	forget_reading(job);
	reading_fail(&job->reading, job->arena, code, "%s", message);
}

static void fail_io(struct job *job, int sys_errno)
{
	fail_unread(job, "E_IO", arena_printf(job->arena, "cannot read: %s", strerror(sys_errno)));
	/* Permissions show in the ctime; other reasons pass unseen, so it is read again next time. */
	if (sys_errno != EACCES && sys_errno != EPERM)
		job->state.ctime_ns = 0;
}

static int open_target(const struct probe_target *target)
{
	const struct candidate *candidate = target->candidate;
	if (target->reach == PROBE_BENEATH && candidate->type != CANDIDATE_LINK)
		return beneath_open(target->folder_fd, candidate->path.ptr, O_RDONLY);
	return openat(target->folder_fd, candidate->path.ptr,
		      O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

/** A link was followed only as far as the walk looked: not to a file put there since. */
static bool is_as_walked(const struct probe_target *target, const struct file_state *state)
{
	return target->reach == PROBE_ANYWHERE || target->candidate->type != CANDIDATE_LINK ||
	       target->candidate->state.inode == state->inode;
}

/** Reads an open file; false when it changed meanwhile. */
static bool read_open(struct job *job, int fd)
{
	struct stat st;
	if (fstat(fd, &st)) {
		fail_io(job, errno);
		return true;
	}
	job->state = state_of(&st);
	if (!S_ISREG(st.st_mode)) {
		fail_unread(job, "E_NOT_FILE", "not a regular file");
		return true;
	}
	if (!is_as_walked(job->target, &job->state))
		return false;
	struct blob blob = blob_from_fd(fd, job->state.size_bytes);
	format_read(job->probe->reader, &blob, name_of_path(job->target->candidate->path),
		    job->arena, &job->reading);
	struct file_state after = { 0 };
	if (fstat(fd, &st) == 0)
		after = state_of(&st);
	return state_equal(&job->state, &after);
}

/** Opens and reads once; false when the file changed meanwhile. */
static bool read_once(struct job *job)
{
	int fd = open_target(job->target);
	if (fd < 0) {
		job->is_gone = errno == ENOENT || errno == ENOTDIR;
		fail_io(job, errno);
		return true;
	}
	job->is_opened = true;
	job->reading = (struct reading){ 0 };
	bool is_steady = read_open(job, fd);
	close(fd);
	return is_steady;
}

static void read_file(struct job *job)
{
	bool is_steady = false;
	for (int i = 0; i < TRIES && !is_steady; i++)
		is_steady = read_once(job);
	if (is_steady)
		think_of_tensors(job);
	else
		fail_unread(job, "E_CHANGED", "file changed while being read; will retry");
}

static void read_candidate(struct job *job)
{
	job->state = job->target->candidate->state;
	switch (job->target->candidate->type) {
	case CANDIDATE_FILE:
	case CANDIDATE_LINK:
		read_file(job);
		break;
	case CANDIDATE_LINK_OUT:
		forget_target(job);
		job->reading.status = STATUS_UNSUPPORTED;
		reading_note(&job->reading, job->arena, "W_LINK",
			     "link points outside the library; not followed");
		break;
	case CANDIDATE_LINK_DEAD:
		forget_target(job);
		reading_fail(&job->reading, job->arena, "E_IO",
			     "cannot read: the link leads nowhere");
		break;
	case CANDIDATE_NOT_FILE:
		fail_unread(job, "E_NOT_FILE", "not a regular file");
		break;
	}
}

/** The whole text of a sidecar, or STR_NULL with why not. */
static struct str read_text(int fd, struct arena *arena, struct error *err)
{
	struct stat st;
	if (fstat(fd, &st)) {
		error_system(err, errno, "cannot read");
		return STR_NULL;
	}
	if (!S_ISREG(st.st_mode) || st.st_size > (off_t)SIDECAR_BYTES_MAX) {
		error_set(err, ERROR_LIMIT, "W_JSON", "%s",
			  S_ISREG(st.st_mode) ? "larger than 16 MiB" : "not a regular file");
		return STR_NULL;
	}
	size_t len = (size_t)st.st_size;
	char *text = arena_try_bytes(arena, len + 1);
	struct blob blob = blob_from_fd(fd, len);
	if (!text) {
		error_set(err, ERROR_LIMIT, "W_JSON", "no memory for %zu bytes", len);
		return STR_NULL;
	}
	return blob_read_at(&blob, 0, text, len, err) ? (struct str){ text, len } : STR_NULL;
}

static bool read_sidecar(struct job *job, struct str name, struct sidecar *out, struct error *err)
{
	struct str path = job->target->candidate->path;
	size_t folder_len = (size_t)(name_of_path(path).ptr - path.ptr);
	char *beside = arena_printf(job->arena, "%.*s%s", (int)folder_len, path.ptr, name.ptr);
	int fd = job->target->reach == PROBE_BENEATH
			 ? beneath_open(job->target->folder_fd, beside, O_RDONLY)
			 : openat(job->target->folder_fd, beside,
				  O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct str text = STR_NULL;
	if (fd < 0) {
		error_system(err, errno, "cannot read");
	} else {
		text = read_text(fd, job->arena, err);
		close(fd);
	}
	if (!text.ptr)
		return error_context(err, "sidecar %s ignored", name.ptr);
	return sidecar_parse(name, text, job->arena, out, err);
}

/** In the order of the suffixes, whatever the order of the folder. */
static size_t read_sidecars(struct job *job, struct sidecar *sidecars)
{
	const struct candidate *candidate = job->target->candidate;
	struct str found[SIDECARS_MAX] = { 0 };
	size_t n = 0;
	for (size_t i = 0; i < candidate->n_companions; i++) {
		struct str name = candidate->companions[i];
		size_t place = companion_sidecar(name_of_path(candidate->path), name);
		if (place < SIDECARS_MAX)
			found[place] = name;
	}
	for (size_t i = 0; i < SIDECARS_MAX; i++) {
		struct error err;
		if (!found[i].ptr)
			continue;
		if (read_sidecar(job, found[i], &sidecars[n], &err))
			n++;
		else
			reading_note(&job->reading, job->arena, "W_JSON", "%s", err.text);
	}
	return n;
}

static bool has_note(const struct reading *reading, struct str code)
{
	for (size_t i = 0; i < reading->n_notes; i++)
		if (str_equal(reading->notes[i].code, code))
			return true;
	return false;
}

/** The dots in a folder's name begin no extension. */
static bool is_folder(const struct probe_target *target)
{
	struct stat st;
	return target->candidate->type == CANDIDATE_NOT_FILE &&
	       fstatat(target->folder_fd, target->candidate->path.ptr, &st, 0) == 0 &&
	       S_ISDIR(st.st_mode);
}

/** What lies beside it says so; its bytes may have said it already. */
static void mark_partial(struct job *job)
{
	if (!has_note(&job->reading, STR("W_PARTIAL")))
		reading_note(&job->reading, job->arena, "W_PARTIAL", "download looks unfinished");
	if (job->reading.status != STATUS_UNREADABLE)
		job->reading.status = STATUS_PARTIAL;
}

bool probe_model(struct probe *probe, const struct probe_target *target, struct arena *arena,
		 struct model *out, struct file_state *state, uint64_t *opened)
{
	/* On the arena, since the model may borrow from what it was made of. */
	struct job *job = ARENA_NEW(arena, struct job);
	struct sidecar *sidecars = ARENA_NEW_N(arena, struct sidecar, SIDECARS_MAX);
	struct str path = target->candidate->path;
	*job = (struct job){ .probe = probe, .target = target, .arena = arena };
	read_candidate(job);
	*opened += job->is_opened;
	if (target->candidate->is_partial || target->only_count)
		mark_partial(job);
	bool is_read = job->is_opened && !target->only_count;
	struct identify_input input = {
		.file_name = name_of_path(path),
		.folder_name = name_of_folder(path),
		.reading = &job->reading,
		.tensors = job->tensors,
		.sidecars = sidecars,
		.n_sidecars = is_read ? read_sidecars(job, sidecars) : 0,
		.only_count = !is_read,
	};
	identify(probe->knowledge, &input, arena, out);
	if (is_folder(target))
		out->name = name_of_path(path);
	*state = job->state;
	return !job->is_gone;
}
