// SPDX-License-Identifier: MIT
/**
 * What is attached to models, one line each, for a person's editor; and the lines read back.
 *
 *     12  4  *  [style, two words]  the note  # name
 *
 * Id, rating or "-", "*" for a favourite or "-", tags, note. In tags and notes a backslash stands
 * before "]", "#" and itself, and \n is a new line. What follows "#" is a comment.
 */
#ifndef CLI_EDIT_TEXT_H
#define CLI_EDIT_TEXT_H

#include "core/base/array.h"
#include "core/base/error.h"
#include "storage/messages.h"

/** Appends the line. @name  raw: made harmless */
void edit_text_write(const struct edited *model, struct str name, struct bytes *out);

/**
 * @out  struct edited, on `arena`, with their lines
 * @mistakes  struct str, "line 3: ...", on `arena`: all of them
 */
void edit_text_read(struct str text, struct arena *arena, struct array *out,
		    struct array *mistakes);

#endif
