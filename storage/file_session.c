// SPDX-License-Identifier: MIT
#include "storage/file_session.h"

#include <errno.h>
#include <stdlib.h>

#include "storage/files/extract.h"
#include "storage/files/prepare.h"
#include "storage/files/proof.h"
#include "storage/files/recover.h"
#include "storage/files/reversal.h"
#include "storage/follower.h"
#include "storage/plan_check.h"
#include "storage/rescan.h"
#include "storage/settle.h"
#include "storage/user/operations.h"

enum {
	SLICE_MS = 50,      /* between slices the writer looks at its mail */
	BATCH_STEPS = 8192, /* between batches everything reaches the disk */
	FOLDERS_MAX = 256,  /* open until then; 1,024 descriptors is what many systems allow */
	AHEAD_STEPS = 1024, /* sidecars are written so far ahead */
	SHARE_STEPS = 512,  /* the index follows share by share */
};

/* Copies whose old names are still there: after a crash, so much is read again. */
#define WAITING_BYTES_MAX ((uint64_t)64 << 20)

struct file_session {
	struct store *store; /* borrowed */
	uint32_t serial;
	struct arena arena;
	struct roots roots;
	struct plan plan;
	struct file_reversal reversal;
	struct execution execution;
	struct follower *follower; /* NULL: not begun, or recovering */
	struct array steps;        /* struct journal_step */
	size_t n_proven;           /* looked at up to here, before anything is done */
	bool is_unpacking,
		is_unpacked;    /* what comes out of an archive, before anything has its name */
	size_t next, n_written; /* done up to here; journaled up to here */
	size_t n_followed;      /* by the index up to here, or soon */
	size_t n_prepared;      /* sidecars written up to here, beside their names */
	uint64_t n_groups;      /* done */
	bool is_cancelled;
	bool is_cut_short;           /* some were not begun */
	struct error failure;        /* the first; NONE */
	void (*turn)(void *context); /* of others, in long copies; NULL: nobody waits */
	void *turn_context;
	int64_t turned_ms;
	uint64_t bytes;               /* that are to be copied; 0: none */
	uint64_t bytes_run, bytes_at; /* that went through the watch; at which of a file it is */
	struct edit_result result;
};

static bool load_roots(struct file_session *session, struct error *err)
{
	return store_roots(session->store, &session->arena, &session->roots, err);
}

static const struct str *root_paths(struct file_session *session)
{
	struct str *paths = ARENA_NEW_N(&session->arena, struct str, session->roots.n + 1);
	for (size_t i = 0; i < session->roots.n; i++)
		paths[i] = session->roots.list[i].path;
	return paths;
}

static bool make_folder(void *context, struct str path, struct error *err)
{
	struct file_session *session = context;
	return journal_folder(session->store->user, session->execution.operation, path, err);
}

static void begin_execution(struct file_session *session, int64_t id)
{
	execution_init(&session->execution, session->store->user, id, root_paths(session),
		       session->roots.n);
	session->execution.now_s = store_now_s();
	session->execution.places.before_folder = make_folder;
	session->execution.places.context = session;
	session->result.operation = id;
}

static void take_steps(struct file_session *session, const struct plan *plan)
{
	array_reserve(&session->steps, plan->n_steps);
	for (size_t i = 0; i < plan->n_steps; i++)
		ARRAY_PUSH(&session->steps, struct journal_step)->step = plan->steps[i];
}

static struct file_session *create(struct store *store, uint32_t serial)
{
	struct file_session *session = calloc(1, sizeof *session);
	if (!session)
		die_oom();
	session->store = store;
	session->serial = serial;
	session->steps = ARRAY_OF(struct journal_step);
	return session;
}

static struct settlement settlement_of(struct file_session *session)
{
	return (struct settlement){
		.store = session->store,
		.roots = &session->roots,
		.operation = session->execution.operation,
		.reversal = session->reversal,
		.steps = session->steps.ptr,
		.n_steps = session->steps.len,
		.n_changed = session->n_groups,
		.is_cut_short = session->is_cut_short,
	};
}

