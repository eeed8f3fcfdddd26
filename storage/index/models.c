// SPDX-License-Identifier: MIT
#include "storage/index/models.h"

#include <string.h>

#include "core/base/path.h"
#include "core/base/text.h"
#include "storage/index/facts_rows.h"
#include "storage/index/shelf_text.h"
#include "storage/scan/changes.h"
#include "storage/scan/names.h"
#include "storage/scan/states.h"
#include "storage/user/corrections.h"

/* Any change of the context will do: the file is then read again. */
#define CONTEXT_STALE UINT64_C(0x5354414c45)

/* A damaged index may say anything of how much is in it. */
enum { GUESS_MAX = 1 << 24 };

static bool find_knowledge(struct models *models, const char *version, struct error *err)
{
	struct db_value value = db_text(str_from(version));
	if (!db_run(models->db, SQL_KNOWLEDGE_ADD, &value, 1, err))
		return false;
	models->knowledge_id = db_first_int(models->db, SQL_KNOWLEDGE_FIND, &value, 1, 0);
	return true;
}

bool models_init(struct models *models, struct db *db, const struct knowledge *knowledge,
		 struct error *err)
{
	*models = (struct models){ .db = db, .knowledge = knowledge };
	classes_init(&models->classes);
	return classes_load(&models->classes, db, err) &&
	       find_knowledge(models, knowledge->version, err);
}

void models_finish(struct models *models)
{
	classes_finish(&models->classes);
	bytes_finish(&models->scratch);
	bytes_finish(&models->folder.path);
	bytes_finish(&models->trained.name);
	bytes_finish(&models->passage.before);
	bytes_finish(&models->passage.now);
}

bool models_reload(struct models *models, struct error *err)
{
	models->folder.id = models->trained.id = 0;
	classes_finish(&models->classes);
	classes_init(&models->classes);
	return classes_load(&models->classes, models->db, err);
}

static void remember(struct bytes *place, struct str text)
{
	bytes_clear(place);
	bytes_append_str(place, text);
}

static bool folder_of(struct models *models, int64_t root_id, struct str path, int64_t *id,
		      struct error *err)
{
	ptrdiff_t slash = str_rfind_byte(path, '/');
	struct str folder = slash < 0 ? STR("") : str_slice(path, 0, (size_t)slash);
	struct db_value place[] = { db_int(root_id), db_blob(folder) };
	if (models->folder.id == 0 || models->folder.root_id != root_id ||
	    !str_equal(bytes_str(&models->folder.path), folder)) {
		if (!db_run(models->db, SQL_FOLDER_ADD, place, 2, err))
			return false;
		models->folder.id = db_first_int(models->db, SQL_FOLDER_FIND, place, 2, 0);
		models->folder.root_id = root_id;
		remember(&models->folder.path, folder);
	}
	*id = models->folder.id;
	return true;
}

/* NULL when nothing tells what it was trained on. */
static bool trained_of(struct models *models, struct str name, struct db_value *out,
		       struct error *err)
{
	*out = (struct db_value){ 0 };
	if (name.len == 0)
		return true;
	bytes_clear(&models->scratch);
	text_fold(&models->scratch, name);
	struct db_value folded = db_blob(bytes_str(&models->scratch));
	if (models->trained.id == 0 || !str_equal(bytes_str(&models->trained.name), folded.bytes)) {
		if (!db_run(models->db, SQL_TRAINED_ADD, &folded, 1, err))
			return false;
		models->trained.id = db_first_int(models->db, SQL_TRAINED_FIND, &folded, 1, 0);
		remember(&models->trained.name, folded.bytes);
	}
	*out = db_int(models->trained.id);
	return true;
}

/* A blob of no bytes rather than NULL. */
static struct db_value bytes_or_none(struct str bytes)
{
	return db_blob(bytes.len ? bytes : STR(""));
}

static int64_t seconds(int64_t ns)
{
	const int64_t second_ns = 1000000000;
	return ns / second_ns - (ns % second_ns < 0);
}

