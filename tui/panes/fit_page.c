// SPDX-License-Identifier: MIT
#include "tui/panes/fit_page.h"

#include <inttypes.h>

#include "tui/glyph.h"
#include "tui/words.h"

static void write_verdict(const struct writing *w, const struct fit *fit)
{
	struct str sign = glyph_str(glyph_of_verdict(fit->verdict), w->app->signs);
	struct str with = writing_clean(w, w->checkpoint);
	page_blank(w->page);
	page_text(w->page, 0, style_of_verdict(fit->verdict),
		  arena_strf(w->arena, "%.*s %s with %.*s", STR_ARG(sign),
			     verdict_word(fit->verdict), STR_ARG(with)));
	for (size_t i = 0; i < fit->n_reasons; i++)
		page_text(w->page, 2, STYLE_NORMAL, writing_clean(w, fit->reasons[i].message));
	for (size_t i = 0; i < fit->n_advice; i++)
		page_fact(w->page, 2, w->app->signs == TEXT_UTF8 ? STR("→") : STR(">"), STYLE_DIM,
			  writing_clean(w, fit->advice[i]));
}

/* "denoiser: 722 of 722 modules bind" */
static void write_component(const struct writing *w, const struct binding *binding,
			    enum component component, const char *label)
{
	const struct binding_count *count = &binding->of[component];
	char bound[WORDS_BYTES], modules[WORDS_BYTES], odd[WORDS_BYTES];
	struct str all = words_count(modules, count->modules);
	struct bytes text = { 0 };
	bytes_printf(&text, "%s: ", component_word(component));
	if (binding->is_present[component])
		bytes_printf(&text, "%.*s of %.*s modules bind",
			     STR_ARG(words_count(bound, count->bound)), STR_ARG(all));
	else
		bytes_printf(&text, "%.*s modules, not in this checkpoint file", STR_ARG(all));
	if (count->mismatched)
		bytes_printf(&text, ", %.*s have another shape",
			     STR_ARG(words_count(odd, count->mismatched)));
	writing_fact(w, label, bytes_str(&text));
	bytes_finish(&text);
}

static void write_binding(const struct writing *w, const struct binding *binding,
			  const struct strip *strip)
{
	const char *label = "binding";
	if (!binding)
		return;
	page_blank(w->page);
	for (int i = 0; i < COMPONENT_COUNT; i++) {
		if (!binding->of[i].modules)
			continue;
		write_component(w, binding, (enum component)i, label);
		label = "";
	}
	writing_fact(w, "blocks", strip_words(strip, w->arena));
}

void fit_page_write(const struct writing *w, const struct fit *fit, const struct strip *strip)
{
	write_verdict(w, fit);
	write_binding(w, fit->binding, strip);
}

static uint32_t highest_rank(const struct strip *strip)
{
	uint32_t highest = 0;
	for (size_t i = 0; i < strip->n_rows; i++)
		for (size_t j = 0; j < strip->rows[i].n_blocks; j++)
			if (strip->rows[i].blocks[j].rank > highest)
				highest = strip->rows[i].blocks[j].rank;
	return highest;
}

/* Four levels: up to a quarter of the highest rank, a half, three quarters, above. */
static enum glyph glyph_of_block(const struct strip_block *block, uint32_t highest)
{
	if (!block->n_bound)
		return block->n_mismatched ? GLYPH_INCOMPATIBLE : GLYPH_DOT;
	if (!highest)
		return GLYPH_LEVEL_4;
	uint64_t level = block->rank ? ((uint64_t)block->rank * 4 - 1) / highest : 0;
	return (enum glyph)(GLYPH_LEVEL_1 + (level < 3 ? level : 3));
}

/* One row of blocks, one sign a block: how far the LoRA reaches there. */
static void write_strip_row(const struct writing *w, const struct strip_row *row, uint32_t highest)
{
	struct bytes signs = { 0 };
	struct str name = writing_clean(w, row->name);
	for (size_t i = 0; i < row->n_blocks; i++)
		bytes_append_str(
			&signs, glyph_str(glyph_of_block(&row->blocks[i], highest), w->app->signs));
	if (row->n_blocks > 1)
		name = arena_strf(w->arena, "%.*s 0-%zu", STR_ARG(name), row->n_blocks - 1);
	page_fact(w->page, WRITING_LABEL_COLS, name, STYLE_NORMAL, bytes_str(&signs));
	bytes_finish(&signs);
}

void fit_page_strip(const struct writing *w, const struct strip *strip)
{
	uint32_t highest = highest_rank(strip);
	if (!strip->n_rows)
		return;
	page_title(w->page, STR("Where it attaches"));
	for (size_t i = 0; i < strip->n_rows; i++)
		write_strip_row(w, &strip->rows[i], highest);
	if (highest)
		page_text(w->page, 0, STYLE_DIM,
			  arena_strf(w->arena,
				     "A sign a block, higher for a higher rank, up to %" PRIu32
				     "; %.*s is untouched.",
				     highest, STR_ARG(glyph_str(GLYPH_DOT, w->app->signs))));
}
