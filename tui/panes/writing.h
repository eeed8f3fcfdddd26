// SPDX-License-Identifier: MIT
/**
 * What writing the details of a model needs at hand, and how a fact is written.
 */
#ifndef TUI_PANES_WRITING_H
#define TUI_PANES_WRITING_H

#include "tui/app/app.h"

#define WRITING_LABEL_COLS 13

struct writing {
	const struct app *app;
	struct page *page;
	struct arena *arena; /* lives until the page is written */
	const struct model *model;
	const struct entry *entry;
	struct str checkpoint; /* the name, raw, of the one that a fit is with */
};

/** Fit for the terminal. */
static inline struct str writing_clean(const struct writing *w, struct str raw)
{
	return app_clean(w->app, w->arena, raw);
}

/** A label and a value, which is cleaned; nothing when it is empty. */
static inline void writing_fact(const struct writing *w, const char *label, struct str raw)
{
	page_fact(w->page, WRITING_LABEL_COLS, str_from(label), STYLE_NORMAL,
		  writing_clean(w, raw));
}

#endif
