// SPDX-License-Identifier: MIT
#include "tui/panes/models_paint.h"

#include "tui/glyph.h"
#include "tui/panes/columns.h"
#include "tui/words.h"

void models_range(const struct app *app, size_t *from, size_t *to)
{
	const struct models *models = &app->models;
	size_t a = models->has_range ? rows_find(&models->rows, models->range_id) : models->rows.n;
	size_t b = models->list.cursor;
	*from = *to = 0;
	if (a == models->rows.n)
		return;
	*from = a < b ? a : b;
	*to = (a < b ? b : a) + 1;
}

/* One sign a row: the strongest thing there is to say about it. */
static void paint_glyph(const struct app *app, const struct row *row, struct surface *line, int x)
{
	enum glyph glyph = GLYPH_COUNT;
	enum style style = STYLE_DIM;
	if (row->id == app->checkpoint.id) {
		glyph = GLYPH_CHECKPOINT;
		style = STYLE_CHECKPOINT;
	} else if (row->has_verdict) {
		glyph = glyph_of_verdict(row->verdict);
		style = style_of_verdict(row->verdict);
	} else if (row->status != STATUS_OK || row->safety == SAFETY_RUNS_CODE) {
		glyph = GLYPH_ALERT;
		style = STYLE_WARNING;
	} else if (row->is_missing || !row->is_online) {
		glyph = GLYPH_ABSENT;
	}
	if (glyph != GLYPH_COUNT)
		surface_text(line, x, 0, style, glyph_str(glyph, line->signs), 1);
}

static bool is_quiet(const struct row *row)
{
	bool is_absent = row->is_missing || !row->is_online;
	return is_absent || (row->has_verdict && row->verdict == FIT_INCOMPATIBLE);
}

static void paint_name(const struct app *app, const struct row *row, struct surface *line,
		       const struct columns *columns, bool is_marked)
{
	size_t cols = (size_t)columns->cols[COLUMN_NAME];
	struct str name = app_clean(app, line->scratch, row->name);
	enum style style = is_marked ? STYLE_MARK : is_quiet(row) ? STYLE_DIM : STYLE_NORMAL;
	if (row->id == app->checkpoint.id)
		style = STYLE_CHECKPOINT;
	name = text_cut_middle(line->scratch, name, cols, app->signs);
	surface_text(line, columns->x[COLUMN_NAME], 0, style, name, (int)cols);
}

static void paint_base(const struct app *app, const struct row *row, struct surface *line, int x,
		       int cols)
{
	bool is_foundation_only = !row->lineage_known || is_quiet(row);
	struct str base = words_base(app->knowledge, row->base_model, (size_t)cols, line->scratch);
	if (!row->base_model.ptr && !words_kind_has_base(row->kind))
		base = glyph_str(GLYPH_DOT, line->signs);
	else
		base = app_clean(app, line->scratch, base);
	surface_text_cut(line, x, 0, is_foundation_only ? STYLE_DIM : STYLE_NORMAL, base, cols);
}

static void paint_facts(const struct app *app, const struct row *row, struct surface *line,
			const struct columns *columns)
{
	char words[WORDS_BYTES];
	const int *x = columns->x, *cols = columns->cols;
	if (cols[COLUMN_VERDICT] && row->has_verdict)
		surface_text(line, x[COLUMN_VERDICT], 0, style_of_verdict(row->verdict),
			     str_from(verdict_word(row->verdict)), cols[COLUMN_VERDICT]);
	paint_base(app, row, line, x[COLUMN_BASE], cols[COLUMN_BASE]);
	if (cols[COLUMN_KIND])
		surface_text(line, x[COLUMN_KIND], 0, STYLE_DIM,
			     words_kind(words, row->kind, row->adapter, row->rank),
			     cols[COLUMN_KIND]);
	surface_text_right(line, x[COLUMN_SIZE] + cols[COLUMN_SIZE], 0, STYLE_DIM,
			   words_size(words, row->size_bytes));
	if (cols[COLUMN_AGE])
		surface_text_right(line, x[COLUMN_AGE] + cols[COLUMN_AGE], 0, STYLE_DIM,
				   words_age(words, row->modified_s, app->now_s));
}

