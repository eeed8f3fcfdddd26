// SPDX-License-Identifier: MIT
#include "core/samples/dice.h"

#include "core/base/hash.h"

/* FNV-1a: not str_hash, whose values may change with the next release. */
struct dice dice_from(struct str seed)
{
	struct dice dice = { UINT64_C(0xcbf29ce484222325) };

	for (size_t i = 0; i < seed.len; i++) {
		dice.state ^= (unsigned char)seed.ptr[i];
		dice.state *= UINT64_C(0x100000001b3);
	}
	return dice;
}

/* splitmix64 */
uint64_t dice_throw(struct dice *dice, uint64_t below)
{
	uint64_t z = dice->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	z ^= z >> 31;
	return below ? z % below : 0;
}

struct str dice_hash(struct arena *arena, struct str first, struct str second)
{
	char hex[SHA256_HEX + 1];
	struct sha256 *sha = sha256_create();

	sha256_add(sha, first.ptr, first.len);
	sha256_add(sha, "", 1);
	sha256_add(sha, second.ptr, second.len);
	sha256_hex(sha, hex);
	return arena_str(arena, (struct str){ hex, SHA256_HEX });
}
