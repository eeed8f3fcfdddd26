// SPDX-License-Identifier: MIT
#include "cli/out.h"

#include <errno.h>
#include <langinfo.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "core/base/write.h"

enum { BREATHE_BYTES = 1 << 16, PRINTED_MAX = 1024 };

static bool wants_colour(bool no_color)
{
	const char *unwanted = getenv("NO_COLOR"), *term = getenv("TERM");
	return !no_color && !(unwanted && unwanted[0]) && term && term[0] &&
	       strcmp(term, "dumb") != 0;
}

static size_t terminal_cols(int fd)
{
	struct winsize size;
	if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col < 20)
		return 80;
	return size.ws_col;
}

void out_init(struct out *out, int fd, bool no_color, bool ascii)
{
	bool is_terminal = isatty(fd);
	bool is_utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	*out = (struct out){
		.fd = fd,
		.has_colour = is_terminal && wants_colour(no_color),
		.charset = is_utf8 && !ascii ? TEXT_UTF8 : TEXT_ASCII,
		.width_cols = is_terminal ? terminal_cols(fd) : 0,
	};
}

void out_finish(struct out *out)
{
	bytes_finish(&out->pending);
	bytes_finish(&out->scratch);
}

static void drain(struct out *out)
{
	if (out->write_errno == 0 && !write_all(out->fd, bytes_str(&out->pending)))
		out->write_errno = errno;
	bytes_clear(&out->pending);
}

void out_breathe(struct out *out)
{
	if (out->pending.len >= BREATHE_BYTES)
		drain(out);
}

bool out_flush(struct out *out, struct error *err)
{
	drain(out);
	if (out->write_errno == 0)
		return true;
	return error_system(err, out->write_errno, "standard output");
}

void out_printf(struct out *out, const char *format, ...)
{
	char text[PRINTED_MAX];
	va_list arguments;
	va_start(arguments, format);
	int n = vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	if (n < 0 || (size_t)n >= sizeof text)
		BUG("\"%s\" prints more than %d bytes", format, (int)PRINTED_MAX);
	bytes_append(&out->pending, text, (size_t)n);
}

void out_text(struct out *out, struct str raw)
{
	text_clean(&out->pending, raw, out->charset);
}

void out_cell(struct out *out, struct str raw, size_t cols)
{
	bytes_clear(&out->scratch);
	text_clean(&out->scratch, raw, out->charset);
	struct str clean = bytes_str(&out->scratch);
	size_t width = text_cols(clean);
	if (out->width_cols == 0 || width <= cols) {
		bytes_append_str(&out->pending, clean);
	} else {
		struct arena arena = { 0 };
		struct str cut = text_cut_middle(&arena, clean, cols, out->charset);
		bytes_append_str(&out->pending, cut);
		width = text_cols(cut);
		arena_finish(&arena);
	}
	for (; width < cols; width++)
		bytes_append_byte(&out->pending, ' ');
}

void out_lines(struct out *out, struct str raw)
{
	struct str rest = raw, line;
	for (bool is_first = true; str_next_part(&rest, '\n', &line); is_first = false) {
		if (!is_first)
			out_printf(out, "\n");
		out_text(out, line);
	}
}

void out_time(struct out *out, int64_t seconds)
{
	char when[OUT_TIME_COLS + 1] = "";
	time_t time = (time_t)seconds;
	struct tm broken;
	if (!localtime_r(&time, &broken) ||
	    strftime(when, sizeof when, "%Y-%m-%d %H:%M", &broken) == 0)
		when[0] = '\0';
	out_printf(out, "%-*s", OUT_TIME_COLS, when);
}

void out_style(struct out *out, enum out_style style)
{
	static const char *const codes[OUT_STYLE_COUNT] = {
		[OUT_PLAIN] = "\033[0m", [OUT_TITLE] = "\033[1m",    [OUT_DIM] = "\033[2m",
		[OUT_GOOD] = "\033[32m", [OUT_CAUTION] = "\033[33m", [OUT_BAD] = "\033[31m",
	};
	if (out->has_colour)
		bytes_append_str(&out->pending, str_from(codes[style]));
}

void out_pair(struct out *out, const char *key, struct str raw)
{
	if (!raw.ptr)
		return;
	out_style(out, OUT_DIM);
	out_printf(out, "%s:", key);
	out_style(out, OUT_PLAIN);
	bytes_append_byte(&out->pending, ' ');
	out_text(out, raw);
	bytes_append_byte(&out->pending, '\n');
}

void out_line(struct out *out, const struct bytes *json)
{
	bytes_append_str(&out->pending, bytes_str(json));
	bytes_append_byte(&out->pending, '\n');
	out_breathe(out);
}

void out_complain(struct out *out, struct str raw)
{
	struct bytes line = { 0 };
	drain(out);
	bytes_append_str(&line, STR("lorarium: "));
	text_clean(&line, raw, out->charset);
	bytes_append_byte(&line, '\n');
	/* Nobody is left to be told when stderr is gone, too. */
	(void)!write_all(STDERR_FILENO, bytes_str(&line));
	bytes_finish(&line);
}
