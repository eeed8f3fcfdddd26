// SPDX-License-Identifier: MIT
#define NCURSES_WIDECHAR 1
#include "tui/term/term.h"

#include <curses.h>
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "core/base/utf8.h"
#include "tui/term/capability.h"
#include "tui/term/clipboard.h"
#include "tui/term/outlet.h"
#include "tui/term/palette.h"
#include "tui/term/signals.h"

#define PASTE_ON "\x1b[?2004h"
#define PASTE_OFF "\x1b[?2004l"
#define MOUSE_ON "\x1b[?1000h\x1b[?1006h"
#define MOUSE_OFF "\x1b[?1006l\x1b[?1000l"

struct term {
	SCREEN *screen;
	FILE *out; /* over outlet.curses */
	struct outlet outlet;
	struct grid shown;
	bool shows_cursor;
	bool is_modern; /* knows bracketed paste and the mouse */
	bool mouse;
	int colors; /* 0: none are wanted or there */
	enum theme theme;
};

static bool refuse(struct error *err, const char *why)
{
	return error_set(err, ERROR_USAGE, NULL, "terminal: %s; --plain prints the library as text",
			 why);
}

/* Escape sequences that terminfo has no names for; lost output shows at the next frame. */
static void send_bytes(const char *bytes)
{
	size_t left = strlen(bytes);
	while (left > 0) {
		ssize_t n = write(STDOUT_FILENO, bytes, left);
		if (n < 0 && errno != EINTR)
			return; /* a terminal that is gone is told by SIGHUP */
		bytes += n > 0 ? n : 0;
		left -= n > 0 ? (size_t)n : 0;
	}
}

static void modes_on(const struct term *term)
{
	if (!term->is_modern)
		return;
	send_bytes(PASTE_ON);
	if (term->mouse)
		send_bytes(MOUSE_ON);
}

static void modes_off(const struct term *term)
{
	if (term->is_modern)
		send_bytes(MOUSE_OFF PASTE_OFF);
}

static void append_capability(struct bytes *out, const char *name)
{
	const char *value = capability_find(name);
	if (value)
		bytes_append_str(out, str_from(value));
}

/* For a crash: what endwin() would send, made beforehand. */
static void prepare_restore(const struct term *term)
{
	struct bytes bytes = { 0 };
	if (term->is_modern)
		bytes_append_str(&bytes, STR(MOUSE_OFF PASTE_OFF));
	append_capability(&bytes, "sgr0");
	append_capability(&bytes, "cnorm");
	append_capability(&bytes, "rmcup");
	bytes_append_str(&bytes, STR("\r\n"));
	signals_restore_with(bytes.ptr);
	bytes_finish(&bytes);
}

static void make_pairs(const struct term *term)
{
	for (int i = 0; i < 2 * STYLE_COUNT && term->colors >= 8; i++) {
		bool is_selected = i >= STYLE_COUNT;
		struct look look = palette_look(term->theme, (enum style)(i % STYLE_COUNT),
						is_selected, term->colors);
		init_pair((short)(i + 1), look.foreground, look.background);
	}
}

static void start_colors(struct term *term, const struct term_options *options)
{
	term->theme = options->theme;
	if (options->no_color || !has_colors() || start_color() == ERR)
		return;
	use_default_colors();
	if (COLOR_PAIRS > 2 * STYLE_COUNT)
		term->colors = COLORS;
	make_pairs(term);
}

static void start_screen(struct term *term)
{
	term->is_modern = capability_find("kmous");
	raw();
	noecho();
	nonl();
	idlok(stdscr, TRUE);
	leaveok(stdscr, FALSE);
	typeahead(-1); /* waiting keys are drained before painting, not in the middle of it */
	curs_set(0);
	grid_init(&term->shown, 0, 0);
	prepare_restore(term);
}

static bool open_screen(struct term *term, struct error *err)
{
	if (!outlet_open(&term->outlet, STDOUT_FILENO, err))
		return false;
	term->out = fdopen(term->outlet.curses, "w");
	if (!term->out)
		die_oom();
	term->screen = newterm(NULL, term->out, stdin);
	if (term->screen)
		return true;
	fclose(term->out);
	outlet_close(&term->outlet);
	return refuse(err, "TERM names one that is not known here");
}

bool term_open(const struct term_options *options, struct term **out, struct error *err)
{
	const char *name = getenv("TERM");
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return refuse(err, "stdin and stdout must be one");
	if (!name || !*name || !strcmp(name, "dumb"))
		return refuse(err, "TERM says that nothing can be placed on the screen");
	setlocale(LC_CTYPE, "");
	if (!signals_open(STDOUT_FILENO, err))
		return false;
	struct term *term = calloc(1, sizeof(*term));
	if (!term)
		die_oom();
	if (!open_screen(term, err)) {
		free(term);
		signals_close();
		return false;
	}
	start_screen(term);
	start_colors(term, options);
	term->mouse = options->mouse;
	modes_on(term);
	*out = term;
	return true;
}

void term_close(struct term *term)
{
	if (!term)
		return;
	modes_off(term);
	endwin();
	delscreen(term->screen);
	fclose(term->out);
	outlet_close(&term->outlet);
	grid_finish(&term->shown);
	free(term);
	signals_close();
}

enum text_charset term_text_charset(void)
{
	return !strcmp(nl_langinfo(CODESET), "UTF-8") ? TEXT_UTF8 : TEXT_ASCII;
}

