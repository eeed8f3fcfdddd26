// SPDX-License-Identifier: MIT
#include "tui/panes/plan.h"

#include "tui/app/changes.h"
#include "tui/words.h"

/* A screen is no file: who wants to see more asks on the command line. */
enum { STEPS_SHOWN_MAX = 5000, INDENT_COLS = 4 };

static struct str common_folder(const struct plan *plan)
{
	struct str common = plan->steps[0].old;
	for (size_t i = 0; i < plan->n_steps; i++) {
		struct str path = plan->steps[i].old;
		size_t n = 0;
		while (n < common.len && n < path.len && common.ptr[n] == path.ptr[n])
			n++;
		common.len = n;
	}
	ptrdiff_t slash = str_rfind_byte(common, '/');
	return str_slice(common, 0, (size_t)(slash + 1));
}

/* What all have in common is told once, at the top. */
static struct str shortened(struct str path, struct str folder)
{
	(void)str_cut_prefix(&path, folder);
	return path;
}

static void write_step(struct app *app, const struct plan_step *step, struct str folder,
		       struct arena *arena)
{
	struct str old = app_clean(app, arena, shortened(step->old, folder)), new = STR_NULL;
	struct str why = app_clean(app, arena, step->conflict);
	const char *word = step->action == PLAN_MOVE ? "" : plan_action_word(step->action);
	if (step->action != PLAN_TRASH)
		new = app_clean(app, arena, shortened(step->new, folder));
	struct str line =
		arena_strf(arena, "%s%s%s%.*s%s%.*s%s%.*s", step->conflict.ptr ? "! " : "", word,
			   *word ? " " : "", STR_ARG(old), new.ptr ? " -> " : "", STR_ARG(new),
			   why.len > 0 ? ": " : "", STR_ARG(why));
	page_text(&app->plan.page, step->is_companion ? INDENT_COLS : 0,
		  step->conflict.ptr   ? STYLE_MISTAKE
		  : step->is_companion ? STYLE_DIM
				       : STYLE_NORMAL,
		  line);
	if (step->note.ptr)
		page_text(&app->plan.page, INDENT_COLS, STYLE_WARNING,
			  arena_strf(arena, "~ %.*s", STR_ARG(app_clean(app, arena, step->note))));
}

static void write_sums(struct app *app, const struct plan *plan, struct arena *arena)
{
	char files[WORDS_BYTES], size[WORDS_BYTES], free_there[WORDS_BYTES];
	struct str line =
		arena_strf(arena, "%.*s file%s, %.*s", STR_ARG(words_count(files, plan->n_steps)),
			   plan->n_steps == 1 ? "" : "s", STR_ARG(words_size(size, plan->bytes)));
	if (plan->bytes_copied > 0)
		line = arena_strf(arena, "%.*s; to another disk %.*s, free there %.*s",
				  STR_ARG(line), STR_ARG(words_size(size, plan->bytes_copied)),
				  STR_ARG(words_size(free_there, plan->free_bytes)));
	page_text(&app->plan.page, 0, STYLE_NORMAL, line);
	if (plan->n_notes > 0)
		page_text(&app->plan.page, 0, STYLE_WARNING,
			  arena_strf(arena, "%zu note%s, marked ~", plan->n_notes,
				     plan->n_notes == 1 ? "" : "s"));
	if (plan->n_conflicts > 0)
		page_text(&app->plan.page, 0, STYLE_MISTAKE,
			  arena_strf(arena, "%zu conflict%s, so nothing will be done; %sEsc leaves",
				     plan->n_conflicts, plan->n_conflicts == 1 ? "" : "s",
				     changes_can_leave_out(app) ? "x leaves these models out, "
								: ""));
	else
		page_text(&app->plan.page, 0, STYLE_TITLE,
			  STR("Enter does it; Esc leaves all as it is"));
}

/* The steps of one model stand together. */
static size_t group_end(const struct plan *plan, size_t first, bool *is_marked)
{
	size_t i = first;
	*is_marked = false;
	for (; i < plan->n_steps && plan->steps[i].group == plan->steps[first].group; i++)
		*is_marked |= plan->steps[i].conflict.ptr || plan->steps[i].note.ptr;
	return i;
}

/** What is shown of a plan. */
struct showing {
	struct app *app;
	const struct plan *plan;
	struct str folder; /* that all have in common */
	struct arena *arena;
	size_t n_shown;
};

static void write_models(struct showing *showing, bool marked)
{
	const struct plan *plan = showing->plan;
	for (size_t i = 0, end; i < plan->n_steps; i = end) {
		bool is_marked;
		end = group_end(plan, i, &is_marked);
		for (; is_marked == marked && i < end && showing->n_shown < STEPS_SHOWN_MAX; i++) {
			write_step(showing->app, &plan->steps[i], showing->folder, showing->arena);
			showing->n_shown++;
		}
	}
}

/* Models with conflicts or notes first: among thousands nobody finds them. */
static void write_all(struct showing *showing)
{
	write_models(showing, true);
	if (showing->n_shown > 0)
		page_blank(&showing->app->plan.page);
	write_models(showing, false);
}

static void write_page(struct app *app, int cols)
{
	struct arena arena = { 0 };
	struct page *page = &app->plan.page;
	const struct plan *plan = app->plan.event ? &app->plan.event->as.plan.plan : NULL;
	page_begin(page, cols);
	if (!plan || plan->n_steps == 0)
		return;
	struct str folder = common_folder(plan);
	write_sums(app, plan, &arena);
	page_blank(page);
	page_title(page, app_clean(app, &arena, folder));
	write_all(&(struct showing){ app, plan, folder, &arena, 0 });
	if (plan->n_steps > STEPS_SHOWN_MAX)
		page_text(page, 0, STYLE_DIM, STR("... and more; the command line shows all"));
	arena_finish(&arena);
}

void plan_open(struct app *app)
{
	app->plan.page.top = 0;
	app_open(app, PANE_PLAN);
}

void plan_close(struct app *app)
{
	event_destroy(app->plan.event);
	app->plan.event = NULL;
	app_close(app);
}

static bool command(struct app *app, enum command command, struct effects *out)
{
	if (command == COMMAND_BACK || command == COMMAND_QUIT) {
		plan_close(app);
		return true;
	}
	if (command == COMMAND_IN) {
		changes_apply(app, out);
		return true;
	}
	if (command == COMMAND_LEAVE_OUT) {
		changes_leave_out(app, out);
		return true;
	}
	return false;
}

static struct page *page(struct app *app)
{
	return &app->plan.page;
}

static void resize(struct app *app, struct rect rect)
{
	write_page(app, rect.cols);
	page_resize(&app->plan.page, (size_t)rect.rows);
}

static void paint(const struct app *app, struct surface *area)
{
	page_paint(&app->plan.page, area);
}

static void paint_title(const struct app *app, struct surface *line)
{
	struct arena arena = { 0 };
	struct str what = app->plan.event ? app->plan.event->as.plan.plan.what : STR("");
	surface_text(line, 1, 0, STYLE_TITLE, app_clean(app, &arena, what), line->rect.cols);
	arena_finish(&arena);
}

const struct pane_ops plan_pane = {
	.name = "the plan",
	.where = WHERE_PLAN,
	.command = command,
	.page = page,
	.resize = resize,
	.paint = paint,
	.paint_title = paint_title,
};
