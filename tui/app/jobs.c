// SPDX-License-Identifier: MIT
#include "tui/app/jobs.h"

#include "tui/app/app.h"
#include "tui/glyph.h"
#include "tui/words.h"

#define SETTLED_S 0.2 /* before that a rate says nothing */

void jobs_finish(struct app *app)
{
	bytes_finish(&app->job.name);
}

void jobs_begin(struct app *app, uint32_t serial, struct str name)
{
	struct bytes text = app->job.name;
	bytes_clear(&text);
	text_clean(&text, name, app->charset);
	app->job = (struct job){ .serial = serial, .name = text, .began_ms = app->now_ms };
}

void jobs_take_files(struct app *app, const struct event *event)
{
	struct job *job = &app->job;
	if (!event->serial || event->serial != job->serial)
		return;
	job->is_told = true;
	job->n_done = event->as.files.n_done;
	job->n = event->as.files.n;
	job->bytes_done = event->as.files.bytes_done;
	job->bytes = event->as.files.bytes;
	if (!app->progress_due_ms)
		app->progress_due_ms = app->now_ms + PROGRESS_MS;
}

void jobs_end(struct app *app, uint32_t serial)
{
	if (!serial || serial != app->job.serial)
		return;
	app->job.serial = 0;
	app->job.is_told = false;
	app->dirty = true;
}

static bool runs(const struct app *app, enum job_kind kind)
{
	switch (kind) {
	case JOB_FILES: return app->job.is_told;
	case JOB_SCAN: return app->news.is_scanning;
	case JOB_CONCLUDING: return app->news.n_to_conclude > 0;
	case JOB_COUNT: break;
	}
	return false;
}

size_t jobs_count(const struct app *app)
{
	size_t n = 0;
	for (int kind = 0; kind < JOB_COUNT; kind++)
		n += runs(app, (enum job_kind)kind);
	return n;
}

enum job_kind jobs_at(const struct app *app, size_t i)
{
	for (int kind = 0; kind < JOB_COUNT; kind++)
		if (runs(app, (enum job_kind)kind) && i-- == 0)
			return (enum job_kind)kind;
	return JOB_COUNT;
}

/* " · 3.1k/s · 9 s left", where there is a rate. */
static struct str pace(const struct app *app, struct str rate, double rest_s, struct arena *arena)
{
	char left[WORDS_BYTES];
	struct str dot = glyph_str(GLYPH_DOT, app->signs);
	return arena_strf(arena, " %.*s %.*s %.*s %.*s left", STR_ARG(dot), STR_ARG(rate),
			  STR_ARG(dot), STR_ARG(words_duration(left, rest_s)));
}

static struct str scan_words(const struct app *app, struct arena *arena)
{
	const struct news *news = &app->news;
	char seen[WORDS_BYTES], total[WORDS_BYTES], rate[WORDS_BYTES];
	if (!news->seen)
		return STR("scan: looking");
	struct str n = words_count(seen, news->seen);
	double speed = news->seconds > SETTLED_S ? (double)news->seen / news->seconds : 0;
	if (speed <= 0 || news->total <= news->seen)
		return arena_strf(arena, "scan %.*s", STR_ARG(n));
	double rest_s = (double)(news->total - news->seen) / speed;
	return arena_strf(arena, "scan %.*s/%.*s%.*s", STR_ARG(n),
			  STR_ARG(words_count(total, news->total)),
			  STR_ARG(pace(app, words_rate(rate, speed), rest_s, arena)));
}

static struct str concluding_words(const struct news *news, struct arena *arena)
{
	char done[WORDS_BYTES], all[WORDS_BYTES];
	return arena_strf(arena, "new knowledge: %.*s/%.*s models",
			  STR_ARG(words_count(done, news->n_concluded)),
			  STR_ARG(words_count(all, news->n_to_conclude)));
}

/* Copies are told in bytes: one file may be most of it. */
static struct str files_words(const struct app *app, struct arena *arena)
{
	const struct job *job = &app->job;
	char done[WORDS_BYTES], all[WORDS_BYTES], rate[WORDS_BYTES];
	const char *paused = job->paused_ms ? "paused: " : "";
	struct str name = bytes_str(&job->name), speed_words = STR("");
	if (!job->bytes)
		return arena_strf(arena, "%s%.*s %.*s/%.*s files", paused, STR_ARG(name),
				  STR_ARG(words_count(done, job->n_done)),
				  STR_ARG(words_count(all, job->n)));
	int64_t until_ms = job->paused_ms ? job->paused_ms : app->now_ms;
	double seconds = (double)(until_ms - job->began_ms) / 1000;
	double speed = seconds > SETTLED_S ? (double)job->bytes_done / seconds : 0;
	if (speed > 0 && !job->paused_ms) {
		struct str each =
			arena_strf(arena, "%.*s/s", STR_ARG(words_size(rate, (uint64_t)speed)));
		speed_words =
			pace(app, each, (double)(job->bytes - job->bytes_done) / speed, arena);
	}
	return arena_strf(arena, "%s%.*s %.*s/%.*s%.*s", paused, STR_ARG(name),
			  STR_ARG(words_size(done, job->bytes_done)),
			  STR_ARG(words_size(all, job->bytes)), STR_ARG(speed_words));
}

struct str jobs_words(const struct app *app, enum job_kind kind, struct arena *arena)
{
	switch (kind) {
	case JOB_FILES: return files_words(app, arena);
	case JOB_SCAN: return scan_words(app, arena);
	case JOB_CONCLUDING: return concluding_words(&app->news, arena);
	case JOB_COUNT: break;
	}
	return STR("");
}

static double part(uint64_t done, uint64_t all)
{
	return all == 0 ? -1 : done >= all ? 1 : (double)done / (double)all;
}

double jobs_fraction(const struct app *app, enum job_kind kind)
{
	switch (kind) {
	case JOB_FILES:
		return app->job.bytes ? part(app->job.bytes_done, app->job.bytes)
				      : part(app->job.n_done, app->job.n);
	case JOB_SCAN: return part(app->news.seen, app->news.total);
	case JOB_CONCLUDING: return part(app->news.n_concluded, app->news.n_to_conclude);
	case JOB_COUNT: break;
	}
	return -1;
}
