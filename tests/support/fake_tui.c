// SPDX-License-Identifier: MIT
/*
 * The terminal UI over a fake library: fake-tui [WORLD]. Run by the terminal tests, and by
 * hand to look at it.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/fake_mailbox.h"
#include "tui/tui.h"

int main(int argc, char **argv)
{
	struct library *library = fake_mailbox_open(argc > 1 ? argv[1] : "demo");
	struct settings settings;
	struct error err = { 0 };
	struct tui_options options = {
		.no_color = getenv("NO_COLOR"),
		.theme = getenv("FAKE_THEME"),
	};
	settings_load(&settings, "/nonexistent");
	int status = tui_run(library, fake_mailbox_knowledge(library), &settings, &options, &err);
	if (status)
		fprintf(stderr, "fake-tui: %s\n", err.text);
	settings_finish(&settings);
	library_close(library);
	return status;
}
