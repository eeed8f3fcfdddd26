// SPDX-License-Identifier: MIT
#include "storage/index/fitting.h"

#include <stdlib.h>
#include <string.h>

#include "storage/index/facts_rows.h"

/* Checkpoints of a library have some dozens of layouts at most; each keeps what binds to it. */
enum { BINDERS_MAX = 32 };

/* The key of a layout that has no number; those of others are longer. */
#define FOREIGN STR("foreign")

struct kept_binder {
	struct binder binder;
	int64_t layout_id;
	uint64_t used; /* when; the highest is the newest */
};

struct fittings {
	struct db *db; /* borrowed, as is what follows */
	struct classes *classes;
	const struct knowledge *knowledge;
	struct kept_binder *binders[BINDERS_MAX];
	size_t n_binders;
	uint64_t n_uses;
	struct binder foreign;            /* of a checkpoint that is not in the index */
	const struct tensor_table *table; /* its tensors */
	struct error failure;
};

struct fittings *fittings_create(struct db *db, struct classes *classes,
				 const struct knowledge *knowledge)
{
	struct fittings *fittings = calloc(1, sizeof *fittings);
	if (!fittings)
		die_oom();
	*fittings = (struct fittings){ .db = db, .classes = classes, .knowledge = knowledge };
	return fittings;
}

static void destroy_binder(struct kept_binder *kept)
{
	binder_finish(&kept->binder);
	free(kept);
}

void fittings_forget(struct fittings *fittings)
{
	for (size_t i = 0; i < fittings->n_binders; i++)
		destroy_binder(fittings->binders[i]);
	fittings->n_binders = 0;
}

void fittings_destroy(struct fittings *fittings)
{
	if (!fittings)
		return;
	fittings_forget(fittings);
	binder_finish(&fittings->foreign);
	free(fittings);
}

bool fittings_failed(struct fittings *fittings, struct error *err)
{
	if (fittings->failure.code == ERROR_NONE)
		return false;
	*err = fittings->failure;
	fittings->failure = (struct error){ 0 };
	fittings_forget(fittings); /* what could not be read then may be readable now */
	return true;
}

static struct str key_of(const int64_t *layout_id)
{
	return (struct str){ (const char *)layout_id, sizeof *layout_id };
}

static bool read_layout(void *context, struct str layout, struct arena *arena,
			struct tensor_table *table)
{
	struct fittings *fittings = context;
	int64_t layout_id;
	bool found = false;
	if (layout.len != sizeof layout_id) {
		*table = *fittings->table;
		return true;
	}
	memcpy(&layout_id, layout.ptr, sizeof layout_id);
	return facts_rows_layout(fittings->db, layout_id, arena, table, &found,
				 &fittings->failure) &&
	       found;
}

static bool is_same(struct str a, struct str b)
{
	return !a.ptr == !b.ptr && str_equal(a, b);
}

static struct kept_binder *find_binder(const struct fittings *fittings, struct str architecture,
				       int64_t layout_id)
{
	for (size_t i = 0; i < fittings->n_binders; i++) {
		struct kept_binder *kept = fittings->binders[i];
		if (kept->layout_id == layout_id &&
		    is_same(kept->binder.architecture, architecture))
			return kept;
	}
	return NULL;
}

/* A free place, else that of the one that was not used for longest. */
static struct kept_binder **place_for(struct fittings *fittings)
{
	struct kept_binder **oldest = fittings->binders;
	if (fittings->n_binders < BINDERS_MAX)
		return &fittings->binders[fittings->n_binders++];
	for (size_t i = 1; i < fittings->n_binders; i++) {
		if (fittings->binders[i]->used < (*oldest)->used)
			oldest = &fittings->binders[i];
	}
	destroy_binder(*oldest);
	return oldest;
}

static struct kept_binder *add_binder(struct fittings *fittings, struct str architecture,
				      int64_t layout_id)
{
	struct kept_binder *kept = calloc(1, sizeof *kept);
	if (!kept)
		die_oom();
	kept->layout_id = layout_id;
	binder_init(&kept->binder, fittings->knowledge, architecture, key_of(&layout_id),
		    read_layout, fittings);
	*place_for(fittings) = kept;
	return kept;
}

/* The names of one checkpoint are megabytes: only those in use are kept. */
static struct binder *use(struct fittings *fittings, struct kept_binder *kept)
{
	for (size_t i = 0; i < fittings->n_binders; i++) {
		if (fittings->binders[i] != kept)
			binder_rest(&fittings->binders[i]->binder);
	}
	kept->used = ++fittings->n_uses;
	return &kept->binder;
}

