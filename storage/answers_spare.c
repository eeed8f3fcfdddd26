// SPDX-License-Identifier: MIT
#include "storage/answers_spare.h"

#include <sys/stat.h>

#include "storage/files/execute.h"
#include "storage/twins.h"

/** The copies of one content that are looked at. */
struct choosing {
	struct answers *answers;
	const struct keep_rules *rules; /* none: only what is marked is decided */
	const struct spare_wish *wish;
	struct arena *arena;
	const struct twin *twins;
	size_t n;
	struct plan_file *now; /* of each */
	bool *is_link;
	struct keep_copy *copies; /* of those that may stay */
	size_t *twin_of_copy;
	size_t n_copies;
};

static bool is_as_hashed(const struct choosing *choosing, size_t i)
{
	const struct plan_file *now = &choosing->now[i], *then = &choosing->twins[i].hashed;
	return now->ino == then->ino && now->size_bytes == then->size_bytes &&
	       now->mtime_ns == then->mtime_ns;
}

static bool is_attached(const struct entry *entry)
{
	return entry->n_tags > 0 || entry->n_sets > 0 || entry->rating > 0 || entry->is_favourite ||
	       entry->note.ptr || !correction_is_empty(&entry->correction);
}

static bool add_copy(struct choosing *choosing, size_t i, struct error *err)
{
	const struct twin *twin = &choosing->twins[i];
	struct model model;
	struct entry entry = { 0 };
	err->code = ERROR_NONE;
	if (!model_rows_read_details(&choosing->answers->reader, twin->id, choosing->arena, &model,
				     &entry, err))
		return err->code == ERROR_NONE;
	choosing->twin_of_copy[choosing->n_copies] = i;
	choosing->copies[choosing->n_copies++] = (struct keep_copy){
		.path = twin->path,
		.root = twin->root ? twin->root->name : STR(""),
		.mtime_ns = choosing->now[i].mtime_ns,
		.is_tagged = is_attached(&entry),
	};
	return true;
}

/* A link is no copy, and what is not as it was hashed may be none any more: neither may stay. */
static bool look_at_all(struct choosing *choosing, struct error *err)
{
	struct arena *arena = choosing->arena;
	struct stat state;
	choosing->now = ARENA_NEW_N(arena, struct plan_file, choosing->n);
	choosing->is_link = ARENA_NEW_N(arena, bool, choosing->n);
	choosing->copies = ARENA_NEW_N(arena, struct keep_copy, choosing->n);
	choosing->twin_of_copy = ARENA_NEW_N(arena, size_t, choosing->n);
	for (size_t i = 0; i < choosing->n; i++) {
		const char *path = arena_cstr(arena, choosing->twins[i].path);
		if (lstat(path, &state) != 0)
			continue;
		choosing->is_link[i] = S_ISLNK(state.st_mode);
		if (choosing->is_link[i] && stat(path, &state) != 0)
			continue;
		choosing->now[i] = plan_file_of(&state);
		if (S_ISREG(state.st_mode) && !choosing->is_link[i] && is_as_hashed(choosing, i) &&
		    !add_copy(choosing, i, err))
			return false;
	}
	return true;
}

static bool is_one_file(const struct plan_file *a, const struct plan_file *b)
{
	return a->dev == b->dev && a->ino == b->ino;
}

/* A link that leads to a file which goes would lead nowhere. */
static struct str link_to(const struct choosing *choosing, size_t i)
{
	for (size_t k = 0; k < choosing->n; k++)
		if (choosing->is_link[k] && is_one_file(&choosing->now[k], &choosing->now[i]))
			return choosing->twins[k].path;
	return STR_NULL;
}

static void add_spare(const struct choosing *choosing, size_t i, size_t kept, bool links,
		      struct array *out)
{
	struct planned_model *model = ARRAY_PUSH(out, struct planned_model);
	struct str link = links ? STR_NULL : link_to(choosing, i);
	struct planned_spare *spare = ARENA_NEW(choosing->arena, struct planned_spare);
	*model = (struct planned_model){
		.id = choosing->twins[i].id,
		.path = choosing->twins[i].path,
		.root = choosing->twins[i].root ? choosing->twins[i].root->path : STR(""),
		.spare = spare,
	};
	*spare = (struct planned_spare){
		.kept = choosing->twins[kept].path,
		.kept_file = choosing->now[kept],
	};
	if (!is_as_hashed(choosing, i))
		spare->conflict = STR("it changed since its content was looked at; see scan");
	else if (link.ptr)
		spare->conflict =
			arena_strf(choosing->arena, "the link %.*s leads to it", STR_ARG(link));
}

static bool is_kept(const struct choosing *choosing, struct str path)
{
	for (size_t i = 0; i < choosing->wish->n_kept; i++)
		if (str_equal(choosing->wish->kept[i], path))
			return true;
	return false;
}

/* A marked one that may not stay decides nothing: then no copy goes. @return false: none stays */
static bool choose(const struct choosing *choosing, size_t *kept)
{
	for (size_t i = 0; i < choosing->n_copies; i++)
		if (is_kept(choosing, choosing->copies[i].path)) {
			*kept = choosing->twin_of_copy[i];
			return true;
		}
	for (size_t i = 0; i < choosing->n; i++)
		if (is_kept(choosing, choosing->twins[i].path))
			return false;
	if (choosing->rules->n == 0 || choosing->n_copies == 0)
		return false;
	*kept = choosing->twin_of_copy[keep_choose(choosing->rules, choosing->copies,
						   choosing->n_copies)];
	return true;
}

/* Other names of the file that stays are no copies, and stay as well. */
static void add_spares(const struct choosing *choosing, size_t kept, struct array *out)
{
	bool links = choosing->wish->links;
	for (size_t i = 0; i < choosing->n; i++)
		if (!choosing->is_link[i] && !is_one_file(&choosing->now[i], &choosing->now[kept]))
			add_spare(choosing, i, kept, links, out);
}

bool answers_spare(struct answers *answers, const struct spare_wish *wish, struct arena *arena,
		   struct array *out, struct error *err)
{
	struct array twins = ARRAY_OF(struct twin);
	struct keep_rules rules = { 0 };
	bool has_rules = wish->rules.len > 0 || wish->n_kept == 0;
	bool ok = (!has_rules || keep_rules_parse(wish->rules, arena, &rules, err)) &&
		  twins_read(answers, wish->query, arena, &twins, err);
	for (size_t i = 0, end; ok && i < twins.len; i = end) {
		end = twins_end(&twins, i);
		struct choosing choosing = { .answers = answers,
					     .rules = &rules,
					     .wish = wish,
					     .arena = arena,
					     .n = end - i,
					     .twins = ARRAY_AT(&twins, struct twin, i) };
		ok = choosing.n < 2 || look_at_all(&choosing, err);
		size_t kept;
		if (ok && choosing.n > 1 && choose(&choosing, &kept))
			add_spares(&choosing, kept, out);
	}
	array_finish(&twins);
	return ok;
}
