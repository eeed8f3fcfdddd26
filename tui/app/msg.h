// SPDX-License-Identifier: MIT
/**
 * What can happen to the application.
 */
#ifndef TUI_APP_MSG_H
#define TUI_APP_MSG_H

#include "storage/messages.h"
#include "tui/app/key.h"

enum msg_type {
	MSG_START,   /* the size is known, nothing is drawn */
	MSG_PAINTED, /* the first frame stands on the screen */
	MSG_RESIZE,
	MSG_KEY,
	MSG_PASTE,
	MSG_MOUSE,
	MSG_EVENT,    /* from the library */
	MSG_TIMER,    /* update_deadline() has come */
	MSG_REOPENED, /* after an aside: another library, perhaps with other models */
	MSG_END,      /* SIGTERM, SIGHUP: leave at once */
};

enum mouse_act { MOUSE_PRESS, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN };

struct msg {
	enum msg_type type;
	int64_t now_ms; /* a clock that only goes forward */
	int64_t now_s;  /* since the epoch, for ages */
	union {
		struct {
			int cols, rows;
		} size; /* START, RESIZE */
		struct key key;
		struct str paste; /* raw; borrowed for the call */
		struct {
			int x, y;
			enum mouse_act act;
		} mouse;
		struct event *event; /* given away: update() keeps or destroys it */
		struct {
			bool can_write;
			int holder_pid;
			bool has_ignored;        /* a folder was to be passed by */
			const char *not_ignored; /* why it is not; NULL: it is */
		} reopened;
	} as;
};

#endif
