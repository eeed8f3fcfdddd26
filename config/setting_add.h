// SPDX-License-Identifier: MIT
/**
 * One more part of a setting that is a list, written into the person's own file: every other byte of it
 * stays, and it is either as it was or as it shall be, whatever dies in between.
 */
#ifndef CONFIG_SETTING_ADD_H
#define CONFIG_SETTING_ADD_H

#include "config/settings.h"

/**
 * The text of the file with the part in it: behind the parts that are there, else below its example or
 * its section's head, else in a section of its own at the end.
 *
 * @file   named in mistakes
 * @value  out: all parts, on `arena`
 * @err    FORMAT: the text is broken; LIMIT: the line would be too long
 */
NODISCARD bool setting_add_text(struct str text, const char *file, enum setting setting,
				struct str part, struct arena *arena, struct bytes *out,
				struct str *value, struct error *err);

/** The same to the file, which is made when it is not there; where it is a link, to what it leads to. */
NODISCARD bool setting_add(const char *file, enum setting setting, struct str part,
			   struct arena *arena, struct str *value, struct error *err);

/** The commented example as that file, when there is none; its folders are made as well. */
NODISCARD bool setting_make_file(const char *file, struct arena *arena, struct error *err);

/** A glob that fits this path: for scan.ignore. On `arena`. */
struct str setting_glob(struct str path, struct arena *arena);

#endif
