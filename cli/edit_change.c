// SPDX-License-Identifier: MIT
#include "cli/edit_change.h"

#include "core/base/text.h"

struct edited edit_of(const struct entry *entry)
{
	return (struct edited){
		.id = entry->id,
		.tags = entry->tags,
		.n_tags = entry->n_tags,
		.rating = entry->rating,
		.is_favourite = entry->is_favourite,
		.note = entry->note,
	};
}

bool edit_has_tag(const struct edited *model, struct str tag)
{
	struct arena arena = { 0 };
	struct str folded = text_fold_copy(&arena, tag);
	bool is_there = false;
	for (size_t i = 0; !is_there && i < model->n_tags; i++)
		is_there = str_equal(text_fold_copy(&arena, model->tags[i]), folded);
	arena_finish(&arena);
	return is_there;
}

static bool has_tags(const struct edited *model, const struct edited *of)
{
	for (size_t i = 0; i < of->n_tags; i++) {
		if (!edit_has_tag(model, of->tags[i]))
			return false;
	}
	return true;
}

bool edit_is_same(const struct edited *a, const struct edited *b)
{
	return a->rating == b->rating && a->is_favourite == b->is_favourite &&
	       str_equal(a->note, b->note) && has_tags(a, b) && has_tags(b, a);
}

static void print_tags(struct out *out, char sign, const struct edited *of,
		       const struct edited *without)
{
	for (size_t i = 0; i < of->n_tags; i++) {
		if (edit_has_tag(without, of->tags[i]))
			continue;
		out_printf(out, "  %c", sign);
		out_text(out, of->tags[i]);
	}
}

void edit_print(struct out *out, struct str name, const struct edited *old,
		const struct edited *new)
{
	out_text(out, name);
	print_tags(out, '+', new, old);
	print_tags(out, '-', old, new);
	if (old->rating != new->rating)
		out_printf(out, "  rating %d -> %d", old->rating, new->rating);
	if (old->is_favourite != new->is_favourite)
		out_printf(out, new->is_favourite ? "  favourite" : "  no favourite");
	if (!str_equal(old->note, new->note)) {
		out_printf(out, new->note.ptr ? "  note " : "  no note");
		out_text(out, new->note);
	}
	out_printf(out, "\n");
}
