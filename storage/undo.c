// SPDX-License-Identifier: MIT
#include "storage/undo.h"

#include "storage/corrected.h"
#include "storage/user/operations.h"

static const char *word(enum operation_way way)
{
	return way == OPERATION_UNDO ? "undo" : "redo";
}

static bool revert(struct store *store, int64_t id, enum operation_way way,
		   struct edit_result *result, struct error *err)
{
	if (!operation_revert(store->user, id, way, err))
		return error_context(err, "%s %lld", word(way), (long long)id);
	result->n_changed++;
	result->operation = id;
	return true;
}

static bool revert_last(struct store *store, const struct request *request,
			struct edit_result *result, struct error *err)
{
	enum operation_way way = request->as.undo.way;
	for (unsigned i = 0; i < request->as.undo.n; i++) {
		int64_t id = operation_next(store->user, way);
		if (!id)
			return i > 0 || error_set(err, ERROR_USAGE, NULL, "there is nothing to %s", word(way));
		if (!revert(store, id, way, result, err))
			return i == 0 ? false : error_context(err, "%u done, then", i);
	}
	return true;
}

/* What was reverted is told even if the next one failed. */
bool undo_operations(struct store *store, struct request *request, struct edit_result *result,
		     struct error *err)
{
	struct error later;
	bool ok = request->as.undo.id
		? revert(store, request->as.undo.id, request->as.undo.way, result, err)
		: revert_last(store, request, result, err);
	if (result->n_changed == 0)
		return ok;
	store->everything_changed = true;
	store_tell(store);
	if (corrected_update(store, &later))
		return ok;
	if (ok)
		*err = later;
	return false;
}
