// SPDX-License-Identifier: MIT
#include "tests/support/stage.h"

#include <string.h>

#include "core/base/utf8.h"
#include "storage/library.h"
#include "tui/app/update.h"
#include "tui/app/view.h"

static void tell(struct stage *stage, struct msg msg)
{
	struct effects effects;
	effects_init(&effects);
	msg.now_ms = stage->now_ms;
	msg.now_s = FAKE_NOW_S + stage->now_ms / 1000;
	update(&stage->app, &msg, &effects);
	struct array requests = effects.requests;
	effects.requests = ARRAY_OF(struct request *);
	effects.quit = effects.quit || stage->last.quit;
	arena_finish(&stage->last.arena);
	stage->last = effects;
	for (size_t i = 0; i < requests.len; i++) {
		struct event *events[2];
		size_t n = fake_library_answer(&stage->fake,
					       *ARRAY_AT(&requests, struct request *, i), events);
		for (size_t j = 0; j < n; j++)
			stage_event(stage, events[j]);
	}
	array_finish(&requests);
}

static const char *const subcommands[] = {
	"correct", "set list", "set export", "list",     "groups", "fit",    "tag",
	"tags",    "scan",     "root list",  "root add", "help",   "doctor",
};

void stage_init(struct stage *stage, struct stage_options options)
{
	*stage = (struct stage){ .now_ms = 1000 };
	fake_library_init(&stage->fake, options.world ? options.world : "demo");
	stage->fake.ids_come_late = options.ids_come_late;
	stage->fake.applies_slowly = options.applies_slowly;
	stage->fake.plans_conflict = options.plans_conflict;
	enum text_charset charset = options.ascii ? TEXT_ASCII : TEXT_UTF8;
	app_init(&stage->app,
		 &(struct app_options){
			 .knowledge = stage->fake.knowledge,
			 .subcommands = { subcommands, sizeof(subcommands) / sizeof(*subcommands) },
			 .settings = options.settings,
			 .charset = charset,
			 .signs = charset,
			 .can_write = !options.read_only && !options.is_fixed,
			 .has_clipboard = true,
			 .holder_pid = options.is_fixed    ? LIBRARY_NOBODY
				       : options.read_only ? 4711
							   : 0,
			 .scan_at_start = options.scan_at_start,
			 .home = "/home/u",
			 .message = options.message,
		 });
	struct msg start = { .type = MSG_START, .as.size = { options.cols, options.rows } };
	tell(stage, start);
	tell(stage, (struct msg){ .type = MSG_PAINTED });
}

void stage_finish(struct stage *stage)
{
	app_finish(&stage->app);
	arena_finish(&stage->last.arena);
	grid_finish(&stage->grid);
	fake_library_finish(&stage->fake);
}

void stage_resize(struct stage *stage, int cols, int rows)
{
	tell(stage, (struct msg){ .type = MSG_RESIZE, .as.size = { cols, rows } });
}

void stage_keys(struct stage *stage, const char *names)
{
	struct str rest = str_from(names), name;
	while (str_next_part(&rest, ' ', &name)) {
		struct msg msg = { .type = MSG_KEY };
		if (!name.len)
			continue;
		if (!key_parse(name, &msg.as.key))
			BUG("no key \"%.*s\"", STR_ARG(name));
		tell(stage, msg);
	}
}

void stage_type(struct stage *stage, const char *text)
{
	struct str rest = str_from(text);
	while (rest.len) {
		struct msg msg = { .type = MSG_KEY };
		size_t len = utf8_next(rest, &msg.as.key.code);
		if (!len)
			BUG("typed text is no UTF-8");
		rest = str_slice(rest, len, rest.len);
		tell(stage, msg);
	}
}

void stage_press(struct stage *stage, int x, int y, enum mouse_act act)
{
	struct msg msg = { .type = MSG_MOUSE };
	msg.as.mouse.x = x;
	msg.as.mouse.y = y;
	msg.as.mouse.act = act;
	tell(stage, msg);
}

void stage_event(struct stage *stage, struct event *event)
{
	tell(stage, (struct msg){ .type = MSG_EVENT, .as.event = event });
}

void stage_wait(struct stage *stage, int64_t ms)
{
	int64_t end_ms = stage->now_ms + ms, due_ms;
	while ((due_ms = update_deadline(&stage->app)) >= 0 && due_ms <= end_ms) {
		stage->now_ms = due_ms > stage->now_ms ? due_ms : stage->now_ms;
		tell(stage, (struct msg){ .type = MSG_TIMER });
	}
	stage->now_ms = end_ms;
}

static void paint(struct stage *stage)
{
	grid_finish(&stage->grid);
	grid_init(&stage->grid, stage->app.cols, stage->app.rows);
	view(&stage->app, &stage->grid);
	stage->app.dirty = false;
}

void stage_dump(struct stage *stage, struct bytes *out)
{
	paint(stage);
	grid_dump(&stage->grid, out);
}

void stage_dump_styles(struct stage *stage, struct bytes *out)
{
	paint(stage);
	grid_dump_styles(&stage->grid, out);
}