static bool start(struct file_session *session, const struct plan *plan, struct error *err)
{
	bool is_asked = session->reversal.operation == 0;
	int64_t id;
	if (plan->n_steps == 0)
		return error_set(err, ERROR_USAGE, NULL, "there is nothing to do");
	take_steps(session, plan);
	session->bytes = plan->bytes_copied;
	/* What others wrote stays, whatever becomes of what is followed. */
	if (!load_roots(session, err) || !store_commit(session->store, err) ||
	    !journal_begin(session->store->user, plan, is_asked, session->reversal.operation,
			   store_now_s(), &id, err))
		return false;
	begin_execution(session, id);
	const struct settlement settlement = settlement_of(session);
	session->follower = follower_create(&settlement);
	return true;
}

static bool file_session_start(struct store *store, uint32_t serial, const struct plan *plan,
			       struct file_reversal reversal, struct arena *arena,
			       struct file_session **out, struct error *err)
{
	struct file_session *session = create(store, serial);
	session->reversal = reversal;
	session->arena = *arena;
	*arena = (struct arena){ 0 };
	if (start(session, plan, err)) {
		*out = session;
		return true;
	}
	file_session_destroy(session);
	return false;
}

bool file_session_apply(struct store *store, uint32_t serial, const struct plan *asked,
			struct arena *arena, struct file_session **out, struct error *err)
{
	struct file_reversal none = { 0 };
	struct plan plan;
	return plan_check(store, asked, arena, &plan, err) &&
	       file_session_start(store, serial, &plan, none, arena, out, err);
}

bool file_session_revert(struct store *store, uint32_t serial, struct file_reversal reversal,
			 struct file_session **out, struct error *err)
{
	struct arena arena = { 0 };
	struct plan plan;
	bool ok = reversal_plan(store->user, reversal.operation, reversal.way,
				str_from(store->options->trash_dir), &arena, &plan, err) &&
		  file_session_start(store, serial, &plan, reversal, &arena, out, err);
	arena_finish(&arena);
	return ok;
}

static struct journal_step *step_at(const struct file_session *session, size_t i)
{
	return ARRAY_AT(&session->steps, struct journal_step, i);
}

static size_t group_end(const struct file_session *session, size_t first)
{
	size_t end = first + 1;
	while (end < session->steps.len &&
	       step_at(session, end)->step.group == step_at(session, first)->step.group)
		end++;
	return end;
}

static void fail(struct file_session *session, const struct error *err)
{
	if (session->failure.code == ERROR_NONE)
		session->failure = *err;
}

/* A disk that is full or broken fails for all that come: they are not begun. */
static bool is_hopeless(const struct error *err)
{
	return err->code == ERROR_CANCELLED || err->code == ERROR_INDEX ||
	       (err->code == ERROR_SYSTEM &&
		(err->sys == ENOSPC || err->sys == EDQUOT || err->sys == EIO || err->sys == EROFS));
}

static void run_group(struct file_session *session)
{
	struct error err;
	size_t end = group_end(session, session->next);
	if (execute_group(&session->execution, session->next, step_at(session, session->next),
			  end - session->next, &err)) {
		session->n_groups++;
	} else {
		fail(session, &err);
		session->is_cancelled |= is_hopeless(&err);
	}
	session->next = end;
}

/* Most came equally far. */
static size_t run_end(const struct file_session *session, size_t first)
{
	size_t end = first + 1;
	while (end < session->next &&
	       step_at(session, end)->state == step_at(session, first)->state)
		end++;
	return end;
}

