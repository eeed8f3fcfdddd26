// SPDX-License-Identifier: MIT
/**
 * Writes what is known about one model as a page: verdict, facts, the base, evidence, conflicts.
 */
#ifndef TUI_PANES_DETAILS_PAGE_H
#define TUI_PANES_DETAILS_PAGE_H

#include "tui/app/app.h"

/** @evidence_line  out: where "Why we think so" begins */
void details_write(const struct app *app, const struct event *event, struct page *page,
		   size_t *evidence_line);

#endif
