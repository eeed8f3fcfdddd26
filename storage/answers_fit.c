// SPDX-License-Identifier: MIT
#include "storage/answers.h"
#include "storage/index/facts_rows.h"

/* The fit with all that it points to. */
static void tell(struct answers *answers, const struct fitting *checkpoint,
		 const struct fit_side *lora, struct arena *arena, struct fit *out)
{
	fit_pair(answers->options->knowledge, &checkpoint->side, lora, arena, out);
	if (out->binding)
		out->binding = binding_copy(out->binding, arena);
}

void answers_fit_pair(struct answers *answers, const struct fitting *checkpoint,
		      const struct fit_side *lora, int64_t layout_id, struct arena *arena,
		      struct fit *out)
{
	struct fit_side side = *lora;
	fitting_bind(checkpoint, layout_id, &side);
	tell(answers, checkpoint, &side, arena, out);
}

static bool add_strip(struct answers *answers, const struct fitting *checkpoint, int64_t layout_id,
		      struct event *event, struct error *err)
{
	const struct knowledge *knowledge = answers->options->knowledge;
	struct arena room = { 0 };
	struct tensor_table table;
	struct adapter adapter;
	bool found;
	bool ok = facts_rows_layout(answers->db, layout_id, &room, &table, &found, err);
	if (ok && found && binder_names(checkpoint->binder) &&
	    adapter_read(&table, knowledge, &room, &adapter))
		strip_read(knowledge, binder_names(checkpoint->binder), &adapter, &event->arena,
			   &event->as.details.strip);
	arena_finish(&room);
	return ok;
}

bool answers_fit_details(struct answers *answers, const struct fitting *checkpoint,
			 struct event *event, struct error *err)
{
	int64_t layout_id = fittings_layout(answers->fittings, event->as.details.entry.id);
	struct fit_side lora = fit_side_of(&event->as.details.model);
	struct fit *fit = &event->as.details.fit;
	event->as.details.has_fit = true;
	answers_fit_pair(answers, checkpoint, &lora, layout_id, &event->arena, fit);
	return !fit->binding || add_strip(answers, checkpoint, layout_id, event, err);
}

bool answers_layout(struct answers *answers, const struct request *request, struct event *event,
		    struct error *err)
{
	struct arena *arena = &event->arena;
	struct str *key = &event->as.layout.key;
	int64_t layout_id = fittings_layout(answers->fittings, request->as.layout.id);
	if (!layout_id)
		return true;
	if (!facts_rows_key(answers->db, layout_id, arena, key, err))
		return false;
	event->as.layout.found = key->len > 0;
	return request->as.layout.only_key ||
	       facts_rows_layout(answers->db, layout_id, arena, &event->as.layout.table,
				 &event->as.layout.found, err);
}

/* One model and those that stand beside it. */
struct pairing {
	struct answers *answers;
	const struct fit_party *one;
	bool is_brief;
	struct party party;        /* of `one`, when it is indexed */
	struct fitting checkpoint; /* it is the one; else that of the line in hand */
	struct arena *arena;       /* the event's */
};

static bool begin(struct pairing *pairing, const struct request *request, struct error *err)
{
	struct fittings *fittings = pairing->answers->fittings;
	const struct fit_party *one = pairing->one;
	if (one->id && !fittings_party(fittings, one->id, pairing->arena, &pairing->party, err))
		return err->code != ERROR_NONE
			       ? false
			       : error_set(err, ERROR_USAGE, NULL, "the model is no longer there");
	if (!one->id)
		pairing->party.side = one->side;
	if (request->as.fits.is_lora)
		return true;
	if (one->id)
		fittings_of(fittings, &pairing->party, &pairing->checkpoint);
	else
		fittings_foreign(fittings, &one->side, one->table, &pairing->checkpoint);
	return true;
}

static void judge_pair(struct pairing *pairing, const struct fit_side *lora, struct fit *out)
{
	const struct fitting *checkpoint = &pairing->checkpoint;
	if (pairing->is_brief)
		out->verdict =
			fit_verdict(pairing->answers->options->knowledge, &checkpoint->side, lora);
	else
		tell(pairing->answers, checkpoint, lora, pairing->arena, out);
}

static void judge_lora(struct pairing *pairing, const struct party *lora, struct fit *out)
{
	struct fit_side side = lora->side;
	fitting_bind(&pairing->checkpoint, lora->layout_id, &side);
	judge_pair(pairing, &side, out);
}

