// SPDX-License-Identifier: MIT
#include "cli/plan_print.h"
#include "cli/set_pick.h"
#include "core/base/path.h"
#include "core/base/user_text.h"

/** A packed set on its way into the library. */
struct unpacking {
	struct cli *cli;
	const struct manifest *set;
	struct str folder; /* where its files lie */
	struct str name;   /* of the set here */
};

static struct event *ask_plan(struct cli *cli, struct error *err)
{
	struct request *request = request_create(REQUEST_PLAN);
	request->as.plan.wish = WISH_UNPACK;
	if (cli_read_archive(cli, request, err))
		return cli_ask(cli, request, err);
	request_destroy(request);
	return NULL;
}

/* Before anything is unpacked: two sets of one name cannot be. */
static bool check_name(const struct unpacking *unpacking, struct error *err)
{
	struct str clean;
	if (!name_check("set", unpacking->name, &clean, err))
		return false;
	struct event *sets = set_pick_all(unpacking->cli, err);
	struct arena scratch = { 0 };
	struct str name = text_fold_copy(&scratch, str_trim(unpacking->name));
	bool ok = sets != NULL;
	for (size_t i = 0; ok && i < sets->as.sets.n; i++)
		if (str_equal(text_fold_copy(&scratch, sets->as.sets.sets[i].name), name))
			ok = error_set(
				err, ERROR_USAGE, NULL,
				"%.*s: there is a set of that name already; say another: set "
				"unpack ARCHIVE DIR NAME",
				STR_ARG(unpacking->name));
	event_destroy(sets);
	arena_finish(&scratch);
	return ok;
}

/* Where all files were there already, nobody has looked at them yet. */
static bool take_out(struct cli *cli, const struct plan *plan, struct event **done,
		     struct error *err)
{
	if (plan->n_steps > 0) {
		*done = cli_apply(cli, plan, err);
		return *done != NULL;
	}
	struct event *scanned = cli_ask(cli, request_create(REQUEST_SCAN), err);
	event_destroy(scanned);
	return scanned != NULL;
}

static bool find_model(const struct unpacking *unpacking, struct str member, uint32_t *id,
		       struct error *err)
{
	struct request *request = request_create(REQUEST_FIND);
	struct str path = path_join(&unpacking->cli->arena, unpacking->folder, member);
	request->as.find.text = arena_str(&request->arena, path);
	struct event *found = cli_ask(unpacking->cli, request, err);
	if (!found)
		return false;
	bool ok = found->as.found.n == 1 ||
		  error_set(err, ERROR_CHANGED, NULL,
			    "%.*s: it was unpacked, but the library does not know it as a model",
			    STR_ARG(path));
	*id = ok ? found->as.found.ids[0] : 0;
	event_destroy(found);
	return ok;
}

static void describe(const struct manifest *set, struct arena *arena, struct set_change *change)
{
	struct str *tags = ARENA_NEW_N(arena, struct str, set->n_tags + 1);
	for (size_t i = 0; i < set->n_tags; i++)
		tags[i] = arena_str(arena, set->tags[i]);
	change->add = tags;
	change->n_add = set->n_tags;
	change->other = set->note.ptr ? arena_str(arena, set->note) : STR_NULL;
}

static bool find_models(const struct unpacking *unpacking, struct arena *arena,
			struct set_change *change, struct error *err)
{
	const struct manifest *set = unpacking->set;
	struct set_put *loras = ARENA_NEW_N(arena, struct set_put, set->n_loras + 1);
	bool ok = !set->checkpoint.ptr ||
		  find_model(unpacking, set->checkpoint, &change->checkpoint, err);
	for (size_t i = 0; ok && i < set->n_loras; i++) {
		const struct manifest_lora *lora = &set->loras[i];
		loras[i].weights =
			(struct set_weights){ lora->weight, lora->has_weight_te, lora->weight_te };
		ok = find_model(unpacking, lora->path, &loras[i].id, err);
	}
	change->loras = loras;
	change->n_loras = set->n_loras;
	return ok;
}

/* One operation, so that one undo takes the set back. */
static bool make_set(const struct unpacking *unpacking, struct error *err)
{
	struct request *request = request_create(REQUEST_SET_CHANGE);
	struct set_change *change = &request->as.set;
	change->action = SET_NEW;
	change->name = arena_str(&request->arena, unpacking->name);
	describe(unpacking->set, &request->arena, change);
	if (!find_models(unpacking, &request->arena, change, err)) {
		request_destroy(request);
		return false;
	}
	struct event *done = cli_ask(unpacking->cli, request, err);
	event_destroy(done);
	return done != NULL;
}

static bool show_set(const struct unpacking *unpacking, struct error *err)
{
	const struct set_info *set = set_pick(unpacking->cli, unpacking->name, err);
	return set && set_print(unpacking->cli, set, false, err);
}

static enum exit_status unpack(const struct unpacking *unpacking, const struct plan *plan)
{
	struct cli *cli = unpacking->cli;
	struct event *done = NULL;
	struct error err;
	if (!check_name(unpacking, &err))
		return cli_fail(cli, &err);
	plan_print(cli, plan);
	bool ok = plan->n_conflicts == 0 && take_out(cli, plan, &done, &err);
	if (ok || plan->n_conflicts > 0)
		plan_print_end(cli, plan, done);
	event_destroy(done);
	if (plan->n_conflicts > 0)
		return EXIT_NO;
	ok = ok && make_set(unpacking, &err) && show_set(unpacking, &err);
	return ok ? EXIT_DONE : cli_fail(cli, &err);
}

enum exit_status cmd_set_unpack(struct cli *cli)
{
	struct error err;
	if (!cli_library(cli, LIBRARY_WRITE, &err))
		return cli_fail(cli, &err);
	cli->args.has[OPTION_APPLY] = true;
	struct event *event = ask_plan(cli, &err);
	if (!event)
		return cli_fail(cli, &err);
	struct str name = cli_operand(cli, 2);
	const struct unpacking unpacking = {
		.cli = cli,
		.set = &event->as.plan.set,
		.folder = event->as.plan.folder,
		.name = name.ptr ? name : event->as.plan.set.name,
	};
	enum exit_status status = unpack(&unpacking, &event->as.plan.plan);
	event_destroy(event);
	return status;
}
