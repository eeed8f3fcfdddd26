// SPDX-License-Identifier: MIT
#include "cli/plan_print.h"

#include <inttypes.h>

#include "cli/model_text.h"
#include "core/base/json_patch.h"
#include "core/base/json_write.h"

void plan_head_json(const struct plan *plan, struct bytes *out)
{
	struct json_writer json = json_writer(out);
	json_object(&json, NULL);
	json_string(&json, "what", plan->what);
	json_string(&json, "words", plan->words);
	json_object_end(&json);
}

/* A member of an archive is named as ARCHIVE//MEMBER. */
static struct str old_of(const struct plan_step *step, struct arena *arena)
{
	return step->action == PLAN_EXTRACT
		       ? arena_strf(arena, "%.*s//%.*s", STR_ARG(step->old), STR_ARG(step->other))
		       : step->old;
}

void plan_step_json(const struct plan_step *step, size_t number, struct bytes *out)
{
	struct json_writer json = json_writer(out);
	bool has_kept = step->action == PLAN_TRASH && step->other.len > 0;
	struct str kept = has_kept ? step->other : STR_NULL;
	struct arena arena = { 0 };
	struct str old = old_of(step, &arena), new = step->new.len > 0 ? step->new : STR_NULL;
	json_object(&json, NULL);
	json_u64_value(&json, "step", number);
	json_string(&json, "action", str_from(plan_action_word(step->action)));
	json_u64_value(&json, "model", step->model);
	json_string(&json, "role", step->is_companion ? STR("companion") : STR("model"));
	json_string(&json, "old", old);
	json_string(&json, "new", new);
	json_string(&json, "conflict", step->conflict);
	json_string(&json, "note", step->note);
	json_base64_if_broken(&json, "old_bytes", old);
	json_base64_if_broken(&json, "new_bytes", new);
	json_string(&json, "kept", kept);
	json_base64_if_broken(&json, "kept_bytes", kept);
	json_string(&json, "found", step->found);
	json_raw(&json, "said", step->said);
	json_raw(&json, "says", step->says);
	json_u64_value(&json, "group", step->group);
	json_bool(&json, "folder", step->is_folder);
	json_u64_value(&json, "bytes", step->source.size_bytes);
	json_u64_value(&json, "inode", step->source.ino);
	json_i64_value(&json, "mtime_ns", step->source.mtime_ns);
	json_object_end(&json);
	arena_finish(&arena);
}

/* Of a list, what comes to it; else what it was and what it becomes. */
static void print_words(struct out *out, const struct array *said, const struct json_member *says)
{
	const struct json_member *before = json_member_find(said, says->key);
	out_text(out, says->key);
	out_printf(out, " ");
	if (before)
		out_text(out, before->value);
	out_printf(out, says->type == JSON_ARRAY ? " + " : " -> ");
	out_text(out, says->value);
}

static void print_says(struct cli *cli, const struct plan_step *step)
{
	struct array said = ARRAY_OF(struct json_member), says = ARRAY_OF(struct json_member);
	struct error
		ignored; /* a plan file may say anything; whether it may be done is found out */
	if (json_members(step->said, &cli->arena, &said, &ignored) &&
	    json_members(step->says, &cli->arena, &says, &ignored))
		for (size_t i = 0; i < says.len; i++) {
			out_printf(&cli->out, i == 0 ? ": " : ", ");
			print_words(&cli->out, &said, ARRAY_AT(&says, struct json_member, i));
		}
	array_finish(&said);
	array_finish(&says);
}

static void print_note(struct out *out, struct str note)
{
	out_style(out, OUT_CAUTION);
	out_printf(out, "  ~     ");
	out_text(out, note);
	out_style(out, OUT_PLAIN);
	out_printf(out, "\n");
}

