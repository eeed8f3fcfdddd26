// SPDX-License-Identifier: MIT
#include "config/knowledge_references.h"

#include <string.h>

#include "core/base/near.h"
#include "core/base/text.h"

struct reference {
	enum section_word word;
	struct str wanted;
	struct place place;
};

enum { IDS_EXPECTED = 256 };

void references_init(struct references *references, struct arena *arena)
{
	references->arena = arena;
	references->list = ARRAY_OF(struct reference);
	for (int i = 0; i < SECTION_COUNT; i++)
		map_init(&references->ids[i], arena, IDS_EXPECTED);
}

void references_finish(struct references *references)
{
	array_finish(&references->list);
}

void references_know(struct references *references, enum section_word word, struct str id)
{
	static const char known;
	*map_place(&references->ids[word], id) = (void *)&known;
}

void references_add(struct references *references, enum section_word word, struct str wanted,
		    const struct place *place)
{
	if (wanted.len)
		*ARRAY_PUSH(&references->list, struct reference) =
			(struct reference){ word, wanted, *place };
}

bool place_context(const struct place *place, struct error *err)
{
	return error_context(err, "%s:%u: [%.*s] %s", place->file, place->line,
			     STR_ARG(place->section), place->key);
}

static struct str nearest(const struct knowledge *k, enum section_word word, struct str wanted)
{
	const struct section_type *type = &section_types[word];
	const struct array *array = (const struct array *)((const char *)k + type->array_offset);
	struct near near = NEAR(wanted);
	for (size_t i = 0; i < array->len; i++) {
		const char *element = array_at(array, i);
		near_offer(&near, *(const struct str *)(element + type->id_offset));
	}
	return near.best;
}

static bool is_there(const struct references *references, const struct reference *reference)
{
	return map_find(&references->ids[reference->word], reference->wanted);
}

bool references_check(const struct references *references, const struct knowledge *k,
		      size_t *broken, struct error *err)
{
	for (size_t i = 0; i < references->list.len; i++) {
		const struct reference *reference =
			ARRAY_AT(&references->list, struct reference, i);
		if (is_there(references, reference))
			continue;
		struct str wanted =
			str_slice(reference->wanted, 0,
				  reference->wanted.len < 60 ? reference->wanted.len : 60);
		wanted = text_clean_copy(references->arena, wanted, TEXT_UTF8);
		struct str near = nearest(k, reference->word, reference->wanted);
		error_set(err, ERROR_FORMAT, NULL, "there is no %s \"%.*s\"%s%.*s%s",
			  section_types[reference->word].name, STR_ARG(wanted),
			  near.len ? "; did you mean \"" : "", STR_ARG(near),
			  near.len ? "\"?" : "");
		*broken = reference->place.file_i;
		return place_context(&reference->place, err);
	}
	return true;
}

static bool is_endless(const struct knowledge *k, const struct base_model *base)
{
	size_t steps = 0;
	while (base && base->parent.len && steps++ <= KNOWLEDGE_DEPTH_MAX)
		base = knowledge_base(k, base->parent);
	return steps > KNOWLEDGE_DEPTH_MAX;
}

static bool is_elsewhere(const struct knowledge *k, const struct architecture *a)
{
	const struct base_model *foundation = a ? knowledge_base(k, a->foundation) : NULL;
	return foundation && !str_equal(foundation->architecture, a->id);
}

void references_blame(const struct references *references, const struct knowledge *k,
		      size_t *broken, struct error *err)
{
	for (size_t i = references->list.len; i > 0; i--) {
		const struct reference *reference =
			ARRAY_AT(&references->list, struct reference, i - 1);
		const struct place *place = &reference->place;
		bool is_parent = strcmp(place->key, "parent") == 0;
		bool is_foundation = strcmp(place->key, "foundation") == 0;
		if ((is_parent && is_endless(k, knowledge_base(k, place->id))) ||
		    (is_foundation && is_elsewhere(k, knowledge_architecture(k, place->id)))) {
			*broken = place->file_i;
			place_context(place, err);
			return;
		}
	}
}