static struct db_value parameters_of(const struct model *model)
{
	return model->parameters < 0 ? (struct db_value){ 0 } : db_int(model->parameters);
}

/* The class of the corrected model; what is shown of it is corrected again when it is read. */
static bool class_of(struct models *models, const struct model *own,
		     const struct correction *correction, uint32_t *class_id, struct error *err)
{
	struct arena scratch = { 0 };
	struct model model = *own;
	correction_apply(models->knowledge, correction, &scratch, &model);
	bool ok = classes_place(&models->classes, models->db, &model, class_id, err);
	arena_finish(&scratch);
	return ok;
}

static bool put_corrected(struct models *models, uint32_t id, const struct correction *correction,
			  struct error *err)
{
	if (correction_is_empty(correction))
		return DB_RUN(models->db, SQL_CORRECTED_REMOVE, err, db_int(id));
	return DB_RUN(models->db, SQL_CORRECTED_PUT, err, db_int(id), corrections_kind(correction),
		      corrections_base(correction));
}

/* Does a model come back? Then it has the id and the time that it had. */
static bool take_departed(struct models *models, const struct finding *finding, uint32_t *id,
			  int64_t *added_s, struct error *err)
{
	sqlite3_stmt *row =
		DB_BIND(models->db, SQL_DEPARTED_TAKE, err, db_int(finding->root_id),
			db_blob(finding->path), db_int((int64_t)finding->model.size_bytes),
			db_int(seconds(finding->state.mtime_ns)));
	if (!row || !db_next(row, err))
		return err->code == ERROR_NONE;
	*id = (uint32_t)sqlite3_column_int64(row, 0);
	*added_s = sqlite3_column_int64(row, 1);
	db_reset(row);
	return true;
}

/* One function binds the model's columns, for new and for changed ones alike. */
static bool put_row(struct models *models, const struct finding *finding,
		    const struct correction *correction, int64_t added_s, uint32_t *id,
		    struct error *err)
{
	const struct model *model = &finding->model;
	struct db_value trained;
	uint32_t class_id;
	int64_t folder_id;
	if ((!*id && !take_departed(models, finding, id, &added_s, err)) ||
	    !class_of(models, model, correction, &class_id, err) ||
	    !folder_of(models, finding->root_id, finding->path, &folder_id, err) ||
	    !trained_of(models, model->trained_on.name, &trained, err))
		return false;
	bytes_clear(&models->scratch);
	shelf_text(&models->scratch, model->name, finding->path, model->triggers,
		   model->n_triggers);
	if (!DB_RUN(models->db, SQL_MODEL_PUT, err, *id ? db_int(*id) : (struct db_value){ 0 },
		    db_int(finding->root_id), db_int(class_id), db_int(model->adapter.rank_min),
		    db_int(model->adapter.rank_max), db_int((int64_t)model->size_bytes),
		    parameters_of(model), db_int(seconds(finding->state.mtime_ns)), db_int(added_s),
		    db_blob(finding->path), bytes_or_none(model->name),
		    db_blob(bytes_str(&models->scratch)), db_int(folder_id), trained,
		    db_blob(model->alias)))
		return false;
	if (!*id)
		*id = (uint32_t)sqlite3_last_insert_rowid(models->db->handle);
	return put_corrected(models, *id, correction, err);
}

/* The column `state` of `seen`. */
struct packed_state {
	struct file_state state;
	uint64_t context;
};

static bool put_seen(struct models *models, const struct finding *finding, uint32_t id,
		     int64_t knowledge_id, struct error *err)
{
	struct packed_state packed = { finding->state, finding->context };
	return DB_RUN(models->db, SQL_SEEN_PUT, err, db_int(finding->root_id),
		      db_blob(finding->path), db_int(id),
		      db_blob((struct str){ (const char *)&packed, sizeof packed }),
		      db_int(knowledge_id), db_blob(finding->target));
}

