// SPDX-License-Identifier: MIT
#include "tui/panes/dock.h"

#include "tui/glyph.h"
#include "tui/words.h"

enum { NAME_COLS = 40, WEIGHT_COLS = 8, VERDICT_COLS = 14 };

static const struct tray_lora *lora_at(const struct app *app, size_t i)
{
	return ARRAY_AT(&app->tray.loras, struct tray_lora, i);
}

/* "~ caution" at the right end. @return where what stands left of it must end */
static int paint_verdict(const struct app *app, struct surface *line)
{
	int end = line->rect.cols - 1;
	if (!app->tray.loras.len || !app->tray.fit)
		return end;
	enum verdict verdict = app->tray.fit->as.composed.set.verdict;
	struct str text = arena_strf(line->scratch, "%.*s %s",
				     STR_ARG(glyph_str(glyph_of_verdict(verdict), line->signs)),
				     verdict_word(verdict));
	surface_text_right(line, end, 0, style_of_verdict(verdict), text);
	return end - (int)text_cols(text) - 2;
}

/* What the library's LoRAs are to the checkpoint: "✓ 43  ~ 2  ? 1  ✗ 60", as far as there is room.
 * @return the column where it begins */
static int paint_counts(const struct app *app, struct surface *line, int x_min)
{
	static const enum verdict from_right[FIT_COUNT] = { FIT_INCOMPATIBLE, FIT_UNKNOWN,
							    FIT_CAUTION, FIT_COMPATIBLE };
	char digits[WORDS_BYTES];
	int end = line->rect.cols - 1;
	for (size_t i = 0; i < FIT_COUNT && app->checkpoint.has_counts; i++) {
		enum verdict verdict = from_right[i];
		struct str sign = glyph_str(glyph_of_verdict(verdict), line->signs);
		struct str n = words_count(digits, app->checkpoint.counts[verdict]);
		int cols = (int)n.len + 2;
		if (end - cols < x_min)
			break;
		surface_text(line, end - cols, 0, style_of_verdict(verdict), sign, 1);
		surface_text(line, end - cols + 2, 0, STYLE_NORMAL, n, (int)n.len);
		end -= cols + 2;
	}
	return end;
}

static int paint_checkpoint(const struct app *app, struct surface *line, int x, int end)
{
	struct arena *arena = line->scratch;
	struct str base =
		knowledge_base_name(app->knowledge, bytes_str(&app->checkpoint.base_model));
	struct str name = app_clean(app, arena, bytes_str(&app->checkpoint.name));
	bool has_loras = app->tray.loras.len > 0;
	x += surface_text(line, x, 0, STYLE_CHECKPOINT, glyph_str(GLYPH_CHECKPOINT, line->signs),
			  1);
	name = text_cut_middle(arena, name, (size_t)((end - x) / (has_loras ? 3 : 2)), app->signs);
	x += 1 + surface_text(line, x + 1, 0, STYLE_CHECKPOINT, name, end - x);
	if (!has_loras) {
		end = paint_counts(app, line, x + 4);
		x += 2 + surface_text_cut(line, x + 2, 0, STYLE_DIM, app_clean(app, arena, base),
					  end - x - 2);
	}
	return x + 2;
}

/* What the opened set has that the library has no more. */
static size_t n_gone(const struct tray *tray)
{
	return tray->gone.len + (tray->gone_checkpoint != 0);
}

/* "+ ink:0.8 paper:1" */
static void paint_loras(const struct app *app, struct surface *line, int x, int end)
{
	struct bytes text = { 0 };
	if (app->tray.name.len) {
		text_clean(&text, bytes_str(&app->tray.name), app->charset);
		bytes_printf(&text, "%s:", app->tray.is_changed ? "*" : "");
	}
	for (size_t i = 0; i < app->tray.loras.len; i++) {
		const struct tray_lora *lora = lora_at(app, i);
		bytes_append_str(&text, text.len ? STR(" ") : STR(""));
		bytes_append_str(&text, STR("+"));
		text_clean(&text, lora->name, app->charset);
		bytes_printf(&text, ":%.2f", lora->weights.weight);
	}
	if (n_gone(&app->tray) > 0)
		bytes_printf(&text, " (%zu gone)", n_gone(&app->tray));
	surface_text_cut(line, x, 0, STYLE_NORMAL, arena_str(line->scratch, bytes_str(&text)),
			 end - x);
	bytes_finish(&text);
}

