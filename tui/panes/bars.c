// SPDX-License-Identifier: MIT
#include "tui/panes/bars.h"

#include "storage/library.h"
#include "tui/glyph.h"
#include "tui/words.h"

#define GAP 3

/* What is worth a hint, most wanted first; a narrow line shows fewer. What leads on from where the
   person is comes before what can always be done. */
enum when { ALWAYS, WHEN_CHOSEN, WHEN_NONE_CHOSEN, WHEN_TAKEN, WHEN_NONE_TAKEN };

static const struct {
	enum command command;
	enum when when;
} hinted[] = {
	{ COMMAND_HELP, ALWAYS },
	{ COMMAND_IN, ALWAYS },
	{ COMMAND_BACK, ALWAYS },
	{ COMMAND_COPY, WHEN_TAKEN },
	{ COMMAND_FIT, WHEN_CHOSEN },
	{ COMMAND_TAKE, WHEN_CHOSEN },
	{ COMMAND_FILTER, ALWAYS },
	{ COMMAND_CHOOSE, ALWAYS },
	{ COMMAND_EVIDENCE, ALWAYS },
	{ COMMAND_GROUPS, ALWAYS },
	{ COMMAND_TAKE, WHEN_NONE_CHOSEN },
	{ COMMAND_MARK, ALWAYS },
	{ COMMAND_TAG, ALWAYS },
	{ COMMAND_COPY, WHEN_NONE_TAKEN },
	{ COMMAND_SORT, ALWAYS },
	{ COMMAND_KEEP, ALWAYS },
	{ COMMAND_BRING_BACK, ALWAYS },
	{ COMMAND_UNDO, ALWAYS },
	{ COMMAND_REDO, ALWAYS },
	{ COMMAND_CANCEL, ALWAYS },
	{ COMMAND_PAUSE, ALWAYS },
	{ COMMAND_QUIT, ALWAYS },
};

/* Puts text in front of what stands right of `x_end`, if `x_min` leaves room. @return new end */
static int put_right(struct surface *line, int x_min, int x_end, enum style style, struct str text)
{
	int cols = (int)text_cols(text);
	if (!cols || x_end - cols < x_min)
		return x_end;
	surface_text(line, x_end - cols, 0, style, text, cols);
	return x_end - cols - GAP;
}

static struct str count_words(const struct app *app, struct arena *arena)
{
	char shown[WORDS_BYTES], all[WORDS_BYTES];
	const struct models *models = &app->models;
	struct str total = words_count(all, models->n_library);
	if (!models->is_loaded)
		return STR("");
	if (models->rows.n == models->n_library)
		return arena_strf(arena, "%.*s", STR_ARG(total));
	const char *or_more = rows_is_part(&models->rows) ? "+" : "";
	return arena_strf(arena, "%.*s%s/%.*s", STR_ARG(words_count(shown, models->rows.n)),
			  or_more, STR_ARG(total));
}

static struct str marks_words(const struct app *app, struct arena *arena)
{
	char digits[WORDS_BYTES];
	if (app->models.has_range)
		return STR("range: v ends it");
	if (!app->marks.ids.len)
		return STR("");
	return arena_strf(arena, "%.*s marked", STR_ARG(words_count(digits, app->marks.ids.len)));
}

/* "for: juggernautXL_v9 [SDXL]" */
static struct str checkpoint_words(const struct app *app, struct arena *arena, int cols)
{
	struct str base =
		words_base(app->knowledge, bytes_str(&app->checkpoint.base_model), 20, arena);
	struct str name = app_clean(app, arena, bytes_str(&app->checkpoint.name));
	base = app_clean(app, arena, base);
	int room = cols - 8 - (int)text_cols(base);
	if (!app->checkpoint.id || room < 6)
		return STR("");
	name = text_cut_middle(arena, name, (size_t)room, app->signs);
	return arena_strf(arena, "for: %.*s [%.*s]", STR_ARG(name), STR_ARG(base));
}

static const char *filter_words(const struct app *app)
{
	switch (app->wishes.filter) {
	case FILTER_ALL: break;
	case FILTER_COMPATIBLE: return "what fits";
	case FILTER_CAUTION: return "with caution";
	case FILTER_NOT: return "does not fit";
	}
	return "";
}

