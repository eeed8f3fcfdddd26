// SPDX-License-Identifier: MIT
#include "storage/scan/probe.h"

enum { TRIES = 2 };	/* of a file that changes while it is read */

/** False when it changed meanwhile. */
static bool read_once(struct model_reader *reader, const struct opened_target *target,
		      struct arena *room, struct opened *opened, struct arena *arena,
		      struct flat *out)
{
	struct str layout = out->layout;
	opened_open(target, room, opened);
	model_reader_read(reader, opened, arena, out);
	/* What was given once is not given again, whatever became of the file. */
	if (!out->layout.ptr)
		out->layout = layout;
	bool is_steady = opened_is_steady(opened);
	opened_close(opened);
	return is_steady;
}

void probe_model(struct model_reader *reader, const struct opened_target *target,
		 struct arena *room, struct arena *arena, struct probed *out)
{
	struct opened opened;
	struct error err;
	bool is_steady = false;
	out->flat = (struct flat){ 0 };
	for (int i = 0; i < TRIES && !is_steady; i++)
		is_steady = read_once(reader, target, room, &opened, arena, &out->flat);
	if (!is_steady) {
		struct str layout = out->flat.layout;
		opened_give_up(&opened);
		model_reader_read(reader, &opened, arena, &out->flat);
		out->flat.layout = layout;
	}
	if (!model_decode(out->flat.model, arena, &out->model, &err))
		BUG("a model that was just encoded: %s", err.text);
	out->state = opened.state;
	out->is_there = !opened.is_gone;
	out->was_opened = opened.was_opened;
}
