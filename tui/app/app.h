// SPDX-License-Identifier: MIT
/**
 * The whole state of the terminal UI, and what every pane may do to it.
 *
 * Only update() and what it calls change it; painting reads it. No clock, no terminal, no library:
 * time comes with messages, wishes leave as effects.
 */
#ifndef TUI_APP_APP_H
#define TUI_APP_APP_H

#include "tui/app/copy.h"
#include "tui/app/effects.h"
#include "tui/app/ignore.h"
#include "tui/app/jobs.h"
#include "tui/app/keymap.h"
#include "tui/app/marks.h"
#include "tui/app/msg.h"
#include "tui/app/rows.h"
#include "tui/app/question.h"
#include "tui/app/sheet.h"
#include "tui/app/tray.h"
#include "tui/layout.h"
#include "tui/surface.h"
#include "tui/widgets/input.h"
#include "tui/widgets/list.h"
#include "tui/widgets/page.h"

#define DETAILS_REST_MS 80 /* of a resting cursor, before details are asked for */
#define REQUERY_MS 500     /* between two looks at a library that is changing */
#define HOLD_MS 30         /* a frame is held back for rows that are on their way */
#define PROGRESS_MS 250    /* between two paints of the progress */

struct app;

struct pane_ops {
	const char *name; /* "the list", for the head of the help */
	unsigned where;   /* enum where */
	/** @return true: taken. NULL: nothing is, but what moves a page */
	bool (*command)(struct app *app, enum command command, struct effects *out);
	/** Both NULL for a page: it scrolls by itself, and a press does nothing. */
	void (*press)(struct app *app, int line, struct effects *out);
	void (*scroll)(struct app *app, int lines, struct effects *out);
	struct page *(*page)(struct app *app); /* NULL: it is none */
	void (*resize)(struct app *app, struct rect rect);
	void (*paint)(const struct app *app, struct surface *area);
	void (*paint_title)(const struct app *app, struct surface *line);
	const struct sheet_ops *sheet; /* NULL: it is none */
};

struct wishes { /* what the list shows */
	struct bytes query;
	enum sort_key sort;
	bool descending;
	enum fit_filter filter;
};

struct checkpoint {        /* the one in force */
	uint32_t id;       /* 0: none */
	struct bytes name; /* raw */
	struct bytes base_model;
	uint32_t serial; /* of the counting in force */
	bool has_counts;
	uint64_t counts[FIT_COUNT]; /* its verdicts on the LoRAs that match */
};

struct mistake { /* in a query: column 0 when there is none */
	size_t column;
	struct bytes text;
};

struct models {
	struct rows rows;
	struct list list;
	uint32_t cursor_id; /* the model under the cursor; 0: not known */
	bool has_range;
	uint32_t range_id;        /* where a sticky range began */
	uint32_t serial;          /* of the query in force */
	bool is_requery;          /* the same wishes again: keep what is shown until ids are here */
	bool is_awaited;          /* what is shown is of another filter, or a part */
	enum command marks_later; /* MARK_ALL or INVERT, when it is here; else NONE */
	bool is_loaded;           /* a first result has come */
	bool is_touched;          /* somebody pressed a key: the cursor stays on its model */
	uint64_t n_library;
	size_t asked_top; /* window for which rows were asked; SIZE_MAX: none */
};

struct groups {
	struct event *event; /* GROUPS, owned; or NULL */
	struct list list;    /* line 0 is "all models" */
	uint32_t serial;
};

struct details {
	struct event *event; /* DETAILS, owned; or NULL */
	struct page page;
	size_t evidence_line;
	bool wants_evidence; /* scroll there as soon as it is written */
	uint32_t id, asked_id;
	uint32_t serial;
};

struct plan_shown {
	struct event *event; /* PLAN, owned; or NULL */
	struct page page;
	uint32_t serial; /* of the plan that was asked for last */
	/* What was asked for about what is marked; it can be asked again without some of that. */
	uint32_t marked_serial;
	enum plan_wish wish;
	struct bytes text;
	struct marks left_out; /* models that conflicted */
};

struct history_shown {
	int64_t steps_of;       /* the operation whose steps are shown */
	int64_t asked;          /* the one that is to be taken back, if the answer is yes */
	uint64_t n_undo;        /* as many have to go for it to go, itself among them */
	uint32_t serial;        /* of taking it back alone */
	uint32_t newest_serial; /* of asking what would be taken back */
};

struct matrix_shown {
	size_t column, left; /* under the cursor; the first in sight */
};

/** Of one content, the copy that is to stay. */
struct kept {
	struct str sha256, path; /* path STR_NULL: it was taken back */
};

struct duplicates_shown {
	struct arena arena; /* of what is kept */
	struct array kept;  /* struct kept */
	uint32_t serial;    /* of reading what may be there twice */
};

