// SPDX-License-Identifier: MIT
/**
 * Compiler attributes under names of our own; the only GNU C in the tree.
 */
#ifndef CORE_BASE_COMPILER_H
#define CORE_BASE_COMPILER_H

#if defined(__GNUC__)
#define NODISCARD __attribute__((warn_unused_result))
#define PRINTF(format_i, first_i) \
	__attribute__((format(printf, format_i, first_i), nonnull(format_i)))
#define FALLTHROUGH __attribute__((fallthrough))
#define NORETURN __attribute__((noreturn))
#define PREFETCH(address) __builtin_prefetch(address)
#else
#define NODISCARD
#define PRINTF(format_i, first_i)
#define FALLTHROUGH ((void)0)
#define NORETURN
#define PREFETCH(address) ((void)0)
#endif

#endif
