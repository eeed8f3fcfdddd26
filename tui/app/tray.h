// SPDX-License-Identifier: MIT
/**
 * The set that is being composed: LoRAs with weights for the chosen checkpoint, their fit asked for
 * after every change; saved and opened by name.
 */
#ifndef TUI_APP_TRAY_H
#define TUI_APP_TRAY_H

#include "storage/messages.h"
#include "tui/app/effects.h"

struct app;

struct tray_lora {
	uint32_t id;
	struct str name;	/* raw */
	struct set_weights weights;
};

struct tray {
	struct arena arena;	/* owns the names of LoRAs */
	struct array loras;	/* struct tray_lora */
	struct bytes name;	/* of the set that was opened or saved; empty: none */
	bool is_changed;	/* since then */
	struct event *fit;	/* COMPOSED, owned; or NULL */
	uint32_t serial;	/* of the newest COMPOSE */
	uint32_t sets_serial, save_serial;
	struct bytes wanted;	/* the set to be opened; empty: names are to be told */
};

void tray_init(struct tray *tray);
void tray_finish(struct tray *tray);

/** The model under the cursor goes in or out; a checkpoint is chosen. */
void tray_toggle(struct app *app, struct effects *out);
/** Its weight, by so much. */
void tray_weigh(struct app *app, double step, struct effects *out);
/** "save NAME", "open NAME", "export FORMAT", "delete NAME", "clear". */
void tray_command(struct app *app, struct str argument, struct effects *out);
/** The i-th word that tray_command knows; NULL after the last. */
const char *tray_word(size_t i);

/** Asks for the fit anew, where there is anything to fit. */
void tray_ask(struct app *app, struct effects *out);
/** A request for the fit of the set, or of one model alone when it is empty; NULL: of neither. */
struct request *tray_request(struct app *app);

/** COMPOSED. @return true: kept */
bool tray_take_fit(struct app *app, struct event *event);
void tray_take_sets(struct app *app, const struct event *event, struct effects *out);

/** Lines that the dock wants; 0 for an empty set. */
int tray_dock_rows(const struct app *app);

#endif