static void print_step(struct cli *cli, const struct plan_step *step)
{
	struct out *out = &cli->out;
	if (step->conflict.ptr)
		out_style(out, OUT_BAD);
	out_printf(out, "%s%s", step->conflict.ptr ? "! " : "  ", step->is_companion ? "    " : "");
	if (step->action != PLAN_MOVE)
		out_printf(out, "%s ", plan_action_word(step->action));
	out_text(out, old_of(step, &cli->arena));
	struct str beside = step->action == PLAN_TRASH   ? step->other
			    : step->action == PLAN_WRITE ? STR_NULL
							 : step->new;
	if (step->says.ptr)
		print_says(cli, step);
	if (beside.len > 0) {
		out_printf(out, step->action == PLAN_TRASH ? ", keep " : " -> ");
		out_text(out, beside);
	}
	if (step->found.ptr) {
		out_printf(out, " (");
		out_text(out, step->found);
		out_printf(out, ")");
	}
	if (step->conflict.ptr) {
		out_printf(out, ": ");
		out_text(out, step->conflict);
		out_style(out, OUT_PLAIN);
	}
	out_printf(out, "\n");
	if (step->note.ptr)
		print_note(out, step->note);
}

void plan_print(struct cli *cli, const struct plan *plan)
{
	struct bytes line = { 0 };
	for (size_t i = 0; i < plan->n_steps; i++) {
		if (!cli_json(cli)) {
			print_step(cli, &plan->steps[i]);
		} else {
			bytes_clear(&line);
			plan_step_json(&plan->steps[i], i + 1, &line);
			out_line(&cli->out, &line);
		}
		out_breathe(&cli->out);
	}
	bytes_finish(&line);
}

static void print_end_json(struct cli *cli, const struct plan *plan, const struct event *done)
{
	struct bytes line = { 0 };
	struct json_writer json = json_writer(&line);
	json_object(&json, NULL);
	json_object(&json, "plan");
	json_u64_value(&json, "steps", plan->n_steps);
	json_u64_value(&json, "conflicts", plan->n_conflicts);
	json_u64_value(&json, "notes", plan->n_notes);
	json_u64_value(&json, "bytes", plan->bytes);
	json_bool(&json, "applied", done != NULL);
	json_i64_if(&json, "operation", done, done ? done->as.done.operation : 0);
	json_object_end(&json);
	json_object_end(&json);
	out_line(&cli->out, &line);
	bytes_finish(&line);
}

/* What is written was counted when its old one went. */
static bool is_counted(const struct plan *plan, size_t i)
{
	return plan->steps[i].action == PLAN_WRITE && i > 0 &&
	       str_equal(plan->steps[i - 1].old, plan->steps[i].old);
}

/* A link is a name more, not a file. */
static uint64_t count_files(const struct plan *plan)
{
	uint64_t n = 0;
	for (size_t i = 0; i < plan->n_steps; i++)
		n += plan->steps[i].action != PLAN_LINK && !is_counted(plan, i);
	return n;
}

static uint64_t count_models(const struct plan *plan)
{
	uint64_t n = 0;
	for (size_t i = 0; i < plan->n_steps; i++)
		n += i == 0 || plan->steps[i].group != plan->steps[i - 1].group;
	return n;
}

void plan_print_end(struct cli *cli, const struct plan *plan, const struct event *done)
{
	struct out *out = &cli->out;
	if (cli_json(cli)) {
		print_end_json(cli, plan, done);
		return;
	}
	uint64_t n = count_models(plan), n_files = count_files(plan);
	out_printf(out, "%" PRIu64 " model%s, %" PRIu64 " file%s, ", n, n == 1 ? "" : "s", n_files,
		   n_files == 1 ? "" : "s");
	out_text(out, model_text_size(&cli->arena, plan->bytes));
	if (plan->bytes_copied > 0) {
		out_printf(out, ", of which ");
		out_text(out, model_text_size(&cli->arena, plan->bytes_copied));
		out_printf(out, " are copied where ");
		out_text(out, model_text_size(&cli->arena, plan->free_bytes));
		out_printf(out, " are free");
	}
	if (plan->n_notes > 0)
		out_printf(out, "; %zu note%s, marked ~", plan->n_notes,
			   plan->n_notes == 1 ? "" : "s");
	if (plan->n_conflicts > 0)
		out_printf(out, "; %zu conflict%s, so nothing is done", plan->n_conflicts,
			   plan->n_conflicts == 1 ? "" : "s");
	else if (done)
		out_printf(out, "; done as operation %" PRId64, done->as.done.operation);
	else if (plan->n_steps > 0 && !cli->args.has[OPTION_APPLY])
		out_printf(out, "; nothing is done yet: --apply does it");
	out_printf(out, "\n");
}
