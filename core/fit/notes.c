// SPDX-License-Identifier: MIT
#include "core/fit/notes.h"

#include "core/identify/judge.h"

void notes_read(const struct knowledge *knowledge, const struct tensor_table *adapter,
		struct arena *arena, struct notes *out)
{
	struct arena room = { 0 };
	struct view view = {
		.knowledge = knowledge, .table = adapter, .arena = &room, .kind = KIND_LORA
	};
	const struct array *all = &knowledge->fit_notes;
	const struct fit_note **list = ARENA_NEW_N(arena, const struct fit_note *, all->len + 1);
	size_t n = 0;
	for (size_t i = 0; i < all->len; i++) {
		const struct fit_note *note = ARRAY_AT(all, struct fit_note, i);
		if (note->when.n_rules && judge_rules(&view, &note->when))
			list[n++] = note;
	}
	*out = (struct notes){ list, n };
	arena_finish(&room);
}
