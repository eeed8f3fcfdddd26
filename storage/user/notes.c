// SPDX-License-Identifier: MIT
#include "storage/user/notes.h"

#include "core/base/user_text.h"

static bool run(struct db *user, enum sql sql, int64_t subject_id, struct db_value value,
		bool *changed, struct error *err)
{
	const struct db_value values[] = { db_int(subject_id), value };
	if (!db_run(user, sql, values, 2, err))
		return false;
	*changed = db_n_changed(user) > 0;
	return true;
}

bool notes_put(struct db *user, int64_t subject_id, struct str note, bool *changed,
	       struct error *err)
{
	return note_check(note, err) &&
	       run(user, SQL_SUBJECT_NOTE, subject_id, db_text(note), changed, err);
}

bool notes_rate(struct db *user, int64_t subject_id, int rating, bool *changed, struct error *err)
{
	if (rating < 0 || rating > RATING_MAX)
		return error_set(err, ERROR_USAGE, NULL, "a rating is from 0 to %d", RATING_MAX);
	return run(user, SQL_SUBJECT_RATE, subject_id, db_int(rating), changed, err);
}

bool notes_favour(struct db *user, int64_t subject_id, bool is_favourite, bool *changed,
		  struct error *err)
{
	return run(user, SQL_SUBJECT_FAVOUR, subject_id, db_int(is_favourite), changed, err);
}
