// SPDX-License-Identifier: MIT
/**
 * The library in memory, as narrow as searching allows: id, class and text of each model, about
 * 80 bytes, in slots. A slot keeps its number until compaction; a changed model gets a new one.
 *
 * Everything else stays in the index. Owned by the query thread.
 */
#ifndef STORAGE_INDEX_SHELF_H
#define STORAGE_INDEX_SHELF_H

#include "core/base/array.h"
#include "storage/index/bitmap.h"
#include "storage/index/db.h"
#include "storage/index/shelf_text.h"

struct shelf_load;

struct shelf {
	struct bytes text;    /* of slot i: text[offsets[i] .. offsets[i + 1]) */
	struct array offsets; /* uint32_t, one more than slots */
	struct array ids;     /* uint32_t by slot */
	struct array classes; /* uint32_t by slot */
	struct array letters; /* uint64_t by slot: see letters.h */
	struct array slots;   /* uint32_t by id: slot + 1, or 0 */
	struct array order;   /* uint32_t: slots by name; empty: as they stand */
	struct array live,
		present;         /* uint64_t words: the slot counts; and its file is not missing */
	size_t n_dead;           /* slots of models that changed or went */
	unsigned renumbered;     /* counts compactions: what is kept by slot is void */
	struct shelf_load *load; /* while loading */
};

void shelf_init(struct shelf *shelf);
void shelf_finish(struct shelf *shelf);
/** Empties it; a loading that is under way ends. */
void shelf_clear(struct shelf *shelf);

/** Clears it and begins to read all models in the order of their names. */
NODISCARD bool shelf_load_begin(struct shelf *shelf, struct db *db, struct error *err);
/** Reads up to n models more; `*done` when those were the last. */
NODISCARD bool shelf_load_some(struct shelf *shelf, size_t n, bool *done, struct error *err);
/** Reads these models again; those that are gone leave. */
NODISCARD bool shelf_update(struct shelf *shelf, struct db *db, const uint32_t *ids, size_t n_ids,
			    struct error *err);

static inline size_t shelf_n(const struct shelf *shelf)
{
	return shelf->ids.len;
}

/** Borrowed until the next update. */
struct str shelf_slot_text(const struct shelf *shelf, size_t slot);
/** One field of a slot, without its end mark; empty when the model has none. */
struct str shelf_slot_field(const struct shelf *shelf, size_t slot, enum shelf_field field);
/** False when no model of that id is listed. */
bool shelf_find(const struct shelf *shelf, uint32_t id, size_t *slot);
struct bitmap shelf_live(const struct shelf *shelf);
struct bitmap shelf_present(const struct shelf *shelf);
/**
 * The slots whose text has the word, alive or not. A '.' finds the point of an extension too.
 * @in  no others have it, as far as is known: those with a part of the word; NULL: all may
 */
struct bitmap shelf_search(const struct shelf *shelf, struct str word, const struct bitmap *in,
			   struct arena *arena);

#endif
