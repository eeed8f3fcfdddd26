// SPDX-License-Identifier: MIT
#include "cli/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#define MIB 1048576.0

bool progress_begin(void)
{
	if (!isatty(STDERR_FILENO))
		return false;
	fprintf(stderr, "\r\033[K");
	return true;
}

void progress_erase(void)
{
	if (progress_begin())
		fflush(stderr);
}

void progress_show(const struct event *event)
{
	if (!progress_begin())
		return;
	if (event->type == EVENT_CONCLUDING)
		fprintf(stderr, "new knowledge %" PRIu64 "/%" PRIu64, event->as.concluding.n_done,
			event->as.concluding.n);
	else if (event->type == EVENT_FILES && event->as.files.bytes > 0)
		fprintf(stderr, "%.1f of %.1f MiB", (double)event->as.files.bytes_done / MIB,
			(double)event->as.files.bytes / MIB);
	else if (event->type == EVENT_FILES)
		fprintf(stderr, "%" PRIu64 "/%" PRIu64 " files", event->as.files.n_done,
			event->as.files.n);
	fflush(stderr);
}
