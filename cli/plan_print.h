// SPDX-License-Identifier: MIT
/**
 * A plan for people, and as lines of JSON: contract.md, "The other commands". The lines are also what
 * a plan file holds.
 */
#ifndef CLI_PLAN_PRINT_H
#define CLI_PLAN_PRINT_H

#include "cli/cli.h"

/** A line a step on `out`, in JSON when that was asked for. */
void plan_print(struct cli *cli, const struct plan *plan);
/** The last line. @done NULL: it was not applied */
void plan_print_end(struct cli *cli, const struct plan *plan, const struct event *done);

/** Appends a step as a line of JSON. @number  from 1 */
void plan_step_json(const struct plan_step *step, size_t number, struct bytes *out);
/** The first line of a plan file. */
void plan_head_json(const struct plan *plan, struct bytes *out);

/**
 * Reads the text of a plan file: hostile, as everything that somebody may have sent. A step has plain
 * absolute paths, and is one that people plan; whether it may be done the survey finds out.
 * @arena  owns what the plan points to
 * @err    FORMAT with the line
 */
NODISCARD bool plan_file_parse(struct str text, struct arena *arena, struct plan *out,
			       struct error *err);
/**
 * Reads a plan file.
 * @arena  owns what the plan points to, and the file's text
 * @err    FORMAT with the line; SYSTEM; LIMIT
 */
NODISCARD bool plan_file_read(const char *path, struct arena *arena, struct plan *out,
			      struct error *err);

#endif
