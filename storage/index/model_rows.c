// SPDX-License-Identifier: MIT
#include "storage/index/model_rows.h"

#include "core/base/path.h"
#include "core/formats/shards.h"
#include "storage/index/shelf_text.h"
#include "storage/scan/finding.h"
#include "storage/user/corrections.h"

/* Columns that both statements for rows share, in this order. */
enum {
	ROW_ID,
	ROW_CLASS,
	ROW_MISSING,
	ROW_RANK,
	ROW_SIZE,
	ROW_MODIFIED,
	ROW_ADDED,
	ROW_ROOT,
	ROW_NAME,
	ROW_FAVOURITE,
	ROW_TAGGED
};

static const struct class *class_at(const struct row_reader *reader, uint32_t id, struct error *err)
{
	const struct class *class = classes_find(reader->classes, id);
	/* Classes are only added, so an unknown one is new. */
	if (!class && classes_load(reader->classes, reader->db, err))
		class = classes_find(reader->classes, id);
	return class;
}

static void judge(const struct row_reader *reader, const struct class *class,
		  const struct fitting *checkpoint, struct row *row)
{
	if (!checkpoint || class->kind != KIND_LORA)
		return;
	struct fit_side side = class_side(class);
	row->has_verdict = true;
	row->verdict =
		fitting_verdict(checkpoint, &side, fittings_layout(reader->fittings, row->id));
}

static void fill_class(const struct class *class, struct row *row)
{
	row->base_model = class->base_model;
	row->architecture = class->architecture;
	row->kind = class->kind;
	row->adapter = class->adapter;
	row->status = class->status;
	row->safety = class->safety;
	row->confidence = class->confidence;
	row->lineage_known = class->lineage_known;
}

static struct str copy_known(struct str text, struct arena *arena)
{
	return text.ptr ? arena_str(arena, text) : STR_NULL;
}

static void read_row(const struct row_reader *reader, sqlite3_stmt *columns,
		     const struct fitting *checkpoint, struct arena *arena, struct row *row)
{
	struct error err = { 0 };
	const struct root *root =
		roots_find(reader->roots, sqlite3_column_int64(columns, ROW_ROOT));
	const struct class *class =
		class_at(reader, (uint32_t)sqlite3_column_int64(columns, ROW_CLASS), &err);
	*row = (struct row){
		.id = (uint32_t)sqlite3_column_int64(columns, ROW_ID),
		.name = db_column_copy(columns, ROW_NAME, arena),
		.rank = (uint32_t)sqlite3_column_int64(columns, ROW_RANK),
		.size_bytes = (uint64_t)sqlite3_column_int64(columns, ROW_SIZE),
		.modified_s = sqlite3_column_int64(columns, ROW_MODIFIED),
		.added_s = sqlite3_column_int64(columns, ROW_ADDED),
		.is_missing = sqlite3_column_int(columns, ROW_MISSING) != 0,
		.is_online = root && root->is_online,
		.is_favourite = sqlite3_column_int(columns, ROW_FAVOURITE) != 0,
		.is_tagged = sqlite3_column_int(columns, ROW_TAGGED) != 0,
	};
	if (!class)
		return;
	fill_class(class, row);
	row->base_model = copy_known(row->base_model, arena);
	row->architecture = copy_known(row->architecture, arena);
	judge(reader, class, checkpoint, row);
}

/* The covering index knows nothing of people's marks; where nobody made any, that is no loss. */
static bool add_marks(const struct row_reader *reader, struct row *rows, size_t n,
		      struct error *err)
{
	if (!db_first_int(reader->db, SQL_ANY_SUBJECT, NULL, 0, 0))
		return true;
	for (size_t i = 0; i < n; i++) {
		sqlite3_stmt *row = DB_BIND(reader->db, SQL_ROW, err, db_int(rows[i].id));
		if (!row)
			return false;
		if (!db_next(row, err))
			continue;
		rows[i].is_favourite = sqlite3_column_int(row, ROW_FAVOURITE) != 0;
		rows[i].is_tagged = sqlite3_column_int(row, ROW_TAGGED) != 0;
		db_reset(row);
	}
	return true;
}