static bool put_flat(struct models *models, const struct finding *finding, uint32_t id,
		     struct error *err)
{
	bytes_clear(&models->scratch);
	for (size_t i = 0; i < finding->n_companions; i++) {
		bytes_append_str(&models->scratch, finding->companions[i]);
		bytes_append_byte(&models->scratch, '\0');
	}
	return DB_RUN(models->db, SQL_FINDING_PUT, err, db_int(id),
		      bytes_or_none(finding->flat.model),
		      bytes_or_none(bytes_str(&models->scratch)));
}

/* A file that is known as missing may come back as another one, or another may take its place. */
static bool clear_place(struct models *models, const struct finding *finding, uint32_t *id,
			struct array *changed, struct error *err)
{
	sqlite3_stmt *row = DB_BIND(models->db, SQL_SEEN_FIND, err, db_int(finding->root_id),
				    db_blob(finding->path));
	if (!row || !db_next(row, err))
		return err->code == ERROR_NONE;
	uint32_t there = (uint32_t)sqlite3_column_int64(row, 0);
	bool is_missing = sqlite3_column_int(row, 1) != 0;
	db_reset(row);
	if (*id == 0)
		*id = there;
	if (*id == there || !is_missing)
		return true;
	*ARRAY_PUSH(changed, uint32_t) = there;
	return DB_RUN(models->db, SQL_MODEL_FORGET, err, db_int(there));
}

/* A model that stays where it is keeps its row. */
static bool leave_place(struct models *models, uint32_t id, const struct finding *to,
			struct error *err)
{
	return !id || DB_RUN(models->db, SQL_SEEN_FORGET, err, db_int(id), db_int(to->root_id),
			     db_blob(to->path));
}

static bool store_model(struct models *models, const struct finding *finding,
			const struct correction *correction, int64_t now_s, uint32_t *id,
			struct error *err)
{
	bool is_kept;
	return leave_place(models, *id, finding, err) &&
	       put_row(models, finding, correction, now_s, id, err) &&
	       put_flat(models, finding, *id, err) &&
	       facts_rows_put(models->db, *id, finding->flat.facts, &is_kept, err) &&
	       put_seen(models, finding, *id,
			is_kept ? models->knowledge_id : -models->knowledge_id, err);
}

/* Moved without another name: nothing was read again, so the old knowledge counts on. */
static bool store_move(struct models *models, const struct finding *finding, struct error *err)
{
	struct db_value id = db_int(finding->id);
	int64_t knowledge_id = db_first_int(models->db, SQL_SEEN_KNOWLEDGE, &id, 1, 0), folder_id;
	return leave_place(models, finding->id, finding, err) &&
	       folder_of(models, finding->root_id, finding->path, &folder_id, err) &&
	       DB_RUN(models->db, SQL_MODEL_MOVE, err, id, db_int(finding->root_id),
		      db_blob(finding->path), db_int(folder_id)) &&
	       put_seen(models, finding, finding->id, knowledge_id, err);
}

static struct packed_state unpack_state(struct str state)
{
	struct packed_state packed = { 0 };
	if (state.len == sizeof packed)
		memcpy(&packed, state.ptr, sizeof packed);
	return packed;
}

/* What two folders say of a name that stays was asked when another file went from the one to the other. */
static enum names_change names_of(struct models *models, struct str before, struct str now)
{
	struct str folder_before = path_folder(before), folder_now = path_folder(now);
	if (!str_equal(name_of_path(before), name_of_path(now)))
		return NAMES_SAY_OTHER;
	if (!models->passage.is_known ||
	    !str_equal(bytes_str(&models->passage.before), folder_before) ||
	    !str_equal(bytes_str(&models->passage.now), folder_now)) {
		remember(&models->passage.before, folder_before);
		remember(&models->passage.now, folder_now);
		models->passage.names = changes_of_names(models->knowledge, before, now);
		models->passage.is_known = true;
	}
	return models->passage.names;
}

