// SPDX-License-Identifier: MIT
/**
 * Adapter binding: which modules of an adapter attach to which tensors of a checkpoint, and
 * whether rows and columns agree.
 *
 * Pure: reads names and shapes, touches no file and no index. Proves no more than that the adapter
 * loads, not that it was trained for this checkpoint. Source: binding facts, section 7.
 */
#ifndef CORE_FIT_BINDING_H
#define CORE_FIT_BINDING_H

#include "core/adapters/module_names.h"

enum binding_state {
	BINDING_BOUND,
	BINDING_UNBOUND,
	BINDING_MISMATCH,
	BINDING_IGNORED,
	BINDING_STATES
};

const char *binding_word(enum binding_state state); /* "shape-mismatch" */

/** One module. What it points to is the adapter's and the checkpoint's. */
struct bound_module {
	struct str module; /* as the adapter calls it */
	enum component component;
	enum binding_state state;
	const struct module_target *target; /* NULL: none */
	const struct delta *delta;          /* NULL: it has no factors */
};

struct binding_count {
	size_t modules, bound, unbound, mismatched;
};

struct binding {
	struct binding_count all; /* modules = bound + unbound + mismatched */
	struct binding_count of[COMPONENT_COUNT];
	bool is_present[COMPONENT_COUNT]; /* the checkpoint has that component */
	size_t n_ignored;                 /* what no program uses, or nobody misses */
	/* The first of each; module.ptr NULL: none. `padded` binds to a layer that takes more inputs. */
	struct bound_module mismatch, lost, padded;
};

/** Binds every module; a look-up each. */
void binding_read(const struct module_names *checkpoint, const struct adapter *adapter,
		  struct binding *out);

/** A copy that needs neither the adapter nor the checkpoint's names. */
const struct binding *binding_copy(const struct binding *binding, struct arena *arena);

/** One module alone: what `bind` tells of it. */
struct bound_module binding_of(const struct module_names *checkpoint,
			       const struct adapter_module *module);

#endif
