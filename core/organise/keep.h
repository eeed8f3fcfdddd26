// SPDX-License-Identifier: MIT
/**
 * Which of several copies of one content stays: rules of a person, asked one after the other.
 *
 * Pure: it is told what there is to know of each copy, and decides nothing but which one.
 */
#ifndef CORE_ORGANISE_KEEP_H
#define CORE_ORGANISE_KEEP_H

#include "core/base/arena.h"
#include "core/base/error.h"

enum keep_type {
	KEEP_OLDEST,   /* changed first */
	KEEP_NEWEST,   /* changed last */
	KEEP_TAGGED,   /* a person attached something to it */
	KEEP_SHORTEST, /* the shortest path */
	KEEP_ROOT,     /* lies in the root of that name */
	KEEP_PATH,     /* lies in the folder, or the glob fits its whole path */
	KEEP_TYPE_COUNT
};

struct keep_rule {
	enum keep_type type;
	struct str text; /* ROOT, PATH; NUL-terminated */
};

struct keep_rules {
	const struct keep_rule *list;
	size_t n;
};

/** One of the copies. */
struct keep_copy {
	struct str path; /* absolute, NUL-terminated */
	struct str root; /* name of its root */
	int64_t mtime_ns;
	bool is_tagged; /* tags, a note, a rating, a set, ... */
};

/**
 * Reads "tagged,root:fast,oldest". A rule's text holds no comma.
 * @arena  owns the rules and their texts
 * @err    USAGE: there is no such rule, or none at all; a PATH that is not absolute
 */
NODISCARD bool keep_rules_parse(struct str text, struct arena *arena, struct keep_rules *out,
				struct error *err);

/**
 * The copy that stays. Of two, the first rule that tells them apart decides; where none does, the
 * path that comes first does, so that the answer does not depend on the order of `copies`.
 * @n       at least 1
 * @return  index into `copies`
 */
size_t keep_choose(const struct keep_rules *rules, const struct keep_copy *copies, size_t n);

#endif
