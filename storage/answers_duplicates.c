// SPDX-License-Identifier: MIT
#include "storage/answers.h"

#include <string.h>

/** Groups that are being read. */
struct grouping {
	struct array groups;		/* struct duplicate */
	struct array paths;		/* struct str: of the group */
	struct array inodes;		/* uint64_t: of the group, each once */
};

static void end_group(struct grouping *grouping, struct arena *arena)
{
	struct duplicate *group = grouping->groups.len > 0
		? ARRAY_AT(&grouping->groups, struct duplicate, grouping->groups.len - 1) : NULL;
	if (!group)
		return;
	group->n_paths = grouping->paths.len;
	group->paths = array_to_arena(&grouping->paths, arena);
	group->wasted_bytes = (grouping->inodes.len - 1) * group->size_bytes;
	array_clear(&grouping->paths);
	array_clear(&grouping->inodes);
}

/* Names of one file take its room once. */
static void add_inode(struct array *inodes, struct str state)
{
	uint64_t inode = 0;
	if (state.len >= sizeof inode)
		memcpy(&inode, state.ptr, sizeof inode);
	for (size_t i = 0; i < inodes->len; i++)
		if (*ARRAY_AT(inodes, uint64_t, i) == inode)
			return;
	*ARRAY_PUSH(inodes, uint64_t) = inode;
}

static void add(struct grouping *grouping, const struct answers *answers, sqlite3_stmt *row,
		struct arena *arena)
{
	struct str sha256 = db_column(row, 0);
	const struct duplicate *last = grouping->groups.len > 0
		? ARRAY_AT(&grouping->groups, struct duplicate, grouping->groups.len - 1) : NULL;
	if (!last || !str_equal(last->sha256, sha256)) {
		end_group(grouping, arena);
		*ARRAY_PUSH(&grouping->groups, struct duplicate) = (struct duplicate){
			.sha256 = arena_str(arena, sha256),
			.size_bytes = (uint64_t)sqlite3_column_int64(row, 4),
		};
	}
	add_inode(&grouping->inodes, db_column(row, 3));
	*ARRAY_PUSH(&grouping->paths, struct str) =
		model_rows_path(&answers->reader, sqlite3_column_int64(row, 1), db_column(row, 2), arena);
}

bool answers_duplicates(struct answers *answers, struct event *event, struct error *err)
{
	struct grouping grouping = { .groups = ARRAY_OF(struct duplicate), .paths = ARRAY_OF(struct str),
				     .inodes = ARRAY_OF(uint64_t) };
	err->code = ERROR_NONE;
	sqlite3_stmt *rows = db_bind(answers->db, SQL_DUPLICATES, NULL, 0, err);
	while (rows && db_next(rows, err))
		add(&grouping, answers, rows, &event->arena);
	end_group(&grouping, &event->arena);
	event->as.duplicates.n = grouping.groups.len;
	event->as.duplicates.list = array_to_arena(&grouping.groups, &event->arena);
	array_finish(&grouping.groups);
	array_finish(&grouping.paths);
	array_finish(&grouping.inodes);
	return err->code == ERROR_NONE;
}