/* Blanks between dim columns are dim too: nobody sees it, and a change of attributes costs more
 * bytes than the blanks do. */
static void dim_gaps(const struct row *row, struct surface *line, const struct columns *columns)
{
	int x = columns->x[columns->cols[COLUMN_KIND] ? COLUMN_KIND : COLUMN_SIZE];
	if (!row->lineage_known || is_quiet(row))
		x = columns->x[COLUMN_BASE];
	surface_restyle(line, x, 0, line->rect.cols - 1 - x, STYLE_DIM);
}

static void paint_row(const struct app *app, size_t i, bool is_marked, struct surface *line)
{
	struct columns columns = columns_fit(line->rect.cols);
	const struct row *row = rows_at(&app->models.rows, i);
	if (is_marked)
		surface_text(line, 0, 0, STYLE_MARK, glyph_str(GLYPH_MARK, line->signs), 1);
	if (row) {
		dim_gaps(row, line, &columns);
		paint_glyph(app, row, line, columns.x[COLUMN_GLYPH]);
		paint_name(app, row, line, &columns, is_marked);
		paint_facts(app, row, line, &columns);
	} else {
		surface_text(line, columns.x[COLUMN_NAME], 0, STYLE_DIM,
			     glyph_str(GLYPH_ELLIPSIS, line->signs), 1);
	}
	if (i != app->models.list.cursor)
		return;
	/* Only the name is lit: two whole rows a step would be too many bytes for a slow line. */
	surface_select(line, 0, 0, columns.x[COLUMN_NAME] + columns.cols[COLUMN_NAME]);
	if (app->focus == PANE_MODELS)
		surface_put_cursor(line, columns.x[COLUMN_NAME], 0, false);
}

static void paint_lines(const struct app *app, struct surface *area, const struct str *lines,
			size_t n)
{
	int y = area->rect.rows > (int)n + 4 ? 2 : 0;
	for (size_t i = 0; i < n; i++)
		surface_text_cut(area, 3, y + (int)i, i == 0 ? STYLE_NORMAL : STYLE_DIM, lines[i],
				 area->rect.cols - 4);
	if (app->focus == PANE_MODELS)
		surface_put_cursor(area, 3, y, false);
}

static void paint_empty_library(const struct app *app, struct surface *area)
{
	static const struct str welcome[] = {
		{ "Welcome. No folder is looked after yet.", 39 },
		{ "", 0 },
		{ ":root add FOLDER        add one from here", 41 },
		{ "lorarium scan FOLDER    or from the shell", 41 },
		{ "", 0 },
		{ "Models are only read, never changed.", 36 },
	};
	static const struct str looking[] = {
		{ "Looking for models.", 19 },
		{ "They appear here as they are found.", 35 },
	};
	static const struct str none[] = {
		{ "There are no models in your folders yet.", 40 },
		{ "R looks again, :root add FOLDER adds a folder.", 46 },
	};
	if (app->news.is_scanning || (app->scan_at_start && app->can_write && app->news.has_roots))
		paint_lines(app, area, looking, 2);
	else if (app->news.knows_roots && !app->news.has_roots)
		paint_lines(app, area, welcome, 6);
	else if (app->news.knows_roots)
		paint_lines(app, area, none, 2);
}

