// SPDX-License-Identifier: MIT
/**
 * Text for people: what may reach a terminal, how wide it is, how it is cut and folded.
 *
 * The only caller of utf8proc, and the only way text from files, names or databases reaches a
 * terminal, a log or the clipboard. Two different inputs never give the same clean text.
 */
#ifndef CORE_BASE_TEXT_H
#define CORE_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/array.h"

enum text_charset { TEXT_UTF8, TEXT_ASCII };

/**
 * Appends `raw` to `out` so that it is harmless on any terminal.
 *
 * Broken UTF-8 becomes \xNN, C0 and DEL ^X (tab, LF, CR: \t \n \r), C1 \u0085, bidi, invisible,
 * private and unassigned code points <U+XXXX>, a backslash \\, a fifth combining mark and a mark
 * without a base <U+XXXX>. With TEXT_ASCII everything outside ASCII becomes <U+XXXX>.
 */
void text_clean(struct bytes *out, struct str raw, enum text_charset charset);

/** text_clean into an arena. */
struct str text_clean_copy(struct arena *arena, struct str raw, enum text_charset charset);

/** Columns that clean text takes on a terminal. */
size_t text_cols(struct str clean);

/** Bytes of the longest prefix of whole grapheme clusters that fits `cols_max`; `*cols` its width. */
size_t text_fit(struct str clean, size_t cols_max, size_t *cols);

/** One grapheme cluster from the front: its bytes; `*cols` its width (0, 1 or 2). 0 at the end. */
size_t text_next_cluster(struct str clean, size_t *cols);

/** Cut in the middle with an ellipsis so that the tail (a version) stays; at most `cols_max`. */
struct str text_cut_middle(struct arena *arena, struct str clean, size_t cols_max,
			   enum text_charset charset);

/** Case-folded, NFC, for searching: broken bytes stay as they are. */
void text_fold(struct bytes *out, struct str raw);
struct str text_fold_copy(struct arena *arena, struct str raw);

/** Valid UTF-8 (no surrogates, no overlongs)? `*bad` the offset of the first bad byte. */
bool text_is_utf8(struct str raw, size_t *bad);

#endif
