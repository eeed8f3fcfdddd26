// SPDX-License-Identifier: MIT
#include "core/identify/correction.h"

#include "core/base/near.h"
#include "core/base/utf8.h"
#include "core/identify/questions.h"
#include "core/identify/weighing.h"

#define BY_HAND STR("set by hand")

enum { WORD_QUOTED_MAX = 20 }; /* so that all kinds fit behind it */

/* One answer while it is corrected. */
struct correcting {
	const struct knowledge *knowledge;
	const struct correction *correction;
	const struct base_model *base; /* the one set; NULL: none */
	struct arena *arena;
	struct model *model;
	bool is_another; /* of another kind or architecture than it was taken for */
	struct evidence_list evidence, conflicts;
};

bool correction_is_empty(const struct correction *correction)
{
	return !correction->has_kind && !correction->base_model.ptr;
}

bool correction_equal(const struct correction *a, const struct correction *b)
{
	return a->has_kind == b->has_kind && (!a->has_kind || a->kind == b->kind) &&
	       !a->base_model.ptr == !b->base_model.ptr && str_equal(a->base_model, b->base_model);
}

static bool fail_kind(struct str word, struct error *err)
{
	struct bytes kinds = { 0 };
	for (enum kind kind = 0; kind < KIND_COUNT; kind++)
		bytes_printf(&kinds, "%s%s", kind ? ", " : "", kind_word(kind));
	error_set(err, ERROR_USAGE, NULL, "no kind \"%.*s\": %s",
		  STR_ARG(utf8_cut(word, WORD_QUOTED_MAX)), kinds.ptr);
	bytes_finish(&kinds);
	return false;
}

bool correction_set_kind(struct correction *correction, struct str word, struct error *err)
{
	struct near near = NEAR(word);
	for (enum kind kind = 0; kind < KIND_COUNT; kind++) {
		struct str known = str_from(kind_word(kind));
		if (str_equal_nocase(known, word)) {
			correction->has_kind = true;
			correction->kind = kind;
			return true;
		}
		near_offer(&near, known);
	}
	if (near.best.ptr)
		return error_set(err, ERROR_USAGE, NULL, "no kind \"%.*s\"; did you mean \"%.*s\"?",
				 STR_ARG(word), STR_ARG(near.best));
	return fail_kind(word, err);
}

bool correction_set_base(struct correction *correction, const struct knowledge *knowledge,
			 struct str name, struct error *err)
{
	const struct base_model *base = knowledge_base_typed(knowledge, name, err);
	if (base)
		correction->base_model = base->id;
	return base != NULL;
}

static void set_kind(struct correcting *c)
{
	c->is_another |= c->model->kind != c->correction->kind;
	c->model->kind = c->correction->kind;
	evidence_add(&c->evidence, SOURCE_USER, STR("kind"), str_from(kind_word(c->model->kind)),
		     BY_HAND);
}

static void set_base(struct correcting *c)
{
	struct model *model = c->model;
	model->base_model = c->base->id;
	model->lineage_known = true;
	model->confidence = CONFIDENCE_CERTAIN;
	evidence_add(&c->evidence, SOURCE_USER, STR("base_model"), c->base->id, BY_HAND);
	if (model->architecture.ptr && str_equal(model->architecture, c->base->architecture))
		return;
	model->architecture = c->base->architecture;
	c->is_another = true;
	evidence_add(&c->evidence, SOURCE_USER, STR("architecture"), c->base->architecture,
		     STR("that of the base model set by hand"));
}

static void drop_base(struct model *model)
{
	model->architecture = model->base_model = model->prediction = STR_NULL;
	model->lineage_known = false;
}

/* Whoever set only the kind said nothing of the base model, whose confidence stays. */
static void weigh_confidence(struct model *model)
{
	if (!model->base_model.ptr)
		model->confidence =
			model->kind == KIND_UNKNOWN ? CONFIDENCE_NONE : CONFIDENCE_CERTAIN;
}

/* The variant of that id that the corrected model can have; NULL: none. */
static const struct variant *find_variant(const struct correcting *c, struct str id)
{
	const struct array *all = &c->knowledge->variants;
	struct view view = { .kind = c->model->kind };
	if (c->model->architecture.ptr)
		view.architecture = knowledge_architecture(c->knowledge, c->model->architecture);
	for (size_t i = 0; i < all->len; i++) {
		const struct variant *variant = ARRAY_AT(all, struct variant, i);
		if (str_equal(variant->id, id) && variant_applies(variant, &view))
			return variant;
	}
	return NULL;
}

