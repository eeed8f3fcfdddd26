// SPDX-License-Identifier: MIT
#include "tui/tui.h"

#include <stdlib.h>

#include "tui/loop.h"

static enum theme wanted_theme(const struct tui_options *options, const struct settings *settings)
{
	struct str word =
		options->theme ? str_from(options->theme) : settings->values[SETTING_UI_THEME].text;
	enum theme theme = theme_find(word);
	return theme == THEME_COUNT ? THEME_AUTO : theme;
}

int tui_run(struct library *library, const struct knowledge *knowledge,
	    const struct settings *settings, const struct tui_options *options, struct error *err)
{
	struct term *term;
	struct term_options look = {
		.no_color = options->no_color,
		.mouse = settings->values[SETTING_UI_MOUSE].number != 0,
		.theme = wanted_theme(options, settings),
	};
	if (!term_open(&look, &term, err))
		return 3;

	bool is_ascii = options->ascii || settings->values[SETTING_UI_ASCII].number != 0;
	struct app_options app_options = {
		.knowledge = knowledge,
		.settings = settings,
		.charset = is_ascii ? TEXT_ASCII : term_text_charset(),
		.signs = is_ascii ? TEXT_ASCII : term_sign_charset(),
		.scan_at_start = options->scan_at_start,
		.has_clipboard = term_has_clipboard(term),
		.in_tmux = getenv("TMUX") != NULL,
		.home = getenv("HOME"),
		.message = options->message,
		.subcommands = { options->subcommands, options->n_subcommands },
	};
	app_options.can_write = library_can_write(library, &app_options.holder_pid);

	struct app app;
	app_init(&app, &app_options);
	bool ok = loop_run(&app, term, library, options, err);
	app_finish(&app);
	term_close(term);
	return ok ? 0 : 3;
}