enum text_charset term_sign_charset(void)
{
	/* The console's fonts hold letters and boxes, but no check marks. */
	const char *name = getenv("TERM");
	bool is_console = name && !strncmp(name, "linux", 5);
	return is_console ? TEXT_ASCII : term_text_charset();
}

void term_size(struct term *term, int *cols, int *rows)
{
	struct winsize size;
	(void)term;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col && size.ws_row &&
	    (size.ws_col != COLS || size.ws_row != LINES))
		resizeterm(size.ws_row, size.ws_col);
	*cols = COLS;
	*rows = LINES;
}

static attr_t attributes(const struct look *look)
{
	attr_t out = A_NORMAL;
	out |= look->bits & LOOK_BOLD ? A_BOLD : 0;
	out |= look->bits & LOOK_DIM ? A_DIM : 0;
	out |= look->bits & LOOK_REVERSE ? A_REVERSE : 0;
	out |= look->bits & LOOK_UNDERLINE ? A_UNDERLINE : 0;
	return out;
}

/* False when curses would count other columns than we did; then a sign stands in for it. */
static bool to_wide(const struct cell *cell, wchar_t wide[CCHARW_MAX + 1])
{
	struct str text = { cell->bytes, cell->n_bytes };
	size_t n = 0;
	while (text.len) {
		uint32_t code;
		size_t len = utf8_next(text, &code);
		if (!len || n == CCHARW_MAX || (n > 0 && wcwidth((wchar_t)code) != 0))
			return false;
		wide[n++] = (wchar_t)code;
		text = str_slice(text, len, text.len);
	}
	wide[n] = L'\0';
	return n > 0 && wcwidth(wide[0]) == cell->cols;
}

static void put_cell(const struct term *term, int x, int y, const struct cell *cell)
{
	struct look look =
		palette_look(term->theme, (enum style)cell->style, cell->is_selected, term->colors);
	short pair =
		term->colors ? (short)(cell->style + 1 + (cell->is_selected ? STYLE_COUNT : 0)) : 0;
	/* The colours of a plain cell are the terminal's own: pair 0 costs no bytes. */
	if (look.foreground < 0 && look.background < 0)
		pair = 0;
	wchar_t wide[CCHARW_MAX + 1];
	bool is_shown = to_wide(cell, wide);
	cchar_t out;
	for (int i = 0; i < (is_shown ? 1 : cell->cols); i++) {
		if (!is_shown) {
			wide[0] = i ? L' ' : L'?';
			wide[1] = L'\0';
		}
		if (setcchar(&out, wide, attributes(&look), pair, NULL) != ERR)
			mvadd_wch(y, x + i, &out); /* ERR in the last corner, yet drawn */
	}
}

/* Gives curses the cells that are not as they are shown, and remembers them. */
static void put_row(struct term *term, const struct grid *grid, int y, bool puts_all)
{
	const struct cell *now = &grid->cells[y * grid->cols];
	struct cell *shown = &term->shown.cells[y * grid->cols];
	size_t n_bytes = (size_t)grid->cols * sizeof(*now);
	if (!puts_all && !memcmp(now, shown, n_bytes))
		return;
	for (int x = 0; x < grid->cols; x++)
		if (now[x].cols > 0 && (puts_all || memcmp(&now[x], &shown[x], sizeof(*now))))
			put_cell(term, x, y, &now[x]);
	memcpy(shown, now, n_bytes);
}

void term_present(struct term *term, const struct grid *grid)
{
	bool is_new = term->shown.cols != grid->cols || term->shown.rows != grid->rows;
	if (is_new) {
		grid_finish(&term->shown);
		grid_init(&term->shown, grid->cols, grid->rows);
		erase();
	}
	for (int y = 0; y < grid->rows; y++)
		put_row(term, grid, y, is_new);
	if (grid->cursor_is_shown != term->shows_cursor) {
		term->shows_cursor = grid->cursor_is_shown;
		curs_set(term->shows_cursor ? 1 : 0);
	}
	move(grid->cursor_y, grid->cursor_x);
	outlet_begin(&term->outlet);
	refresh();
	outlet_send(&term->outlet);
}

void term_redraw(struct term *term)
{
	(void)term;
	clearok(stdscr, TRUE);
}

void term_leave(struct term *term)
{
	modes_off(term);
	endwin();
}

void term_return(struct term *term)
{
	reset_prog_mode();
	modes_on(term);
	curs_set(term->shows_cursor ? 1 : 0);
	term_redraw(term);
}

bool term_has_clipboard(const struct term *term)
{
	return term->is_modern;
}

void term_copy(struct term *term, struct str text)
{
	struct bytes sequence = { 0 };
	if (!term->is_modern || !clipboard_fits(text))
		return;
	clipboard_write(text, &sequence);
	send_bytes(sequence.ptr);
	bytes_finish(&sequence);
}

void term_suspend(struct term *term)
{
	term_leave(term);
	signals_stop_self();
	term_return(term);
}

void term_set_mouse(struct term *term, bool on)
{
	term->mouse = on;
	if (term->is_modern)
		send_bytes(on ? MOUSE_ON : MOUSE_OFF);
}

void term_set_theme(struct term *term, enum theme theme)
{
	term->theme = theme;
	make_pairs(term);
	grid_finish(&term->shown); /* every cell has another look */
	grid_init(&term->shown, 0, 0);
}

int term_fd(const struct term *term)
{
	(void)term;
	return STDIN_FILENO;
}
