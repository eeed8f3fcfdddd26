// SPDX-License-Identifier: MIT
#include "tui/app/tray.h"

#include "tui/app/ask.h"
#include "tui/app/copy.h"
#include "tui/panes/models.h"
#include "tui/words.h"

/* More than anybody loads at once; and weights beyond this break any picture. */
enum { LORAS_MAX = 64, DOCK_ROWS_MAX = 16, WEIGHT_MAX = 10 };

static const char *const words[] = {"save", "open", "export", "delete", "clear"};

const char *tray_word(size_t i)
{
	return i < sizeof words / sizeof *words ? words[i] : NULL;
}

void tray_init(struct tray *tray)
{
	*tray = (struct tray){ .loras = ARRAY_OF(struct tray_lora) };
}

void tray_finish(struct tray *tray)
{
	event_destroy(tray->fit);
	array_finish(&tray->loras);
	bytes_finish(&tray->name);
	bytes_finish(&tray->wanted);
	arena_finish(&tray->arena);
}

static struct tray_lora *lora_at(const struct tray *tray, size_t i)
{
	return ARRAY_AT(&tray->loras, struct tray_lora, i);
}

static struct tray_lora *find_lora(const struct tray *tray, uint32_t id)
{
	for (size_t i = 0; i < tray->loras.len; i++)
		if (lora_at(tray, i)->id == id)
			return lora_at(tray, i);
	return NULL;
}

static void forget_fit(struct tray *tray)
{
	event_destroy(tray->fit);
	tray->fit = NULL;
	tray->serial = 0;
}

static void clear(struct tray *tray)
{
	forget_fit(tray);
	array_clear(&tray->loras);
	arena_reset(&tray->arena);
	bytes_clear(&tray->name);
	tray->is_changed = false;
}

static void add_lora(struct tray *tray, uint32_t id, struct str name, struct set_weights weights)
{
	*ARRAY_PUSH(&tray->loras, struct tray_lora) =
		(struct tray_lora){ id, arena_str(&tray->arena, name), weights };
}

static void remove_lora(struct tray *tray, const struct tray_lora *gone)
{
	size_t n = 0;
	for (size_t i = 0; i < tray->loras.len; i++)
		if (lora_at(tray, i) != gone)
			*lora_at(tray, n++) = *lora_at(tray, i);
	array_pop(&tray->loras);
}

static struct set_put *puts_of(const struct tray *tray, struct arena *arena)
{
	struct set_put *puts = ARENA_NEW_N(arena, struct set_put, tray->loras.len + 1);
	for (size_t i = 0; i < tray->loras.len; i++)
		puts[i] = (struct set_put){ .id = lora_at(tray, i)->id,
					    .weights = lora_at(tray, i)->weights };
	return puts;
}

struct request *tray_request(struct app *app)
{
	size_t n = app->tray.loras.len;
	const struct row *row = models_row(app);
	bool is_alone = n == 0 && row && row->kind == KIND_LORA;
	if (n == 0 && !is_alone)
		return NULL;
	struct request *request = ask_new(app, REQUEST_COMPOSE);
	struct set_put *puts = puts_of(&app->tray, &request->arena);
	if (is_alone)
		puts[0] = (struct set_put){ .id = row->id, .weights = { 1, false, 0 } };
	request->as.compose.checkpoint = app->checkpoint.id;
	request->as.compose.loras = puts;
	request->as.compose.n = is_alone ? 1 : n;
	return request;
}

void tray_ask(struct app *app, struct effects *out)
{
	if (!app->tray.loras.len)
		return;
	struct request *request = tray_request(app);
	app->tray.serial = request->serial;
	effects_send(out, request);
}

/* What is shown of the fit stays until the new one is here, unless it counts other LoRAs. */
static void changed(struct app *app, struct effects *out)
{
	app->tray.is_changed = true;
	if (app->tray.fit && app->tray.fit->as.composed.n != app->tray.loras.len)
		forget_fit(&app->tray);
	tray_ask(app, out);
	app_lay_out(app);
}

void tray_toggle(struct app *app, struct effects *out)
{
	struct tray *tray = &app->tray;
	const struct row *row = models_row(app);
	if (!row)
		return;
	const struct tray_lora *lora = find_lora(tray, row->id);
	if (lora) {
		remove_lora(tray, lora);
		forget_fit(tray);	/* its verdicts have other places now */
	} else if (row->kind == KIND_CHECKPOINT || row->kind == KIND_DIFFUSION_MODEL) {
		models_choose(app, out);
		return;
	} else if (row->kind != KIND_LORA) {
		app_tell(app, STYLE_MISTAKE, "a set has LoRAs and a checkpoint; this is: %s",
			 kind_name(row->kind));
		return;
	} else if (tray->loras.len == LORAS_MAX) {
		app_tell(app, STYLE_MISTAKE, "a set has at most %d LoRAs", LORAS_MAX);
		return;
	} else {
		add_lora(tray, row->id, row->name, (struct set_weights){ 1, false, 0 });
		forget_fit(tray);
	}
	changed(app, out);
}

void tray_weigh(struct app *app, double step, struct effects *out)
{
	struct tray_lora *lora = find_lora(&app->tray, app->models.cursor_id);
	if (!lora) {
		app_tell(app, STYLE_MISTAKE, "this model is not in the set: a puts it in");
		return;
	}
	/* In whole hundredths, so that twenty steps up and down lead back. */
	double wanted = (lora->weights.weight + step) * 100;
	double weight = (double)(int)(wanted < 0 ? wanted - 0.5 : wanted + 0.5) / 100;
	if (weight >= -WEIGHT_MAX && weight <= WEIGHT_MAX)
		lora->weights.weight = weight;
	changed(app, out);
}

