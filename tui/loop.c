// SPDX-License-Identifier: MIT
#include "tui/loop.h"

#include <errno.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

#include "tui/app/update.h"
#include "tui/app/view.h"
#include "tui/term/keys.h"
#include "tui/term/signals.h"

#define FIRST_PAINT_MS 40 /* how long the first frame waits for the first rows */
#define EVENTS_A_TURN 64  /* so that a busy library does not keep keys waiting */
#define INPUT_BYTES 4096

struct loop {
	struct app *app;
	struct term *term;
	struct library *library;
	const struct tui_options *options;
	struct keys keys;
	struct grid grid;
	int64_t keys_due_ms; /* when half a key is taken for what it is; 0: not waiting */
	int64_t start_ms;
	bool has_painted, is_over;
	struct error *err; /* filled when there is no library any more */
};

static int64_t clock_ms(clockid_t clock)
{
	struct timespec now;
	if (clock_gettime(clock, &now) < 0)
		return 0;
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void carry_out(struct loop *loop, struct effects *effects)
{
	for (size_t i = 0; i < effects->requests.len; i++)
		library_send(loop->library, *ARRAY_AT(&effects->requests, struct request *, i));
	effects->requests.len = 0;
	if (effects->mouse_changed)
		term_set_mouse(loop->term, effects->mouse_is_on);
	if (effects->theme_changed)
		term_set_theme(loop->term, effects->theme);
	if (effects->copies)
		term_copy(loop->term, bytes_str(&loop->app->copy.text));
	if (effects->redraw)
		term_redraw(loop->term);
	if (effects->quit)
		loop->is_over = true;
}

static void tell_once(struct loop *loop, struct msg msg, struct effects *effects)
{
	msg.now_ms = clock_ms(CLOCK_MONOTONIC);
	msg.now_s = clock_ms(CLOCK_REALTIME) / 1000;
	update(loop->app, &msg, effects);
	carry_out(loop, effects);
}

/* Somebody else had the terminal: its size may be another. */
static void come_back(struct loop *loop, struct msg msg)
{
	struct effects effects;
	effects_init(&effects);
	tell_once(loop, msg, &effects);
	msg = (struct msg){ .type = MSG_RESIZE };
	term_size(loop->term, &msg.as.size.cols, &msg.as.size.rows);
	tell_once(loop, msg, &effects);
	effects_finish(&effects);
}

static void step_aside(struct loop *loop, const struct effects *effects)
{
	struct msg msg = { .type = MSG_REOPENED };
	term_leave(loop->term);
	loop->library = loop->options->run(loop->options->run_context, effects->aside,
					   effects->n_aside, loop->err);
	term_return(loop->term);
	loop->is_over |= !loop->library;
	if (loop->is_over)
		return;
	msg.as.reopened.can_write = library_can_write(loop->library, &msg.as.reopened.holder_pid);
	come_back(loop, msg);
}

static void ignore(struct loop *loop, const struct effects *effects)
{
	struct error failure = { 0 };
	struct msg msg = { .type = MSG_REOPENED };
	loop->library = loop->options->ignore(loop->options->run_context, effects->ignores,
					      &failure, loop->err);
	loop->is_over |= !loop->library;
	if (loop->is_over)
		return;
	msg.as.reopened.can_write = library_can_write(loop->library, &msg.as.reopened.holder_pid);
	msg.as.reopened.has_ignored = true;
	msg.as.reopened.not_ignored = failure.code != ERROR_NONE ? failure.text : NULL;
	come_back(loop, msg);
}

static void tell(struct loop *loop, struct msg msg)
{
	struct effects effects;
	effects_init(&effects);
	tell_once(loop, msg, &effects);
	if (effects.n_aside > 0) {
		step_aside(loop, &effects);
	} else if (effects.ignores.ptr && loop->options->ignore) {
		ignore(loop, &effects);
	} else if (effects.suspend) {
		term_suspend(loop->term);
		come_back(loop, (struct msg){ .type = MSG_RESIZE });
	}
	effects_finish(&effects);
}

static void tell_size(struct loop *loop, enum msg_type type)
{
	struct msg msg = { .type = type };
	term_size(loop->term, &msg.as.size.cols, &msg.as.size.rows);
	tell(loop, msg);
}

static void take_signals(struct loop *loop)
{
	unsigned bits = signals_take();
	if (bits & SIGNAL_END)
		tell(loop, (struct msg){ .type = MSG_END });
	if (bits & SIGNAL_STOP)
		term_suspend(loop->term);
	if (bits & SIGNAL_CONTINUE)
		term_redraw(loop->term);
	if (bits & (SIGNAL_RESIZE | SIGNAL_STOP | SIGNAL_CONTINUE))
		tell_size(loop, MSG_RESIZE);
}

static void take_keys(struct loop *loop, bool waited)
{
	struct msg msg;
	while (!loop->is_over && keys_next(&loop->keys, waited, &msg))
		tell(loop, msg);
	loop->keys_due_ms =
		keys_is_waiting(&loop->keys) ? clock_ms(CLOCK_MONOTONIC) + KEYS_WAIT_MS : 0;
}

static void take_input(struct loop *loop)
{
	char bytes[INPUT_BYTES];
	ssize_t n = read(term_fd(loop->term), bytes, sizeof(bytes));
	if (n > 0) {
		keys_feed(&loop->keys, bytes, (size_t)n);
		take_keys(loop, false);
	} else if (n == 0 || (errno != EINTR && errno != EAGAIN)) {
		tell(loop, (struct msg){ .type = MSG_END }); /* the terminal is gone */
	}
}

static void take_events(struct loop *loop)
{
	struct event *event;
	for (int i = 0; i < EVENTS_A_TURN; i++) {
		event = library_receive(loop->library, 0);
		if (!event)
			return;
		tell(loop, (struct msg){ .type = MSG_EVENT, .as.event = event });
	}
}

static void take_timers(struct loop *loop)
{
	int64_t now_ms = clock_ms(CLOCK_MONOTONIC), due_ms = update_deadline(loop->app);
	if (loop->keys_due_ms && now_ms >= loop->keys_due_ms)
		take_keys(loop, true);
	if (due_ms >= 0 && now_ms >= due_ms)
		tell(loop, (struct msg){ .type = MSG_TIMER });
}

static bool may_paint(const struct loop *loop)
{
	if (loop->app->hold_until_ms)
		return false;
	return loop->has_painted || loop->app->models.is_loaded ||
	       clock_ms(CLOCK_MONOTONIC) >= loop->start_ms + FIRST_PAINT_MS;
}

static void paint(struct loop *loop)
{
	struct app *app = loop->app;
	if (!app->dirty || !may_paint(loop))
		return;
	if (loop->grid.cols != app->cols || loop->grid.rows != app->rows) {
		grid_finish(&loop->grid);
		grid_init(&loop->grid, app->cols, app->rows);
	}
	app->dirty = false;
	view(app, &loop->grid);
	term_present(loop->term, &loop->grid);
	if (!loop->has_painted) {
		loop->has_painted = true;
		tell(loop, (struct msg){ .type = MSG_PAINTED });
	}
}

static int timeout_ms(const struct loop *loop)
{
	int64_t due_ms = update_deadline(loop->app), now_ms = clock_ms(CLOCK_MONOTONIC);
	if (loop->keys_due_ms && (due_ms < 0 || loop->keys_due_ms < due_ms))
		due_ms = loop->keys_due_ms;
	if (!loop->has_painted && (due_ms < 0 || loop->start_ms + FIRST_PAINT_MS < due_ms))
		due_ms = loop->start_ms + FIRST_PAINT_MS;
	if (due_ms < 0)
		return -1;
	int64_t wait_ms = due_ms - now_ms;
	return wait_ms < 0 ? 0 : wait_ms > 60000 ? 60000 : (int)wait_ms;
}

/* One turn: wait for anything, take all of it. @return false when nothing was there */
static bool turn(struct loop *loop, int wait_ms)
{
	struct pollfd fds[] = {
		{ .fd = term_fd(loop->term), .events = POLLIN },
		{ .fd = signals_fd(), .events = POLLIN },
		{ .fd = library_fd(loop->library), .events = POLLIN },
	};
	int n = poll(fds, 3, wait_ms);
	if (n < 0 && errno != EINTR)
		loop->is_over = true;
	if (n > 0 && fds[1].revents)
		take_signals(loop);
	if (n > 0 && fds[0].revents)
		take_input(loop);
	if (n > 0 && fds[2].revents)
		take_events(loop);
	take_timers(loop);
	return n > 0;
}

bool loop_run(struct app *app, struct term *term, struct library *library,
	      const struct tui_options *options, struct error *err)
{
	struct loop loop = {
		.app = app, .term = term, .library = library, .options = options, .err = err
	};
	loop.start_ms = clock_ms(CLOCK_MONOTONIC);
	tell_size(&loop, MSG_START);
	while (!loop.is_over) {
		bool is_busy = turn(&loop, timeout_ms(&loop));
		/* All that is waiting first, but the eye is not kept waiting for ever. */
		for (int i = 0; is_busy && !loop.is_over && i < 16; i++)
			is_busy = turn(&loop, 0);
		if (!loop.is_over)
			paint(&loop);
	}
	keys_finish(&loop.keys);
	grid_finish(&loop.grid);
	return loop.library;
}
