// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/interrupt.h"
#include "cli/model_text.h"
#include "cli/set_pick.h"
#include "core/base/json_write.h"
#include "core/base/member.h"

#define ERASE_LINE "\r\033[K"

enum { TOLD_BYTES = 64 << 20 }; /* of progress */

/** What the terminal is told while it lasts. */
struct progress {
	bool is_shown;
	uint64_t told_bytes;
	uint64_t all_bytes; /* every file is read twice */
};

/* Ctrl-C ends it; what was written of the archive goes again. */
static bool go_on(void *context, uint64_t bytes_done)
{
	struct progress *progress = context;
	if (progress->is_shown && bytes_done - progress->told_bytes >= TOLD_BYTES) {
		progress->told_bytes = bytes_done;
		fprintf(stderr, ERASE_LINE "packing: %" PRIu64 " %%",
			progress->all_bytes > 0 ? bytes_done * 100 / progress->all_bytes : 0);
		fflush(stderr);
	}
	return !interrupt_came();
}

static bool check_part(struct cli *cli, const struct set_part *part, struct error *err)
{
	if (part->id)
		return true;
	return !pick_is_away(cli, part->path, err) &&
	       error_set(err, ERROR_CHANGED, NULL, "%.*s: this model of the set is gone",
			 STR_ARG(part->path));
}

/* Which files: the models of the set with their companions, as a plan that is never applied. */
static struct event *plan_files(struct cli *cli, const struct set_info *set, struct error *err)
{
	struct request *request = request_create(REQUEST_PLAN);
	uint32_t *ids = ARENA_NEW_N(&request->arena, uint32_t, set->n_loras + 1);
	size_t n = 0;
	bool ok = !set->has_checkpoint || check_part(cli, &set->checkpoint, err);
	if (set->has_checkpoint)
		ids[n++] = set->checkpoint.id;
	for (size_t i = 0; ok && i < set->n_loras; i++) {
		ok = check_part(cli, &set->loras[i], err);
		ids[n++] = set->loras[i].id;
	}
	request->as.plan.wish = WISH_PACK;
	request->as.plan.models = (struct selection){ .ids = ids, .n_ids = n };
	if (ok)
		return cli_ask(cli, request, err);
	request_destroy(request);
	return NULL;
}

/* The plan's names begin with a slash, as paths in a root do. */
static struct str member_of(const struct plan *plan, struct str path)
{
	for (size_t i = 0; i < plan->n_steps; i++)
		if (str_equal(plan->steps[i].old, path))
			return str_slice(plan->steps[i].new, 1, plan->steps[i].new.len);
	return STR_NULL;
}

static bool add_sources(struct cli *cli, const struct plan *plan, struct pack *pack,
			struct progress *progress, struct error *err)
{
	struct pack_source *sources =
		ARENA_NEW_N(pack->arena, struct pack_source, plan->n_steps + 1);
	for (size_t i = 0; i < plan->n_steps; i++) {
		const struct plan_step *step = &plan->steps[i];
		if (step->conflict.ptr)
			return !pick_is_away(cli, step->old, err) &&
			       error_set(err, ERROR_CHANGED, NULL, "%.*s: %.*s", STR_ARG(step->old),
					 STR_ARG(step->conflict));
		sources[i] =
			(struct pack_source){ step->old, str_slice(step->new, 1, step->new.len) };
		progress->all_bytes += 2 * step->source.size_bytes;
	}
	pack->sources = sources;
	pack->n_sources = plan->n_steps;
	return true;
}

static void describe(const struct set_info *set, const struct plan *plan, struct pack *pack)
{
	struct manifest_lora *loras =
		ARENA_NEW_N(pack->arena, struct manifest_lora, set->n_loras + 1);
	for (size_t i = 0; i < set->n_loras; i++) {
		const struct set_weights *weights = &set->loras[i].weights;
		loras[i] = (struct manifest_lora){
			member_name(member_of(plan, set->loras[i].path), pack->arena),
			weights->weight, weights->has_weight_te, weights->weight_te
		};
	}
	pack->manifest = (struct manifest){
		.name = set->name,
		.note = set->note,
		.tags = set->tags,
		.n_tags = set->n_tags,
		.checkpoint =
			set->has_checkpoint
				? member_name(member_of(plan, set->checkpoint.path), pack->arena)
				: STR_NULL,
		.loras = loras,
		.n_loras = set->n_loras,
	};
}

static bool name_roots(struct cli *cli, struct pack *pack, struct error *err)
{
	struct event *roots = cli_ask(cli, request_create(REQUEST_ROOTS), err);
	if (!roots)
		return false;
	struct str *paths = ARENA_NEW_N(pack->arena, struct str, roots->as.roots.n + 1);
	for (size_t i = 0; i < roots->as.roots.n; i++)
		paths[i] = arena_str(pack->arena, roots->as.roots.roots[i].path);
	pack->roots = paths;
	pack->n_roots = roots->as.roots.n;
	event_destroy(roots);
	return true;
}

static void print(struct cli *cli, const struct pack *pack)
{
	uint64_t size_bytes = 0;
	for (size_t i = 0; i < pack->manifest.n_files; i++)
		size_bytes += pack->manifest.files[i].size_bytes;
	if (!cli_json(cli)) {
		out_printf(&cli->out, "%zu file%s, ", pack->manifest.n_files,
			   pack->manifest.n_files == 1 ? "" : "s");
		out_text(&cli->out, model_text_size(&cli->arena, size_bytes));
		out_printf(&cli->out, ", packed into ");
		out_text(&cli->out, pack->target);
		out_printf(&cli->out, "\n");
		return;
	}
	struct bytes line = { 0 };
	struct json_writer json = json_writer(&line);
	json_object(&json, NULL);
	json_string(&json, "archive", pack->target);
	json_u64_value(&json, "files", pack->manifest.n_files);
	json_u64_value(&json, "bytes", size_bytes);
	json_object_end(&json);
	out_line(&cli->out, &line);
	bytes_finish(&line);
}

enum exit_status cmd_set_pack(struct cli *cli)
{
	struct error err;
	struct progress progress = { .is_shown = isatty(STDERR_FILENO) };
	struct pack pack = {
		.target = cli_absolute(cli, cli_operand(cli, 1)),
		.arena = &cli->arena,
		.watch = { go_on, &progress },
	};
	if (cli_operand(cli, 1).len == 0) {
		error_set(&err, ERROR_USAGE, NULL, "set pack: the archive has no name");
		return cli_fail(cli, &err);
	}
	const struct set_info *set = set_pick(cli, cli_operand(cli, 0), &err);
	struct event *plan =
		set && name_roots(cli, &pack, &err) ? plan_files(cli, set, &err) : NULL;
	if (!plan)
		return cli_fail(cli, &err);
	bool ok = add_sources(cli, &plan->as.plan.plan, &pack, &progress, &err);
	if (ok) {
		describe(set, &plan->as.plan.plan, &pack);
		interrupt_watch();
		ok = pack_write(&pack, &err);
	}
	if (progress.told_bytes > 0)
		fprintf(stderr, ERASE_LINE);
	if (ok)
		print(cli, &pack);
	event_destroy(plan);
	return ok ? EXIT_DONE : cli_fail(cli, &err);
}
