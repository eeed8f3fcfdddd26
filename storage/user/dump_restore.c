// SPDX-License-Identifier: MIT
#include <math.h>

#include "core/base/base64.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/identify/correction.h"
#include "storage/user/dump.h"
#include "storage/user/notes.h"
#include "storage/user/sets.h"
#include "storage/user/subjects.h"
#include "storage/user/tags.h"

enum { DEPTH_MAX = 8, LINES_MAX = 10000000 };

/** Where a model lies. */
struct place { struct str root, path; };

struct lora { struct place place; double weight, weight_te; bool has_weight_te; };

/** One line, whatever its type: what it does not have is empty. */
struct line {
	struct str type, name, note, quick_hash, sha256, kind, base_model;
	struct place place;
	int64_t bytes, rating, added_s, removed_s, corrected_s;
	bool has_removed, is_favourite;
	struct array tags;		/* struct str */
	struct array loras;		/* struct lora */
};

/** Being read. */
struct restoring {
	struct db *user;
	struct arena arena;		/* of one line */
};

static bool fail(struct error *err, const char *why)
{
	return error_set(err, ERROR_FORMAT, NULL, "%s", why);
}

static bool take_place(struct str key, struct str text, struct arena *arena, struct place *place)
{
	if (str_equal(key, STR("root")) && !place->root.ptr)
		place->root = text;
	else if (str_equal(key, STR("path")) && !place->path.ptr)
		place->path = text;
	else if (str_equal(key, STR("root_bytes")))
		return base64_decode(text, arena, &place->root);
	else if (str_equal(key, STR("path_bytes")))
		return base64_decode(text, arena, &place->path);
	return true;
}

static bool take_text(struct str key, struct str text, struct arena *arena, struct line *line)
{
	const struct { struct str key; struct str *to; } texts[] = {
		{ STR("type"), &line->type }, { STR("name"), &line->name },
		{ STR("note"), &line->note }, { STR("quick_hash"), &line->quick_hash },
		{ STR("sha256"), &line->sha256 }, { STR("kind"), &line->kind },
		{ STR("base_model"), &line->base_model },
	};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (str_equal(key, texts[i].key))
			*texts[i].to = text;
	return take_place(key, text, arena, &line->place);
}

static bool take_number(struct str key, struct str text, struct line *line)
{
	int64_t number;
	if (!str_to_i64(text, &number))
		return false;
	if (str_equal(key, STR("bytes")))
		line->bytes = number;
	else if (str_equal(key, STR("rating")))
		line->rating = number;
	else if (str_equal(key, STR("added_s")))
		line->added_s = number;
	else if (str_equal(key, STR("corrected_s")))
		line->corrected_s = number;
	else if (str_equal(key, STR("removed_s"))) {
		line->removed_s = number;
		line->has_removed = true;
	}
	return number >= 0;
}

static bool read_lora(struct json *json, struct arena *arena, struct lora *lora)
{
	for (;;) {
		enum json_token token = json_next(json);
		if (token == JSON_OBJECT_END)
			return lora->place.root.ptr && lora->place.path.ptr && isfinite(lora->weight);
		if (token != JSON_KEY)
			return false;
		struct str key = json_text(json, arena);
		double number;
		token = json_next(json);
		if (token == JSON_STRING && !take_place(key, json_text(json, arena), arena, &lora->place))
			return false;
		if (token == JSON_NUMBER && !json_double(json, &number))
			return false;
		if (token == JSON_NUMBER && str_equal(key, STR("weight")))
			lora->weight = number;
		if (token == JSON_NUMBER && str_equal(key, STR("weight_te"))) {
			lora->weight_te = number;
			lora->has_weight_te = true;
		}
		if (token != JSON_STRING && token != JSON_NUMBER && token != JSON_NULL)
			return false;
	}
}

static bool read_list(struct json *json, struct str key, struct arena *arena, struct line *line)
{
	bool is_tags = str_equal(key, STR("tags"));
	for (;;) {
		enum json_token token = json_next(json);
		if (token == JSON_ARRAY_END)
			return true;
		if (is_tags && token == JSON_STRING)
			*ARRAY_PUSH(&line->tags, struct str) = json_text(json, arena);
		else if (is_tags || token != JSON_OBJECT
			 || !read_lora(json, arena, ARRAY_PUSH(&line->loras, struct lora)))
			return false;
	}
}

static bool read_value(struct json *json, struct str key, struct arena *arena, struct line *line)
{
	switch (json_next(json)) {
	case JSON_STRING:
		return take_text(key, json_text(json, arena), arena, line);
	case JSON_NUMBER:
		return take_number(key, json->value, line);
	case JSON_TRUE:
		line->is_favourite |= str_equal(key, STR("favourite"));
		return true;
	case JSON_FALSE: case JSON_NULL:
		return true;
	case JSON_ARRAY:
		return read_list(json, key, arena, line);
	case JSON_ERROR: case JSON_END: case JSON_OBJECT: case JSON_OBJECT_END: case JSON_ARRAY_END:
	case JSON_KEY:
		break;
	}
	return false;
}

static bool read_line(struct str text, struct arena *arena, struct line *line)
{
	struct json json;
	json_init(&json, text, DEPTH_MAX);
	if (json_next(&json) != JSON_OBJECT)
		return false;
	for (;;) {
		enum json_token token = json_next(&json);
		if (token == JSON_OBJECT_END)
			return json_next(&json) == JSON_END;
		if (token != JSON_KEY)
			return false;
		struct str key = json_text(&json, arena);
		if (!read_value(&json, key, arena, line))
			return false;
	}
}