static bool write_states(struct file_session *session, struct error *err)
{
	struct db *user = session->store->user;
	bool ok = db_begin(user, err);
	for (size_t i = session->n_written, end; ok && i < session->next; i = end) {
		end = run_end(session, i);
		ok = journal_steps_state(user, session->execution.operation, i, end,
					 step_at(session, i)->state, err);
	}
	ok = ok &&
	     journal_state(user, session->execution.operation, JOURNAL_RUNNING, session->n_groups,
			   err) &&
	     db_commit(user, err);
	if (!ok)
		db_rollback(user);
	session->n_written = session->next;
	return ok;
}

/* A group whose copies the disk does not vouch for is one that was not done. */
static bool end_copies(struct file_session *session, struct error *err)
{
	size_t first = session->n_written, n_lost;
	if (first == session->next)
		return true;
	bool ok = execute_end(&session->execution, first, step_at(session, first),
			      session->next - first, &n_lost, err);
	session->n_groups -= n_lost;
	return ok;
}

static void forget_followed(struct file_session *session)
{
	for (size_t i = 0; i < session->steps.len; i++)
		step_at(session, i)->is_followed = step_at(session, i)->is_known = false;
}

/* What it followed is taken back: the index is to know of nothing before user.db does. */
void file_session_rest(struct file_session *session)
{
	if (!session->follower)
		return;
	follower_destroy(session->follower);
	session->follower = NULL;
	if (session->store->in_batch)
		store_rollback(session->store);
	forget_followed(session);
}

/* The index is still following while user.db is written, which is committed first. */
static bool settle(struct file_session *session, struct error *err)
{
	const struct settlement settlement = settlement_of(session);
	struct error ignored; /* it is tried once more, which tells */
	bool ok = settle_user(&settlement, err);
	if (session->follower && !follower_rest(session->follower, &ignored))
		file_session_rest(session);
	return ok && settle_index(&settlement, err);
}

/* What was copied may yet be taken back; what was renamed stands. */
static void let_follow(struct file_session *session, size_t n_least)
{
	bool stands = session->execution.n_waiting == 0;
	if (!session->follower || !stands || session->next - session->n_followed < n_least)
		return;
	follower_take(session->follower, session->next);
	session->n_followed = session->next;
}

/* The disk first: what the journal says is done must be so after a power cut. */
static void end_batch(struct file_session *session)
{
	struct error err;
	if (!end_copies(session, &err)) {
		fail(session, &err);
		session->is_cancelled = true;
	}
	if (!places_sync(&session->execution.places, &err) || !write_states(session, &err)) {
		fail(session, &err);
		session->is_cancelled = true;
	}
	let_follow(session, 1);
}

static void skip_rest(struct file_session *session)
{
	session->is_cut_short = session->next < session->steps.len;
	for (; session->next < session->steps.len; session->next++) {
		execution_forget_part(&session->execution, session->next,
				      step_at(session, session->next));
		step_at(session, session->next)->state = STEP_ROLLED_BACK;
	}
}

/* Every byte of a copy goes by twice: when it is written and when it is read back. */
static uint64_t bytes_done(const struct file_session *session)
{
	uint64_t done = (session->bytes_run + session->bytes_at) / 2;
	return done < session->bytes ? done : session->bytes;
}

/* Where it is not further than before, another file or another pass has begun. */
static void count_bytes(struct file_session *session, uint64_t at)
{
	if (session->n_proven < session->steps.len || at == 0)
		return; /* nothing is copied yet, or only a turn is given */
	if (at <= session->bytes_at)
		session->bytes_run += session->bytes_at;
	session->bytes_at = at;
}

static void tell_progress(struct file_session *session, size_t n_done)
{
	struct event *event = event_create(EVENT_FILES, session->serial);
	event->as.files.n_done = n_done;
	event->as.files.n = session->steps.len;
	event->as.files.bytes = session->bytes;
	event->as.files.bytes_done = bytes_done(session);
	store_send(session->store, event);
}

static void end(struct file_session *session)
{
	struct error err;
	skip_rest(session);
	end_batch(session);
	if (!settle(session, &err)) {
		fail(session, &err);
		file_session_rest(session);
		forget_followed(session); /* a scan finds them */
	}
	session->result.n_changed = session->n_groups;
}