struct trash_shown {
	struct arena arena; /* of what is marked */
	struct map marked;  /* path in a trash -> not NULL */
};

struct cell_shown {              /* one cell of the matrix, with its reasons */
	struct event *event;     /* DETAILS, owned; or NULL */
	struct bytes checkpoint; /* its name, raw */
	struct page page;
	uint32_t serial;
};

enum prompt_kind {
	PROMPT_NONE,
	PROMPT_FILTER,
	PROMPT_COMMAND,
	PROMPT_TAG,
	PROMPT_CORRECT,
	PROMPT_SET,
	PROMPT_NOTE,
	PROMPT_ORGANISE,
	PROMPT_RENAME,
	PROMPT_KEEP
};

struct prompt {
	enum prompt_kind kind;
	struct input input;
	struct bytes before; /* the query to come back to */
	struct bytes note;   /* below the line: what Tab could complete */
};

struct news {
	struct bytes message; /* clean; until the next key */
	enum style style;
	bool is_scanning;
	uint32_t scan_serial;
	uint64_t seen, total, read;
	double seconds;
	uint64_t n_concluded, n_to_conclude; /* anew, after other knowledge; both 0 when done */
	struct bytes summary;                /* of the last scan; stays */
	enum style summary_style;
	bool has_roots, knows_roots;
	uint32_t edit_serial, undo_serial, root_serial; /* of the last change asked for */
	const char *edit_done;                          /* what is told of it */
	bool is_redo;
	bool has_failed; /* the last change that was asked for */
};

/** What the command line can do, "root list" among it. Borrowed. */
struct subcommands {
	const char *const *names;
	size_t n;
};

struct app {
	const struct knowledge *knowledge; /* borrowed */
	struct subcommands subcommands;
	struct keymap keymap;
	enum text_charset charset; /* of text */
	enum text_charset signs;   /* of glyphs: the Linux console has few */
	const char *home;          /* borrowed; or NULL */
	bool can_write, scan_at_start, mouse_is_on;
	bool has_clipboard, in_tmux;
	int holder_pid;
	int cols, rows;
	enum pane_id focus;
	enum pane_id below[PANE_COUNT]; /* what the open pages lie on, the lowest first */
	size_t n_below;
	bool groups_open;
	struct frame_layout layout;
	struct wishes wishes;
	struct checkpoint checkpoint;
	struct mistake mistake;
	struct marks marks;
	struct models models;
	struct groups groups;
	struct details details;
	struct page help;
	struct plan_shown plan;
	struct sheet sheets[SHEET_COUNT];
	struct history_shown history;
	struct matrix_shown matrix;
	struct cell_shown cell;
	struct duplicates_shown duplicates;
	struct trash_shown trash;
	struct question question;
	struct ignoring ignoring;
	struct job job;
	struct bytes template; /* of the settings, for organise */
	struct prompt prompt;
	struct tray tray;
	struct copy copy;
	struct news news;
	uint32_t serial; /* of the newest request */
	int64_t now_ms, now_s;
	int64_t details_due_ms, requery_due_ms, progress_due_ms; /* 0: not due */
	int64_t requery_last_ms;
	int64_t hold_until_ms; /* 0: paint as soon as there is something to paint */
	bool dirty;            /* something that is seen has changed */
};

struct app_options {
	const struct knowledge *knowledge;
	const struct settings *settings; /* NULL: defaults */
	struct subcommands subcommands;
	enum text_charset charset, signs;
	bool can_write, scan_at_start;
	bool has_clipboard, in_tmux;
	int holder_pid;
	const char *home;    /* for "~/" in paths; or NULL */
	const char *message; /* raw; or NULL */
};

void app_init(struct app *app, const struct app_options *options);
void app_finish(struct app *app);

const struct pane_ops *app_pane(enum pane_id pane);
bool app_shows(const struct app *app, enum pane_id pane);
void app_focus(struct app *app, enum pane_id pane);
/** A page over what is shown; one that lies below already comes up again. */
void app_open(struct app *app, enum pane_id page);
/** Where `h` and `q` lead to: from a page to what it lies on, else to the list. */
void app_close(struct app *app);
/** The pane that a page lies on; the pane with the focus when it is none. */
enum pane_id app_below(const struct app *app);
/** After a change of size, focus or what is open: new rectangles, every pane told. */
void app_lay_out(struct app *app);

/** A line for the person, until the next key. Everything given to it is clean or our own. */
void app_tell(struct app *app, enum style style, const char *format, ...) PRINTF(3, 4);
/** text_clean for this terminal. */
struct str app_clean(const struct app *app, struct arena *arena, struct str raw);
/** A path that a person typed: "~/x" lies in the home folder. The rest is storage's to judge. */
struct str app_home_path(const struct app *app, struct str path, struct arena *arena);

#endif
