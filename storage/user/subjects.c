// SPDX-License-Identifier: MIT
#include "storage/user/subjects.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/blob.h"
#include "core/base/path.h"
#include "storage/user/operations.h"

enum { END_BYTES = 64 << 10 };

static void hash_ends(struct sha256 *sha, const struct blob *blob, char *buffer, bool *ok)
{
	struct error err;
	size_t len = blob->size_bytes < END_BYTES ? (size_t)blob->size_bytes : END_BYTES;
	uint64_t ends[] = { 0, blob->size_bytes - len };
	for (size_t i = 0; *ok && i < 2; i++) {
		*ok = blob_read_at(blob, ends[i], buffer, len, &err);
		if (*ok)
			sha256_add(sha, buffer, len);
	}
}

bool subject_quick_hash_open(int fd, char hex[SHA256_HEX + 1])
{
	struct stat state;
	if (fstat(fd, &state) != 0 || !S_ISREG(state.st_mode))
		return false;
	struct blob blob = blob_from_fd(fd, (uint64_t)state.st_size);
	struct arena arena = { 0 };
	struct sha256 *sha = sha256_create();
	char size[24];
	bool ok = true;
	int n = snprintf(size, sizeof size, "%" PRIu64 "\n", blob.size_bytes);
	sha256_add(sha, size, (size_t)n);
	hash_ends(sha, &blob, arena_alloc(&arena, END_BYTES), &ok);
	if (ok)
		sha256_hex(sha, hex);
	else
		sha256_destroy(sha);
	arena_finish(&arena);
	return ok;
}

bool subject_quick_hash(struct str root_path, struct str path, char hex[SHA256_HEX + 1])
{
	struct arena arena = { 0 };
	/* O_NONBLOCK: a pipe of a model's name must not hang us. */
	int fd = open(path_join(&arena, root_path, path).ptr,
		      O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	arena_finish(&arena);
	bool ok = fd >= 0 && subject_quick_hash_open(fd, hex);
	if (fd >= 0)
		close(fd);
	return ok;
}

int64_t subject_find(struct db *user, int64_t root_id, struct str path)
{
	struct db_value place[] = { db_int(root_id), db_blob(path) };
	return db_first_int(user, SQL_SUBJECT_FIND, place, 2, 0);
}

bool subject_place(struct db *user, const struct subject_place *place, int64_t *id,
		   struct error *err)
{
	*id = subject_find(user, place->root_id, place->path);
	if (*id)
		return true;
	char hex[SHA256_HEX + 1];
	bool is_hashed = subject_quick_hash(place->root_path, place->path, hex);
	operation_pause(user, true);
	bool ok = DB_RUN(user, SQL_SUBJECT_ADD, err, db_int(place->root_id), db_blob(place->path),
			 db_int((int64_t)place->size_bytes),
			 db_text(is_hashed ? str_from(hex) : STR_NULL));
	operation_pause(user, false);
	*id = sqlite3_last_insert_rowid(user->handle);
	return ok;
}

bool subject_give(struct db *user, int64_t from, int64_t into, struct error *err)
{
	return DB_RUN(user, SQL_TAGS_MERGE, err, db_int(from), db_int(into)) &&
	       DB_RUN(user, SQL_CORRECTION_MERGE, err, db_int(from), db_int(into)) &&
	       DB_RUN(user, SQL_SET_LORAS_MERGE, err, db_int(from), db_int(into)) &&
	       DB_RUN(user, SQL_SET_CHECKPOINTS_MERGE, err, db_int(from), db_int(into)) &&
	       DB_RUN(user, SQL_SUBJECT_MERGE, err, db_int(from), db_int(into));
}

bool subject_change(struct db *user, const struct subject_place *place, struct str quick_hash,
		    struct error *err)
{
	return DB_RUN(user, SQL_FORMER_KEEP, err, db_int(place->root_id), db_blob(place->path),
		      db_text(quick_hash)) &&
	       DB_RUN(user, SQL_FORMER_TRIM, err, db_int(place->root_id), db_blob(place->path),
		      db_int(SUBJECT_FORMERS_MAX)) &&
	       DB_RUN(user, SQL_SUBJECT_CHANGE, err, db_int(place->root_id), db_blob(place->path),
		      db_int((int64_t)place->size_bytes), db_text(quick_hash));
}

/* Which content it is was made by no person, and is taken back with nothing. */
static bool copy_content(struct db *user, int64_t from, int64_t into, struct error *err)
{
	operation_pause(user, true);
	bool ok = DB_RUN(user, SQL_FORMER_MERGE, err, db_int(from), db_int(into)) &&
		  DB_RUN(user, SQL_SUBJECT_COPY_CONTENT, err, db_int(from), db_int(into));
	operation_pause(user, false);
	return ok;
}

static bool merge(struct db *user, int64_t from, int64_t into, struct error *err)
{
	return subject_give(user, from, into, err) && copy_content(user, from, into, err) &&
	       DB_RUN(user, SQL_SUBJECT_REMOVE, err, db_int(from));
}

static bool lift(struct db *user, struct subject_move *move, struct error *err)
{
	move->id = subject_find(user, move->old_root_id, move->old_path);
	return !move->id || DB_RUN(user, SQL_SUBJECT_LIFT, err, db_int(move->id));
}

static bool put_down(struct db *user, const struct subject_move *move, struct error *err)
{
	if (!move->id)
		return true;
	int64_t there = subject_find(user, move->new_root_id, move->new_path);
	return there ? merge(user, move->id, there, err)
		     : DB_RUN(user, SQL_SUBJECT_MOVE, err, db_int(move->id),
			      db_int(move->new_root_id), db_blob(move->new_path));
}

bool subjects_move(struct db *user, struct subject_move *moves, size_t n_moves, struct error *err)
{
	bool ok = true;
	for (size_t i = 0; ok && i < n_moves; i++)
		ok = lift(user, &moves[i], err);
	for (size_t i = 0; ok && i < n_moves; i++)
		ok = put_down(user, &moves[i], err);
	return ok;
}

bool subjects_relink(struct db *user, struct subject_move *moves, size_t n_moves, int64_t now_s,
		     struct error *err)
{
	struct operation operation = {
		.what = STR("relink"),
		.words = n_moves == 1 ? moves[0].new_path : STR(""),
		.at_s = now_s,
		.n_changed = n_moves,
	};
	bool ok = operation_begin(user, err);
	if (ok && !subjects_move(user, moves, n_moves, err)) {
		operation_rollback(user);
		ok = false;
	}
	return ok && operation_commit(user, &operation, NULL, err);
}
