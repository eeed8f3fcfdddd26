// SPDX-License-Identifier: MIT
#include "core/base/hash.h"

#include <openssl/evp.h>
#include <stddef.h>

#include "core/base/error.h"

/* Only libcrypto's own context: `struct sha256` is never defined, its pointer is that context. */
static EVP_MD_CTX *context_of(struct sha256 *sha)
{
	return (EVP_MD_CTX *)sha;
}

struct sha256 *sha256_create(void)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	if (!context)
		die_oom();
	if (!EVP_DigestInit_ex(context, EVP_sha256(), NULL))
		BUG("libcrypto has no SHA-256");
	return (struct sha256 *)context;
}

void sha256_add(struct sha256 *sha, const void *bytes, size_t len)
{
	if (len && !EVP_DigestUpdate(context_of(sha), bytes, len))
		BUG("libcrypto refused %zu bytes", len);
}

void sha256_hex(struct sha256 *sha, char hex[SHA256_HEX + 1])
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned len = 0;
	if (!EVP_DigestFinal_ex(context_of(sha), digest, &len) || len != SHA256_BYTES)
		BUG("libcrypto gave a digest of %u bytes", len);
	for (unsigned i = 0; i < len; i++) {
		hex[2 * i] = "0123456789abcdef"[digest[i] >> 4];
		hex[2 * i + 1] = "0123456789abcdef"[digest[i] & 15];
	}
	hex[SHA256_HEX] = '\0';
	sha256_destroy(sha);
}

void sha256_destroy(struct sha256 *sha)
{
	EVP_MD_CTX_free(context_of(sha));
}
