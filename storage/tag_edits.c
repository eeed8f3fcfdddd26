// SPDX-License-Identifier: MIT
#include "storage/tag_edits.h"

#include "storage/user/operations.h"
#include "storage/user/tags.h"

static bool rename_tag(struct store *store, struct request *request, struct operation *operation,
		       int64_t *id, struct error *err)
{
	struct db *user = store->user;
	struct str old, new;
	if (!tag_check(request->as.tags_rename.tag, &old, err) ||
	    !tag_check(request->as.tags_rename.name, &new, err) || !operation_begin(user, err))
		return false;
	operation->words =
		arena_strf(&request->arena, "rename %.*s to %.*s", STR_ARG(old), STR_ARG(new));
	if (tags_rename(user, old, new, &operation->n_changed, err))
		return operation_commit(user, operation, id, err);
	operation_rollback(user);
	return false;
}

bool tag_edits_rename(struct store *store, struct request *request, struct edit_result *result,
		      struct error *err)
{
	struct operation operation = { .what = STR("tags"),
				       .at_s = store_now_s(),
				       .is_asked = true };
	if (!rename_tag(store, request, &operation, &result->operation, err))
		return false;
	result->n_changed = operation.n_changed;
	if (result->n_changed == 0)
		return true;
	store->everything_changed = true;
	store_tell(store);
	return true;
}