/* What is being copied is finished, but not what is being unpacked, which has no name yet: cancelling stops what has not begun. */
static bool give_turn(void *context, uint64_t at)
{
	struct file_session *session = context;
	count_bytes(session, at);
	if (session->turn && store_monotonic_ms() - session->turned_ms >= SLICE_MS) {
		tell_progress(session, session->is_unpacking ? session->execution.n_extracted
							     : session->next);
		file_session_rest(session);
		session->turn(session->turn_context);
		session->turned_ms = store_monotonic_ms();
	}
	return !session->is_unpacking || !session->is_cancelled;
}

void file_session_watch(struct file_session *session, void (*turn)(void *context), void *context)
{
	session->turn = turn;
	session->turn_context = context;
	session->execution.watch = (struct place_watch){ give_turn, session };
}

static bool has_many_folders(const struct file_session *session)
{
	return session->execution.places.open.len > FOLDERS_MAX;
}

/* Folders stay open until they are synced: a large plan must not hold them all. */
static bool prove(struct file_session *session, size_t i, struct error *err)
{
	const struct plan_step *step = &step_at(session, i)->step;
	bool ok = !proof_is_wanted(step) || proof_step(&session->execution, step, err);
	bool is_last = has_many_folders(session) || i + 1 == session->steps.len;
	return ok && (!is_last || places_sync(&session->execution.places, err));
}

/* All copies are proven to be some before the first goes: one that is none stops all. */
static void prove_some(struct file_session *session)
{
	struct error err;
	int64_t began_ms = store_monotonic_ms();
	for (; session->n_proven < session->steps.len && !session->is_cancelled &&
	       store_monotonic_ms() - began_ms < SLICE_MS;
	     session->n_proven++) {
		if (prove(session, session->n_proven, &err))
			continue;
		fail(session, &err);
		session->is_cancelled = true;
	}
}

static void unpack(struct file_session *session)
{
	struct error err;
	session->is_unpacking = true;
	if (!extract_all(&session->execution, session->store->options->readers, session->steps.ptr,
			 session->steps.len, &err)) {
		fail(session, &err);
		session->is_cancelled = true;
	}
	session->is_unpacking = false;
	session->is_unpacked = true;
}

/* Sidecars of what comes next, as far as their folders can be open together. */
static void prepare_some(struct file_session *session)
{
	size_t first = session->next, end = first;
	while (end < session->steps.len && end - first < AHEAD_STEPS)
		end = group_end(session, end);
	session->n_prepared = first + prepare_steps(&session->execution, FOLDERS_MAX, first,
						    step_at(session, first), end - first);
}

static bool is_batch_full(const struct file_session *session)
{
	return session->next - session->n_written >= BATCH_STEPS || has_many_folders(session) ||
	       session->execution.bytes_waiting > WAITING_BYTES_MAX;
}

bool file_session_step(struct file_session *session)
{
	if (session->n_proven < session->steps.len && !session->is_cancelled) {
		prove_some(session);
		tell_progress(session, session->n_proven);
		return false;
	}
	if (!session->is_unpacked && !session->is_cancelled) {
		unpack(session);
		return false;
	}
	int64_t began_ms = store_monotonic_ms();
	while (session->next < session->steps.len && !session->is_cancelled &&
	       store_monotonic_ms() - began_ms < SLICE_MS) {
		if (session->next >= session->n_prepared)
			prepare_some(session);
		run_group(session);
		let_follow(session, SHARE_STEPS);
		if (is_batch_full(session))
			end_batch(session);
	}
	tell_progress(session, session->next);
	if (session->next < session->steps.len && !session->is_cancelled)
		return false;
	end(session);
	return true;
}

void file_session_cancel(struct file_session *session)
{
	struct error err;
	if (session->is_cancelled)
		return;
	session->is_cancelled = true;
	error_set(&err, ERROR_CANCELLED, NULL, "stopped");
	fail(session, &err);
}

