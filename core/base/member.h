// SPDX-License-Identifier: MIT
/**
 * Names of files inside an archive: which may be taken out, and how ours are made.
 *
 * A name that is taken out becomes a path below a folder of the user's: nothing in it may lead
 * elsewhere, or mean something else to another system.
 */
#ifndef CORE_BASE_MEMBER_H
#define CORE_BASE_MEMBER_H

#include "core/base/arena.h"

#define MEMBER_DEPTH_MAX 16u
#define MEMBER_PART_BYTES_MAX 255u

/**
 * What is wrong with a member's path; static words for people, NULL when nothing is.
 *
 * Good is a path of at most 16 parts, none empty, "." or "..", none with a NUL, a backslash, a
 * control character or broken UTF-8, none above 255 bytes; neither absolute nor with a drive letter.
 */
const char *member_fault(struct str path);

/** The path with "_" for each byte that would be a fault; what is wrong with its parts stays so. */
struct str member_name(struct str path, struct arena *arena);

#endif
