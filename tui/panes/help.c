// SPDX-License-Identifier: MIT
#include "tui/panes/help.h"

#include "tui/glyph.h"

#define LABEL_COLS 16

static const struct {
	const char *query, *means;
} examples[] = {
	{ "pony style", "both words in the name, a tag or a trigger" },
	{ "base:pony", "made for Pony or what grew out of it" },
	{ "kind:lora", "also checkpoint, vae, controlnet, embedding, ..." },
	{ "size:>1G", "also rank:16..64, added:<7d, rating:>=4" },
	{ "-tag:style", "not tagged so" },
	{ "a | b", "one or the other" },
};

static void write_commands(struct page *page, const struct app *app, unsigned where)
{
	struct bytes keys = { 0 };
	for (size_t i = 1; i < COMMAND_COUNT; i++) {
		enum command command = (enum command)i;
		if (!(command_table[i].where & where))
			continue;
		bytes_clear(&keys);
		keymap_keys(&app->keymap, command, where, 3, &keys);
		if (!keys.len)
			bytes_printf(&keys, ":%s", command_table[i].name);
		page_fact(page, LABEL_COLS, bytes_str(&keys), STYLE_NORMAL,
			  str_from(command_help_at(command, where)));
	}
	bytes_finish(&keys);
}

static void write_sign(struct page *page, const struct app *app, enum glyph glyph, enum style style,
		       const char *means)
{
	struct arena arena = { 0 };
	struct str text =
		arena_strf(&arena, "%.*s  %s", STR_ARG(glyph_str(glyph, app->signs)), means);
	page_text(page, 0, style, text);
	arena_finish(&arena);
}

static void write_page(struct app *app, int cols)
{
	struct page *page = &app->help;
	const struct pane_ops *behind = app_pane(app_below(app));
	page_begin(page, cols);
	write_commands(page, app, behind->where);
	page_title(page, STR("Signs"));
	for (size_t i = 0; i < FIT_COUNT; i++)
		write_sign(page, app, glyph_of_verdict((enum verdict)i),
			   style_of_verdict((enum verdict)i), verdict_word((enum verdict)i));
	write_sign(page, app, GLYPH_CHECKPOINT, STYLE_CHECKPOINT, "the chosen checkpoint");
	write_sign(page, app, GLYPH_ALERT, STYLE_WARNING,
		   "damaged, or runs code when it is loaded");
	write_sign(page, app, GLYPH_ABSENT, STYLE_DIM, "missing, or on a disk that is not there");
	if (!(behind->where & WHERE_PANES))
		return;
	page_title(page, STR("Filters"));
	for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++)
		page_fact(page, LABEL_COLS, str_from(examples[i].query), STYLE_NORMAL,
			  str_from(examples[i].means));
}

void help_open(struct app *app)
{
	app->help.top = 0;
	app_open(app, PANE_HELP);
}

static struct page *page(struct app *app)
{
	return &app->help;
}

static void resize(struct app *app, struct rect rect)
{
	write_page(app, rect.cols);
	page_resize(&app->help, (size_t)rect.rows);
}

static void paint(const struct app *app, struct surface *area)
{
	page_paint(&app->help, area);
}

static void paint_title(const struct app *app, struct surface *line)
{
	struct str text = arena_strf(line->scratch, "Keys of %s", app_pane(app_below(app))->name);
	surface_text(line, 1, 0, STYLE_TITLE, text, line->rect.cols);
}

const struct pane_ops help_pane = {
	.name = "the help",
	.where = WHERE_HELP,
	.page = page,
	.resize = resize,
	.paint = paint,
	.paint_title = paint_title,
};
