// SPDX-License-Identifier: MIT
/**
 * The text by which a model is sorted and found: folded, fields in a fixed order, told apart by
 * control bytes, which the folded text itself never holds.
 *
 *	NAME [DOT EXTENSION | ITEM FILE-NAME] END TRIGGER ITEM TRIGGER END TAG ITEM TAG END
 *
 * Sorting these bytes sorts by name, since the marks are less than any character. The trigger and
 * tag fields are left out when empty from the right. DOT stands for the point before the extension,
 * so that the name is not kept twice.
 */
#ifndef STORAGE_INDEX_SHELF_TEXT_H
#define STORAGE_INDEX_SHELF_TEXT_H

#include "core/base/array.h"

#define SHELF_ITEM '\x1d'
#define SHELF_END '\x1e'
#define SHELF_DOT '\x1f'

enum shelf_field { SHELF_NAME, SHELF_TRIGGERS, SHELF_TAGS };

/** Without tags: they belong to user.db. @path relative to the root; its last part is the file. */
void shelf_text(struct bytes *out, struct str name, struct str path, const struct str *triggers,
		size_t n_triggers);
/** Folds a word as the text is folded: no marks inside. */
void shelf_fold(struct bytes *out, struct str raw);

#endif
