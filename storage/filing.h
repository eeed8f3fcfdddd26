// SPDX-License-Identifier: MIT
/**
 * Where a template puts the models of the index: what is known of each becomes the template's values.
 */
#ifndef STORAGE_FILING_H
#define STORAGE_FILING_H

#include "storage/index/model_rows.h"

struct filing {
	const struct row_reader *reader; /* borrowed, as is the template */
	struct str template;
	bool has_author, has_tag; /* asked for: these are read by model */
	struct arena scratch;     /* of one model */
};

/** @template  must have passed template_check */
void filing_init(struct filing *filing, const struct row_reader *reader, struct str template);
void filing_finish(struct filing *filing);

/**
 * The absolute path that a model would have, without extension.
 * @root  its root's path
 * @out   on `arena`
 * @err   INDEX
 */
NODISCARD bool filing_target(struct filing *filing, uint32_t id, const struct model_brief *brief,
			     struct str root, struct arena *arena, struct str *out,
			     struct error *err);

#endif
