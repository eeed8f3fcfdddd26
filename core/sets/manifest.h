// SPDX-License-Identifier: MIT
/**
 * What a packed set says of itself: the set, and its files with their hashes. One JSON object, the
 * first file of the archive.
 *
 *	{"lorarium_set":1,"name":"...","note":null,"tags":["..."],"checkpoint":"checkpoints/a.safetensors",
 *	 "loras":[{"path":"loras/b.safetensors","weight":0.8,"weight_te":null}],
 *	 "files":[{"path":"loras/b.safetensors","bytes":228461932,"sha256":"..."}]}
 *
 * Paths are those of the archive's members (core/base/member.h). A model that is a folder has the
 * folder's path, which begins the paths of its files. Keys that are not known are passed over.
 */
#ifndef CORE_SETS_MANIFEST_H
#define CORE_SETS_MANIFEST_H

#include "core/base/arena.h"
#include "core/base/array.h"
#include "core/base/error.h"

#define MANIFEST_NAME "lorarium-set.json"
#define MANIFEST_FILES_MAX 20000u
#define MANIFEST_LORAS_MAX 256u /* and as many tags */
#define MANIFEST_BYTES_MAX ((size_t)64 << 20)

struct manifest_lora {
	struct str path;
	double weight;
	bool has_weight_te;
	double weight_te;
};

struct manifest_file {
	struct str path;
	uint64_t size_bytes;
	struct str sha256; /* 64 lower-case digits */
};

struct manifest {
	struct str name, note; /* note STR_NULL: none */
	const struct str *tags;
	size_t n_tags;
	struct str checkpoint; /* STR_NULL: none */
	const struct manifest_lora *loras;
	size_t n_loras;
	const struct manifest_file *files;
	size_t n_files;
};

void manifest_write(const struct manifest *manifest, struct bytes *out);

/**
 * Reads one that somebody sent: everything in it is checked, and each model is among the files.
 *
 * @arena  owns what is found
 * @err    FORMAT with the place; UNSUPPORTED for another version; LIMIT
 */
NODISCARD bool manifest_read(struct str text, struct arena *arena, struct manifest *out,
			     struct error *err);

/** Is it data, by its extension? What else lies beside a model is neither packed nor unpacked. */
bool manifest_may_hold(struct str path);

/** Is it the model's file, or one of the folder that the model is? */
bool manifest_is_of(struct str file, struct str model);

#endif