/* What its name or title says was not asked as long as it was taken for something else. */
static void add_named(struct correcting *c, struct str name, enum evidence_source source,
		      struct text_list *list)
{
	const struct array *all = &c->knowledge->variants;
	const uint32_t *named = variants_named(
		c->knowledge, said_own_name(name, c->model->kind, c->arena), c->arena);
	for (size_t i = 0; i < all->len; i++) {
		struct str id = ARRAY_AT(all, struct variant, i)->id;
		const struct variant *variant = find_variant(c, id);
		size_t n = list->n;
		if (!variant || !named[variant - ARRAY_AT(all, struct variant, 0)])
			continue;
		text_list_add(list, id);
		if (list->n > n)
			evidence_add(&c->evidence, source, STR("variants"), id, said_start(name));
	}
}

/* Those of the file that the corrected model can have, and the one that its base model stands for. */
static void set_variants(struct correcting *c)
{
	struct text_list list = { 0 };
	for (size_t i = 0; i < c->model->n_variants; i++)
		if (find_variant(c, c->model->variants[i]))
			text_list_add(&list, c->model->variants[i]);
	if (c->is_another && c->model->title.ptr)
		add_named(c, said_start(c->model->title), SOURCE_METADATA, &list);
	if (c->is_another)
		add_named(c, c->model->name, SOURCE_FILENAME, &list);
	size_t n = list.n;
	if (c->base && c->base->variant.ptr)
		text_list_add(&list, c->base->variant);
	if (list.n > n)
		evidence_add(&c->evidence, SOURCE_USER, STR("variants"), c->base->variant,
			     STR("that of the base model set by hand"));
	c->model->variants = text_list_copy(&list, c->arena);
	c->model->n_variants = list.n;
}

static bool is_on_line(const struct correcting *c, struct str id)
{
	struct str base = c->model->base_model;
	return base.ptr && (knowledge_is_within(c->knowledge, id, base) ||
			    knowledge_is_within(c->knowledge, base, id));
}

static bool has_variant(const struct model *model, struct str id)
{
	for (size_t i = 0; i < model->n_variants; i++)
		if (str_equal(model->variants[i], id))
			return true;
	return false;
}

static bool agrees(const struct correcting *c, const struct evidence *one)
{
	const struct model *model = c->model;
	if (str_equal(one->field, STR("kind")))
		return str_equal(one->says, str_from(kind_word(model->kind)));
	if (str_equal(one->field, STR("architecture")))
		return model->architecture.ptr && str_equal(one->says, model->architecture);
	if (str_equal(one->field, STR("base_model")))
		return is_on_line(c, one->says);
	if (str_equal(one->field, STR("variants")))
		return has_variant(model, one->says);
	return true;
}

/* What was found for or against the file's own answer speaks anew, now of the corrected one. */
static void weigh_again(struct correcting *c, const struct evidence *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		evidence_add(agrees(c, &list[i]) ? &c->evidence : &c->conflicts, list[i].source,
			     list[i].field, list[i].says, list[i].detail);
}

/* What was told of the prediction counts on, and what a variant of it does; what was only the way of the
 * line is that of another. */
static void set_prediction(struct correcting *c)
{
	struct model *model = c->model;
	for (size_t i = 0; i < model->n_evidence; i++)
		if (str_equal(model->evidence[i].field, STR("prediction")))
			return;
	for (size_t i = 0; i < model->n_variants; i++) {
		const struct variant *variant = find_variant(c, model->variants[i]);
		if (!variant || !variant->prediction.ptr)
			continue;
		model->prediction = variant->prediction;
		return;
	}
	const struct architecture *architecture =
		knowledge_architecture(c->knowledge, c->base->architecture);
	if (architecture)
		model->prediction = prediction_of_line(c->knowledge, architecture, c->base);
}

static void close_correction(struct correcting *c)
{
	struct model *model = c->model;
	weigh_again(c, model->evidence, model->n_evidence);
	weigh_again(c, model->conflicts, model->n_conflicts);
	model->evidence = evidence_copy(&c->evidence, c->arena);
	model->n_evidence = c->evidence.n;
	model->conflicts = evidence_copy(&c->conflicts, c->arena);
	model->n_conflicts = c->conflicts.n;
}

void correction_apply(const struct knowledge *knowledge, const struct correction *correction,
		      struct arena *arena, struct model *model)
{
	struct correcting c = {
		.knowledge = knowledge, .correction = correction, .arena = arena, .model = model
	};
	struct str id = correction->base_model;
	if (correction_is_empty(correction))
		return;
	if (id.ptr)
		c.base = knowledge_base(knowledge, id);
	if (id.ptr && !c.base)
		evidence_add(&c.conflicts, SOURCE_USER, STR("base_model"), id,
			     STR("set by hand, but the knowledge has no such base model"));
	if (correction->has_kind)
		set_kind(&c);
	if (c.base)
		set_base(&c);
	else if (correction->has_kind && !kind_has_architecture(model->kind))
		drop_base(model);
	weigh_confidence(model);
	set_variants(&c);
	if (c.base)
		set_prediction(&c);
	close_correction(&c);
}
