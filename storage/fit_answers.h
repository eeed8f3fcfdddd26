// SPDX-License-Identifier: MIT
/**
 * What the query thread answers when it is asked what fits: one function a question.
 *
 * From what is stored: models whose disk is not there are judged like all others.
 */
#ifndef STORAGE_FIT_ANSWERS_H
#define STORAGE_FIT_ANSWERS_H

#include "storage/answers.h"

/** Adds the fit to details that were found, which are those of an adapter. */
NODISCARD bool fit_answers_details(struct answers *answers, const struct fitting *checkpoint,
				   struct event *event, struct error *err);

/** These fill `event`; what it points to lies in its arena. */
NODISCARD bool fit_answers_layout(struct answers *answers, const struct request *request,
				  struct event *event, struct error *err);
NODISCARD bool fit_answers_fits(struct answers *answers, const struct request *request,
				struct event *event, struct error *err);
/** The shelf must be loaded. */
NODISCARD bool fit_answers_matrix(struct answers *answers, const struct request *request,
				  struct event *event, struct error *err);

#endif
