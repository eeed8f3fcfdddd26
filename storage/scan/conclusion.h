// SPDX-License-Identifier: MIT
/**
 * From facts to a model: the step that is taken right after a file was read, and again from stored
 * facts when the knowledge has changed.
 */
#ifndef STORAGE_SCAN_CONCLUSION_H
#define STORAGE_SCAN_CONCLUSION_H

#include "core/identify/identify.h"
#include "storage/scan/facts.h"

/** What was concluded from the layouts met so far: thought through once each. One thread each. */
struct concluder;

/** @knowledge  borrowed for the life of the concluder */
struct concluder *concluder_create(const struct knowledge *knowledge);
void concluder_destroy(struct concluder *concluder);

/** Between two: nothing that was concluded before is borrowed from the concluder any more. */
void concluder_trim(struct concluder *concluder);

/**
 * @facts   with the table of its reading, where it has one
 * @name    as in struct model
 * @folder  last component of the folder below the root; may be STR_NULL
 * @out     borrows from the facts, the names, the knowledge, `arena`, and until concluder_trim from
 *          the concluder
 */
void concluder_conclude(struct concluder *concluder, const struct facts *facts, struct str name,
			struct str folder, struct arena *arena, struct model *out);

#endif
