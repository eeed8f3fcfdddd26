// SPDX-License-Identifier: MIT
/**
 * What people may write: tags, notes, names. The same for what comes from others' files.
 */
#ifndef CORE_BASE_USER_TEXT_H
#define CORE_BASE_USER_TEXT_H

#include "core/base/error.h"
#include "core/base/str.h"

#define TAG_BYTES_MAX 200
#define USER_NAME_BYTES_MAX 200
#define NOTE_BYTES_MAX (1u << 20)

/** A control character, also of those that a terminal obeys beyond ASCII? */
bool tag_has_control(struct str text);

/**
 * What may be a tag: UTF-8 without control characters and commas, not empty, not beginning with
 * + or -; spaces at the ends are taken off.
 * @err  USAGE: which rule is broken
 */
NODISCARD bool tag_check(struct str raw, struct str *tag, struct error *err);

/** A note is UTF-8 without NUL, of at most a megabyte; STR_NULL is none. @err  USAGE */
NODISCARD bool note_check(struct str note, struct error *err);

/**
 * What may be the name of something: UTF-8 without control characters, not empty; spaces at the ends
 * are taken off.
 * @what  for people: "set"
 * @err   USAGE
 */
NODISCARD bool name_check(const char *what, struct str raw, struct str *name, struct error *err);

#endif
