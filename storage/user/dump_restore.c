// SPDX-License-Identifier: MIT
#include "storage/user/dump.h"

#include "core/base/text.h"
#include "core/base/utf8.h"
#include "storage/user/notes.h"
#include "storage/user/operations.h"
#include "storage/user/sets.h"
#include "storage/user/subjects.h"
#include "storage/user/tags.h"

enum { NAME_TRIES = 1000 };

struct restoring {
	struct db *user;
	struct arena arena; /* of one line */
	uint64_t *n_changed;
};

static int64_t find_root(struct db *user, struct str path)
{
	struct db_value value = db_blob(path);
	return db_first_int(user, SQL_ROOT_AT, &value, 1, 0);
}

/* The name, with a number behind it when another root has it. */
static struct str free_name(struct db *user, struct str name, struct arena *arena)
{
	struct str tried = name;
	for (int i = 2; i < NAME_TRIES; i++) {
		struct db_value value = db_text(tried);
		if (!db_first_int(user, SQL_ROOT_BY_NAME, &value, 1, 0))
			break;
		tried = arena_strf(arena, "%.*s-%d", STR_ARG(name), i);
	}
	return tried;
}

static bool restore_root(struct restoring *restoring, const struct dump_line *line,
			 struct error *err)
{
	struct db *user = restoring->user;
	if (find_root(user, line->place.root))
		return true;
	struct str name =
		line->has_removed ? line->name : free_name(user, line->name, &restoring->arena);
	struct db_value removed =
		line->has_removed ? db_int(line->removed_s) : (struct db_value){ 0 };
	*restoring->n_changed += 1;
	return DB_RUN(user, SQL_ROOT_RESTORE, err, db_text(name), db_blob(line->place.root),
		      db_int(line->added_s), removed);
}

static bool find_subject(struct db *user, const struct dump_place *place, int64_t *root_id,
			 int64_t *id, struct error *err)
{
	*root_id = find_root(user, place->root);
	if (!*root_id)
		return error_set(err, ERROR_FORMAT, NULL, "no line before tells of its root");
	*id = subject_find(user, *root_id, place->path);
	return true;
}

/* What stays when the operation is undone: a place with nothing attached is nothing. */
static bool put_subject(struct db *user, const struct dump_line *line, int64_t *id,
			struct error *err)
{
	int64_t root_id = 0;
	if (!find_subject(user, &line->place, &root_id, id, err))
		return false;
	operation_pause(user, true);
	bool ok = *id ? DB_RUN(user, SQL_SUBJECT_LEARN, err, db_int(*id),
			       db_int((int64_t)line->size_bytes), db_text(line->quick_hash),
			       db_text(line->sha256))
		      : DB_RUN(user, SQL_SUBJECT_RESTORE, err, db_int(root_id),
			       db_blob(line->place.path), db_int((int64_t)line->size_bytes),
			       db_text(line->quick_hash), db_text(line->sha256));
	operation_pause(user, false);
	if (ok && !*id)
		*id = sqlite3_last_insert_rowid(user->handle);
	return ok;
}

/* No change that a person makes, either. */
static bool restore_formers(struct db *user, const struct dump_line *line, int64_t id,
			    struct error *err)
{
	bool ok = true;
	operation_pause(user, true);
	for (size_t i = 0; ok && i < line->n_formers; i++)
		ok = DB_RUN(user, SQL_FORMER_RESTORE, err, db_int(id),
			    db_int((int64_t)line->formers[i].size_bytes),
			    db_text(line->formers[i].quick_hash), db_int(SUBJECT_FORMERS_MAX));
	operation_pause(user, false);
	return ok;
}

static bool read_words(struct restoring *restoring, int64_t id, struct dump_line *here,
		       struct error *err)
{
	err->code = ERROR_NONE;
	sqlite3_stmt *row = DB_BIND(restoring->user, SQL_SUBJECT_WORDS, err, db_int(id));
	if (!row || !db_next(row, err))
		return err->code == ERROR_NONE;
	here->rating = (uint64_t)sqlite3_column_int64(row, 0);
	here->note = db_column_copy(row, 1, &restoring->arena);
	db_reset(row);
	return true;
}

