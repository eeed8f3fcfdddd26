// SPDX-License-Identifier: MIT
/**
 * Standard output: gathered, cleaned, coloured, and written with every error noticed.
 *
 * The only printf of the command line. Text from files or names goes through out_text, which lets
 * nothing reach a terminal that could move its cursor.
 */
#ifndef CLI_OUT_H
#define CLI_OUT_H

#include "core/base/array.h"
#include "core/base/error.h"
#include "core/base/text.h"

/** What a piece of text means; colours only on a terminal that wants them. */
enum out_style { OUT_PLAIN, OUT_TITLE, OUT_DIM, OUT_GOOD, OUT_CAUTION, OUT_BAD, OUT_STYLE_COUNT };

struct out {
	struct bytes pending;
	struct bytes scratch;
	int fd;
	int write_errno; /* the first that failed; 0: none */
	bool has_colour;
	enum text_charset charset;
	size_t width_cols; /* of the terminal; 0: not one, so nothing is cut */
};

/** Looks at `fd`, the locale and TERM. */
void out_init(struct out *out, int fd, bool no_color, bool ascii);
void out_finish(struct out *out);

/** Words of our own. */
void out_printf(struct out *out, const char *format, ...) PRINTF(2, 3);
/** Somebody else's words, made harmless. */
void out_text(struct out *out, struct str raw);
/** As out_text, but line feeds stay: a note of several lines. */
void out_lines(struct out *out, struct str raw);
/** As out_text, and spaces up to `cols`; on a terminal, what is longer is cut in its middle. */
void out_cell(struct out *out, struct str raw, size_t cols);
#define OUT_TIME_COLS 16
/** A moment, in local time: "2026-01-31 23:59". */
void out_time(struct out *out, int64_t seconds);
/** Styles do not nest: OUT_PLAIN ends one. */
void out_style(struct out *out, enum out_style style);
/** "KEY: VALUE" on a line of its own; nothing at all for STR_NULL. */
void out_pair(struct out *out, const char *key, struct str raw);
/** A finished line of JSON. */
void out_line(struct out *out, const struct bytes *json);

/** Writes what is pending when it is much, or all with out_flush. */
void out_breathe(struct out *out);
/** @err SYSTEM: what was written did not arrive. Also tells of an earlier failure. */
NODISCARD bool out_flush(struct out *out, struct error *err);

/** "lorarium: TEXT" on stderr, made harmless; what is pending goes out before. */
void out_complain(struct out *out, struct str raw);

#endif
