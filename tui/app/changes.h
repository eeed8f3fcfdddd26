// SPDX-License-Identifier: MIT
/**
 * What a person changes about models: notes, ratings, favourites, files; and the way back.
 */
#ifndef TUI_APP_CHANGES_H
#define TUI_APP_CHANGES_H

#include "tui/app/app.h"

/** Says why not. */
bool changes_may_write(struct app *app);
/** Is there a model to be changed, and may it be? Says why not. @what  "tag" */
bool changes_may_edit(struct app *app, const char *what);
/** What is marked, else the model under the cursor. On `arena` */
struct selection changes_selection(const struct app *app, struct arena *arena);
/** Sends an edit; `done` is what is told of so many models when it is done: "tagged". */
void changes_send(struct app *app, struct request *request, const char *done, struct effects *out);

/** One of the commands from COMMAND_NOTE to COMMAND_TRASH. @argument  as actions_run takes it */
void changes_run(struct app *app, enum command command, struct str argument, struct effects *out);

/** Shows a plan that has come. @return true: the event was taken */
bool changes_take_plan(struct app *app, struct event *event);
/** Is the plan about what is marked, and not about what another page chose? */
bool changes_can_leave_out(const struct app *app);
/** Asks for the plan that is shown again, without the models that conflict. */
void changes_leave_out(struct app *app, struct effects *out);
/** Is what `m` is told a folder, and no template? */
bool changes_is_folder(struct str text);
/** Carries the plan that is shown out. */
void changes_apply(struct app *app, struct effects *out);

#endif
