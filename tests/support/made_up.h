// SPDX-License-Identifier: MIT
/**
 * A made-up library in a temporary folder: a small knowledge, and models that were never on a disk.
 */
#ifndef TESTS_SUPPORT_MADE_UP_H
#define TESTS_SUPPORT_MADE_UP_H

#include "core/knowledge/knowledge.h"
#include "storage/store.h"

/** sdxl with photo, pony and autism beneath; sd1; chroma beneath flux1, of its own architecture. */
struct knowledge *made_up_knowledge(void);

struct made_up {
	struct arena arena;
	const char *dir; /* the data folder */
	struct knowledge *knowledge;
	struct library_options options;
	struct queue *events, *readers;
	struct store store;
	bool is_open;
};

/** A new data folder with empty databases, open for writing. */
void made_up_begin(struct made_up *made_up);
/** Closes the databases and throws away what was told. */
void made_up_close(struct made_up *made_up);
void made_up_open(struct made_up *made_up);
/** Closes and removes everything. */
void made_up_end(struct made_up *made_up);

/** What a test says of a model; the rest is usual. */
struct made_up_model {
	const char *path;
	const char *base; /* NULL: unknown */
	enum kind kind;
	uint32_t rank;
	const char *triggers; /* with commas between */
	const char *trained;
	enum status status;
	uint64_t size_bytes;
	uint32_t id; /* 0: new */
	bool is_gone;
};

/** Stores it as root 1's and tells its id. */
uint32_t made_up_store(struct made_up *made_up, const struct made_up_model *model);
void made_up_commit(struct made_up *made_up);
/** Tags the model at that path of root 1. */
void made_up_tag(struct made_up *made_up, const char *path, const char *tag);
/** Adds a folder as a root; the first one is root 1. */
void made_up_root(struct made_up *made_up, const char *path);

#endif
