// SPDX-License-Identifier: MIT
/**
 * A person's own editor on a text of ours: $VISUAL, else $EDITOR, else vi.
 *
 * The variable is split at blanks, without quotes and without a shell; the file is its last argument.
 */
#ifndef CLI_EDITOR_H
#define CLI_EDITOR_H

#include "cli/cli.h"

struct editor {
	char *folder; /* of its own, 0700; NULL: none yet */
	char *file;
};

/** Writes `text` into a file that nobody else can read, in the data folder. On cli->arena. */
NODISCARD bool editor_begin(struct cli *cli, struct str text, struct editor *editor,
			    struct error *err);
/**
 * Lets the person edit it, and reads it again.
 * @text  out: appended
 * @err   what keeps the editor from running, or it did not end well
 */
NODISCARD bool editor_run(const struct editor *editor, struct bytes *text, struct error *err);
/** Lets the person edit a file of their own, where it lies. @err  as of editor_run */
NODISCARD bool editor_open(const char *file, struct error *err);
/** Reads it as it is now. @text  out: appended */
NODISCARD bool editor_read(const struct editor *editor, struct bytes *text, struct error *err);
/** Takes file and folder away. */
void editor_end(const struct editor *editor);

#endif
