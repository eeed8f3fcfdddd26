// SPDX-License-Identifier: MIT
#include "tui/app/tray_sets.h"

#include <string.h>

#include "core/base/path.h"
#include "tui/app/ask.h"
#include "tui/app/changes.h"
#include "tui/app/copy.h"

static bool is_same_name(struct str a, struct str b)
{
	struct arena arena = { 0 };
	bool is_same =
		str_equal(text_fold_copy(&arena, str_trim(a)), text_fold_copy(&arena, str_trim(b)));
	arena_finish(&arena);
	return is_same;
}

/* A set of another name than the tray's is a new one, unless the person wants to lose that. */
static void send_save(struct app *app, struct str name, bool replaces, struct effects *out)
{
	struct tray *tray = &app->tray;
	struct request *request = ask_new(app, REQUEST_SET_CHANGE);
	struct set_change *change = &request->as.set;
	*change = (struct set_change){
		.action = replaces ? SET_PUT : SET_NEW,
		.is_all = replaces,
		.name = arena_str(&request->arena, name),
		.checkpoint = app->checkpoint.id,
		.checkpoint_subject = tray->gone_checkpoint,
	};
	change->loras = tray_puts(tray, &request->arena);
	change->n_loras = tray->loras.len + tray->gone.len;
	/* The name may be the tray's own. */
	bytes_clear(&tray->name_before);
	bytes_append_str(&tray->name_before, bytes_str(&tray->name));
	bytes_clear(&tray->name);
	bytes_append_str(&tray->name, change->name);
	tray->save_serial = request->serial;
	tray->is_changed = false;
	effects_send(out, request);
	app_lay_out(app);
}

static void save(struct app *app, struct str name, struct effects *out)
{
	struct tray *tray = &app->tray;
	bool is_empty = !tray->loras.len && !tray->gone.len;
	if (!name.len)
		name = bytes_str(&tray->name);
	if (!name.len || is_empty) {
		app_tell(app, STYLE_MISTAKE,
			 is_empty ? "the set is empty: a puts a LoRA in"
				  : "under which name? :set save NAME");
		return;
	}
	if (changes_may_write(app))
		send_save(app, name, is_same_name(name, bytes_str(&tray->name)), out);
}

static void replace_it(struct app *app, struct effects *out)
{
	send_save(app, bytes_str(&app->tray.wanted), true, out);
}

static void ask_to_replace(struct app *app, struct str name)
{
	enum { NAME_COLS = 30 };
	struct arena arena = { 0 };
	struct bytes *wanted = &app->tray.wanted;
	bytes_clear(wanted);
	bytes_append_str(wanted, name);
	name = text_cut_middle(&arena, app_clean(app, &arena, name), NAME_COLS, app->signs);
	question_ask(app, replace_it, "there is a set \"%.*s\": replace it?", STR_ARG(name));
	arena_finish(&arena);
}

bool tray_save_failed(struct app *app, const struct error *why)
{
	struct tray *tray = &app->tray;
	struct bytes name = tray->name;
	tray->name = tray->name_before;
	tray->name_before = name;
	tray->is_changed = true;
	app_lay_out(app);
	bool is_there = why->slug && strcmp(why->slug, SET_IS_THERE) == 0;
	if (is_there)
		ask_to_replace(app, bytes_str(&tray->name_before));
	return is_there;
}

static void open_set(struct app *app, struct str name, struct effects *out)
{
	struct request *request = ask_new(app, REQUEST_SETS);
	bytes_clear(&app->tray.wanted);
	bytes_append_str(&app->tray.wanted, name);
	app->tray.sets_serial = request->serial;
	effects_send(out, request);
}

static void delete_set(struct app *app, struct str name, struct effects *out)
{
	if (!name.len) {
		app_tell(app, STYLE_MISTAKE, "which one? :set delete NAME");
		return;
	}
	if (!changes_may_write(app))
		return;
	struct request *request = ask_new(app, REQUEST_SET_CHANGE);
	request->as.set.action = SET_DELETE;
	request->as.set.name = arena_str(&request->arena, name);
	app->tray.delete_serial = request->serial;
	effects_send(out, request);
}

static void prune(struct app *app)
{
	struct tray *tray = &app->tray;
	tray->is_changed |= tray->gone.len > 0 || tray->gone_checkpoint != 0;
	array_clear(&tray->gone);
	tray->gone_checkpoint = 0;
	app_lay_out(app);
}

