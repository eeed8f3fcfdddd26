// SPDX-License-Identifier: MIT
/**
 * The doctor: looks at the data folder, the databases and the roots, and says how to mend them.
 *
 * Changes nothing.
 */
#ifndef STORAGE_CHECKS_H
#define STORAGE_CHECKS_H

#include "storage/answers.h"

/** @deep  every page of the databases, not only their structure */
void checks_run(struct answers *answers, bool can_write, bool deep, struct event *event);

#endif
