// SPDX-License-Identifier: MIT
#include "tui/app/tray.h"

#include "tui/app/ask.h"
#include "tui/app/copy.h"
#include "tui/panes/models.h"
#include "tui/words.h"

/* Weights beyond this break any picture. */
enum { DOCK_ROWS_MAX = 16, WEIGHT_MAX = 10 };

void tray_init(struct tray *tray)
{
	*tray = (struct tray){
		.loras = ARRAY_OF(struct tray_lora),
		.gone = ARRAY_OF(struct set_put),
	};
}

void tray_finish(struct tray *tray)
{
	event_destroy(tray->fit);
	array_finish(&tray->loras);
	array_finish(&tray->gone);
	bytes_finish(&tray->name);
	bytes_finish(&tray->name_before);
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

void tray_clear(struct tray *tray)
{
	forget_fit(tray);
	array_clear(&tray->loras);
	array_clear(&tray->gone);
	arena_reset(&tray->arena);
	bytes_clear(&tray->name);
	tray->gone_checkpoint = 0;
	tray->is_changed = false;
}

void tray_add(struct tray *tray, uint32_t id, struct str name, struct set_weights weights)
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

struct set_put *tray_puts(const struct tray *tray, struct arena *arena)
{
	size_t n = tray->loras.len;
	struct set_put *puts = ARENA_NEW_N(arena, struct set_put, n + tray->gone.len + 1);
	for (size_t i = 0; i < n; i++)
		puts[i] = (struct set_put){ .id = lora_at(tray, i)->id,
					    .weights = lora_at(tray, i)->weights };
	for (size_t i = 0; i < tray->gone.len; i++)
		puts[n + i] = *ARRAY_AT(&tray->gone, struct set_put, i);
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
	struct set_put *puts = tray_puts(&app->tray, &request->arena);
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
		forget_fit(tray); /* its verdicts have other places now */
	} else if (row->kind == KIND_CHECKPOINT || row->kind == KIND_DIFFUSION_MODEL) {
		/* Pressed before what fits is there, a is meant for a LoRA. */
		if (row->id == app->checkpoint.id)
			app_tell(app, STYLE_MISTAKE,
				 "this is the checkpoint already; c lets it go");
		else
			models_choose(app, out);
		return;
	} else if (row->kind != KIND_LORA) {
		app_tell(app, STYLE_MISTAKE, "a set has LoRAs and a checkpoint; this is: %s",
			 kind_name(row->kind));
		return;
	} else if (tray->loras.len == TRAY_LORAS_MAX) {
		app_tell(app, STYLE_MISTAKE, "a set has at most %u LoRAs", TRAY_LORAS_MAX);
		return;
	} else {
		tray_add(tray, row->id, row->name, (struct set_weights){ 1, false, 0 });
		forget_fit(tray);
		app_tell(app, STYLE_NORMAL, "%zu in the set; y and then l copies the prompt",
			 tray->loras.len);
	}
	changed(app, out);
}

/* The LoRA under the cursor, if it is in the set. */
static struct tray_lora *lora_here(struct app *app)
{
	struct tray_lora *lora = find_lora(&app->tray, app->models.cursor_id);
	if (!lora)
		app_tell(app, STYLE_MISTAKE, "this model is not in the set: a puts it in");
	return lora;
}

void tray_weigh(struct app *app, double step, struct effects *out)
{
	struct tray_lora *lora = lora_here(app);
	if (!lora)
		return;
	/* In whole hundredths, so that twenty steps up and down lead back. */
	double wanted = (lora->weights.weight + step) * 100;
	if (wanted > -WEIGHT_MAX * 100 - 0.5 && wanted < WEIGHT_MAX * 100 + 0.5)
		lora->weights.weight =
			(double)(int)(wanted < 0 ? wanted - 0.5 : wanted + 0.5) / 100;
	changed(app, out);
}

void tray_weigh_text(struct app *app, struct str weight, struct effects *out)
{
	struct tray_lora *lora = lora_here(app);
	double number = 0;
	if (!lora)
		return;
	if (weight.len > 0 &&
	    (!str_to_double(weight, &number) || number < -WEIGHT_MAX || number > WEIGHT_MAX)) {
		app_tell(app, STYLE_MISTAKE, "a weight is a number from -%d to %d, such as 0.8",
			 WEIGHT_MAX, WEIGHT_MAX);
		return;
	}
	lora->weights.has_weight_te = weight.len > 0;
	lora->weights.weight_te = number;
	changed(app, out);
}

void tray_shift(struct app *app, bool is_later, struct effects *out)
{
	struct tray *tray = &app->tray;
	struct tray_lora *lora = lora_here(app);
	if (!lora || lora == lora_at(tray, is_later ? tray->loras.len - 1 : 0))
		return;
	struct tray_lora *other = is_later ? lora + 1 : lora - 1, moved = *lora;
	*lora = *other;
	*other = moved;
	forget_fit(tray); /* its verdicts have other places now */
	changed(app, out);
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

int tray_dock_rows(const struct app *app)
{
	const struct tray *tray = &app->tray;
	size_t n_reasons = tray->fit ? tray->fit->as.composed.set.n_reasons : 0;
	bool is_gone = tray->gone.len > 0 || tray->gone_checkpoint;
	size_t rows = tray->loras.len || is_gone ? 1 + tray->loras.len + n_reasons + is_gone : 0;
	return rows < DOCK_ROWS_MAX ? (int)rows : DOCK_ROWS_MAX;
}
