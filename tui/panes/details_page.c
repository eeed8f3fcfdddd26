// SPDX-License-Identifier: MIT
#include "tui/panes/details_page.h"

#include <inttypes.h>

#include "tui/glyph.h"
#include "tui/panes/fit_page.h"
#include "tui/words.h"

static struct str join(const struct writing *w, const struct str *texts, size_t n,
		       const char *between)
{
	struct bytes all = { 0 };
	for (size_t i = 0; i < n; i++) {
		if (i)
			bytes_append_str(&all, str_from(between));
		bytes_append_str(&all, texts[i]);
	}
	struct str joined = arena_str(w->arena, bytes_str(&all));
	bytes_finish(&all);
	return joined;
}

/* With dots between, which are our own and not to be cleaned away. */
static struct str join_clean(const struct writing *w, const struct str *texts, size_t n)
{
	struct bytes all = { 0 };
	for (size_t i = 0; i < n; i++) {
		if (i)
			bytes_printf(&all, " %.*s ", STR_ARG(glyph_str(GLYPH_DOT, w->app->signs)));
		bytes_append_str(&all, writing_clean(w, texts[i]));
	}
	struct str joined = arena_str(w->arena, bytes_str(&all));
	bytes_finish(&all);
	return joined;
}

static bool has_base(const struct model *model)
{
	return model->base_model.ptr || words_kind_has_base(model->kind);
}

/* "LoRA rank 16 · SDXL · 218M" */
static void write_head(const struct writing *w)
{
	const struct model *model = w->model;
	char size[WORDS_BYTES];
	struct str what = str_from(kind_name(model->kind));
	if (model->kind == KIND_LORA && model->adapter.type != ADAPTER_NONE)
		what = str_from(adapter_name(model->adapter.type));
	struct str parts[3] = { what };
	size_t n = 1;
	if (has_base(model))
		parts[n++] = words_base(w->app->knowledge, model->base_model, 40, w->arena);
	if (model_has_size(model))
		parts[n++] = words_size(size, model->size_bytes);
	page_text(w->page, 0, STYLE_STRONG, writing_clean(w, model->name));
	page_text(w->page, 0, STYLE_DIM, join_clean(w, parts, n));
}

static void write_note(const struct writing *w, enum style style, const char *word,
		       const struct note *note)
{
	page_text(w->page, 0, style,
		  arena_strf(w->arena, "%.*s %s: %.*s (%.*s)",
			     STR_ARG(glyph_str(GLYPH_ALERT, w->app->signs)), word,
			     STR_ARG(writing_clean(w, note->message)),
			     STR_ARG(writing_clean(w, note->code))));
}

static void write_alerts(const struct writing *w)
{
	const struct model *model = w->model;
	page_blank(w->page);
	if (model->error.code.ptr)
		write_note(w, STYLE_WARNING, status_word(model->status), &model->error);
	for (size_t i = 0; i < model->n_notes; i++)
		write_note(w, STYLE_DIM, "note", &model->notes[i]);
	if (model->safety == SAFETY_RUNS_CODE)
		page_text(w->page, 0, STYLE_WARNING,
			  arena_strf(w->arena, "%.*s runs code when it is loaded: %.*s",
				     STR_ARG(glyph_str(GLYPH_ALERT, w->app->signs)),
				     STR_ARG(writing_clean(
					     w, join(w, model->globals, model->n_globals, ", ")))));
	if (model->safety == SAFETY_CANNOT_TELL)
		page_text(w->page, 0, STYLE_WARNING,
			  STR("! cannot tell whether it runs code when it is loaded"));
	if (w->entry->is_missing)
		page_text(w->page, 0, STYLE_WARNING, STR("missing: the file is no longer there"));
	else if (!w->entry->is_online)
		page_text(w->page, 0, STYLE_WARNING, STR("offline: its disk is not there now"));
}

static void write_base(const struct writing *w)
{
	const struct model *model = w->model;
	if (!model->base_model.ptr) {
		if (has_base(model))
			writing_fact(w, "base model", STR("unknown"));
		return;
	}
	struct str name = knowledge_base_name(w->app->knowledge, model->base_model);
	writing_fact(w, "base model",
		     arena_strf(w->arena, "%.*s (%.*s), %s", STR_ARG(name),
				STR_ARG(model->base_model), confidence_word(model->confidence)));
	if (!model->lineage_known)
		page_fact(w->page, WRITING_LABEL_COLS, STR(""), STYLE_DIM,
			  STR("the family; nothing names the exact line"));
}

static void write_adapter(const struct writing *w)
{
	const struct adapter_summary *adapter = &w->model->adapter;
	struct bytes text = { 0 };
	char digits[WORDS_BYTES];
	if (adapter->type == ADAPTER_NONE)
		return;
	if (adapter->rank_max && adapter->rank_min != adapter->rank_max)
		bytes_printf(&text, "rank %" PRIu32 " to %" PRIu32 ", ", adapter->rank_min,
			     adapter->rank_max);
	else if (adapter->rank_max)
		bytes_printf(&text, "rank %" PRIu32 ", ", adapter->rank_max);
	if (adapter->has_alpha)
		bytes_printf(&text, "alpha %g, ", adapter->alpha);
	bytes_printf(&text, "%.*s modules", STR_ARG(words_count(digits, adapter->n_modules)));
	if (adapter->has_text_encoder)
		bytes_append_str(&text, STR(", text encoder too"));
	if (adapter->has_convolution)
		bytes_append_str(&text, STR(", convolutions too"));
	writing_fact(w, adapter_name(adapter->type), bytes_str(&text));
	bytes_finish(&text);
}