uint32_t file_session_serial(const struct file_session *session)
{
	return session->serial;
}

bool file_session_result(const struct file_session *session, struct arena *arena,
			 struct edit_result *result, const struct str **roots, size_t *n_roots,
			 struct error *err)
{
	rescan_roots(session->store, &session->roots, session->steps.ptr, session->steps.len, arena,
		     roots, n_roots);
	*result = session->result;
	const struct error *why =
		session->failure.code != ERROR_NONE ? &session->failure : &session->execution.kept;
	if (why->code == ERROR_NONE)
		return true;
	*err = *why;
	return session->n_groups == 0 ? false
				      : error_context(err, "%llu models done; then",
						      (unsigned long long)session->n_groups);
}

void file_session_destroy(struct file_session *session)
{
	if (!session)
		return;
	follower_destroy(session->follower);
	execution_finish(&session->execution);
	array_finish(&session->steps);
	arena_finish(&session->arena);
	free(session);
}

static uint64_t count_groups(const struct file_session *session)
{
	uint64_t n = 0;
	for (size_t i = 0; i < session->steps.len; i = group_end(session, i))
		n += step_at(session, i)->state == STEP_DONE;
	return n;
}

/* Said at every start until it is so no more: nobody else knows where to look. */
static void tell_recovered(struct file_session *session, bool is_ended)
{
	for (size_t i = 0; i < session->steps.len; i++) {
		const struct journal_step *step = step_at(session, i);
		bool waits = step->state == STEP_PLANNED || step->state == STEP_COPIED;
		if (!waits && step->state != STEP_CONFLICT)
			continue;
		struct event *event = event_create(EVENT_TOLD, 0);
		event->as.told.text = arena_strf(
			&event->arena,
			is_ended
				? "operation %lld was cut short, and %.*s is not as it left it: nothing was touched"
				: "operation %lld was cut short; it is ended when the folder of %.*s can be reached",
			(long long)session->execution.operation, STR_ARG(step->step.old));
		store_send(session->store, event);
		return;
	}
}

/* A folder that moved: what of it is still under the old name. */
static void tell_kept(struct file_session *session)
{
	const struct error *kept = &session->execution.kept;
	if (kept->code == ERROR_NONE)
		return;
	struct event *event = event_create(EVENT_TOLD, 0);
	event->as.told.text = arena_strf(&event->arena, "operation %lld was cut short; %s",
					 (long long)session->execution.operation, kept->text);
	store_send(session->store, event);
}

/* What lies on a disk that is not there now is decided when it is. */
static bool end_recovered(struct file_session *session, bool is_ended, struct error *err)
{
	session->next = session->steps.len;
	session->n_groups = count_groups(session);
	tell_recovered(session, is_ended);
	tell_kept(session);
	return write_states(session, err) && (!is_ended || settle(session, err));
}

static bool recover(struct store *store, int64_t id, struct error *err)
{
	struct file_session *session = create(store, 0);
	session->is_cut_short = true; /* perhaps: how far it came is not always written down */
	bool ok = load_roots(session, err) &&
		  journal_steps(store->user, id, &session->arena, &session->steps, err) &&
		  reversal_of(store->user, id, &session->reversal.operation, &session->reversal.way,
			      err);
	if (ok) {
		begin_execution(session, id);
		bool is_ended =
			recover_steps(&session->execution, session->steps.ptr, session->steps.len);
		ok = end_recovered(session, is_ended, err);
	}
	file_session_destroy(session);
	return ok;
}

bool file_sessions_recover(struct store *store, struct error *err)
{
	struct array ids = ARRAY_OF(int64_t);
	bool ok = journal_unfinished(store->user, &ids, err);
	for (size_t i = 0; ok && i < ids.len; i++)
		ok = recover(store, *ARRAY_AT(&ids, int64_t, i), err);
	array_finish(&ids);
	return ok;
}