static bool is_same_file(const struct relocation *relocation, const struct packed_state *seen)
{
	struct file_state after = relocation->after;
	after.ctime_ns = relocation->before.ctime_ns;
	return relocation->before.inode != 0 && state_equal(&seen->state, &relocation->before) &&
	       state_equal(&after, &relocation->before);
}

static enum relocated_need need_of(struct models *models, const struct relocation *relocation,
				   const struct packed_state *seen)
{
	enum names_change names = is_same_file(relocation, seen)
					  ? names_of(models, relocation->old_path, relocation->path)
					  : NAMES_SAY_OTHER;
	if (names == NAMES_SAY_FOLDER && relocation->may_conclude)
		return RELOCATED_CONCLUDE;
	return names == NAMES_SAY_SAME ? RELOCATED_NOTHING : RELOCATED_READ;
}

/* Mostly nothing is known to be where it goes, and the update tells that by itself. */
static bool move_seen(struct models *models, const struct relocation *relocation,
		      const struct packed_state *packed, uint32_t *id, struct error *err)
{
	const struct finding moved = { .root_id = relocation->root_id, .path = relocation->path };
	const struct db_value values[] = {
		db_int(relocation->old_root_id),
		db_blob(relocation->old_path),
		db_int(relocation->root_id),
		db_blob(relocation->path),
		db_blob((struct str){ (const char *)packed, sizeof *packed }),
	};
	struct array changed = ARRAY_OF(uint32_t);
	bool ok = db_run(models->db, SQL_SEEN_MOVE_FREE, values, 5, err);
	if (ok && db_n_changed(models->db) == 0)
		ok = clear_place(models, &moved, id, &changed, err) &&
		     db_run(models->db, SQL_SEEN_MOVE, values, 5, err);
	array_finish(&changed);
	return ok;
}

bool models_relocate(struct models *models, const struct relocation *relocation,
		     struct relocated *out, struct error *err)
{
	struct packed_state packed = { 0 };
	int64_t folder_id;
	sqlite3_stmt *row = DB_BIND(models->db, SQL_SEEN_STATE, err,
				    db_int(relocation->old_root_id), db_blob(relocation->old_path));
	*out = (struct relocated){ 0 };
	if (!row || !db_next(row, err))
		return err->code == ERROR_NONE;
	out->id = (uint32_t)sqlite3_column_int64(row, 0);
	bool stays_in_index =
		sqlite3_column_int(row, 1) == 0 && relocation->root_id == relocation->old_root_id;
	struct packed_state seen = unpack_state(db_column(row, 2));
	db_reset(row);
	out->need = need_of(models, relocation, &seen);
	out->is_alone = seen.context == 0;
	if (out->need != RELOCATED_READ)
		packed = (struct packed_state){ relocation->after, seen.context };
	return move_seen(models, relocation, &packed, &out->id, err) &&
	       folder_of(models, relocation->root_id, relocation->path, &folder_id, err) &&
	       (stays_in_index ? DB_RUN(models->db, SQL_MODEL_MOVE_WITHIN, err, db_int(out->id),
					db_blob(relocation->path), db_int(folder_id))
			       : DB_RUN(models->db, SQL_MODEL_MOVE, err, db_int(out->id),
					db_int(relocation->root_id), db_blob(relocation->path),
					db_int(folder_id)));
}

bool models_forget(struct models *models, uint32_t id, struct error *err)
{
	struct db_value nowhere = { 0 };
	return DB_RUN(models->db, SQL_SEEN_FORGET, err, db_int(id), nowhere, nowhere) &&
	       DB_RUN(models->db, SQL_MODEL_FORGET, err, db_int(id));
}

static bool store_missing(struct models *models, uint32_t id, bool is_missing, int64_t now_s,
			  struct error *err)
{
	return DB_RUN(models->db, SQL_SEEN_MISSING, err, db_int(id), db_int(is_missing)) &&
	       DB_RUN(models->db, SQL_MODEL_MISSING, err, db_int(id),
		      is_missing ? db_int(now_s) : (struct db_value){ 0 });
}

