// SPDX-License-Identifier: MIT
#include "storage/answers.h"

#include "storage/user/dump.h"
#include "storage/user/operations.h"

bool answers_dump(struct answers *answers, struct event *event, struct error *err)
{
	struct bytes text = { 0 };
	bool ok = dump_write(answers->db, &text, err);
	if (ok)
		event->as.dump.text = arena_str(&event->arena, bytes_str(&text));
	bytes_finish(&text);
	return ok;
}

static void to_event(struct array *list, struct event *event)
{
	event->as.history.n = list->len;
	event->as.history.lines = array_to_arena(list, &event->arena);
	array_finish(list);
}

static bool tell_all(struct answers *answers, const struct request *request, struct event *event,
		     struct error *err)
{
	struct operation_window window = { request->as.history.first, request->as.history.n };
	struct array list = ARRAY_OF(struct operation);
	bool ok = operations_list(answers->db, window, &event->arena, &list, err);
	event->as.history.n_all = operations_count(answers->db);
	to_event(&list, event);
	return ok;
}

static bool tell_one(struct answers *answers, const struct request *request, struct event *event,
		     struct error *err)
{
	struct operation_window window = { request->as.history.first, request->as.history.n };
	struct array list = ARRAY_OF(struct operation), steps = ARRAY_OF(struct operation_step);
	int64_t id = request->as.history.id;
	bool ok = operations_find(answers->db, id, &event->arena, &list, err) &&
		  operation_steps(answers->db, id, window, &event->arena, &steps, err);
	to_event(&list, event);
	event->as.history.n_steps = steps.len;
	event->as.history.steps = array_to_arena(&steps, &event->arena);
	if (event->as.history.n > 0)
		event->as.history.n_all = (size_t)event->as.history.lines[0].n_steps;
	array_finish(&steps);
	return ok;
}

bool answers_history(struct answers *answers, const struct request *request, struct event *event,
		     struct error *err)
{
	event->as.history.first = request->as.history.first;
	return request->as.history.id ? tell_one(answers, request, event, err)
				      : tell_all(answers, request, event, err);
}
