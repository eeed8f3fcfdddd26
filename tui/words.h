// SPDX-License-Identifier: MIT
/**
 * Numbers and names as people read them: "70,312", "218M", "3d", "LoRA r16", "SDXL 1.0".
 */
#ifndef TUI_WORDS_H
#define TUI_WORDS_H

#include "core/knowledge/knowledge.h"
#include "storage/messages.h"

#define WORDS_BYTES 32

/** All write into `out` and return it as a slice. */
struct str words_count(char out[WORDS_BYTES], uint64_t n);
/** At most 5 columns: "970K", "6.5G". Powers of 1024. */
struct str words_size(char out[WORDS_BYTES], uint64_t bytes);
/** At most 4 columns: "now", "5m", "3d", "11y". */
struct str words_age(char out[WORDS_BYTES], int64_t then_s, int64_t now_s);
/** "3.1k/s" */
struct str words_rate(char out[WORDS_BYTES], double per_second);
/** "9 s", "4 min", "2 h" */
struct str words_duration(char out[WORDS_BYTES], double seconds);
/** "2.6 billion", "114 million" */
struct str words_parameters(char out[WORDS_BYTES], int64_t n);
/** What a row is, within 10 columns: "LoRA r16", "Checkpoint". */
struct str words_kind(char out[WORDS_BYTES], enum kind kind, enum adapter_type adapter,
		      uint32_t rank);

/** False for parts that many base models share: that they have none is no news. */
bool words_kind_has_base(enum kind kind);

/**
 * A base model in `cols` columns, if that can be: its display name with Stable Diffusion written
 * SD, then without what stands in parentheses, then without its other names, then with Diffusion
 * written Diff. May still be too long. The id when knowledge has no such base model.
 */
struct str words_base(const struct knowledge *knowledge, struct str base_model, size_t cols,
		      struct arena *arena);
/** Display name of an architecture; its id, or "unknown". */
struct str words_architecture(const struct knowledge *knowledge, struct str architecture,
			      struct arena *arena);

#endif
