// SPDX-License-Identifier: MIT
/**
 * One type for everything that can go wrong, and the two ways to give up.
 *
 * An error stops what was asked for. A damaged model is not an error but a result.
 */
#ifndef CORE_BASE_ERROR_H
#define CORE_BASE_ERROR_H

#include <stdbool.h>

#include "core/base/compiler.h"

/** What callers branch on; add one only when a caller does something different. */
enum error_code {
	ERROR_NONE,
	ERROR_SYSTEM,      /* a call failed; `sys` holds errno */
	ERROR_FORMAT,      /* the bytes contradict the format */
	ERROR_UNSUPPORTED, /* well-formed, not ours */
	ERROR_LIMIT,       /* larger than we agree to look at */
	ERROR_INDEX,       /* SQLite said no */
	ERROR_CHANGED,     /* the disk is not as expected */
	ERROR_CANCELLED,
	ERROR_USAGE,   /* the person asked for something that is not there */
	ERROR_LOCKED,  /* another instance holds the lock */
	ERROR_OFFLINE, /* a root is not there */
};

struct error {
	enum error_code code;
	int sys;
	const char *slug; /* static, a code of the bad-input table: "E_ST_HDR_BIG"; or NULL */
	char text[256];   /* for people: WHAT: WHY */
};

/** Fills `err` and returns false, so that failing is one line. `slug` is static or NULL. */
bool error_set(struct error *err, enum error_code code, const char *slug, const char *format, ...)
	PRINTF(4, 5);

/** Fills `err` from `sys_errno`: "TEXT: strerror". Code SYSTEM, slug E_IO. Returns false. */
bool error_system(struct error *err, int sys_errno, const char *format, ...) PRINTF(3, 4);

/** Puts words in front of an error on its way up: "TEXT: old text". Returns false. */
bool error_context(struct error *err, const char *format, ...) PRINTF(2, 3);

/** A broken invariant: says where on stderr and aborts. */
#define BUG(...) error_bug(__FILE__, __LINE__, __VA_ARGS__)
NORETURN void error_bug(const char *file, int line, const char *format, ...) PRINTF(3, 4);

/** A small fixed allocation failed: says so on stderr and exits with 3. */
NORETURN void die_oom(void);

#endif
