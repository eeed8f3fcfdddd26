// SPDX-License-Identifier: MIT
#include "storage/files/journal.h"

#include "storage/user/operations.h"

static const char *const step_words[STEP_STATE_COUNT] = {
	[STEP_PLANNED] = "planned",         [STEP_COPIED] = "copied",     [STEP_DONE] = "done",
	[STEP_ROLLED_BACK] = "rolled-back", [STEP_CONFLICT] = "conflict",
};

static const char *const state_words[] = {
	[JOURNAL_PLANNED] = "planned",   [JOURNAL_RUNNING] = "running",
	[JOURNAL_DONE] = "done",         [JOURNAL_ROLLED_BACK] = "rolled-back",
	[JOURNAL_CONFLICT] = "conflict",
};

static bool add_step(struct db *user, int64_t id, size_t place, const struct plan_step *step,
		     struct error *err)
{
	const struct plan_file *source = &step->source;
	return DB_RUN(user, SQL_STEP_ADD, err, db_int(id), db_int((int64_t)place),
		      db_int(step->group), db_text(str_from(plan_action_word(step->action))),
		      db_int(step->is_companion), db_int(step->is_folder), db_blob(step->other),
		      db_blob(step->old), db_blob(step->new.ptr ? step->new : STR("")),
		      db_int((int64_t)source->dev), db_int((int64_t)source->ino),
		      db_int((int64_t)source->size_bytes), db_int(source->mtime_ns));
}

static bool add_all(struct db *user, const struct plan *plan, bool is_asked, int64_t reverts,
		    int64_t now_s, int64_t id, struct error *err)
{
	if (!DB_RUN(user, SQL_OPERATION_PLAN, err, db_int(id), db_int(now_s), db_text(plan->what),
		    db_text(plan->words.ptr ? plan->words : STR("")), db_int(is_asked),
		    reverts ? db_int(reverts) : (struct db_value){ 0 }))
		return false;
	for (size_t i = 0; i < plan->n_steps; i++)
		if (!add_step(user, id, i, &plan->steps[i], err))
			return false;
	return true;
}

/* Two commits: the first promises that nothing was done yet, the second that the disk tells. */
bool journal_begin(struct db *user, const struct plan *plan, bool is_asked, int64_t reverts,
		   int64_t now_s, int64_t *id, struct error *err)
{
	if (!db_begin(user, err))
		return false;
	*id = operation_number(user);
	if (add_all(user, plan, is_asked, reverts, now_s, *id, err) && db_commit(user, err))
		return journal_state(user, *id, JOURNAL_RUNNING, 0, err);
	db_rollback(user);
	return false;
}

bool journal_steps_state(struct db *user, int64_t id, size_t first, size_t end,
			 enum step_state state, struct error *err)
{
	return DB_RUN(user, SQL_STEPS_STATE, err, db_int(id), db_int((int64_t)first),
		      db_int((int64_t)end), db_text(str_from(step_words[state])));
}

bool journal_copied(struct db *user, int64_t id, size_t place, const char *sha256,
		    struct error *err)
{
	return DB_RUN(user, SQL_STEP_COPIED, err, db_int(id), db_int((int64_t)place),
		      db_text(str_from(sha256)));
}

bool journal_renamed(struct db *user, int64_t id, size_t place, struct str new_path,
		     struct error *err)
{
	return DB_RUN(user, SQL_STEP_NEW, err, db_int(id), db_int((int64_t)place),
		      db_blob(new_path));
}

bool journal_folder(struct db *user, int64_t id, struct str path, struct error *err)
{
	return DB_RUN(user, SQL_MADE_FOLDER_ADD, err, db_int(id), db_blob(path));
}

bool journal_state(struct db *user, int64_t id, enum journal_state state, uint64_t n_changed,
		   struct error *err)
{
	return DB_RUN(user, SQL_OPERATION_STATE, err, db_int(id),
		      db_text(str_from(state_words[state])), db_int((int64_t)n_changed));
}

static enum step_state find_state(struct str word)
{
	for (size_t i = 0; i < STEP_STATE_COUNT; i++)
		if (str_equal(word, str_from(step_words[i])))
			return (enum step_state)i;
	return STEP_CONFLICT; /* a word of another version: nothing is touched */
}

static void read_step(sqlite3_stmt *row, struct arena *arena, struct journal_step *out)
{
	*out = (struct journal_step){
		.step = {
			.group = (uint32_t)sqlite3_column_int64(row, 1),
			.action = plan_action_find(db_column(row, 2)),
			.is_companion = sqlite3_column_int(row, 3),
			.is_folder = sqlite3_column_int(row, 4),
			.other = db_column_copy(row, 5, arena),
			.old = db_column_copy(row, 6, arena),
			.new = db_column_copy(row, 7, arena),
			.source = {
				.dev = (uint64_t)sqlite3_column_int64(row, 8),
				.ino = (uint64_t)sqlite3_column_int64(row, 9),
				.size_bytes = (uint64_t)sqlite3_column_int64(row, 10),
				.mtime_ns = sqlite3_column_int64(row, 11),
			},
		},
		.sha256 = db_column_copy(row, 12, arena),
		.state = find_state(db_column(row, 13)),
	};
	if (out->step.action == PLAN_ACTION_COUNT)
		out->state = STEP_CONFLICT;
}

bool journal_steps(struct db *user, int64_t id, struct arena *arena, struct array *steps,
		   struct error *err)
{
	err->code = ERROR_NONE;
	sqlite3_stmt *rows = DB_BIND(user, SQL_STEPS, err, db_int(id));
	while (rows && db_next(rows, err))
		read_step(rows, arena, ARRAY_PUSH(steps, struct journal_step));
	return err->code == ERROR_NONE;
}

bool journal_unfinished(struct db *user, struct array *ids, struct error *err)
{
	err->code = ERROR_NONE;
	sqlite3_stmt *rows = db_bind(user, SQL_OPERATIONS_UNFINISHED, NULL, 0, err);
	while (rows && db_next(rows, err))
		*ARRAY_PUSH(ids, int64_t) = sqlite3_column_int64(rows, 0);
	return err->code == ERROR_NONE;
}

bool journal_folders(struct db *user, int64_t id, struct arena *arena, struct array *paths,
		     struct error *err)
{
	err->code = ERROR_NONE;
	sqlite3_stmt *rows = DB_BIND(user, SQL_MADE_FOLDERS, err, db_int(id));
	while (rows && db_next(rows, err))
		*ARRAY_PUSH(paths, struct str) = db_column_copy(rows, 0, arena);
	return err->code == ERROR_NONE;
}
