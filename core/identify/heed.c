// SPDX-License-Identifier: MIT
#include "core/identify/said.h"
#include "core/knowledge/tokens.h"

static const struct str folder_place = { "folder", 6 };

/* Facts take a text as it is: whatever it says counts. */
static bool is_a_fact(const struct knowledge *knowledge)
{
	for (size_t i = 0; i < knowledge->facts.len; i++) {
		const struct texts *from =
			&ARRAY_AT(&knowledge->facts, struct fact_source, i)->from;
		for (size_t k = 0; k < from->n; k++)
			if (str_equal(from->list[k], folder_place))
				return true;
	}
	return false;
}

static bool names_base_model(const struct knowledge *knowledge, struct str folder)
{
	struct arena scratch = { 0 };
	uint32_t *weights = ARENA_NEW_N(&scratch, uint32_t, knowledge->base_models.len + 1);
	struct str text = token_text(said_start(str_trim(folder)), true, &scratch);
	bool is_any = token_index_weigh(&knowledge->base_tokens, text, weights);
	arena_finish(&scratch);
	return is_any;
}

bool identify_heeds_folder(const struct knowledge *knowledge, struct str folder)
{
	bool may_name = false;
	for (size_t i = 0; i < knowledge->sources.len; i++) {
		const struct lineage_source *source =
			ARRAY_AT(&knowledge->sources, struct lineage_source, i);
		bool is_read = str_equal(source->from, folder_place);
		if (str_equal(source->with, folder_place) ||
		    (is_read && (source->reader != READ_TOKENS || source->is_own_name)))
			return true;
		may_name |= is_read;
	}
	return is_a_fact(knowledge) || (may_name && names_base_model(knowledge, folder));
}