static void clear(struct app *app)
{
	tray_clear(&app->tray);
	app_lay_out(app);
}

static const char *const words[] = { "save", "open", "export", "delete", "te", "prune", "clear" };

const char *tray_word(size_t i)
{
	return i < sizeof words / sizeof *words ? words[i] : NULL;
}

void tray_command(struct app *app, struct str argument, struct effects *out)
{
	struct str rest = argument, word;
	if (!str_next_part(&rest, ' ', &word))
		word = argument;
	rest = rest.ptr ? str_trim(rest) : STR("");
	if (str_equal(word, STR("save")))
		save(app, rest, out);
	else if (str_equal(word, STR("open")))
		open_set(app, rest, out);
	else if (str_equal(word, STR("export")))
		copy_export(app, rest, out);
	else if (str_equal(word, STR("delete")))
		delete_set(app, rest, out);
	else if (str_equal(word, STR("te")))
		tray_weigh_text(app, rest, out);
	else if (str_equal(word, STR("prune")))
		prune(app);
	else if (str_equal(word, STR("clear")))
		clear(app);
	else
		app_tell(app, STYLE_MISTAKE,
			 "set save NAME, open NAME, export FORMAT, delete NAME, "
			 "te WEIGHT, prune or clear");
}

static void choose_checkpoint(struct app *app, const struct set_info *set, struct effects *out)
{
	struct checkpoint *chosen = &app->checkpoint;
	const struct set_part *part = &set->checkpoint;
	chosen->id = set->has_checkpoint ? part->id : 0;
	app->tray.gone_checkpoint = set->has_checkpoint && !part->id ? part->subject : 0;
	bytes_clear(&chosen->name);
	if (chosen->id)
		bytes_append_str(&chosen->name, path_stem(part->path));
	else
		app->wishes.filter = FILTER_ALL;
	chosen->has_counts = false;
	bytes_clear(&chosen->base_model); /* comes with the fit */
	app->details.asked_id = 0;
	ask_models(app, true, out);
}

static void take_lora(struct tray *tray, const struct set_part *part)
{
	if (part->id)
		tray_add(tray, part->id, path_stem(part->path), part->weights);
	else
		*ARRAY_PUSH(&tray->gone, struct set_put) =
			(struct set_put){ .subject = part->subject, .weights = part->weights };
}

static void take_set(struct app *app, const struct set_info *set, struct effects *out)
{
	struct tray *tray = &app->tray;
	tray_clear(tray);
	bytes_append_str(&tray->name, set->name);
	choose_checkpoint(app, set, out);
	for (size_t i = 0; i < set->n_loras; i++)
		take_lora(tray, &set->loras[i]);
	size_t n_gone = tray->gone.len + (tray->gone_checkpoint != 0);
	if (n_gone > 0)
		app_tell(app, STYLE_WARNING,
			 "%zu of the set %s not in the library: kept in it; "
			 ":set prune leaves out",
			 n_gone, n_gone == 1 ? "is" : "are");
	tray_ask(app, out);
	app_lay_out(app);
}

static void tell_names(struct app *app, const struct event *event)
{
	struct bytes names = { 0 };
	for (size_t i = 0; i < event->as.sets.n; i++) {
		bytes_append_str(&names, i > 0 ? STR(", ") : STR(""));
		text_clean(&names, event->as.sets.sets[i].name, app->charset);
	}
	app_tell(app, STYLE_NORMAL, names.len ? "sets: %.*s" : "there is no set yet%.*s",
		 STR_ARG(bytes_str(&names)));
	bytes_finish(&names);
}

void tray_take_sets(struct app *app, const struct event *event, struct effects *out)
{
	struct arena arena = { 0 };
	struct str wanted = text_fold_copy(&arena, bytes_str(&app->tray.wanted));
	bool is_found = false;
	if (event->serial != app->tray.sets_serial)
		return;
	for (size_t i = 0; wanted.len && !is_found && i < event->as.sets.n; i++) {
		const struct set_info *set = &event->as.sets.sets[i];
		is_found = str_equal(text_fold_copy(&arena, set->name), wanted);
		if (is_found)
			take_set(app, set, out);
	}
	if (!is_found)
		tell_names(app, event);
	arena_finish(&arena);
}
