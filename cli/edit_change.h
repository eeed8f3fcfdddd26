// SPDX-License-Identifier: MIT
/**
 * What is attached to a model, before and after: whether it differs, and shown to whoever decides.
 */
#ifndef CLI_EDIT_CHANGE_H
#define CLI_EDIT_CHANGE_H

#include "cli/out.h"
#include "storage/messages.h"

/** What is attached to it now; borrowed from `entry`. */
struct edited edit_of(const struct entry *entry);

/** Tags that differ by case only are one. */
bool edit_has_tag(const struct edited *model, struct str tag);

/** The same tags in any order, rating, note, favourite? */
bool edit_is_same(const struct edited *a, const struct edited *b);

/** A line: the name, and what comes and what goes. */
void edit_print(struct out *out, struct str name, const struct edited *old,
		const struct edited *new);

#endif
