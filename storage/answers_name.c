// SPDX-License-Identifier: MIT
/* How other programs call a model, and who else is called so. */
#include "storage/answers.h"

struct naming {
	struct answers *answers;
	struct arena *arena;
	uint32_t id; /* whose name it is */
	enum kind kind;
};

/* A model that cannot be read is none. */
static bool is_of_kind(const struct naming *naming, uint32_t id)
{
	struct error ignored = { 0 };
	struct party party;
	return fittings_party(naming->answers->fittings, id, naming->arena, &party, &ignored) &&
	       party.side.kind == naming->kind;
}

typedef bool (*find_fn)(const struct row_reader *reader, struct str text, struct arena *arena,
			struct found *found, struct error *err);

/* How many others of the kind that finds. */
static size_t count_others(const struct naming *naming, find_fn find, struct str text)
{
	struct found found = { 0 };
	struct error ignored = { 0 }; /* then it counts as the only one */
	size_t n = 0;
	if (!find(&naming->answers->reader, text, naming->arena, &found, &ignored))
		return 0;
	for (size_t i = 0; i < found.n; i++)
		n += found.ids[i] != naming->id && is_of_kind(naming, found.ids[i]);
	return n;
}

static struct str root_path(const struct answers *answers, struct str name, struct arena *arena)
{
	for (size_t i = 0; i < answers->roots.n; i++)
		if (str_equal(answers->roots.list[i].name, name))
			return arena_str(arena, answers->roots.list[i].path);
	return STR_NULL;
}

void answers_name(struct answers *answers, const struct model *model, const struct entry *entry,
		  struct arena *arena, struct export_model *out)
{
	const struct naming naming = { answers, arena, entry->id, model->kind };
	*out = export_name(answers->options->knowledge, model->kind == KIND_LORA,
			   root_path(answers, entry->root, arena), entry->path, model->name);
	out->n_of_stem = 1 + count_others(&naming, model_rows_find, model->name);
	out->n_aliased = count_others(&naming, model_rows_find_alias, model->name);
	if (model->alias.len && !count_others(&naming, model_rows_find, model->alias) &&
	    !count_others(&naming, model_rows_find_alias, model->alias))
		out->alias = model->alias;
}
