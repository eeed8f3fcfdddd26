// SPDX-License-Identifier: MIT
/**
 * What was changed once, as the history tells of it.
 */
#ifndef STORAGE_OPERATION_H
#define STORAGE_OPERATION_H

#include "core/organise/plan.h"

enum operation_stands {
	OPERATION_STANDS,
	OPERATION_STANDS_PARTLY, /* an undo or redo was cut short: either goes on with what it left */
	OPERATION_UNDONE,
};

/** What was changed once, and can be taken back. */
struct operation {
	int64_t id;
	int64_t at_s;
	struct str what;    /* the command: "tag" */
	struct str words;   /* the rest: "+style" */
	struct str state;   /* planned, running, done, rolled-back, conflict */
	uint64_t n_changed; /* models, sets or files */
	uint64_t n_steps;   /* on files */
	bool is_asked;      /* by a person: undo takes it back */
	enum operation_stands stands;
	int64_t reverts; /* whose files it takes back, or forth again; 0: none */
	uint64_t n_undo; /* `undo N` reaches it; 0: none does */
};

/** What an operation did, or is to do, to one file. */
struct operation_step {
	enum plan_action action;
	bool is_companion;
	struct str old, new; /* absolute, raw bytes */
	struct str state;    /* planned, copied, done, rolled-back, conflict */
};

#endif