static bool is_path(struct str path)
{
	return path.len > 0 && path.ptr[0] == '/' && str_find_byte(path, '\0') < 0;
}

static bool restore_root(const struct restoring *restoring, const struct line *line,
			 struct error *err)
{
	if (!is_path(line->place.path) || line->name.len == 0 || !text_is_utf8(line->name, NULL))
		return fail(err, "this is no root");
	return DB_RUN(restoring->user, SQL_RESTORE_ROOT, err, db_text(line->name),
		      db_blob(line->place.path), db_int(line->added_s),
		      line->has_removed ? db_int(line->removed_s) : (struct db_value){ 0 });
}

static bool find_subject(const struct restoring *restoring, const struct place *place, int64_t bytes,
			 int64_t *id, struct error *err)
{
	struct db_value root = db_blob(place->root);
	int64_t root_id = db_first_int(restoring->user, SQL_ROOT_BY_PATH, &root, 1, 0);
	if (!root_id || place->path.len == 0 || place->path.ptr[0] == '/'
	    || str_find_byte(place->path, '\0') >= 0)
		return fail(err, "its place lies in no root of the dump");
	struct subject_place where = { .root_id = root_id, .path = place->path,
				       .size_bytes = (uint64_t)bytes, .root_path = place->root };
	return subject_place(restoring->user, &where, id, err);
}

static bool restore_correction(const struct restoring *restoring, const struct line *line,
			       int64_t subject, struct error *err)
{
	struct correction checked;
	if (line->kind.len == 0 && line->base_model.len == 0)
		return true;
	return (line->kind.len == 0 || correction_set_kind(&checked, line->kind, err))
		&& DB_RUN(restoring->user, SQL_RESTORE_CORRECTION, err, db_int(subject),
			  db_text(line->kind.len ? line->kind : STR_NULL),
			  db_text(line->base_model.len ? line->base_model : STR_NULL),
			  db_int(line->corrected_s));
}

static bool restore_model(const struct restoring *restoring, const struct line *line,
			  struct error *err)
{
	struct db *user = restoring->user;
	int64_t subject;
	bool changed, ok = line->rating <= RATING_MAX || fail(err, "a rating is from 0 to 5");
	ok = ok && find_subject(restoring, &line->place, line->bytes, &subject, err)
		&& DB_RUN(user, SQL_RESTORE_HASHES, err, db_int(subject),
			  db_text(line->quick_hash.len ? line->quick_hash : STR_NULL),
			  db_text(line->sha256.len ? line->sha256 : STR_NULL));
	if (ok && line->rating > 0)
		ok = notes_rate(user, subject, (int)line->rating, &changed, err);
	if (ok && line->is_favourite)
		ok = notes_favour(user, subject, true, &changed, err);
	if (ok && line->note.len > 0)
		ok = notes_put(user, subject, line->note, &changed, err);
	for (size_t i = 0; ok && i < line->tags.len; i++) {
		struct str tag;
		ok = tag_check(*ARRAY_AT(&line->tags, struct str, i), &tag, err)
			&& tag_add(user, subject, tag, &changed, err);
	}
	return ok && restore_correction(restoring, line, subject, err);
}

static bool restore_set(const struct restoring *restoring, const struct line *line,
			struct error *err)
{
	struct db *user = restoring->user;
	int64_t set = sets_find(user, line->name), subject = 0;
	bool changed = false, ok = !set || sets_delete(user, set, err);
	ok = ok && sets_add(user, line->name, &set, err);
	if (ok && line->note.len > 0)
		ok = sets_note(user, set, line->note, &changed, err);
	if (ok && line->place.path.ptr)
		ok = find_subject(restoring, &line->place, 0, &subject, err)
			&& sets_choose(user, set, subject, &changed, err);
	for (size_t i = 0; ok && i < line->tags.len; i++)
		ok = sets_tag(user, set, *ARRAY_AT(&line->tags, struct str, i), &changed, err);
	for (size_t i = 0; ok && i < line->loras.len; i++) {
		const struct lora *lora = ARRAY_AT(&line->loras, struct lora, i);
		struct set_weights weights = { lora->weight, lora->has_weight_te, lora->weight_te };
		ok = find_subject(restoring, &lora->place, 0, &subject, err)
			&& sets_put(user, set, subject, &weights, &changed, err);
	}
	return ok;
}

static bool restore_line(struct restoring *restoring, struct str text, struct error *err)
{
	struct line line = { .tags = ARRAY_OF(struct str), .loras = ARRAY_OF(struct lora) };
	arena_reset(&restoring->arena);
	bool ok = read_line(text, &restoring->arena, &line) || fail(err, "this is no line of a dump");
	if (ok && str_equal(line.type, STR("root")))
		ok = restore_root(restoring, &line, err);
	else if (ok && str_equal(line.type, STR("model")))
		ok = restore_model(restoring, &line, err);
	else if (ok && str_equal(line.type, STR("set")))
		ok = restore_set(restoring, &line, err);
	else if (ok)
		ok = fail(err, "this is no line of a dump");
	array_finish(&line.tags);
	array_finish(&line.loras);
	return ok;
}

bool dump_restore(struct db *user, struct str text, uint64_t *n_changed, struct error *err)
{
	struct restoring restoring = { .user = user };
	struct str rest = text, line;
	size_t number = 0;
	bool ok = true;
	*n_changed = 0;
	while (ok && number < LINES_MAX && str_next_part(&rest, '\n', &line)) {
		number++;
		if (str_trim(line).len == 0)
			continue;
		ok = restore_line(&restoring, line, err) || error_context(err, "line %zu", number);
		*n_changed += ok;
	}
	arena_finish(&restoring.arena);
	return ok;
}
