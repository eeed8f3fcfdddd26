// SPDX-License-Identifier: MIT
/**
 * What was found in the pickles of one file: the globals that loading them would import or call,
 * what is broken, and the verdict that follows.
 */
#ifndef CORE_FORMATS_PICKLE_FINDINGS_H
#define CORE_FORMATS_PICKLE_FINDINGS_H

#include "core/base/map.h"
#include "core/formats/format.h"

#define PICKLE_GLOBALS_MAX 4096u /* different ones; a training checkpoint has some fifty */

struct pickle_global {
	struct str module, name; /* cut where they are absurdly long */
	unsigned uses;           /* PICKLE_MAY_...: what is harmless about it */
	bool is_called;
	bool is_misused; /* harmless as such, but not in what is done with it */
	bool is_hidden;  /* its name is not known before it runs */
};

struct pickle_findings {
	struct arena *arena;            /* borrowed; outlives the pickles */
	struct map by_name;             /* "module\nname" -> its place in `globals` */
	struct pickle_global **globals; /* in order of appearance */
	uint32_t n_globals;
	struct note error; /* the gravest; code.ptr NULL: all were whole */
	bool breaks_frames;
	bool hides_call; /* what is called, or changed, is not a named global */
	bool has_unset_slot;
	uint64_t unset_slot;
	unsigned n_whole;  /* pickles that were read to their end */
	bool is_ambiguous; /* the container can be read in two ways */
};

void pickle_findings_init(struct pickle_findings *findings, struct arena *arena);

/** Index of the global, new or old. Its `uses` are looked up. */
uint32_t pickle_findings_global(struct pickle_findings *findings, struct str module,
				struct str name);
/** A global whose name was computed, in part or as a whole: ptr NULL is the part not known. */
uint32_t pickle_findings_hidden(struct pickle_findings *findings, struct str module,
				struct str name);

/** Keeps the error unless a graver one is known. */
void pickle_findings_fail(struct pickle_findings *findings, const char *code, const char *format,
			  ...) PRINTF(3, 4);

/** Adds what was found elsewhere, without its errors. */
void pickle_findings_merge(struct pickle_findings *into, const struct pickle_findings *from);

/** Would loading import or call what is not known to be harmless? */
bool pickle_findings_run_code(const struct pickle_findings *findings);

/** Tells the reading: verdict, globals, error, notes. */
void pickle_findings_tell(const struct pickle_findings *findings, struct reading *out,
			  struct arena *arena);

#endif
