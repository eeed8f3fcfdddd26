// SPDX-License-Identifier: MIT
/* What a terminal may send: read at once and byte by byte, the messages must be the same. */
#include <stdint.h>
#include <stdlib.h>

#include "tui/term/keys.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t count(struct keys *keys, bool waited)
{
	struct msg msg;
	size_t n = 0;
	while (keys_next(keys, waited, &msg)) {
		if (msg.type == MSG_PASTE && msg.as.paste.len > KEYS_PASTE_MAX)
			abort();
		n++;
	}
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct keys whole = { 0 }, bytewise = { 0 };
	if (size > 4000) /* strings of the terminal are given up beyond that */
		return 0;
	keys_feed(&whole, (const char *)data, size);
	size_t n_whole = count(&whole, false), n_bytewise = 0;
	for (size_t i = 0; i < size; i++) {
		keys_feed(&bytewise, (const char *)data + i, 1);
		n_bytewise += count(&bytewise, false);
	}
	n_whole += count(&whole, true);
	n_bytewise += count(&bytewise, true);
	if (n_whole != n_bytewise || (keys_is_waiting(&whole) && !whole.in_paste))
		abort();
	keys_finish(&whole);
	keys_finish(&bytewise);
	return 0;
}