static bool store(struct models *models, const struct finding *finding,
		  const struct correction *correction, int64_t now_s, uint32_t *id,
		  struct array *changed, struct error *err)
{
	switch (finding->type) {
	case FINDING_MODEL:
		return clear_place(models, finding, id, changed, err) &&
		       store_model(models, finding, correction, now_s, id, err);
	case FINDING_MOVED:
		return clear_place(models, finding, id, changed, err) &&
		       (finding->flat.model.ptr
				? store_model(models, finding, correction, now_s, id, err)
				: store_move(models, finding, err));
	case FINDING_SEEN: return store_missing(models, *id, false, now_s, err);
	case FINDING_GONE: return store_missing(models, *id, true, now_s, err);
	case FINDING_PASSED_BY: return models_forget(models, *id, err);
	}
	return true;
}

bool models_store(struct models *models, const struct finding *finding,
		  const struct correction *correction, int64_t now_s, struct array *changed,
		  struct error *err)
{
	uint32_t id = finding->id;
	if (!store(models, finding, correction, now_s, &id, changed, err))
		return false;
	*ARRAY_PUSH(changed, uint32_t) = id;
	return true;
}

bool models_reconclude(struct models *models, const struct reconclusion *reconclusion,
		       struct error *err)
{
	const struct model *model = reconclusion->model;
	struct db_value trained, id = db_int(reconclusion->id);
	uint32_t class_id;
	if (!class_of(models, model, reconclusion->correction, &class_id, err) ||
	    !trained_of(models, model->trained_on.name, &trained, err))
		return false;
	bytes_clear(&models->scratch);
	shelf_text(&models->scratch, model->name, reconclusion->path, model->triggers,
		   model->n_triggers);
	return DB_RUN(models->db, SQL_MODEL_CONCLUDE, err, id, db_int(class_id),
		      db_int(model->adapter.rank_min), db_int(model->adapter.rank_max),
		      parameters_of(model), db_blob(bytes_str(&models->scratch)), trained,
		      db_blob(model->alias)) &&
	       DB_RUN(models->db, SQL_FINDING_CONCLUDE, err, id, db_blob(reconclusion->flat)) &&
	       put_corrected(models, reconclusion->id, reconclusion->correction, err);
}

bool models_settle(struct models *models, int64_t root_id, struct str path, bool again,
		   struct error *err)
{
	return DB_RUN(models->db, SQL_SEEN_CONCLUDED, err, db_int(root_id), db_blob(path),
		      db_int(again ? 0 : models->knowledge_id));
}

bool models_correct(struct models *models, uint32_t id, const struct correction *correction,
		    struct error *err)
{
	struct arena scratch = { 0 };
	struct model own;
	uint32_t class_id;
	sqlite3_stmt *row = DB_BIND(models->db, SQL_FINDING_OF, err, db_int(id));
	if (!row || !db_next(row, err))
		return err->code == ERROR_NONE;
	struct str flat = db_column_copy(row, 0, &scratch);
	db_reset(row);
	bool ok = model_decode(flat, &scratch, &own, err) &&
		  class_of(models, &own, correction, &class_id, err) &&
		  DB_RUN(models->db, SQL_MODEL_CLASS, err, db_int(id), db_int(class_id)) &&
		  put_corrected(models, id, correction, err);
	arena_finish(&scratch);
	return ok;
}

static struct str copy_path(struct str path, struct arena *arena)
{
	char *copy = arena_try_bytes(arena, path.len);
	if (!copy)
		die_oom();
	memcpy(copy, path.ptr, path.len);
	return (struct str){ copy, path.len };
}

