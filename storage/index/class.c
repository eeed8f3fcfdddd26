// SPDX-License-Identifier: MIT
#include "storage/index/class.h"

#include <stdint.h>

enum { N_FACETS = 12, CLASSES_EXPECTED = 512 };

/* The facets as words, in the order of the table's columns. */
struct facets {
	struct str words[N_FACETS];
};

static struct str word_or_empty(const char *word)
{
	return word ? str_from(word) : STR("");
}

static struct str known_or_empty(struct str text)
{
	return text.ptr ? text : STR("");
}

static struct str join_variants(const struct model *model, struct arena *arena)
{
	struct bytes joined = { 0 };
	for (size_t i = 0; i < model->n_variants; i++) {
		if (i > 0)
			bytes_append_byte(&joined, ' ');
		bytes_append_str(&joined, model->variants[i]);
	}
	struct str text = joined.len ? arena_str(arena, bytes_str(&joined)) : STR("");
	bytes_finish(&joined);
	return text;
}

static struct facets facets_of(const struct model *model, struct arena *arena)
{
	return (struct facets){ {
		word_or_empty(kind_word(model->kind)),
		known_or_empty(model->architecture),
		known_or_empty(model->base_model),
		model->lineage_known ? STR("1") : STR("0"),
		word_or_empty(confidence_word(model->confidence)),
		join_variants(model, arena),
		known_or_empty(model->prediction),
		known_or_empty(model->precision),
		word_or_empty(status_word(model->status)),
		word_or_empty(safety_word(model->safety)),
		word_or_empty(format_word(model->format)),
		word_or_empty(adapter_word(model->adapter.type)),
	} };
}

static struct str facets_key(const struct facets *facets, struct arena *arena)
{
	struct bytes key = { 0 };
	for (size_t i = 0; i < N_FACETS; i++) {
		bytes_append_str(&key, facets->words[i]);
		bytes_append_byte(&key, '\n');
	}
	struct str text = arena_str(arena, bytes_str(&key));
	bytes_finish(&key);
	return text;
}

static void split_variants(struct str joined, struct arena *arena, struct class *class)
{
	struct array list = ARRAY_OF(struct str);
	struct str part;
	while (joined.len > 0 && str_next_part(&joined, ' ', &part))
		*ARRAY_PUSH(&list, struct str) = part;
	class->n_variants = list.len;
	class->variants = array_to_arena(&list, arena);
	array_finish(&list);
}

static struct str unknown_if_empty(struct str text)
{
	return text.len ? text : STR_NULL;
}

/* A word that this version does not know reads as the first of its kind: unknown, none. */
#define FIND(find, word, count) ((find)(word) == (count) ? 0 : (find)(word))

static struct class class_of(uint32_t id, const struct facets *facets, struct arena *arena)
{
	const struct str *words = facets->words;
	struct class class = {
		.id = id,
		.kind = FIND(kind_find, words[0], KIND_COUNT),
		.architecture = unknown_if_empty(words[1]),
		.base_model = unknown_if_empty(words[2]),
		.lineage_known = str_equal(words[3], STR("1")),
		.confidence = FIND(confidence_find, words[4], CONFIDENCE_COUNT),
		.prediction = unknown_if_empty(words[6]),
		.precision = unknown_if_empty(words[7]),
		.status = FIND(status_find, words[8], STATUS_COUNT),
		.safety = FIND(safety_find, words[9], SAFETY_COUNT),
		.format = FIND(format_find, words[10], FORMAT_COUNT),
		.adapter = FIND(adapter_find, words[11], ADAPTER_COUNT),
	};
	split_variants(words[5], arena, &class);
	return class;
}

void classes_init(struct classes *classes)
{
	*classes = (struct classes){ .list = ARRAY_OF(struct class) };
	map_init(&classes->by_facets, &classes->arena, CLASSES_EXPECTED);
}

void classes_finish(struct classes *classes)
{
	array_finish(&classes->list);
	arena_finish(&classes->arena);
}

static void add(struct classes *classes, uint32_t id, const struct facets *facets)
{
	while (classes->list.len < id)
		array_push(&classes->list);
	*ARRAY_AT(&classes->list, struct class, id - 1) = class_of(id, facets, &classes->arena);
	*map_place(&classes->by_facets, facets_key(facets, &classes->arena)) =
		(void *)(uintptr_t)id;
}

bool classes_load(struct classes *classes, struct db *db, struct error *err)
{
	sqlite3_stmt *rows = DB_BIND(db, SQL_CLASSES, err, db_int((int64_t)classes->list.len));
	while (rows && db_next(rows, err)) {
		struct facets facets;
		for (int i = 0; i < N_FACETS; i++)
			facets.words[i] = db_column_copy(rows, i + 1, &classes->arena);
		add(classes, (uint32_t)sqlite3_column_int64(rows, 0), &facets);
	}
	return err->code == ERROR_NONE;
}

const struct class *classes_find(const struct classes *classes, uint32_t id)
{
	if (id == 0 || id > classes->list.len)
		return NULL;
	const struct class *class = ARRAY_AT(&classes->list, struct class, id - 1);
	return class->id == id ? class : NULL;
}

static bool insert(struct classes *classes, struct db *db, const struct facets *facets,
		   uint32_t *id, struct error *err)
{
	struct db_value values[N_FACETS];
	struct facets kept;
	for (size_t i = 0; i < N_FACETS; i++) {
		kept.words[i] = arena_str(&classes->arena, facets->words[i]);
		values[i] = db_text(kept.words[i]);
	}
	values[3] = db_int(str_equal(facets->words[3], STR("1")));
	if (!db_run(db, SQL_CLASS_ADD, values, N_FACETS, err))
		return false;
	*id = (uint32_t)sqlite3_last_insert_rowid(db->handle);
	add(classes, *id, &kept);
	return true;
}

bool classes_place(struct classes *classes, struct db *db, const struct model *model, uint32_t *id,
		   struct error *err)
{
	struct arena scratch = { 0 };
	struct facets facets = facets_of(model, &scratch);
	void *known = map_find(&classes->by_facets, facets_key(&facets, &scratch));
	bool ok = true;
	if (known)
		*id = (uint32_t)(uintptr_t)known;
	else
		ok = insert(classes, db, &facets, id, err);
	arena_finish(&scratch);
	return ok;
}

struct fit_side class_side(const struct class *class)
{
	return (struct fit_side){
		.kind = class->kind,
		.status = class->status,
		.safety = class->safety,
		.architecture = class->architecture,
		.base_model = class->base_model,
		.lineage_known = class->lineage_known,
		.variants = class->variants,
		.n_variants = class->n_variants,
		.prediction = class->prediction,
		.name = STR(""),
	};
}