/* What the fit filter keeps out, and how to see it; nothing where the query leaves no LoRA. */
static struct str others_words(const struct app *app, struct arena *arena)
{
	char digits[WORDS_BYTES];
	enum fit_filter filter = app->wishes.filter;
	const struct checkpoint *chosen = &app->checkpoint;
	uint64_t n_not = chosen->has_counts ? chosen->counts[FIT_INCOMPATIBLE] : 0, n = 0;
	for (size_t i = 0; chosen->has_counts && i < FIT_COUNT; i++)
		n += chosen->counts[i];
	if (chosen->has_counts && n == 0)
		return STR("There is no LoRA among what matches.");
	if ((filter == FILTER_COMPATIBLE || filter == FILTER_CAUTION) && n_not)
		return arena_strf(arena, "f shows %.*s that do not fit.",
				  STR_ARG(words_count(digits, n_not)));
	return STR("f shows the others.");
}

static void paint_no_match(const struct app *app, struct surface *area)
{
	struct str lines[3] = { STR("No match.") };
	bool has_query = app->wishes.query.len > 0, has_filter = app->wishes.filter != FILTER_ALL;
	size_t n = 1;
	if (has_query)
		lines[n++] = has_filter ? STR("Esc drops the filter, / changes it.")
					: STR("/ changes the filter, Esc shows all again.");
	if (has_filter)
		lines[n++] = others_words(app, area->scratch);
	paint_lines(app, area, lines, n);
}

void models_paint(const struct app *app, struct surface *area)
{
	const struct list *list = &app->models.list;
	if (app->models.is_loaded && list->n == 0) {
		if (app->models.n_library == 0)
			paint_empty_library(app, area);
		else
			paint_no_match(app, area);
		return;
	}
	size_t from, to;
	models_range(app, &from, &to);
	for (int y = 0; y < area->rect.rows; y++) {
		size_t i = list->top + (size_t)y;
		if (i >= list->n)
			break;
		bool is_marked = (i >= from && i < to) ||
				 marks_has(&app->marks, rows_id(&app->models.rows, i));
		struct surface line = surface_part(area, (struct rect){ 0, y, area->rect.cols, 1 });
		paint_row(app, i, is_marked, &line);
	}
}

static void paint_head(const struct app *app, struct surface *line, const struct columns *columns,
		       enum column column, const char *word, enum sort_key sort)
{
	bool is_sorted = app->wishes.sort == sort;
	enum glyph arrow = app->wishes.descending ? GLYPH_DESCENDING : GLYPH_ASCENDING;
	struct str text = str_from(word);
	int x = columns->x[column], cols = columns->cols[column];
	if (!cols)
		return;
	if (is_sorted)
		text = arena_strf(line->scratch, "%s%.*s", word,
				  STR_ARG(glyph_str(arrow, line->signs)));
	if (column == COLUMN_SIZE || column == COLUMN_AGE)
		x += cols - (int)text_cols(text);
	surface_text(line, x, 0, is_sorted ? STYLE_TITLE : STYLE_DIM, text, (int)text_cols(text));
}

void models_paint_title(const struct app *app, struct surface *line)
{
	struct columns columns = columns_fit(line->rect.cols);
	enum sort_key by_time = app->wishes.sort == SORT_ADDED ? SORT_ADDED : SORT_MODIFIED;
	enum sort_key by_kind = app->wishes.sort == SORT_RANK ? SORT_RANK : SORT_KIND;
	enum sort_key by_name = app->wishes.sort == SORT_PATH ? SORT_PATH : SORT_NAME;
	paint_head(app, line, &columns, COLUMN_NAME, by_name == SORT_PATH ? "path" : "name",
		   by_name);
	if (app->checkpoint.id)
		paint_head(app, line, &columns, COLUMN_VERDICT, "fit", SORT_COUNT);
	paint_head(app, line, &columns, COLUMN_BASE, "base model", SORT_BASE);
	paint_head(app, line, &columns, COLUMN_KIND, by_kind == SORT_RANK ? "rank" : "kind",
		   by_kind);
	paint_head(app, line, &columns, COLUMN_SIZE, "size", SORT_SIZE);
	paint_head(app, line, &columns, COLUMN_AGE, by_time == SORT_ADDED ? "add" : "age", by_time);
}