bool model_rows_first(const struct row_reader *reader, size_t n, const struct fitting *checkpoint,
		      struct arena *arena, const struct row **rows, size_t *n_rows,
		      struct error *err)
{
	struct row *list = ARENA_NEW_N(arena, struct row, n + 1);
	sqlite3_stmt *columns = DB_BIND(reader->db, SQL_ROWS_FIRST, err, db_int((int64_t)n));
	*n_rows = 0;
	while (columns && db_next(columns, err))
		read_row(reader, columns, checkpoint, arena, &list[(*n_rows)++]);
	*rows = list;
	return err->code == ERROR_NONE && add_marks(reader, list, *n_rows, err);
}

bool model_rows_read(const struct row_reader *reader, const uint32_t *ids, size_t n,
		     const struct fitting *checkpoint, struct arena *arena, const struct row **rows,
		     struct error *err)
{
	struct row *list = ARENA_NEW_N(arena, struct row, n + 1);
	for (size_t i = 0; i < n; i++) {
		sqlite3_stmt *columns = DB_BIND(reader->db, SQL_ROW, err, db_int(ids[i]));
		if (!columns)
			return false;
		if (db_next(columns, err)) {
			read_row(reader, columns, checkpoint, arena, &list[i]);
			db_reset(columns);
		} else if (err->code != ERROR_NONE) {
			return false;
		}
	}
	*rows = list;
	return true;
}

/* Of a root that nobody knows any more only the rest is left. */
static struct str path_below(struct arena *arena, const struct root *root, struct str path)
{
	return path_join(arena, root ? root->path : STR(""), path);
}

struct str model_rows_path(const struct row_reader *reader, int64_t root_id, struct str path,
			   struct arena *arena)
{
	return path_below(arena, roots_find(reader->roots, root_id), path);
}

bool model_rows_read_brief(const struct row_reader *reader, uint32_t id, struct arena *arena,
			   struct model_brief *out, struct error *err)
{
	sqlite3_stmt *columns = DB_BIND(reader->db, SQL_MODEL_BRIEF, err, db_int(id));
	if (!columns || !db_next(columns, err))
		return false;
	const struct root *root = roots_find(reader->roots, sqlite3_column_int64(columns, 0));
	*out = (struct model_brief){
		.path = path_below(arena, root, db_column(columns, 1)),
		.root = root ? root->name : STR(""),
		.name = db_column_copy(columns, 2, arena),
		.class = class_at(reader, (uint32_t)sqlite3_column_int64(columns, 3), err),
		.rank_max = (uint32_t)sqlite3_column_int64(columns, 4),
		.modified_s = sqlite3_column_int64(columns, 5),
	};
	db_reset(columns);
	return out->class ||
	       error_set(err, ERROR_INDEX, NULL, "model %u has no class", (unsigned)id);
}

static void read_companions(struct str joined, struct arena *arena, struct entry *entry)
{
	struct array list = ARRAY_OF(struct str);
	struct str part;
	/* Each name has a NUL behind it, so what follows the last one is no name. */
	while (joined.len > 0 && str_next_part(&joined, '\0', &part)) {
		if (part.len > 0)
			*ARRAY_PUSH(&list, struct str) = part;
	}
	entry->n_companions = list.len;
	entry->companions = array_to_arena(&list, arena);
	array_finish(&list);
}

static bool read_names(struct db *db, enum sql sql, uint32_t id, struct arena *arena,
		       const struct str **names, size_t *n, struct error *err)
{
	struct array list = ARRAY_OF(struct str);
	sqlite3_stmt *rows = DB_BIND(db, sql, err, db_int(id));
	while (rows && db_next(rows, err))
		*ARRAY_PUSH(&list, struct str) = db_column_copy(rows, 0, arena);
	*n = list.len;
	*names = array_to_arena(&list, arena);
	array_finish(&list);
	return err->code == ERROR_NONE;
}

