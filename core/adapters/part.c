// SPDX-License-Identifier: MIT
#include "core/adapters/part.h"

#include <string.h>

#include "core/base/error.h"

static const struct key_layout *const layouts[] = {
	&kohya_layout, &peft_layout, &diffusers_layout, &lycoris_layout, &ordinal_layout,
};

void part_finder_init(struct part_finder *finder)
{
	size_t n = 0;
	*finder = (struct part_finder){ 0 };
	for (size_t l = 0; l < sizeof(layouts) / sizeof(*layouts); l++) {
		for (size_t i = 0; i < layouts[l]->n_suffixes; i++) {
			if (n == PART_SUFFIXES_MAX)
				BUG("more than %d part suffixes", PART_SUFFIXES_MAX);
			const struct part_suffix *suffix = &layouts[l]->suffixes[i];
			unsigned char *head =
				&finder->head[(unsigned char)suffix->suffix[suffix->len - 1]];
			finder->suffixes[n] = suffix;
			finder->next[n++] = *head;
			*head = (unsigned char)n;
		}
	}
}

static bool fits(const struct part_suffix *suffix, struct str text, bool had_weight)
{
	if (suffix->weight == (had_weight ? WEIGHT_NEVER : WEIGHT_MUST) || text.len <= suffix->len)
		return false;
	return memcmp(text.ptr + text.len - suffix->len, suffix->suffix, suffix->len) == 0;
}

/* Suffixes do not end one another, so the first hit is the only one. */
static const struct part_suffix *find(const struct part_finder *finder, struct str text,
				      bool had_weight)
{
	if (!text.len)
		return NULL;
	for (unsigned at = finder->head[(unsigned char)text.ptr[text.len - 1]]; at;
	     at = finder->next[at - 1])
		if (fits(finder->suffixes[at - 1], text, had_weight))
			return finder->suffixes[at - 1];
	return NULL;
}

/* "....lora_A.default": the adapter's name goes, whatever it is. */
static const struct part_suffix *find_named(const struct part_finder *finder, struct str *text)
{
	ptrdiff_t dot = str_rfind_byte(*text, '.');
	if (dot <= 0)
		return NULL;
	struct str before = str_slice(*text, 0, (size_t)dot);
	const struct part_suffix *suffix = find(finder, before, true);
	if (!suffix || !suffix->may_be_named)
		return NULL;
	*text = before;
	return suffix;
}

enum adapter_part part_cut(const struct part_finder *finder, struct str *name)
{
	struct str text = *name;
	bool had_weight = str_cut_suffix(&text, STR(".weight"));
	const struct part_suffix *suffix = find(finder, text, had_weight);
	if (!suffix)
		suffix = find_named(finder, &text);
	if (!suffix)
		return PART_NONE;
	*name = str_slice(text, 0, text.len - suffix->len + suffix->keep);
	return (enum adapter_part)suffix->part;
}
