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

bool answers_history(struct answers *answers, const struct request *request, struct event *event,
		     struct error *err)
{
	struct array list = ARRAY_OF(struct operation);
	bool ok = operations_list(answers->db, request->as.history.id, &event->arena, &list, err);
	struct operation *lines = ARENA_NEW_N(&event->arena, struct operation, list.len + 1);
	for (size_t i = 0; i < list.len; i++)
		lines[i] = *ARRAY_AT(&list, struct operation, i);
	event->as.history.lines = lines;
	event->as.history.n = list.len;
	array_finish(&list);
	return ok;
}
