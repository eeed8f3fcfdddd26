// SPDX-License-Identifier: MIT
#include "tui/sheets/jobs.h"

#include "tui/app/ask.h"
#include "tui/glyph.h"

enum { BAR_COLS = 20, BAR_FROM_COLS = 70 };

static enum job_kind job_here(struct app *app)
{
	size_t i = app->focus == PANE_JOBS ? sheet_cursor(sheet_here(app)) : 0;
	return i == SIZE_MAX ? JOB_COUNT : jobs_at(app, i);
}

static void stop(struct app *app, struct effects *out)
{
	effects_send(out, ask_new(app, REQUEST_CANCEL));
	app_tell(app, STYLE_NORMAL, "stopping");
}

void jobs_ask_stop(struct app *app)
{
	switch (job_here(app)) {
	case JOB_FILES:
		question_ask(app, stop, "stop %.*s? the model in hand is finished",
			     STR_ARG(bytes_str(&app->job.name)));
		break;
	case JOB_SCAN: question_ask(app, stop, "stop the scan? what was read stays"); break;
	case JOB_CONCLUDING: question_ask(app, stop, "stop? the next start goes on with it"); break;
	case JOB_COUNT: app_tell(app, STYLE_DIM, "nothing is running"); break;
	}
}

static void pause(struct app *app, struct effects *out)
{
	struct job *job = &app->job;
	if (job_here(app) != JOB_FILES) {
		app_tell(app, STYLE_DIM, "only what is done to files can stand still; w stops it");
		return;
	}
	struct request *request = ask_new(app, REQUEST_PAUSE);
	request->as.pause.is_paused = !job->paused_ms;
	effects_send(out, request);
	if (job->paused_ms)
		job->began_ms += app->now_ms - job->paused_ms;
	job->paused_ms = job->paused_ms ? 0 : app->now_ms;
}

static bool command(struct app *app, enum command command, struct effects *out)
{
	if (command == COMMAND_CANCEL)
		jobs_ask_stop(app);
	else if (command == COMMAND_PAUSE)
		pause(app, out);
	else
		return false;
	return true;
}

static void paint_bar(struct surface *line, double fraction)
{
	int full = (int)(fraction * BAR_COLS), x = line->rect.cols - 1 - BAR_COLS;
	surface_repeat(line, x, 0, full, STYLE_PROGRESS, glyph_str(GLYPH_BAR_FULL, line->signs));
	surface_repeat(line, x + full, 0, BAR_COLS - full, STYLE_DIM,
		       glyph_str(GLYPH_BAR_EMPTY, line->signs));
}

static void paint_row(const struct app *app, size_t i, struct surface *line)
{
	enum job_kind kind = jobs_at(app, i);
	double fraction = jobs_fraction(app, kind);
	bool has_bar = fraction >= 0 && line->rect.cols >= BAR_FROM_COLS;
	surface_text_cut(line, 1, 0, STYLE_PROGRESS, jobs_words(app, kind, line->scratch),
			 line->rect.cols - 2 - (has_bar ? BAR_COLS + 1 : 0));
	if (has_bar)
		paint_bar(line, fraction);
}

static struct str title(const struct app *app, struct arena *arena)
{
	(void)app;
	(void)arena;
	return STR("jobs");
}

static const struct sheet_ops ops = {
	.count = jobs_count,
	.command = command,
	.paint_row = paint_row,
	.title = title,
	.empty = "Nothing is running.",
};

const struct pane_ops jobs_pane = SHEET_PANE("the jobs", WHERE_JOBS, &ops);