static void read_entry(const struct row_reader *reader, sqlite3_stmt *columns, struct arena *arena,
		       struct entry *entry)
{
	const struct root *root = roots_find(reader->roots, sqlite3_column_int64(columns, 1));
	*entry = (struct entry){
		.id = (uint32_t)sqlite3_column_int64(columns, 0),
		.path = path_below(arena, root, db_column(columns, 2)),
		.root = root ? arena_str(arena, root->name) : STR(""),
		.is_missing = sqlite3_column_int(columns, 3) != 0,
		.is_online = root && root->is_online,
		.added_s = sqlite3_column_int64(columns, 4),
		.modified_s = sqlite3_column_int64(columns, 5),
		.rating = sqlite3_column_int(columns, 8),
		.is_favourite = sqlite3_column_int(columns, 9) != 0,
		.note = db_column_copy(columns, 10, arena),
		.correction = corrections_read(columns, 11, 12, arena),
	};
	read_companions(db_column_copy(columns, 7, arena), arena, entry);
}

/* AutoV2 and AutoV3 are the beginnings of longer ones: interop facts, section 8. */
static void take_hashes(struct str sha256, struct str tensors, struct model *model)
{
	enum { AUTOV2_DIGITS = 10, AUTOV3_DIGITS = 12 };
	if (sha256.len >= AUTOV2_DIGITS) {
		model->sha256 = sha256;
		model->autov2 = str_slice(sha256, 0, AUTOV2_DIGITS);
	}
	if (tensors.len >= AUTOV3_DIGITS)
		model->autov3 = str_slice(tensors, 0, AUTOV3_DIGITS);
}

bool model_rows_read_details(const struct row_reader *reader, uint32_t id, struct arena *arena,
			     struct model *model, struct entry *entry, struct error *err)
{
	sqlite3_stmt *columns = DB_BIND(reader->db, SQL_DETAILS, err, db_int(id));
	if (!columns || !db_next(columns, err))
		return false;
	struct str flat = db_column_copy(columns, 6, arena);
	struct str sha256 = db_column_copy(columns, 13, arena);
	struct str tensors = db_column_copy(columns, 14, arena);
	bool has_subject = sqlite3_column_int(columns, 15);
	read_entry(reader, columns, arena, entry);
	db_reset(columns);
	if (!model_decode(flat, arena, model, err))
		return false;
	take_hashes(sha256, tensors, model);
	correction_apply(reader->knowledge, &entry->correction, arena, model);
	if (!has_subject)
		return true; /* nobody attached anything */
	return read_names(reader->db, SQL_TAG_NAMES_OF_MODEL, id, arena, &entry->tags,
			  &entry->n_tags, err) &&
	       read_names(reader->db, SQL_SETS_OF_MODEL, id, arena, &entry->sets, &entry->n_sets,
			  err);
}

struct hits {
	const struct row_reader *reader;
	struct arena *arena;
	struct array ids, paths;
};

static void add_hit(struct hits *hits, uint32_t id, int64_t root_id, struct str path)
{
	const struct root *root = roots_find(hits->reader->roots, root_id);
	*ARRAY_PUSH(&hits->ids, uint32_t) = id;
	*ARRAY_PUSH(&hits->paths, struct str) = path_below(hits->arena, root, path);
}

static bool find_id(struct hits *hits, struct str digits, struct error *err)
{
	uint64_t id;
	if (!str_to_u64(digits, &id) || id == 0 || id > UINT32_MAX)
		return true;
	sqlite3_stmt *row = DB_BIND(hits->reader->db, SQL_MODEL_PLACE, err, db_int((int64_t)id));
	if (row && db_next(row, err)) {
		add_hit(hits, (uint32_t)id, sqlite3_column_int64(row, 0), db_column(row, 1));
		db_reset(row);
	}
	return err->code == ERROR_NONE;
}

/* A path inside of any root. */
static bool find_path(struct hits *hits, struct str path, struct error *err)
{
	const struct roots *roots = hits->reader->roots;
	for (size_t i = 0; i < roots->n; i++) {
		struct str relative;
		if (!path_is_below(path, roots->list[i].path, &relative))
			continue;
		struct db_value place[] = { db_int(roots->list[i].id), db_blob(relative) };
		uint32_t id = (uint32_t)db_first_int(hits->reader->db, SQL_SEEN_FIND, place, 2, 0);
		if (id)
			add_hit(hits, id, roots->list[i].id, relative);
	}
	err->code = ERROR_NONE;
	return true;
}

static struct str last_part(struct str path)
{
	return str_slice(path, (size_t)(str_rfind_byte(path, '/') + 1), path.len);
}

enum find_by { BY_NAME, BY_FILE, BY_SHARD };