static void judge_checkpoint(struct pairing *pairing, const struct party *checkpoint,
			     struct fit *out)
{
	struct arena room = { 0 };
	struct fit_side lora = pairing->party.side;
	fittings_of(pairing->answers->fittings, checkpoint, &pairing->checkpoint);
	if (pairing->one->id)
		fitting_bind(&pairing->checkpoint, pairing->party.layout_id, &lora);
	else if (pairing->one->table)
		fitting_bind_foreign(&pairing->checkpoint, pairing->one->table, &room, &lora);
	judge_pair(pairing, &lora, out);
	arena_finish(&room);
}

static bool judge_other(struct pairing *pairing, uint32_t id, bool is_checkpoint,
			struct fit_line *line, struct error *err)
{
	struct party other;
	struct answers *answers = pairing->answers;
	if (!fittings_party(answers->fittings, id, pairing->arena, &other, err))
		return err->code == ERROR_NONE;
	line->id = id;
	if (!pairing->is_brief) {
		line->name = other.side.name;
		line->path = model_rows_path(&answers->reader, other.root_id, other.path,
					     pairing->arena);
	}
	if (is_checkpoint)
		judge_checkpoint(pairing, &other, &line->fit);
	else
		judge_lora(pairing, &other, &line->fit);
	return true;
}

bool answers_fits(struct answers *answers, const struct request *request, struct event *event,
		  struct error *err)
{
	struct pairing pairing = { .answers = answers,
				   .one = &request->as.fits.one,
				   .is_brief = request->as.fits.is_brief,
				   .arena = &event->arena };
	size_t n = request->as.fits.n;
	struct fit_line *lines = ARENA_NEW_N(&event->arena, struct fit_line, n + 1);
	err->code = ERROR_NONE;
	bool ok = begin(&pairing, request, err);
	for (size_t i = 0; ok && i < n; i++)
		ok = judge_other(&pairing, request->as.fits.ids[i], request->as.fits.is_lora,
				 &lines[i], err);
	event->as.fits.lines = lines;
	event->as.fits.n = n;
	return ok;
}

/* A checkpoint beside every cohort that has adapters among those asked for. */
static void count_verdicts(struct answers *answers, const struct fitting *checkpoint,
			   const uint64_t *counts, struct fit_counts *line)
{
	const struct array *cohorts = &answers->search.cohorts.list;
	for (size_t i = 0; i < cohorts->len; i++) {
		const struct cohort *cohort = ARRAY_AT(cohorts, struct cohort, i);
		if (!counts[i])
			continue;
		struct fit_side side =
			class_side(classes_find(&answers->classes, cohort->class_id));
		line->n[fitting_verdict(checkpoint, &side, cohort->layout_id)] += counts[i];
	}
}

static struct str copy_known(struct str text, struct arena *arena)
{
	return text.ptr ? arena_str(arena, text) : STR_NULL;
}

static bool fill_line(struct answers *answers, uint32_t id, const uint64_t *counts,
		      struct arena *arena, struct fit_counts *line, struct error *err)
{
	struct party party;
	struct fitting checkpoint;
	if (!fittings_party(answers->fittings, id, arena, &party, err))
		return err->code == ERROR_NONE;
	fittings_of(answers->fittings, &party, &checkpoint);
	*line = (struct fit_counts){
		.id = id,
		.name = party.side.name,
		.path = model_rows_path(&answers->reader, party.root_id, party.path, arena),
		.architecture = copy_known(party.side.architecture, arena),
		.base_model = copy_known(party.side.base_model, arena),
	};
	count_verdicts(answers, &checkpoint, counts, line);
	return true;
}

bool answers_matrix(struct answers *answers, const struct request *request, struct event *event,
		    struct error *err)
{
	struct arena scratch = { 0 };
	struct query_mistake mistake;
	struct bitmap slots;
	const uint64_t *counts = NULL;
	size_t n = request->as.matrix.n;
	if (request->as.matrix.has_cells)
		return answers_cells(answers, request, event, err);
	struct fit_counts *lines = ARENA_NEW_N(&event->arena, struct fit_counts, n + 1);
	bool ok = answers_match(answers, request->as.matrix.text, &scratch, &slots, &mistake, err);
	if (!ok && mistake.column > 0) {
		event->as.matrix.mistake_column = mistake.column;
		event->as.matrix.mistake = arena_str(&event->arena, str_from(mistake.text));
		arena_finish(&scratch);
		return true;
	}
	ok = ok && search_cohorts(&answers->search, &slots, &scratch, &counts, err);
	for (size_t i = 0; ok && i < n; i++)
		ok = fill_line(answers, request->as.matrix.checkpoints[i], counts, &event->arena,
			       &lines[i], err);
	event->as.matrix.lines = lines;
	event->as.matrix.n = n;
	arena_finish(&scratch);
	return ok;
}