/* Both; one that is a part of the other need not stand twice. */
static struct str join_notes(struct str here, struct str there, struct arena *arena)
{
	if (!here.ptr || (there.ptr && str_find(there, here) >= 0))
		return there;
	if (!there.ptr || str_find(here, there) >= 0)
		return here;
	struct bytes both = { 0 };
	bytes_append_str(&both, here);
	bytes_append_str(&both, STR("\n\n"));
	bytes_append_str(&both, there);
	struct str joined = arena_str(arena, bytes_str(&both));
	bytes_finish(&both);
	return joined;
}

/* Whatever the bytes: what could be written once is not refused now. */
static bool put_note(struct db *user, int64_t id, struct str note, bool *changed, struct error *err)
{
	if (!DB_RUN(user, SQL_SUBJECT_NOTE, err, db_int(id), db_text(note)))
		return false;
	*changed = db_n_changed(user) > 0;
	return true;
}

static bool restore_words(struct restoring *restoring, const struct dump_line *line, int64_t id,
			  bool *changed, struct error *err)
{
	struct db *user = restoring->user;
	struct dump_line here = { 0 };
	bool rated = false, noted = false, favoured = false;
	if (!read_words(restoring, id, &here, err))
		return false;
	struct str note = join_notes(here.note, line->note, &restoring->arena);
	bool ok = (line->rating == 0 || here.rating > 0 ||
		   notes_rate(user, id, (int)line->rating, &rated, err)) &&
		  (!line->note.ptr || put_note(user, id, note, &noted, err)) &&
		  (!line->is_favourite || notes_favour(user, id, true, &favoured, err));
	*changed |= rated || noted || favoured;
	return ok;
}

static bool restore_tags(struct restoring *restoring, const struct dump_line *line, int64_t id,
			 enum sql sql, bool *changed, struct error *err)
{
	for (size_t i = 0; i < line->n_tags; i++) {
		struct str tag;
		/* As it is spelled in the dump, even where another spelling is here. */
		if (!tag_check(line->tags[i], &tag, err))
			return error_set(err, ERROR_FORMAT, NULL, "its tag %zu cannot be one",
					 i + 1);
		if (!DB_RUN(restoring->user, sql, err, db_int(id),
			    db_text(text_fold_copy(&restoring->arena, tag)), db_text(tag)))
			return false;
		*changed |= db_n_changed(restoring->user) > 0;
	}
	return true;
}

static bool restore_model(struct restoring *restoring, const struct dump_line *line,
			  struct error *err)
{
	struct db *user = restoring->user;
	int64_t id = 0;
	bool changed = false;
	if (!put_subject(user, line, &id, err) || !restore_formers(user, line, id, err) ||
	    !restore_words(restoring, line, id, &changed, err) ||
	    !restore_tags(restoring, line, id, SQL_TAG_ADD, &changed, err))
		return false;
	if (line->kind.ptr || line->base_model.ptr) {
		if (!DB_RUN(user, SQL_CORRECTION_RESTORE, err, db_int(id), db_text(line->kind),
			    db_text(line->base_model), db_int(line->corrected_s)))
			return false;
		changed |= db_n_changed(user) > 0;
	}
	*restoring->n_changed += changed;
	return true;
}

static bool find_known(struct db *user, const struct dump_place *place, int64_t *id,
		       struct error *err)
{
	int64_t root_id = 0;
	return find_subject(user, place, &root_id, id, err) &&
	       (*id ||
		error_set(err, ERROR_FORMAT, NULL, "no line before tells of one of its models"));
}

