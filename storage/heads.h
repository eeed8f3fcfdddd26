// SPDX-License-Identifier: MIT
/**
 * What a model is by its first bytes, before all of it is there: a safetensors or GGUF file says it in
 * its header. Reads in a reader process, as scans do.
 */
#ifndef STORAGE_HEADS_H
#define STORAGE_HEADS_H

#include "storage/library.h"

/** More than any header but a freak's; of other formats only what is whole by then is known. */
#define HEAD_BYTES ((uint64_t)16 << 20)

struct heads;

/** Both borrowed. @readers  NULL: this process reads */
struct heads *heads_create(const struct knowledge *knowledge, struct readers *readers);
void heads_destroy(struct heads *heads);

/** Begins a model of that path and size; what was there of another is forgotten. */
void heads_begin(struct heads *heads, struct str path, uint64_t size_bytes);
/** Its next bytes. What goes beyond HEAD_BYTES is left out. */
void heads_add(struct heads *heads, struct str bytes);
/** What it is: plan_found() on `arena`; STR_NULL when these bytes do not tell. */
struct str heads_end(struct heads *heads, struct arena *arena);

#endif
