// SPDX-License-Identifier: MIT
/**
 * What a person made of a model, said in the sidecars that other programs read: tags, note and
 * favourite into S.metadata.json (Lora-Manager), the note into S.json (A1111 and its kin). Facts:
 * interop, sections 1.1 and 1.3.
 *
 * Nothing that is said there is taken back: tags come to those that are there, a note comes below one
 * that is there, a favourite becomes one. A file of that name that has none of the other program's
 * keys is somebody else's, and says nothing.
 */
#ifndef CORE_ORGANISE_SIDECAR_TELL_H
#define CORE_ORGANISE_SIDECAR_TELL_H

#include "core/base/array.h"
#include "core/base/error.h"

struct sidecar_words {
	const struct str *tags;
	size_t n_tags;
	struct str note; /* STR_NULL: none */
	bool is_favourite;
};

/** Objects of one line, for json_patch and for people. */
struct sidecar_telling {
	struct str says; /* what comes to be said: of tags the new ones; STR_NULL: nothing */
	struct str said; /* what these keys said before; only those that are there */
};

/** Is it a file in which people's tags and notes stand, by its own name? */
bool sidecar_has_words(struct str name);

/**
 * What a sidecar would come to say.
 *
 * @name   its file name; the suffix decides the layout
 * @arena  owns the texts of `out`
 * @err    FORMAT: it is not JSON, or a key holds something else than the other program writes there;
 *         a tag or the note is no UTF-8
 */
NODISCARD bool sidecar_tell(struct str name, struct str text, const struct sidecar_words *words,
			    struct arena *arena, struct sidecar_telling *out, struct error *err);

/** May this be said in a file of that name? For wishes out of a plan file. */
bool sidecar_may_say(struct str name, struct str says);

#endif
