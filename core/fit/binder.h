// SPDX-License-Identifier: MIT
/**
 * Binds adapters to one checkpoint: its names are read once, each layout of adapters is bound once,
 * however many files share it.
 *
 * Knows layouts by their keys alone; whoever made it reads their tensors, from wherever they are.
 */
#ifndef CORE_FIT_BINDER_H
#define CORE_FIT_BINDER_H

#include "core/fit/binding.h"
#include "core/fit/notes.h"

/**
 * Reads the tensors of a layout. False when they are not to be had: then nothing binds.
 * @table  out: on `arena`
 */
typedef bool (*binder_read_fn)(void *context, struct str layout, struct arena *arena,
			       struct tensor_table *table);

struct binder {
	const struct knowledge *knowledge; /* borrowed */
	binder_read_fn read;
	void *context;
	struct str architecture;          /* of the checkpoint; STR_NULL: unknown */
	struct str layout;                /* of the checkpoint; STR_NULL: its tensors are unknown */
	struct arena arena;               /* owns the keys and the bindings */
	struct map by_layout;             /* to struct binding; `nothing` when there is none */
	struct map notes;                 /* by layout too: to struct notes */
	struct arena room;                /* owns `names` */
	const struct module_names *names; /* NULL: not read yet, or let go */
	bool is_tried;                    /* reading the names failed */
};

/**
 * @architecture, @layout  copied
 * @context                for `read`; both outlive the binder
 */
void binder_init(struct binder *binder, const struct knowledge *knowledge, struct str architecture,
		 struct str layout, binder_read_fn read, void *context);
void binder_finish(struct binder *binder);

/** How adapters of that layout bind; NULL when it cannot be told. Lives as long as the binder. */
const struct binding *binder_bind(struct binder *binder, struct str layout);

/** What is to be noted of adapters of that layout; for who tells reasons. As long as the binder. */
struct notes binder_notes(struct binder *binder, struct str layout);

/** The checkpoint's names; NULL when its tensors are not to be had. Until binder_rest(). */
const struct module_names *binder_names(struct binder *binder);

/** Lets go of the names, which are large, until they are wanted again; the bindings stay. */
void binder_rest(struct binder *binder);

#endif