void bars_header(const struct app *app, struct surface *line)
{
	struct arena *arena = line->scratch;
	int cols = line->rect.cols, end = cols - 1;
	end = put_right(line, 1, end, STYLE_MARK, marks_words(app, arena));
	end = put_right(line, 1, end, STYLE_STRONG, count_words(app, arena));
	end = put_right(line, 10, end, STYLE_NORMAL, str_from(filter_words(app)));
	if (app->wishes.sort != SORT_NAME)
		end = put_right(line, cols / 2, end, STYLE_DIM,
				arena_strf(arena, "by %s", sort_word(app->wishes.sort)));
	end = put_right(line, 10, end, STYLE_CHECKPOINT, checkpoint_words(app, arena, cols / 2));
	struct str query = app_clean(app, arena, bytes_str(&app->wishes.query));
	bool has_query = query.len > 0;
	surface_text_cut(line, 1, 0, has_query ? STYLE_TITLE : STYLE_DIM,
			 has_query ? query : STR("all models"), end - 1);
}

void bars_banner(const struct app *app, struct surface *line)
{
	struct str text = STR("Read-only: another lorarium is changing this library.");
	if (app->holder_pid == LIBRARY_NOBODY)
		text = STR("Read-only: the data folder cannot be written.");
	else if (app->holder_pid > 0)
		text = arena_strf(
			line->scratch,
			"Read-only: another lorarium (process %d) is changing this library.",
			app->holder_pid);
	surface_text_cut(line, 1, 0, STYLE_WARNING, text, line->rect.cols - 2);
}

/* What there is to say, most urgent first. @return columns used */
static int paint_news(const struct app *app, struct surface *line)
{
	const struct news *news = &app->news;
	int room = line->rect.cols - 2;
	if (app->question.yes)
		return surface_text_cut(line, 1, 0, STYLE_STRONG, bytes_str(&app->question.text),
					room);
	if (news->message.len)
		return surface_text_cut(line, 1, 0, news->style, bytes_str(&news->message), room);
	enum job_kind job = jobs_at(app, 0);
	if (job != JOB_COUNT)
		return surface_text_cut(line, 1, 0, STYLE_PROGRESS,
					jobs_words(app, job, line->scratch), room);
	return surface_text_cut(line, 1, 0, news->summary_style, bytes_str(&news->summary), room);
}

static bool is_now(const struct app *app, enum when when)
{
	bool is_chosen = app->checkpoint.id != 0, is_taken = app->tray.loras.len > 0;
	switch (when) {
	case ALWAYS: break;
	case WHEN_CHOSEN: return is_chosen;
	case WHEN_NONE_CHOSEN: return !is_chosen;
	case WHEN_TAKEN: return is_taken;
	case WHEN_NONE_TAKEN: return !is_taken;
	}
	return true;
}

static bool is_useful(const struct app *app, enum command command)
{
	if (command == COMMAND_CANCEL && app->focus != PANE_JOBS)
		return false;
	if (command == COMMAND_BACK && app->focus == PANE_MODELS)
		return false;
	unsigned where = app_pane(app->focus)->where;
	return command_table[command].where & where && command_hint_at(command, where);
}

/* "/ filter", if there is room. @return the column behind it */
static int paint_hint(const struct app *app, struct surface *line, int x, enum command command)
{
	struct bytes key = { 0 };
	unsigned where = app_pane(app->focus)->where;
	keymap_keys(&app->keymap, command, where, 1, &key);
	struct str word = str_from(command_hint_at(command, where));
	int cols = (int)(text_cols(bytes_str(&key)) + 1 + text_cols(word));
	if (key.len && x + cols < line->rect.cols) {
		x += surface_text(line, x, 0, STYLE_KEY, bytes_str(&key), line->rect.cols) + 1;
		x += surface_text(line, x, 0, STYLE_DIM, word, line->rect.cols) + 2;
	}
	bytes_finish(&key);
	return x;
}

void bars_status(const struct app *app, struct surface *line)
{
	int used = paint_news(app, line);
	int x = used ? used + 1 + GAP : 1;
	if (app->news.message.len || app->question.yes)
		return;
	for (size_t i = 0; i < sizeof(hinted) / sizeof(*hinted); i++)
		if (is_now(app, hinted[i].when) && is_useful(app, hinted[i].command))
			x = paint_hint(app, line, x, hinted[i].command);
}

void bars_long_message(const struct app *app, struct surface *above)
{
	int cols = above->rect.cols, rows = above->rect.rows;
	struct str message = bytes_str(&app->news.message);
	struct page page;
	if ((int)text_cols(message) <= cols - 2 * PAGE_MARGIN)
		return;
	page_init(&page);
	page_begin(&page, cols);
	page_text(&page, 0, app->news.style, message);
	int n = (int)page.lines.len < rows ? (int)page.lines.len : rows;
	struct surface area = surface_part(above, (struct rect){ 0, rows - n, cols, n });
	for (int y = 0; y < n; y++)
		surface_repeat(&area, 0, y, cols, STYLE_NORMAL, STR(" "));
	page_paint(&page, &area);
	page_finish(&page);
}