void dock_tray(const struct app *app, struct surface *line)
{
	bool has_loras = app->tray.loras.len > 0;
	if (!app->checkpoint.id && !has_loras) {
		surface_text_cut(line, 1, 0, STYLE_DIM,
				 STR("no checkpoint chosen: c on one shows which LoRAs fit it"),
				 line->rect.cols - 2);
		return;
	}
	int end = paint_verdict(app, line), x = 1;
	if (app->checkpoint.id)
		x = paint_checkpoint(app, line, x, end);
	if (has_loras)
		paint_loras(app, line, x, end);
}

static void paint_title(const struct app *app, struct surface *area)
{
	struct str name = app_clean(app, area->scratch, bytes_str(&app->tray.name));
	struct str text = arena_strf(area->scratch, " set%s%.*s%s ", name.len ? ": " : "",
				     STR_ARG(name), app->tray.is_changed ? " (not saved)" : "");
	surface_repeat(area, 0, 0, area->rect.cols, STYLE_RULE, glyph_str(GLYPH_LINE, area->signs));
	surface_text(area, 2, 0, STYLE_TITLE, text, area->rect.cols - 4);
}

static void paint_lora(const struct app *app, struct surface *area, size_t i, int y)
{
	const struct tray_lora *lora = lora_at(app, i);
	struct arena *arena = area->scratch;
	struct str name =
		text_cut_middle(arena, app_clean(app, arena, lora->name), NAME_COLS, app->signs);
	struct str weight = arena_strf(arena, "%.2f", lora->weights.weight);
	if (lora->weights.has_weight_te)
		weight = arena_strf(arena, "%.2f/%.2f", lora->weights.weight,
				    lora->weights.weight_te);
	int x = 3;
	surface_text(area, x, y, STYLE_NORMAL, name, NAME_COLS);
	x += NAME_COLS + 1;
	surface_text(area, x, y, STYLE_STRONG, weight, area->rect.cols);
	x += WEIGHT_COLS + 3;
	if (!app->tray.fit)
		return;
	const struct fit *fit = &app->tray.fit->as.composed.pairs[i];
	enum style style = style_of_verdict(fit->verdict);
	surface_text(area, 1, y, style, glyph_str(glyph_of_verdict(fit->verdict), area->signs), 1);
	surface_text(area, x, y, style, str_from(verdict_word(fit->verdict)), VERDICT_COLS);
	if (fit->n_reasons > 0)
		surface_text_cut(area, x + VERDICT_COLS, y, STYLE_DIM,
				 app_clean(app, arena, fit->reasons[0].message),
				 area->rect.cols - x - VERDICT_COLS - 1);
}

static void paint_reason(const struct app *app, struct surface *area, const struct reason *reason,
			 int y)
{
	int x = 1 + surface_text(area, 1, y, STYLE_WARNING, str_from(reason_word(reason->code)),
				 area->rect.cols);
	surface_text_cut(area, x + 2, y, STYLE_NORMAL,
			 app_clean(app, area->scratch, reason->message), area->rect.cols - x - 3);
}

static void paint_gone(const struct app *app, struct surface *area, int y)
{
	const struct tray *tray = &app->tray;
	const char *checkpoint = tray->gone_checkpoint ? "its checkpoint" : "";
	const char *and = tray->gone_checkpoint && tray->gone.len ? " and " : "";
	struct str loras = STR("");
	if (tray->gone.len)
		loras = arena_strf(area->scratch, "%zu LoRA%s", tray->gone.len,
				   tray->gone.len == 1 ? "" : "s");
	if (n_gone(tray) > 0)
		surface_text_cut(area, 1, y, STYLE_WARNING,
				 arena_strf(area->scratch,
					    "not in the library: %s%s%.*s (kept; :set prune)",
					    checkpoint, and, STR_ARG(loras)),
				 area->rect.cols - 2);
}

void dock_paint(const struct app *app, struct surface *area)
{
	const struct fit *set = app->tray.fit ? &app->tray.fit->as.composed.set : NULL;
	int y = 1;
	paint_title(app, area);
	/* What the set as a whole is told of comes first, so that it is there when the room ends. */
	for (size_t i = 0; set && i < set->n_reasons && y < area->rect.rows; i++)
		paint_reason(app, area, &set->reasons[i], y++);
	for (size_t i = 0; i < app->tray.loras.len && y < area->rect.rows; i++)
		paint_lora(app, area, i, y++);
	if (y < area->rect.rows)
		paint_gone(app, area, y);
}
