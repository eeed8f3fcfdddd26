// SPDX-License-Identifier: MIT
#include "tui/app/hand.h"

#define CLEAR STR("clear")
#define BASE_LABEL STR("base:")
#define KIND_LABEL STR("kind:")

/* A word that does not say what it is may be either; one that is neither is taken for a base model,
   unless a kind is near. */
static bool read_any(const struct knowledge *knowledge, struct str word, struct correction *out,
		     struct error *err)
{
	struct error no_kind;
	if (correction_set_kind(out, word, &no_kind) ||
	    correction_set_base(out, knowledge, word, err))
		return true;
	if (str_find(str_from(no_kind.text), STR("did you mean")) >= 0)
		*err = no_kind;
	return false;
}

static bool read_word(const struct knowledge *knowledge, struct str word,
		      struct correction_change *out, struct error *err)
{
	if (str_equal(word, CLEAR)) {
		out->clears = true;
		return true;
	}
	if (str_cut_prefix(&word, BASE_LABEL))
		return correction_set_base(&out->set, knowledge, word, err);
	if (str_cut_prefix(&word, KIND_LABEL))
		return correction_set_kind(&out->set, word, err);
	return read_any(knowledge, word, &out->set, err);
}

bool hand_read(const struct knowledge *knowledge, struct str text, struct correction_change *out,
	       struct error *err)
{
	struct str word;
	*out = (struct correction_change){ 0 };
	while (str_next_part(&text, ' ', &word))
		if (word.len && !read_word(knowledge, word, out, err))
			return false;
	return out->clears || !correction_is_empty(&out->set) ||
	       error_set(err, ERROR_USAGE, NULL, "name a base model, a kind, or clear");
}

void hand_cut_label(struct str *word)
{
	if (!str_cut_prefix(word, BASE_LABEL))
		(void)str_cut_prefix(word, KIND_LABEL); /* it need not have one */
}

struct str hand_word(const struct knowledge *knowledge, size_t i)
{
	const struct array *bases = &knowledge->base_models;
	if (i < KIND_COUNT)
		return str_from(kind_word((enum kind)i));
	i -= KIND_COUNT;
	if (i == 0)
		return CLEAR;
	i--;
	for (size_t k = 0; k < bases->len; k++) {
		const struct base_model *base = ARRAY_AT(bases, struct base_model, k);
		if (i <= base->aliases.n)
			return i ? base->aliases.list[i - 1] : base->id;
		i -= base->aliases.n + 1;
	}
	return STR_NULL;
}
