// SPDX-License-Identifier: MIT
/**
 * Subjects: files that people attached something to, known by their last place and by content.
 *
 * The link to a model of index.db is its place; the quick hash finds the file again when neither
 * place nor inode is left. Speaks to user.db alone.
 */
#ifndef STORAGE_USER_SUBJECTS_H
#define STORAGE_USER_SUBJECTS_H

#include "core/base/hash.h"
#include "storage/index/db.h"

struct subject_place {
	int64_t root_id;
	struct str path; /* relative to the root */
	uint64_t size_bytes;
	struct str root_path; /* absolute: to read the file's ends */
};

/** SHA-256 over the size, the first and the last 64 KiB; false when it cannot be read now. */
bool subject_quick_hash(struct str root_path, struct str path, char hex[SHA256_HEX + 1]);

/** The same of an open file. */
bool subject_quick_hash_open(int fd, char hex[SHA256_HEX + 1]);

/** The subject's id, 0 when nothing was ever attached there. */
int64_t subject_find(struct db *user, int64_t root_id, struct str path);
/** The subject, made now if need be: its quick hash is taken then. */
NODISCARD bool subject_place(struct db *user, const struct subject_place *place, int64_t *id,
			     struct error *err);
/** Files that are written over again and again, as in training, are not remembered for ever. */
#define SUBJECT_FORMERS_MAX 8

/**
 * The file at that place has other content now, and nobody moved it. What it was before is kept, should
 * that turn up elsewhere: the last SUBJECT_FORMERS_MAX of these. No part of an operation: within one, recording has to pause.
 */
NODISCARD bool subject_change(struct db *user, const struct subject_place *place,
			      struct str quick_hash, struct error *err);
/**
 * What is attached to one is attached to the other as well: tags, a note, a rating, a correction; its
 * sets have the other instead, unless they have that already. Inside a transaction.
 */
NODISCARD bool subject_give(struct db *user, int64_t from, int64_t into, struct error *err);

struct subject_move {
	int64_t old_root_id, new_root_id;
	struct str old_path, new_path;
	int64_t id; /* filled by subjects_relink; 0: nothing is attached there */
};

/**
 * What is attached to the old places goes to the new ones: all at once, since files may have changed
 * places with one another. Inside a transaction.
 */
NODISCARD bool subjects_move(struct db *user, struct subject_move *moves, size_t n_moves,
			     struct error *err);
/** The same as an operation of its own, which nobody asked for: a scan found the files there. */
NODISCARD bool subjects_relink(struct db *user, struct subject_move *moves, size_t n_moves,
			       int64_t now_s, struct error *err);

#endif