static bool may_write(struct app *app)
{
	if (!app->can_write)
		app_tell(app, STYLE_MISTAKE, "read-only: another lorarium is changing this library");
	return app->can_write;
}

static void save(struct app *app, struct str name, struct effects *out)
{
	struct tray *tray = &app->tray;
	if (!name.len)
		name = bytes_str(&tray->name);
	if (!name.len || !tray->loras.len) {
		app_tell(app, STYLE_MISTAKE, tray->loras.len ? "under which name? :set save NAME"
							     : "the set is empty: a puts a LoRA in");
		return;
	}
	if (!may_write(app))
		return;
	struct request *request = ask_new(app, REQUEST_SET_CHANGE);
	request->as.set = (struct set_change){
		.action = SET_PUT, .is_all = true, .name = arena_str(&request->arena, name),
		.checkpoint = app->checkpoint.id, .loras = puts_of(tray, &request->arena),
		.n_loras = tray->loras.len,
	};
	/* The name may be the tray's own. */
	struct str kept = request->as.set.name;
	bytes_clear(&tray->name);
	bytes_append_str(&tray->name, kept);
	tray->save_serial = request->serial;
	tray->is_changed = false;
	effects_send(out, request);
	app_lay_out(app);
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
	if (!may_write(app))
		return;
	struct request *request = ask_new(app, REQUEST_SET_CHANGE);
	request->as.set.action = SET_DELETE;
	request->as.set.name = arena_str(&request->arena, name);
	app->tray.save_serial = request->serial;
	effects_send(out, request);
}

void tray_command(struct app *app, struct str argument, struct effects *out)
{
	struct str rest = argument, word;
	if (!str_next_part(&rest, ' ', &word))
		word = argument;
	rest = rest.ptr ? str_trim(rest) : STR("");
	if (str_equal(word, STR("save"))) {
		save(app, rest, out);
	} else if (str_equal(word, STR("open"))) {
		open_set(app, rest, out);
	} else if (str_equal(word, STR("export"))) {
		copy_export(app, rest, out);
	} else if (str_equal(word, STR("delete"))) {
		delete_set(app, rest, out);
	} else if (str_equal(word, STR("clear"))) {
		clear(&app->tray);
		app_lay_out(app);
	} else {
		app_tell(app, STYLE_MISTAKE,
			 "set save NAME, open NAME, export FORMAT, delete NAME or clear");
	}
}

static struct str first_reason(const struct event *event)
{
	const struct fit *set = event ? &event->as.composed.set : NULL;
	return set && set->n_reasons > 0 ? set->reasons[0].message : STR_NULL;
}

/* Told when it arises, not again whenever the library changes. */
static void tell_reason(struct app *app, const struct event *event)
{
	const struct fit *set = &event->as.composed.set;
	struct arena arena = { 0 };
	if (set->n_reasons > 0 && !str_equal(first_reason(app->tray.fit), first_reason(event)))
		app_tell(app, STYLE_WARNING, "%s: %.*s", reason_word(set->reasons[0].code),
			 STR_ARG(app_clean(app, &arena, set->reasons[0].message)));
	arena_finish(&arena);
}

bool tray_take_fit(struct app *app, struct event *event)
{
	struct tray *tray = &app->tray;
	if (!tray->serial || event->serial != tray->serial ||
	    event->as.composed.n != tray->loras.len)
		return false;
	tell_reason(app, event);
	event_destroy(tray->fit);
	tray->fit = event;
	if (!app->checkpoint.base_model.len)
		bytes_append_str(&app->checkpoint.base_model, event->as.composed.base_model);
	app_lay_out(app);
	return true;
}

static struct str stem_of(struct str path)
{
	struct str name = str_slice(path, (size_t)(str_rfind_byte(path, '/') + 1), path.len);
	ptrdiff_t dot = str_rfind_byte(name, '.');
	return dot > 0 ? str_slice(name, 0, (size_t)dot) : name;
}

static void choose_checkpoint(struct app *app, const struct set_info *set, struct effects *out)
{
	struct checkpoint *chosen = &app->checkpoint;
	if (!set->has_checkpoint || !set->checkpoint.id)
		return;
	chosen->id = set->checkpoint.id;
	bytes_clear(&chosen->name);
	bytes_append_str(&chosen->name, stem_of(set->checkpoint.path));
	bytes_clear(&chosen->base_model);	/* comes with the fit */
	app->details.asked_id = 0;
	ask_models(app, true, out);
}

static void take_set(struct app *app, const struct set_info *set, struct effects *out)
{
	struct tray *tray = &app->tray;
	size_t n_gone = 0;
	clear(tray);
	bytes_append_str(&tray->name, set->name);
	choose_checkpoint(app, set, out);
	for (size_t i = 0; i < set->n_loras && tray->loras.len < LORAS_MAX; i++) {
		const struct set_part *part = &set->loras[i];
		n_gone += part->id == 0;
		if (part->id)
			add_lora(tray, part->id, stem_of(part->path), part->weights);
	}
	tray->is_changed = n_gone > 0;
	if (n_gone > 0)
		app_tell(app, STYLE_WARNING, "%zu LoRAs of the set are not in the library", n_gone);
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

int tray_dock_rows(const struct app *app)
{
	const struct tray *tray = &app->tray;
	size_t n_reasons = tray->fit ? tray->fit->as.composed.set.n_reasons : 0;
	size_t rows = tray->loras.len ? 1 + tray->loras.len + n_reasons : 0;
	return rows < DOCK_ROWS_MAX ? (int)rows : DOCK_ROWS_MAX;
}