static bool fill_set(struct restoring *restoring, const struct dump_line *line, int64_t set,
		     struct error *err)
{
	struct db *user = restoring->user;
	bool changed = false;
	int64_t subject = 0;
	if (line->place.root.ptr && (!find_known(user, &line->place, &subject, err) ||
				     !sets_choose(user, set, subject, &changed, err)))
		return false;
	for (size_t i = 0; i < line->n_loras; i++) {
		const struct dump_lora *lora = &line->loras[i];
		struct set_weights weights = { lora->weight, lora->has_weight_te, lora->weight_te };
		if (!find_known(user, &lora->place, &subject, err) ||
		    !sets_put(user, set, subject, &weights, &changed, err))
			return false;
	}
	return restore_tags(restoring, line, set, SQL_SET_TAG_ADD, &changed, err) &&
	       (!line->note.ptr ||
		DB_RUN(user, SQL_SET_NOTE, err, db_int(set), db_text(line->note)));
}

/* Is the set of that id as the line tells, but for its name? */
static bool is_same_set(struct restoring *restoring, const struct dump_line *line, int64_t set,
			bool *same, struct error *err)
{
	struct bytes texts[2] = { { 0 }, { 0 } };
	struct dump_line here;
	err->code = ERROR_NONE;
	sqlite3_stmt *row = DB_BIND(restoring->user, SQL_SET_NOTE_OF, err, db_int(set));
	if (!row || !db_next(row, err))
		return false;
	struct str note = db_column_copy(row, 0, &restoring->arena);
	db_reset(row);
	if (!dump_set(restoring->user, set, line->name, note, &restoring->arena, &here, err))
		return false;
	dump_line_write(&here, &texts[0]);
	dump_line_write(line, &texts[1]);
	*same = str_equal(bytes_str(&texts[0]), bytes_str(&texts[1]));
	bytes_finish(&texts[0]);
	bytes_finish(&texts[1]);
	return true;
}

static struct str numbered(struct str name, int number, struct arena *arena)
{
	return arena_strf(arena, "%.*s (%d)", STR_ARG(utf8_cut(name, USER_NAME_BYTES_MAX - 8)),
			  number);
}

static bool restore_set(struct restoring *restoring, const struct dump_line *line,
			struct error *err)
{
	struct str name = line->name;
	for (int i = 2; i < NAME_TRIES; i++) {
		int64_t id = sets_find(restoring->user, name);
		bool same = false;
		if (!id) {
			*restoring->n_changed += 1;
			return sets_add(restoring->user, name, &id, err) &&
			       fill_set(restoring, line, id, err);
		}
		if (!is_same_set(restoring, line, id, &same, err))
			return false;
		if (same)
			return true;
		name = numbered(line->name, i, &restoring->arena);
	}
	return error_set(err, ERROR_LIMIT, NULL, "too many sets of that name");
}

static bool restore_line(struct restoring *restoring, struct str text, bool is_first,
			 struct error *err)
{
	struct dump_line line;
	if (!dump_line_read(text, &restoring->arena, &line, err))
		return false;
	if (is_first != (line.type == DUMP_HEAD))
		return error_set(err, ERROR_FORMAT, NULL,
				 is_first ? "this is no dump: it has no head" : "another head");
	switch (line.type) {
	case DUMP_ROOT: return restore_root(restoring, &line, err);
	case DUMP_MODEL: return restore_model(restoring, &line, err);
	case DUMP_SET: return restore_set(restoring, &line, err);
	case DUMP_HEAD:
	case DUMP_TYPE_COUNT: break;
	}
	return true;
}

bool dump_restore(struct db *user, struct str text, uint64_t *n_changed, struct error *err)
{
	struct restoring restoring = { .user = user, .n_changed = n_changed };
	struct str rest = text, line;
	size_t number = 0;
	bool ok = true, is_first = true;
	*n_changed = 0;
	while (ok && str_next_part(&rest, '\n', &line)) {
		number++;
		if (str_trim(line).len == 0)
			continue;
		arena_reset(&restoring.arena);
		ok = restore_line(&restoring, line, is_first, err) ||
		     error_context(err, "line %zu", number);
		is_first = false;
	}
	arena_finish(&restoring.arena);
	return ok && (!is_first || error_set(err, ERROR_FORMAT, NULL, "there is nothing in it"));
}
