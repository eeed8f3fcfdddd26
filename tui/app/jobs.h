// SPDX-License-Identifier: MIT
/**
 * What runs: an operation on files, a scan, conclusions under other knowledge. How far each is, and
 * what is told of it in the footer and on the page of jobs.
 */
#ifndef TUI_APP_JOBS_H
#define TUI_APP_JOBS_H

#include "core/base/str.h"
#include "storage/messages.h"

struct app;

enum job_kind { JOB_FILES, JOB_CONCLUDING, JOB_SCAN, JOB_COUNT };

/** The operation on files that runs. */
struct job {
	uint32_t serial;   /* of what was asked for; 0: none */
	struct bytes name; /* clean */
	bool is_told;      /* the library has said how far it is: it takes longer than a moment */
	uint64_t n_done, n;
	uint64_t bytes_done, bytes; /* that are copied; 0: it needs no copies */
	int64_t began_ms;           /* later by as long as it stood still */
	int64_t paused_ms;          /* since when it stands still; 0: it goes on */
};

void jobs_finish(struct app *app);
/** @name  raw */
void jobs_begin(struct app *app, uint32_t serial, struct str name);
void jobs_take_files(struct app *app, const struct event *event);
/** The answer to that request is here. */
void jobs_end(struct app *app, uint32_t serial);

/** How many run. */
size_t jobs_count(const struct app *app);
/** The i-th of them, the most urgent first; JOB_COUNT behind the last. */
enum job_kind jobs_at(const struct app *app, size_t i);
/** "organise 3.1G/12G · 210M/s · 44 s left" */
struct str jobs_words(const struct app *app, enum job_kind kind, struct arena *arena);
/** How much of it is done, 0 to 1; below 0 when nobody knows. */
double jobs_fraction(const struct app *app, enum job_kind kind);

#endif