/* Classes are only added, so an unknown one is new. */
static const struct class *class_at(struct fittings *fittings, uint32_t id, struct error *err)
{
	const struct class *class = classes_find(fittings->classes, id);
	if (class || !classes_load(fittings->classes, fittings->db, err))
		return class;
	return classes_find(fittings->classes, id);
}

int64_t fittings_layout(struct fittings *fittings, uint32_t id)
{
	struct db_value value = db_int(id);
	return db_first_int(fittings->db, SQL_FACTS_LAYOUT, &value, 1, 0);
}

bool fittings_party(struct fittings *fittings, uint32_t id, struct arena *arena, struct party *out,
		    struct error *err)
{
	sqlite3_stmt *row = DB_BIND(fittings->db, SQL_PARTY, err, db_int(id));
	if (!row || !db_next(row, err))
		return false;
	uint32_t class_id = (uint32_t)sqlite3_column_int64(row, 0);
	struct str name = db_column_copy(row, 2, arena);
	*out = (struct party){
		.layout_id = sqlite3_column_int64(row, 1),
		.root_id = sqlite3_column_int64(row, 3),
		.path = db_column_copy(row, 4, arena),
	};
	db_reset(row);
	const struct class *class = class_at(fittings, class_id, err);
	if (!class)
		return false;
	out->side = class_side(class);
	out->side.name = name;
	return true;
}

static bool can_bind(const struct fit_side *checkpoint)
{
	return checkpoint->status == STATUS_OK &&
	       (checkpoint->kind == KIND_CHECKPOINT || checkpoint->kind == KIND_DIFFUSION_MODEL);
}

void fittings_of(struct fittings *fittings, const struct party *party, struct fitting *out)
{
	struct str architecture = party->side.architecture;
	*out = (struct fitting){ .fittings = fittings, .side = party->side };
	if (!party->layout_id || !can_bind(&party->side))
		return;
	struct kept_binder *kept = find_binder(fittings, architecture, party->layout_id);
	out->binder =
		use(fittings, kept ? kept : add_binder(fittings, architecture, party->layout_id));
}

bool fittings_find(struct fittings *fittings, uint32_t id, struct arena *arena, struct fitting *out,
		   struct error *err)
{
	struct party party;
	if (!fittings_party(fittings, id, arena, &party, err))
		return false;
	fittings_of(fittings, &party, out);
	return true;
}

void fittings_foreign(struct fittings *fittings, const struct fit_side *side,
		      const struct tensor_table *table, struct fitting *out)
{
	*out = (struct fitting){ .fittings = fittings, .side = *side };
	binder_finish(&fittings->foreign);
	fittings->table = table;
	if (!table || !can_bind(side))
		return;
	binder_init(&fittings->foreign, fittings->knowledge, side->architecture, FOREIGN,
		    read_layout, fittings);
	out->binder = &fittings->foreign;
}

static bool can_attach(const struct fitting *fitting, const struct fit_side *lora)
{
	return fitting->binder && lora->kind == KIND_LORA && lora->status == STATUS_OK;
}

void fitting_bind(const struct fitting *fitting, int64_t layout_id, struct fit_side *lora)
{
	if (!layout_id || !can_attach(fitting, lora))
		return;
	lora->binding = binder_bind(fitting->binder, key_of(&layout_id));
	lora->notes = binder_notes(fitting->binder, key_of(&layout_id));
}

void fitting_bind_foreign(const struct fitting *fitting, const struct tensor_table *table,
			  struct arena *arena, struct fit_side *lora)
{
	const struct knowledge *knowledge = fitting->fittings->knowledge;
	struct adapter adapter;
	struct binding *binding = ARENA_NEW(arena, struct binding);
	if (!can_attach(fitting, lora))
		return;
	notes_read(knowledge, table, arena, &lora->notes);
	const struct module_names *names = binder_names(fitting->binder);
	if (!names || !adapter_read(table, knowledge, arena, &adapter))
		return;
	binding_read(names, &adapter, binding);
	lora->binding = binding;
}

enum verdict fitting_verdict(const struct fitting *fitting, const struct fit_side *lora,
			     int64_t layout_id)
{
	const struct knowledge *knowledge = fitting->fittings->knowledge;
	struct fit_side side = *lora;
	enum verdict verdict = fit_verdict(knowledge, &fitting->side, &side);
	/* No binding makes that better. */
	if (verdict == FIT_INCOMPATIBLE || !layout_id || !can_attach(fitting, lora))
		return verdict;
	side.binding = binder_bind(fitting->binder, key_of(&layout_id));
	return side.binding ? fit_verdict(knowledge, &fitting->side, &side) : verdict;
}
