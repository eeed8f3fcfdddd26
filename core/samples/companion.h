// SPDX-License-Identifier: MIT
/**
 * What other tools put beside a model: sidecars in the layout each of them writes, previews.
 *
 * Source: interop facts, sections 1 and 2.
 */
#ifndef CORE_SAMPLES_COMPANION_H
#define CORE_SAMPLES_COMPANION_H

#include "core/base/array.h"
#include "core/samples/spec.h"

struct companion_model {
	struct str file; /* last component of its path */
	struct str stem; /* without the final extension */
	uint64_t size_bytes;
	const struct spec *info; /* base, title, type, words, notes, creator, ... */
};

/**
 * Appends the bytes of one companion; its name is the model's stem, a dot and `style`.
 *
 * @style  "civitai.info", "json", "metadata.json", "cm-info.json", "swarm.json", "txt", "html",
 *         "yaml", "preview.png" or "png"
 * @err    FORMAT: there is no such style
 */
NODISCARD bool companion_append(struct str style, const struct companion_model *model,
				struct arena *arena, struct bytes *out, struct error *err);

#endif
