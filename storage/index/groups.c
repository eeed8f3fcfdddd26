// SPDX-License-Identifier: MIT
#include "storage/index/groups.h"

/* The tree by index of the knowledge's base models. */
struct tree {
	const struct knowledge *knowledge;
	struct group *groups; /* [n]: of base models; then those that the knowledge lacks */
	size_t n;
	struct array strangers; /* struct group: ids of an older knowledge */
	struct group unknown;
	struct array *out; /* struct group */
};

static const struct base_model *base_at(const struct knowledge *knowledge, size_t i)
{
	return ARRAY_AT(&knowledge->base_models, struct base_model, i);
}

/* Index of the parent inside the same architecture, or SIZE_MAX. */
static size_t parent_of(const struct knowledge *knowledge, size_t i)
{
	const struct base_model *base = base_at(knowledge, i);
	if (base->parent_i == SIZE_MAX)
		return SIZE_MAX;
	const struct base_model *parent = base_at(knowledge, base->parent_i);
	return str_equal(parent->architecture, base->architecture) ? base->parent_i : SIZE_MAX;
}

static struct group *stranger(struct tree *tree, const struct class *class)
{
	for (size_t i = 0; i < tree->strangers.len; i++) {
		struct group *group = ARRAY_AT(&tree->strangers, struct group, i);
		if (str_equal(group->base_model, class->base_model))
			return group;
	}
	struct group *group = ARRAY_PUSH(&tree->strangers, struct group);
	*group = (struct group){ .base_model = class->base_model,
				 .name = class->base_model,
				 .architecture = class->architecture };
	return group;
}

static void count(struct tree *tree, const struct class *class, uint64_t n)
{
	const struct base_model *base =
		class->base_model.ptr ? knowledge_base(tree->knowledge, class->base_model) : NULL;
	struct group *group = &tree->unknown;
	if (base)
		group = &tree->groups[base - base_at(tree->knowledge, 0)];
	else if (class->base_model.ptr)
		group = stranger(tree, class);
	group->own += n;
	group->total += n;
	group->kinds[class->kind] += n;
}

/* Deepest first, so that each parent's total is whole before it is added further up. */
static void add_to_parents(struct tree *tree)
{
	size_t depth_max = 0;
	for (size_t i = 0; i < tree->n; i++) {
		size_t depth = base_at(tree->knowledge, i)->depth;
		depth_max = depth > depth_max ? depth : depth_max;
	}
	for (size_t depth = depth_max; depth > 0; depth--) {
		for (size_t i = 0; i < tree->n; i++) {
			size_t parent = parent_of(tree->knowledge, i);
			if (base_at(tree->knowledge, i)->depth != depth || parent == SIZE_MAX)
				continue;
			tree->groups[parent].total += tree->groups[i].total;
			for (size_t kind = 0; kind < KIND_COUNT; kind++)
				tree->groups[parent].kinds[kind] += tree->groups[i].kinds[kind];
		}
	}
}

/* Recursion is as deep as the tree of base models, which knowledge_finish has checked. */
static void list_beneath(struct tree *tree, size_t parent, unsigned depth)
{
	for (size_t i = 0; i < tree->n; i++) {
		if (tree->groups[i].total == 0 || parent_of(tree->knowledge, i) != parent)
			continue;
		const struct base_model *base = base_at(tree->knowledge, i);
		struct group *group = ARRAY_PUSH(tree->out, struct group);
		*group = tree->groups[i];
		group->base_model = base->id;
		group->name = base->name;
		group->architecture = base->architecture;
		group->parent =
			parent == SIZE_MAX ? STR_NULL : base_at(tree->knowledge, parent)->id;
		group->depth = depth;
		list_beneath(tree, i, depth + 1);
	}
}

static void list_rest(struct tree *tree)
{
	for (size_t i = 0; i < tree->strangers.len; i++)
		*ARRAY_PUSH(tree->out, struct group) = *ARRAY_AT(&tree->strangers, struct group, i);
	if (tree->unknown.total == 0)
		return;
	tree->unknown.name = knowledge_base_name(tree->knowledge, STR_NULL);
	*ARRAY_PUSH(tree->out, struct group) = tree->unknown;
}

static struct str copy_known(struct str text, struct arena *arena)
{
	return text.ptr ? arena_str(arena, text) : STR_NULL;
}

/* The classes go on living in another thread: what leaves it is copied. */
static void copy_texts(struct array *groups, struct arena *arena)
{
	for (size_t i = 0; i < groups->len; i++) {
		struct group *group = ARRAY_AT(groups, struct group, i);
		group->base_model = copy_known(group->base_model, arena);
		group->name = copy_known(group->name, arena);
		group->parent = copy_known(group->parent, arena);
		group->architecture = copy_known(group->architecture, arena);
	}
}

void groups_build(const struct knowledge *knowledge, const struct classes *classes,
		  const uint64_t *counts, size_t n_counts, struct arena *arena,
		  const struct group **groups, size_t *n_groups)
{
	struct arena scratch = { 0 };
	struct array out = ARRAY_OF(struct group);
	struct tree tree = { .knowledge = knowledge,
			     .n = knowledge->base_models.len,
			     .strangers = ARRAY_OF(struct group),
			     .out = &out };
	tree.groups = ARENA_NEW_N(&scratch, struct group, tree.n + 1);
	for (size_t id = 1; id < n_counts; id++) {
		const struct class *class = classes_find(classes, (uint32_t)id);
		if (class && counts[id] > 0)
			count(&tree, class, counts[id]);
	}
	add_to_parents(&tree);
	list_beneath(&tree, SIZE_MAX, 0);
	list_rest(&tree);
	copy_texts(&out, arena);
	*n_groups = out.len;
	*groups = array_to_arena(&out, arena);
	array_finish(&tree.strangers);
	array_finish(&out);
	arena_finish(&scratch);
}