static bool is_found(const struct hits *hits, sqlite3_stmt *row, struct str wanted, enum find_by by)
{
	struct str path = db_column(row, 2);
	switch (by) {
	case BY_NAME: return str_equal(db_column(row, 3), wanted);
	case BY_FILE: return str_equal(last_part(path), wanted);
	case BY_SHARD: {
		const struct root *root =
			roots_find(hits->reader->roots, sqlite3_column_int64(row, 1));
		return shard_path_is_same_set(path_below(hits->arena, root, path), wanted);
	}
	}
	return false;
}

/* All models whose folded name is that of `stem`: a short range of the shelf index. */
static bool find_named(struct hits *hits, struct str stem, struct str wanted, enum find_by by,
		       struct error *err)
{
	struct bytes low = { 0 }, high = { 0 };
	shelf_fold(&low, stem);
	bytes_append_str(&high, bytes_str(&low));
	bytes_append_byte(&low, SHELF_ITEM);
	bytes_append_byte(&high, SHELF_DOT + 1);
	sqlite3_stmt *rows = DB_BIND(hits->reader->db, SQL_MODELS_NAMED, err,
				     db_blob(bytes_str(&low)), db_blob(bytes_str(&high)));
	while (rows && db_next(rows, err)) {
		if (is_found(hits, rows, wanted, by))
			add_hit(hits, (uint32_t)sqlite3_column_int64(rows, 0),
				sqlite3_column_int64(rows, 1), db_column(rows, 2));
	}
	bytes_finish(&low);
	bytes_finish(&high);
	return err->code == ERROR_NONE;
}

/* A shard or an index stands for the whole, which is known by one of them. */
static bool find_shard(struct hits *hits, struct str path, struct error *err)
{
	struct shard_name shard;
	return !shard_name_parse(last_part(path), &shard) ||
	       find_named(hits, shard_name_common(&shard, hits->arena), path, BY_SHARD, err);
}

static bool find_text(struct hits *hits, struct str text, struct error *err)
{
	struct str digits = text, stem = text;
	if (str_cut_prefix(&digits, STR("#")) && !find_id(hits, digits, err))
		return false;
	if (hits->ids.len == 0 && str_has_prefix(text, STR("/")) &&
	    (!find_path(hits, text, err) || (hits->ids.len == 0 && !find_shard(hits, text, err))))
		return false;
	ptrdiff_t dot = str_rfind_byte(text, '.');
	if (dot > 0)
		stem = str_slice(text, 0, (size_t)dot);
	if (hits->ids.len == 0 && !find_named(hits, stem, text, BY_FILE, err))
		return false;
	/* A folder, or a file without an extension: its file name is its name. */
	return hits->ids.len > 0 || find_named(hits, text, text, BY_NAME, err);
}

static bool find_alias(struct hits *hits, struct str alias, struct error *err)
{
	sqlite3_stmt *rows = DB_BIND(hits->reader->db, SQL_MODELS_ALIASED, err, db_blob(alias));
	while (rows && db_next(rows, err))
		add_hit(hits, (uint32_t)sqlite3_column_int64(rows, 0),
			sqlite3_column_int64(rows, 1), db_column(rows, 2));
	return err->code == ERROR_NONE;
}

typedef bool (*find_fn)(struct hits *hits, struct str text, struct error *err);

static bool find(const struct row_reader *reader, find_fn how, struct str text, struct arena *arena,
		 struct found *found, struct error *err)
{
	struct hits hits = { .reader = reader,
			     .arena = arena,
			     .ids = ARRAY_OF(uint32_t),
			     .paths = ARRAY_OF(struct str) };
	err->code = ERROR_NONE;
	bool ok = how(&hits, text, err);
	*found = (struct found){ array_to_arena(&hits.ids, arena),
				 array_to_arena(&hits.paths, arena), hits.ids.len };
	array_finish(&hits.ids);
	array_finish(&hits.paths);
	return ok;
}

bool model_rows_find(const struct row_reader *reader, struct str text, struct arena *arena,
		     struct found *found, struct error *err)
{
	return find(reader, find_text, text, arena, found, err);
}

bool model_rows_find_alias(const struct row_reader *reader, struct str alias, struct arena *arena,
			   struct found *found, struct error *err)
{
	return find(reader, find_alias, alias, arena, found, err);
}
