// SPDX-License-Identifier: MIT
/**
 * Taking members out of a .zip, .7z or .tar.*: names and bytes to whoever takes them, in one pass.
 *
 * Opens nothing and writes nothing, so it works in a process that can do neither. What it says of an
 * archive is what libarchive says; whoever takes it believes none of it.
 */
#ifndef STORAGE_FILES_UNPACK_H
#define STORAGE_FILES_UNPACK_H

#include "core/base/map.h"
#include "storage/files/archive.h"

/** Data comes in pieces of at most this. */
#define UNPACK_PIECE_BYTES (64u << 10)

enum unpack_kind { UNPACK_FILE, UNPACK_FOLDER, UNPACK_LINK, UNPACK_SPECIAL, UNPACK_KIND_COUNT };

struct unpack_member {
	struct str path; /* raw, as it stands there; lives during the call */
	enum unpack_kind kind;
	uint64_t size_bytes;
	bool has_size, is_encrypted;
};

/** What is wanted: the names always, and of some members bytes. */
struct unpack_wish {
	const struct str *paths;
	size_t n_paths;         /* whose: as they stand in the archive */
	struct map by_path;     /* the same; filled by unpack_wish_index */
	bool of_models;         /* of whatever is called like a model */
	uint64_t head_bytes;    /* no more than that of each; 0: all */
	uint64_t out_bytes_max; /* of all that its filters may give, where that was agreed upon;
					   0: what ARCHIVE_RATIO_MAX says */
};

/** To be called once `paths` is set. @arena  owns the index */
void unpack_wish_index(struct unpack_wish *wish, struct arena *arena);
/** Are its bytes wanted? Links and what is encrypted never are. */
bool unpack_wish_has(const struct unpack_wish *wish, const struct unpack_member *member);

/** Told of it in order: a member, its data, its end. False with `err` ends it all. */
struct unpack_taker {
	bool (*member)(void *context, const struct unpack_member *member, struct error *err);
	bool (*data)(void *context, struct str bytes, struct error *err);
	bool (*end)(void *context, struct error *err); /* of a member that bytes were wanted of */
	void (*alive)(void *context); /* some of the archive was read; may be NULL */
	void *context;
};

/**
 * @err  FORMAT with a code of the bad-input table when the archive cannot be read to its end: bytes
 *       that were given by then may be taken back; LIMIT: E_BOMB, E_AR_MANY; or the taker's
 */
NODISCARD bool unpack_run(struct archive_reader *reader, const struct blob *blob,
			  const struct unpack_wish *wish, const struct unpack_taker *taker,
			  struct error *err);

#endif
