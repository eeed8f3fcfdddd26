// SPDX-License-Identifier: MIT
#include "storage/user/tags.h"

#include "core/base/text.h"

bool tag_has_control(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.ptr[i] < ' ' || text.ptr[i] == 0x7f)
			return true;
		/* U+0080 to U+009F: terminals obey them too. */
		if (text.ptr[i] == '\xc2' && i + 1 < text.len && (unsigned char)text.ptr[i + 1] < 0xa0)
			return true;
	}
	return false;
}

bool tag_check(struct str raw, struct str *tag, struct error *err)
{
	size_t bad;
	*tag = str_trim(raw);
	if (tag->len == 0)
		return error_set(err, ERROR_USAGE, NULL, "a tag needs at least one character");
	if (tag->len > TAG_BYTES_MAX)
		return error_set(err, ERROR_USAGE, NULL, "a tag has at most %d bytes", TAG_BYTES_MAX);
	if (!text_is_utf8(*tag, &bad) || tag_has_control(*tag))
		return error_set(err, ERROR_USAGE, NULL, "a tag has no control characters");
	if (str_find_byte(*tag, ',') >= 0)
		return error_set(err, ERROR_USAGE, NULL, "a tag has no commas: give several tags instead");
	if (tag->ptr[0] == '+' || tag->ptr[0] == '-')
		return error_set(err, ERROR_USAGE, NULL, "a tag does not begin with + or -");
	return true;
}

/* The spelling that the tag has elsewhere, else the one given. */
static bool find_spelling(struct db *user, struct str folded, struct str tag, struct arena *arena,
			  struct str *name, struct error *err)
{
	sqlite3_stmt *row = DB_BIND(user, SQL_TAG_SPELLING, err, db_text(folded));
	*name = tag;
	if (row && db_next(row, err)) {
		*name = db_column_copy(row, 0, arena);
		db_reset(row);
	}
	return err->code == ERROR_NONE;
}

bool tag_add(struct db *user, int64_t subject_id, struct str tag, bool *changed, struct error *err)
{
	struct arena arena = { 0 };
	struct str folded = text_fold_copy(&arena, tag), name;
	bool ok = find_spelling(user, folded, tag, &arena, &name, err)
		&& DB_RUN(user, SQL_TAG_ADD, err, db_int(subject_id), db_text(folded), db_text(name));
	*changed = ok && db_n_changed(user) > 0;
	arena_finish(&arena);
	return ok;
}

bool tag_remove(struct db *user, int64_t subject_id, struct str tag, bool *changed,
		struct error *err)
{
	struct arena arena = { 0 };
	bool ok = DB_RUN(user, SQL_TAG_REMOVE, err, db_int(subject_id),
			 db_text(text_fold_copy(&arena, tag)));
	*changed = ok && db_n_changed(user) > 0;
	arena_finish(&arena);
	return ok;
}