static void read_known(sqlite3_stmt *row, int64_t knowledge_id, struct arena *arena,
		       struct known_file *file)
{
	struct str path = db_column(row, 0);
	struct packed_state packed = unpack_state(db_column(row, 2));
	*file = (struct known_file){
		.path = copy_path(path, arena),
		.state = packed.state,
		.context = packed.context,
		.id = (uint32_t)sqlite3_column_int64(row, 1),
		.is_missing = sqlite3_column_int(row, 4) != 0,
	};
	int64_t concluded = sqlite3_column_int64(row, 3);
	if (concluded <= 0 && concluded != -knowledge_id)
		file->context ^= CONTEXT_STALE;
}

bool models_known(struct models *models, int64_t root_id, struct arena *arena, struct array *files,
		  struct error *err)
{
	struct db_value root = db_int(root_id);
	struct str last = STR_NULL;
	bool in_order = true;
	/* Those that are there: a good guess, so that growing need not double what is much already. */
	int64_t n_guess = db_first_int(models->db, SQL_CENSUS_OF_ROOT, &root, 1, 0);
	if (n_guess > 0 && n_guess < GUESS_MAX)
		array_reserve(files, (size_t)n_guess);
	sqlite3_stmt *rows = DB_BIND(models->db, SQL_SEEN_OF_ROOT, err, db_int(root_id));
	while (rows && in_order && db_next(rows, err)) {
		struct known_file *file = ARRAY_PUSH(files, struct known_file);
		read_known(rows, models->knowledge_id, arena, file);
		/* The scanner searches in these, and a damaged tree may give anything. */
		in_order = !last.ptr || str_compare(last, file->path) < 0;
		last = file->path;
	}
	if (!in_order) {
		db_reset(rows);
		return error_set(err, ERROR_FORMAT, DB_DAMAGED,
				 "the index is damaged: known files out of order");
	}
	return err->code == ERROR_NONE;
}

bool models_forget_root(struct models *models, int64_t root_id, struct error *err)
{
	static const enum sql steps[] = { SQL_MODELS_FORGET, SQL_SEEN_FORGET_ROOT,
					  SQL_CENSUS_FORGET, SQL_FOLDERS_FORGET,
					  SQL_ROOT_STATE_FORGET };
	struct db_value root = db_int(root_id);
	models->folder.id = 0;
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		if (!db_run(models->db, steps[i], &root, 1, err))
			return false;
	}
	return db_run(models->db, SQL_LAYOUTS_FORGET, NULL, 0, err);
}

bool models_hand_over(struct models *models, const struct models_part *part, int64_t to_root_id,
		      struct error *err)
{
	struct db_value to = db_int(to_root_id);
	struct db_value values[] = { db_int(part->root_id), db_blob(part->below),
				     db_blob(part->end), to };
	models->folder.id = 0;
	if (!db_run(models->db, SQL_DEPARTED_HAND_OVER, values, 4, err))
		return false;
	if (db_first_int(models->db, SQL_SEEN_ANY, &to, 1, 0))
		return db_run(models->db, SQL_MODELS_FORGET_BELOW, values, 3, err) &&
		       db_run(models->db, SQL_SEEN_FORGET_BELOW, values, 3, err);
	return db_run(models->db, SQL_MODELS_HAND_OVER, values, 4, err) &&
	       db_run(models->db, SQL_FOLDERS_HAND_OVER, values, 4, err) &&
	       db_run(models->db, SQL_SEEN_HAND_OVER, values, 4, err);
}

bool models_place(struct models *models, uint32_t id, struct arena *arena, struct model_place *out,
		  struct error *err)
{
	sqlite3_stmt *row = DB_BIND(models->db, SQL_MODEL_PLACE, err, db_int(id));
	if (!row || !db_next(row, err))
		return false;
	*out = (struct model_place){
		.root_id = sqlite3_column_int64(row, 0),
		.path = db_column_copy(row, 1, arena),
		.size_bytes = (uint64_t)sqlite3_column_int64(row, 2),
	};
	db_reset(row);
	return true;
}
