// SPDX-License-Identifier: MIT
#include "core/identify/weighing.h"

#include <string.h>

void text_list_add(struct text_list *list, struct str text)
{
	text = str_trim(text);
	if (!text.len || list->n == MODEL_LIST_MAX)
		return;
	for (size_t i = 0; i < list->n; i++)
		if (str_equal_nocase(list->list[i], text))
			return;
	list->list[list->n++] = text;
}

const struct str *text_list_copy(const struct text_list *list, struct arena *arena)
{
	if (!list->n)
		return NULL;
	struct str *copy = ARENA_NEW_N(arena, struct str, list->n);
	memcpy(copy, list->list, list->n * sizeof(*copy));
	return copy;
}

bool fact_ignores(const struct texts *ignore, struct str folded)
{
	for (size_t i = 0; i < ignore->n; i++)
		if (pattern_match(ignore->list[i], folded, false, NULL))
			return true;
	return false;
}

static struct str fact(const struct weighing *w, struct str name)
{
	struct said said;
	return said_fact(w->knowledge, w->input, name, &said, NULL) ? said.text : STR_NULL;
}

static bool next_number(struct str *text, uint64_t *out)
{
	size_t i = 0, end;
	while (i < text->len && (text->ptr[i] < '0' || text->ptr[i] > '9'))
		i++;
	for (end = i; end < text->len && text->ptr[end] >= '0' && text->ptr[end] <= '9';)
		end++;
	struct str digits = str_slice(*text, i, end);
	*text = str_slice(*text, end, text->len);
	return digits.len && str_to_u64(digits, out) && *out;
}

/* "(512, 768)", "1024x1024", "[1024,1024]" and "768" as WIDTHxHEIGHT. */
static struct str resolution_of(struct str text, struct arena *arena)
{
	uint64_t width, height;
	if (!text.len || !next_number(&text, &width))
		return STR_NULL;
	if (!next_number(&text, &height))
		height = width;
	return arena_strf(arena, "%llux%llu", (unsigned long long)width,
			  (unsigned long long)height);
}

void facts_weigh(struct weighing *w)
{
	struct model *model = w->model;
	model->title = fact(w, STR("title"));
	model->author = fact(w, STR("author"));
	model->description = fact(w, STR("description"));
	model->license = fact(w, STR("license"));
	model->resolution = resolution_of(fact(w, STR("resolution")), w->arena);
	if (model->adapter.type != ADAPTER_NONE)
		model->adapter.has_alpha =
			str_to_double(fact(w, STR("alpha")), &model->adapter.alpha);
}
