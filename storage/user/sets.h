// SPDX-License-Identifier: MIT
/**
 * Sets in user.db: names, notes, tags, and which subjects are in them with which weights.
 *
 * Speaks to user.db alone but for sets_list, which also tells the models of the index.
 */
#ifndef STORAGE_USER_SETS_H
#define STORAGE_USER_SETS_H

#include "storage/index/db.h"
#include "storage/messages.h"

/** All sets by name, on `arena`. @db has both databases. */
NODISCARD bool sets_list(struct db *db, struct arena *arena, const struct set_info **sets,
			 size_t *n_sets, struct error *err);

/** The set of that name; 0 when there is none. */
int64_t sets_find(struct db *user, struct str name);
/**
 * A new, empty one.
 * @err  USAGE: what is wrong with the name, or there is such a set
 */
NODISCARD bool sets_add(struct db *user, struct str name, int64_t *id, struct error *err);
NODISCARD bool sets_rename(struct db *user, int64_t id, struct str name, struct error *err);
NODISCARD bool sets_delete(struct db *user, int64_t id, struct error *err);
/** All but the name. */
NODISCARD bool sets_copy(struct db *user, int64_t from, int64_t into, struct error *err);

/** These tell in `*changed` whether it was otherwise before; they never clear it. */
NODISCARD bool sets_note(struct db *user, int64_t id, struct str note, bool *changed,
			 struct error *err);
/** @checkpoint  a subject; 0: none */
NODISCARD bool sets_choose(struct db *user, int64_t id, int64_t checkpoint, bool *changed,
			   struct error *err);
NODISCARD bool sets_put(struct db *user, int64_t id, int64_t subject,
			const struct set_weights *weights, bool *changed, struct error *err);
/** A LoRA, or the checkpoint, goes. */
NODISCARD bool sets_take(struct db *user, int64_t id, int64_t subject, bool *changed,
			 struct error *err);
NODISCARD bool sets_empty(struct db *user, int64_t id, struct error *err);
NODISCARD bool sets_tag(struct db *user, int64_t id, struct str tag, bool *changed,
			struct error *err);
NODISCARD bool sets_untag(struct db *user, int64_t id, struct str tag, bool *changed,
			  struct error *err);

#endif
