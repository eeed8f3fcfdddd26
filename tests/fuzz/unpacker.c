// SPDX-License-Identifier: MIT
/**
 * What a process that unpacks says: any bytes are taken or refused; whoever takes it gets data only for
 * members that were wanted, and never more than they say they have.
 */
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "storage/readers/unpacker.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SAID_BYTES_MAX = 64 << 10 }; /* fits into a socket that nobody empties */

/** The member of now. */
struct coming {
	const struct unpack_wish *wish;
	bool is_wanted;
	uint64_t left_bytes;
};

static void require(bool is_true)
{
	if (!is_true)
		abort();
}

static bool member(void *context, const struct unpack_member *member, struct error *err)
{
	struct coming *coming = context;
	(void)err;
	coming->is_wanted = unpack_wish_has(coming->wish, member);
	coming->left_bytes = member->has_size ? member->size_bytes : UINT64_MAX;
	return true;
}

static bool data_of(void *context, struct str bytes, struct error *err)
{
	struct coming *coming = context;
	(void)err;
	require(coming->is_wanted && bytes.len <= coming->left_bytes);
	coming->left_bytes -= bytes.len;
	return true;
}

static bool end(void *context, struct error *err)
{
	struct coming *coming = context;
	(void)err;
	require(coming->is_wanted);
	coming->is_wanted = false;
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct unpack_wish wish = { .of_models = true };
	struct coming coming = { .wish = &wish };
	const struct unpack_taker taker = { member, data_of, end, NULL, &coming };
	struct error err = { 0 };
	int fds[2];
	if (size > SAID_BYTES_MAX)
		return 0;
	require(socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
	require(write(fds[1], data, size) == (ssize_t)size);
	close(fds[1]);
	if (!unpacker_listen(fds[0], 0, &wish, &taker, &err))
		require(err.code != ERROR_NONE);
	close(fds[0]);
	return 0;
}