static void write_inside(const struct writing *w)
{
	const struct model *model = w->model;
	char tensors[WORDS_BYTES], parameters[WORDS_BYTES];
	writing_fact(w, "format", str_from(format_word(model->format)));
	writing_fact(w, "precision", model->precision);
	if (model->parameters > 0)
		writing_fact(w, "parameters", words_parameters(parameters, model->parameters));
	if (model->n_tensors >= 0)
		writing_fact(w, "tensors", words_count(tensors, (uint64_t)model->n_tensors));
}

static void write_identity(const struct writing *w)
{
	const struct model *model = w->model;
	page_blank(w->page);
	write_base(w);
	if (model->architecture.ptr)
		writing_fact(w, "architecture",
			     words_architecture(w->app->knowledge, model->architecture, w->arena));
	writing_fact(w, "variants", join(w, model->variants, model->n_variants, ", "));
	writing_fact(w, "prediction", model->prediction);
	writing_fact(w, "resolution", model->resolution);
	write_adapter(w);
	write_inside(w);
	writing_fact(w, "alias", model->alias);
	writing_fact(w, "triggers", join(w, model->triggers, model->n_triggers, ", "));
	writing_fact(w, "trained on", model->trained_on.name);
	writing_fact(w, "merged from", join(w, model->merged_from, model->n_merged_from, ", "));
}

static void write_yours(const struct writing *w)
{
	const struct entry *entry = w->entry;
	char stars[] = "*****";
	page_blank(w->page);
	writing_fact(w, "tags", join(w, entry->tags, entry->n_tags, ", "));
	if (entry->rating > 0 && entry->rating <= 5)
		writing_fact(w, "rating", (struct str){ stars, (size_t)entry->rating });
	if (entry->is_favourite)
		writing_fact(w, "favourite", STR("yes"));
	writing_fact(w, "note", entry->note);
	writing_fact(w, "in sets", join(w, entry->sets, entry->n_sets, ", "));
}

static void write_about_base(const struct writing *w)
{
	const struct base_model *base =
		w->model->base_model.ptr ? knowledge_base(w->app->knowledge, w->model->base_model)
					 : NULL;
	if (!base || (!base->good_at.len && !base->loras.len))
		return;
	page_title(w->page,
		   arena_strf(w->arena, "About %.*s", STR_ARG(writing_clean(w, base->name))));
	writing_fact(w, "good at", base->good_at);
	writing_fact(w, "its LoRAs", base->loras);
}

static void write_evidence(const struct writing *w, const char *title,
			   const struct evidence *evidence, size_t n)
{
	if (!n)
		return;
	page_title(w->page, str_from(title));
	for (size_t i = 0; i < n; i++) {
		const struct evidence *e = &evidence[i];
		struct str line =
			arena_strf(w->arena, "%.*s: %.*s", STR_ARG(writing_clean(w, e->field)),
				   STR_ARG(writing_clean(w, e->says)));
		page_fact(w->page, WRITING_LABEL_COLS, str_from(source_word(e->source)),
			  STYLE_NORMAL, line);
		page_fact(w->page, WRITING_LABEL_COLS, STR(""), STYLE_DIM,
			  writing_clean(w, e->detail));
	}
}

static void write_metadata(const struct writing *w)
{
	const struct model *model = w->model;
	if (!model->title.len && !model->author.len && !model->license.len &&
	    !model->description.len)
		return;
	page_title(w->page, STR("What it says of itself"));
	writing_fact(w, "title", model->title);
	writing_fact(w, "author", model->author);
	writing_fact(w, "license", model->license);
	writing_fact(w, "description", model->description);
}

static void write_file(const struct writing *w)
{
	const struct entry *entry = w->entry;
	char age[WORDS_BYTES];
	page_title(w->page, STR("File"));
	writing_fact(w, "path", entry->path);
	writing_fact(w, "root", entry->root);
	if (entry->modified_s > 0)
		writing_fact(w, "age", words_age(age, entry->modified_s, w->app->now_s));
	writing_fact(w, "companions", join(w, entry->companions, entry->n_companions, ", "));
	writing_fact(w, "sha256", w->model->sha256);
	writing_fact(w, "autov2", w->model->autov2);
	writing_fact(w, "autov3", w->model->autov3);
}

void details_write(const struct app *app, const struct event *event, struct page *page,
		   size_t *evidence_line)
{
	struct arena arena = { 0 };
	struct writing w = { app,
			     page,
			     &arena,
			     &event->as.details.model,
			     &event->as.details.entry,
			     bytes_str(&app->checkpoint.name) };
	*evidence_line = 0;
	if (!event->as.details.found) {
		page_text(page, 0, STYLE_DIM, STR("This model is no longer in the library."));
		return;
	}
	write_head(&w);
	write_alerts(&w);
	if (event->as.details.has_fit)
		fit_page_write(&w, &event->as.details.fit, &event->as.details.strip);
	write_identity(&w);
	write_yours(&w);
	write_about_base(&w);
	page_blank(page);
	*evidence_line = page->lines.len;
	fit_page_strip(&w, &event->as.details.strip);
	write_evidence(&w, "Why we think so", w.model->evidence, w.model->n_evidence);
	write_evidence(&w, "What speaks against it", w.model->conflicts, w.model->n_conflicts);
	write_metadata(&w);
	write_file(&w);
	arena_finish(&arena);
}
