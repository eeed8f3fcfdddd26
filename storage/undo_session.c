// SPDX-License-Identifier: MIT
#include "storage/undo_session.h"

#include <stdlib.h>

#include "storage/corrected.h"
#include "storage/root_edits.h"
#include "storage/user/operations.h"

struct undo_session {
	struct store *store; /* borrowed */
	uint32_t serial;
	enum operation_way way;
	int64_t id; /* one by its number; 0: the last ones */
	unsigned n_left;
	struct file_session *files; /* the files of `current` are on their way; NULL: none are */
	int64_t current;
	struct edit_result result;
	bool touched_files, moved_roots;
	struct error failure; /* NONE */
	void (*turn)(void *context);
	void *turn_context;
};

struct undo_session *undo_session_start(struct store *store, const struct request *request)
{
	struct undo_session *session = calloc(1, sizeof *session);
	if (!session)
		die_oom();
	session->store = store;
	session->serial = request->serial;
	session->way = request->as.undo.way;
	session->id = request->as.undo.id;
	session->n_left = session->id ? 1 : request->as.undo.n;
	return session;
}

void undo_session_watch(struct undo_session *session, void (*turn)(void *context), void *context)
{
	session->turn = turn;
	session->turn_context = context;
}

static const char *word(const struct undo_session *session)
{
	return session->way == OPERATION_UNDO ? "undo" : "redo";
}

static void fail(struct undo_session *session, const struct error *err)
{
	session->failure = *err;
	session->n_left = 0;
	error_context(&session->failure, "%s %lld", word(session), (long long)session->current);
}

static void count(struct undo_session *session)
{
	session->result.n_changed++;
	session->result.operation = session->current;
	session->store->everything_changed = true;
}

static bool has_files(struct undo_session *session, int64_t id, bool *out, struct error *err)
{
	struct arena arena = { 0 };
	struct array list = ARRAY_OF(struct operation);
	bool ok = operations_find(session->store->user, id, &arena, &list, err);
	const struct operation *found = ok && list.len > 0 ? list.ptr : NULL;
	*out = found && found->n_steps > 0;
	bool is_so = found && found->stands == (session->way == OPERATION_UNDO ? OPERATION_UNDONE
									       : OPERATION_STANDS);
	if (ok && *out && is_so)
		ok = error_set(err, ERROR_USAGE, NULL,
			       found->stands == OPERATION_UNDONE ? "it is undone already"
								 : "it was not undone");
	else if (ok && *out && found->reverts)
		ok = error_set(err, ERROR_USAGE, NULL, "this took operation %lld back; see redo",
			       (long long)found->reverts);
	array_finish(&list);
	arena_finish(&arena);
	return ok;
}

static bool begin_next(struct undo_session *session, struct error *err)
{
	struct store *store = session->store;
	bool is_of_files;
	if (!has_files(session, session->current, &is_of_files, err))
		return false;
	if (is_of_files) {
		struct file_reversal reversal = { session->current, session->way };
		if (!file_session_revert(store, session->serial, reversal, &session->files, err))
			return false;
		file_session_watch(session->files, session->turn, session->turn_context);
		return true;
	}
	const struct operation_asked asked = { root_edits_may_move, store };
	bool has_moved = false;
	if (!operation_revert(store->user, session->current, session->way, &asked, err))
		return false;
	count(session);
	bool ok = root_edits_follow(store, &has_moved, err);
	session->moved_roots |= has_moved;
	return ok;
}

static void take_next(struct undo_session *session)
{
	struct error err;
	session->current =
		session->id ? session->id : operation_next(session->store->user, session->way);
	if (session->current && session->n_left-- > 0) {
		if (!begin_next(session, &err))
			fail(session, &err);
		return;
	}
	session->n_left = 0;
	if (session->result.n_changed == 0)
		error_set(&session->failure, ERROR_USAGE, NULL, "there is nothing to %s",
			  word(session));
}

static void end_files(struct undo_session *session)
{
	struct arena arena = { 0 };
	struct edit_result result = { 0 };
	const struct str *roots;
	struct error err;
	size_t n;
	if (!file_session_result(session->files, &arena, &result, &roots, &n, &err))
		fail(session, &err);
	session->touched_files |= n > 0;
	if (result.n_changed > 0)
		count(session);
	file_session_destroy(session->files);
	session->files = NULL;
	arena_finish(&arena);
}

static void end(struct undo_session *session)
{
	struct error err;
	if (session->result.n_changed == 0)
		return;
	store_tell(session->store);
	if (!corrected_update(session->store, &err) && session->failure.code == ERROR_NONE)
		session->failure = err;
}

bool undo_session_step(struct undo_session *session)
{
	if (session->files) {
		if (file_session_step(session->files))
			end_files(session);
	} else {
		take_next(session);
	}
	if (session->files || session->n_left > 0)
		return false;
	end(session);
	return true;
}

void undo_session_rest(struct undo_session *session)
{
	if (session->files)
		file_session_rest(session->files);
}

void undo_session_cancel(struct undo_session *session)
{
	session->n_left = 0;
	if (session->files)
		file_session_cancel(session->files);
}

uint32_t undo_session_serial(const struct undo_session *session)
{
	return session->serial;
}

bool undo_session_moved_roots(const struct undo_session *session)
{
	return session->moved_roots;
}

bool undo_session_result(const struct undo_session *session, struct edit_result *result,
			 bool *touched_files, struct error *err)
{
	*result = session->result;
	*touched_files = session->touched_files;
	if (session->failure.code == ERROR_NONE)
		return true;
	*err = session->failure;
	return result->n_changed == 0 ? false
				      : error_context(err, "%llu done, then",
						      (unsigned long long)result->n_changed);
}

void undo_session_destroy(struct undo_session *session)
{
	if (!session)
		return;
	file_session_destroy(session->files);
	free(session);
}
