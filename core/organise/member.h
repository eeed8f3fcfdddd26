// SPDX-License-Identifier: MIT
/**
 * Names of members of an archive: which of them may become files, and under which path.
 *
 * Pure. Whoever packed the archive is a stranger: a name that means another place than it says, or
 * that another system reads differently, is refused whole and never mended.
 */
#ifndef CORE_ORGANISE_MEMBER_H
#define CORE_ORGANISE_MEMBER_H

#include "core/base/str.h"

#define MEMBER_DEPTH_MAX 16u
#define MEMBER_PART_BYTES_MAX 255u

/** Without the "./" that tar puts in front. */
struct str member_path(struct str name);

/** Why a path (of member_path) cannot be one below a folder, in a line; NULL: it can. */
const char *member_fault(struct str path);

#endif
