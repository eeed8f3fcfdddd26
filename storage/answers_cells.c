// SPDX-License-Identifier: MIT
#include "storage/answers.h"

#include <stdlib.h>

#define ALL_CHECKPOINTS STR("kind:checkpoint | kind:diffusion-model")
#define ALL_LORAS STR("kind:lora")

/** A matrix that is being made; its texts lie in the event. */
struct cells {
	struct answers *answers;
	struct event *event;
	struct array checkpoints, loras; /* uint32_t */
	struct party *parties;           /* of the loras */
};

static int compare_ids(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
	return (left > right) - (left < right);
}

/* Adds what a query finds, by name; of `marked` (rising) alone where there are any. */
static bool add_found(struct cells *cells, struct str query, const struct array *marked,
		      struct array *ids, struct error *err)
{
	struct arena scratch = { 0 };
	const uint32_t *found = NULL;
	size_t n = 0;
	bool ok = answers_select(cells->answers, query, &scratch, &found, &n, err);
	for (size_t i = 0; ok && i < n; i++)
		if (!marked ||
		    bsearch(&found[i], marked->ptr, marked->len, sizeof *found, compare_ids))
			*ARRAY_PUSH(ids, uint32_t) = found[i];
	arena_finish(&scratch);
	return ok;
}

static bool add_marked(struct cells *cells, const struct request *request, struct error *err)
{
	struct array marked = ARRAY_OF(uint32_t);
	for (size_t i = 0; i < request->as.matrix.n_marked; i++)
		*ARRAY_PUSH(&marked, uint32_t) = request->as.matrix.marked[i];
	if (marked.len > 0)
		qsort(marked.ptr, marked.len, sizeof(uint32_t), compare_ids);
	bool ok = marked.len == 0 ||
		  (add_found(cells, ALL_CHECKPOINTS, &marked, &cells->checkpoints, err) &&
		   add_found(cells, ALL_LORAS, &marked, &cells->loras, err));
	array_finish(&marked);
	return ok;
}

/* Those that the filter shows; all where it speaks of the other side alone. */
static bool add_loras(struct cells *cells, struct str filter, struct error *err)
{
	struct arena scratch = { 0 };
	struct str query = arena_strf(&scratch, "(%.*s) kind:lora", STR_ARG(filter));
	bool ok = str_trim(filter).len == 0 || add_found(cells, query, NULL, &cells->loras, err);
	if (ok && cells->loras.len == 0)
		ok = add_found(cells, ALL_LORAS, NULL, &cells->loras, err);
	arena_finish(&scratch);
	return ok;
}

static bool choose(struct cells *cells, const struct request *request, struct error *err)
{
	if (!add_marked(cells, request, err))
		return false;
	for (size_t i = 0; cells->checkpoints.len == 0 && i < request->as.matrix.n; i++)
		*ARRAY_PUSH(&cells->checkpoints, uint32_t) = request->as.matrix.checkpoints[i];
	return (cells->checkpoints.len > 0 ||
		add_found(cells, ALL_CHECKPOINTS, NULL, &cells->checkpoints, err)) &&
	       (cells->loras.len > 0 || add_loras(cells, request->as.matrix.text, err));
}

static size_t cap(struct array *ids, size_t max)
{
	size_t n_all = ids->len;
	if (ids->len > max)
		ids->len = max;
	return n_all;
}

/* @return false without error when a model is gone meanwhile: then its cells are unknown */
static bool read_parties(struct cells *cells, struct error *err)
{
	struct arena *arena = &cells->event->arena;
	const uint32_t *ids = cells->loras.ptr;
	cells->parties = ARENA_NEW_N(arena, struct party, cells->loras.len + 1);
	err->code = ERROR_NONE;
	for (size_t i = 0; i < cells->loras.len; i++)
		if (!fittings_party(cells->answers->fittings, ids[i], arena, &cells->parties[i],
				    err) &&
		    err->code != ERROR_NONE)
			return false;
	return true;
}

static bool fill_line(struct cells *cells, uint32_t id, struct fit_counts *line, uint8_t *verdicts,
		      struct error *err)
{
	struct answers *answers = cells->answers;
	struct arena *arena = &cells->event->arena;
	struct party party;
	struct fitting fitting;
	err->code = ERROR_NONE;
	if (!fittings_party(answers->fittings, id, arena, &party, err))
		return err->code == ERROR_NONE;
	fittings_of(answers->fittings, &party, &fitting);
	*line = (struct fit_counts){ .id = id,
				     .name = party.side.name,
				     .base_model = party.side.base_model };
	if (line->base_model.ptr)
		line->base_model = arena_str(arena, line->base_model);
	for (size_t i = 0; i < cells->loras.len; i++) {
		struct fit_side lora = cells->parties[i].side;
		fitting_bind(&fitting, cells->parties[i].layout_id, &lora);
		verdicts[i] =
			(uint8_t)fit_verdict(answers->options->knowledge, &fitting.side, &lora);
		line->n[verdicts[i]]++;
	}
	return true;
}

static bool fill(struct cells *cells, struct error *err)
{
	struct event *event = cells->event;
	size_t n = cells->checkpoints.len, n_loras = cells->loras.len;
	struct fit_counts *lines = ARENA_NEW_N(&event->arena, struct fit_counts, n + 1);
	uint8_t *verdicts = ARENA_NEW_N(&event->arena, uint8_t, n * n_loras + 1);
	const uint32_t *ids = cells->checkpoints.ptr;
	for (size_t i = 0; i < n; i++)
		if (!fill_line(cells, ids[i], &lines[i], verdicts + i * n_loras, err))
			return false;
	event->as.matrix.lines = lines;
	event->as.matrix.n = n;
	event->as.matrix.cells = verdicts;
	event->as.matrix.n_loras = n_loras;
	return model_rows_read(&cells->answers->reader, cells->loras.ptr, n_loras, NULL,
			       &event->arena, &event->as.matrix.loras, err);
}

bool answers_cells(struct answers *answers, const struct request *request, struct event *event,
		   struct error *err)
{
	struct cells cells = { .answers = answers,
			       .event = event,
			       .checkpoints = ARRAY_OF(uint32_t),
			       .loras = ARRAY_OF(uint32_t) };
	bool ok = choose(&cells, request, err);
	event->as.matrix.n_checkpoints_all = cap(&cells.checkpoints, MATRIX_CHECKPOINTS_MAX);
	event->as.matrix.n_loras_all = cap(&cells.loras, MATRIX_LORAS_MAX);
	ok = ok && read_parties(&cells, err) && fill(&cells, err);
	array_finish(&cells.checkpoints);
	array_finish(&cells.loras);
	return ok;
}
