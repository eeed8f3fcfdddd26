// SPDX-License-Identifier: MIT
/**
 * SHA-256 as a stream, by libcrypto.
 */
#ifndef CORE_BASE_HASH_H
#define CORE_BASE_HASH_H

#include <stddef.h>

#define SHA256_BYTES 32
#define SHA256_HEX 64

struct sha256;

struct sha256 *sha256_create(void);
void sha256_add(struct sha256 *sha, const void *bytes, size_t len);
/** Ends the stream, frees it, writes 64 lower-case digits and a NUL. */
void sha256_hex(struct sha256 *sha, char hex[SHA256_HEX + 1]);
void sha256_destroy(struct sha256 *sha);

#endif
