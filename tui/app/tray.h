// SPDX-License-Identifier: MIT
/**
 * The set that is being composed: LoRAs with weights for the chosen checkpoint, their fit asked for
 * after every change.
 */
#ifndef TUI_APP_TRAY_H
#define TUI_APP_TRAY_H

#include "storage/messages.h"
#include "tui/app/effects.h"

#define TRAY_LORAS_MAX 64u /* that are put in one by one: more than anybody loads at once */

struct app;

struct tray_lora {
	uint32_t id;
	struct str name; /* raw */
	struct set_weights weights;
};

struct tray {
	struct arena arena; /* owns the names of LoRAs */
	struct array loras; /* struct tray_lora */
	struct array
		gone; /* struct set_put: LoRAs of the opened set that the library has no more */
	int64_t gone_checkpoint;  /* its checkpoint, where that is one; 0: it is none */
	struct bytes name;        /* of the set that was opened or saved; empty: none */
	bool is_changed;          /* since then */
	struct bytes name_before; /* of the save that is under way */
	struct event *fit;        /* COMPOSED, owned; or NULL */
	uint32_t serial;          /* of the newest COMPOSE */
	uint32_t sets_serial, save_serial, delete_serial;
	struct bytes wanted; /* the set to be opened (empty: names are to be told), or replaced */
};

void tray_init(struct tray *tray);
void tray_finish(struct tray *tray);

/** The model under the cursor goes in or out; a checkpoint is chosen. */
void tray_toggle(struct app *app, struct effects *out);
/** Its weight, by so much. */
void tray_weigh(struct app *app, double step, struct effects *out);
/** The weight of its text encoders; "" for the same as the model's. */
void tray_weigh_text(struct app *app, struct str weight, struct effects *out);
/** Its place among the others: one earlier, or one later. */
void tray_shift(struct app *app, bool is_later, struct effects *out);

/** Empties it. */
void tray_clear(struct tray *tray);
void tray_add(struct tray *tray, uint32_t id, struct str name, struct set_weights weights);

/** Its LoRAs, then those that are gone; there is room for one at least. On `arena`. */
struct set_put *tray_puts(const struct tray *tray, struct arena *arena);

/** Asks for the fit anew, where there is anything to fit. */
void tray_ask(struct app *app, struct effects *out);
/** A request for the fit of the set, or of one model alone when it is empty; NULL: of neither. */
struct request *tray_request(struct app *app);

/** COMPOSED. @return true: kept */
bool tray_take_fit(struct app *app, struct event *event);

/** Lines that the dock wants; 0 for an empty set. */
int tray_dock_rows(const struct app *app);

#endif
