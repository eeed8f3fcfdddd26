// SPDX-License-Identifier: MIT
/**
 * Finding a word in megabytes of text: sixteen places at a time where the machine has SSE2.
 */
#ifndef STORAGE_INDEX_TEXT_FIND_H
#define STORAGE_INDEX_TEXT_FIND_H

#include "core/base/str.h"

/** Whoever asks keeps this many readable bytes behind the text. */
#define TEXT_FIND_PADDING 32

/** Where `word` begins first in text[from .. to), all of it inside; `to` when nowhere. */
size_t text_find(const char *text, size_t from, size_t to, struct str word);

#endif
