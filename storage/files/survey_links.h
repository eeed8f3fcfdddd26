// SPDX-License-Identifier: MIT
/**
 * Links elsewhere that lead to what a plan takes away: they will lead nowhere, which is told and hinders
 * nothing. Only links that the index knows are looked at, and only where one of them leads to the file.
 */
#ifndef STORAGE_FILES_SURVEY_LINKS_H
#define STORAGE_FILES_SURVEY_LINKS_H

#include "core/base/map.h"
#include "storage/files/survey.h"

/** Each root's path without links, as targets are told; STR_NULL for one that is not there. On `arena`. */
const struct str *survey_links_roots(const struct survey *survey, struct arena *arena);

/**
 * What is to be told of the links that lead to a file, or into a folder; STR_NULL: nothing.
 *
 * @step   it takes its `old` away
 * @real   the path of that without links
 * @freed  path -> the step that takes it away: a link that is trashed as well is no loss
 */
struct str survey_links_note(const struct survey *survey, const struct plan_step *step,
			     struct str real, const struct map *freed, struct arena *arena);

#endif
