// SPDX-License-Identifier: MIT
/**
 * Names of members of an archive: which of them may become files, and how ours are made.
 *
 * Whoever packed the archive is a stranger: a name that means another place than it says, or that
 * another system reads differently, is refused whole and never mended.
 */
#ifndef CORE_BASE_MEMBER_H
#define CORE_BASE_MEMBER_H

#include "core/base/arena.h"

#define MEMBER_DEPTH_MAX 16u
#define MEMBER_PART_BYTES_MAX 255u

/** Without the "./" that tar puts in front. */
struct str member_path(struct str name);

/**
 * Why a path (of member_path) cannot be one below a folder, in static words for people; NULL: it can.
 *
 * Good is a path of at most 16 parts, none empty, "." or "..", none with a NUL, a backslash or a
 * control character, none above 255 bytes; neither absolute nor with a drive letter.
 */
const char *member_fault(struct str path);

/** The path with "_" for whatever would be a fault or is not UTF-8; its parts stay as they are. */
struct str member_name(struct str path, struct arena *arena);

#endif
