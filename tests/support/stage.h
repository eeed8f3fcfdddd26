// SPDX-License-Identifier: MIT
/**
 * The application without a terminal: keys in, dumped screens out, a fake library behind it and a
 * clock that stands still until it is told to go.
 */
#ifndef TESTS_SUPPORT_STAGE_H
#define TESTS_SUPPORT_STAGE_H

#include "tests/support/fake_library.h"
#include "tui/app/app.h"

struct stage {
	struct fake_library fake;
	struct app app;
	struct grid grid;
	int64_t now_ms;
	struct effects last; /* without its requests */
};

struct stage_options {
	const char *world; /* NULL: "demo" */
	int cols, rows;
	bool ascii, read_only, is_fixed, ids_come_late, scan_at_start, applies_slowly,
		plans_conflict;
	const struct settings *settings;
	const char *message;
};

void stage_init(struct stage *stage, struct stage_options options);
void stage_finish(struct stage *stage);
void stage_resize(struct stage *stage, int cols, int rows);
/** Key names with spaces between: "j j space ^D". */
void stage_keys(struct stage *stage, const char *names);
/** Text typed character by character. */
void stage_type(struct stage *stage, const char *text);
void stage_press(struct stage *stage, int x, int y, enum mouse_act act);
void stage_event(struct stage *stage, struct event *event);
/** Lets the clock go on and fires what is due. */
void stage_wait(struct stage *stage, int64_t ms);
/** Paints, and appends the screen as text. */
void stage_dump(struct stage *stage, struct bytes *out);
void stage_dump_styles(struct stage *stage, struct bytes *out);

#endif
