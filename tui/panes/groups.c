// SPDX-License-Identifier: MIT
#include "tui/panes/groups.h"

#include "tui/app/actions.h"
#include "tui/app/terms.h"
#include "tui/words.h"

/* NULL for line 0, which stands for all models. */
static const struct group *group_at(const struct app *app, size_t line)
{
	const struct event *event = app->groups.event;
	if (!event || line == 0 || line > event->as.groups.n)
		return NULL;
	return &event->as.groups.groups[line - 1];
}

static size_t line_of(const struct event *event, struct str base_model)
{
	for (size_t i = 0; i < event->as.groups.n; i++) {
		struct str other = event->as.groups.groups[i].base_model;
		if (!!other.ptr == !!base_model.ptr && str_equal(other, base_model))
			return i + 1;
	}
	return 0;
}

bool groups_take(struct app *app, struct event *event)
{
	struct groups *groups = &app->groups;
	if (event->serial != groups->serial || event->as.groups.mistake_column)
		return false;
	const struct group *under = group_at(app, groups->list.cursor);
	size_t line = under ? line_of(event, under->base_model) : 0;
	list_replace(&groups->list, event->as.groups.n + 1, line);
	event_destroy(groups->event);
	groups->event = event;
	app->dirty = true;
	return true;
}

/* The filter as one could have typed it: base:ID in front, whatever named a base before is gone. */
static void filter_by(struct app *app, struct effects *out)
{
	static const struct str dropped[] = { { "base:", 5 }, { "-base:", 6 } };
	const struct group *group = group_at(app, app->groups.list.cursor);
	struct arena arena = { 0 };
	struct bytes query = { 0 };
	struct str term = STR("");
	if (group)
		term = group->base_model.ptr
			       ? arena_strf(&arena, "base:%.*s", STR_ARG(group->base_model))
			       : STR("-base:");
	terms_edit(bytes_str(&app->wishes.query), dropped, 2, term, &query);
	app_focus(app, PANE_MODELS);
	actions_filter(app, bytes_str(&query), out);
	bytes_finish(&query);
	arena_finish(&arena);
}

static bool command(struct app *app, enum command command, struct effects *out)
{
	if (list_command(&app->groups.list, command))
		return true;
	if (command == COMMAND_IN)
		filter_by(app, out);
	else if (command == COMMAND_BACK)
		app_focus(app, PANE_MODELS);
	else
		return false;
	return true;
}

static void press(struct app *app, int line, struct effects *out)
{
	size_t i = list_at_line(&app->groups.list, (size_t)line);
	if (i == app->groups.list.n)
		return;
	list_to(&app->groups.list, i);
	filter_by(app, out);
}

static void scroll(struct app *app, int lines, struct effects *out)
{
	(void)out;
	list_scroll(&app->groups.list, lines);
}

static void resize(struct app *app, struct rect rect)
{
	list_resize(&app->groups.list, (size_t)rect.rows);
}

/* Is this the group that the list shows? */
static bool is_in_force(const struct app *app, const struct group *group, struct arena *arena)
{
	struct str query = bytes_str(&app->wishes.query);
	if (!group)
		return query.len == 0;
	if (!group->base_model.ptr)
		return terms_has(query, STR("-base:"));
	return terms_has(query, arena_strf(arena, "base:%.*s", STR_ARG(group->base_model)));
}

static void paint_line(const struct app *app, size_t i, struct surface *line)
{
	const struct group *group = group_at(app, i);
	char digits[WORDS_BYTES];
	uint64_t n = group ? group->total : app->groups.event->as.groups.n_models;
	struct str count = words_count(digits, n);
	int count_cols = (int)count.len, x = 1;
	int name_cols = line->rect.cols - count_cols - 2;
	struct str name = STR("all models");
	if (group) {
		x += 2 * (int)group->depth;
		name = app_clean(app, line->scratch,
				 words_base(app->knowledge, group->base_model,
					    (size_t)(name_cols > x ? name_cols - x : 0),
					    line->scratch));
	}
	bool is_shown = is_in_force(app, group, line->scratch);
	enum style style = is_shown                          ? STYLE_STRONG
			   : group && !group->base_model.ptr ? STYLE_DIM
							     : STYLE_NORMAL;
	surface_text_cut(line, x, 0, style, name, name_cols - x);
	surface_text_right(line, line->rect.cols - 1, 0, STYLE_DIM, count);
	if (i == app->groups.list.cursor && app->focus == PANE_GROUPS) {
		surface_select(line, 0, 0, name_cols);
		surface_put_cursor(line, x, 0, false);
	}
}

static void paint(const struct app *app, struct surface *area)
{
	const struct list *list = &app->groups.list;
	if (!app->groups.event)
		return;
	for (int y = 0; y < area->rect.rows && list->top + (size_t)y < list->n; y++) {
		struct surface line = surface_part(area, (struct rect){ 0, y, area->rect.cols, 1 });
		paint_line(app, list->top + (size_t)y, &line);
	}
}

static void paint_title(const struct app *app, struct surface *line)
{
	(void)app;
	surface_text(line, 1, 0, STYLE_DIM, STR("base models"), line->rect.cols);
}

const struct pane_ops groups_pane = {
	.name = "the base models",
	.where = WHERE_GROUPS,
	.command = command,
	.press = press,
	.scroll = scroll,
	.resize = resize,
	.paint = paint,
	.paint_title = paint_title,
};
