// SPDX-License-Identifier: MIT
#include "storage/readers/unpack_loop.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/array.h"
#include "core/base/pack.h"
#include "storage/readers/passing.h"
#include "storage/readers/reader_loop.h"
#include "storage/readers/wire.h"

/** What was asked for. */
struct request {
	struct bytes in;
	struct array fds; /* int: the archive */
	struct blob blob;
	struct unpack_wish wish;
};

static void say(int fd, enum unpack_word word, const char *bytes, size_t len)
{
	struct unpack_head head = { (uint32_t)word, (uint32_t)len };
	reader_loop_send(fd, (const char *)&head, sizeof head);
	reader_loop_send(fd, bytes, len);
}

static void say_packed(int fd, enum unpack_word word, struct bytes *text)
{
	say(fd, word, text->ptr, text->len);
	bytes_finish(text);
}

static bool member(void *context, const struct unpack_member *member, struct error *err)
{
	struct bytes text = { 0 };
	(void)err;
	pack_str(&text, member->path);
	pack_u64(&text, member->kind);
	pack_u64(&text, member->has_size ? member->size_bytes + 1 : 0);
	pack_u64(&text, member->is_encrypted);
	say_packed(*(int *)context, UNPACK_SAYS_MEMBER, &text);
	return true;
}

static bool data(void *context, struct str bytes, struct error *err)
{
	(void)err;
	say(*(int *)context, UNPACK_SAYS_DATA, bytes.ptr, bytes.len);
	return true;
}

static bool end(void *context, struct error *err)
{
	(void)err;
	say(*(int *)context, UNPACK_SAYS_END, "", 0);
	return true;
}

static void alive(void *context)
{
	say(*(int *)context, UNPACK_SAYS_ALIVE, "", 0);
}

static void say_done(int fd, const struct error *err)
{
	struct bytes text = { 0 };
	pack_u64(&text, err->code);
	pack_str(&text, str_from(err->slug));
	pack_str(&text, err->code == ERROR_NONE ? STR("") : str_from(err->text));
	say_packed(fd, UNPACK_SAYS_DONE, &text);
}

static void receive(int fd, struct request *request)
{
	char piece[32 << 10];
	ssize_t got = passing_receive(fd, piece, sizeof piece, &request->fds);
	if (got < 0)
		BUG("receiving failed");
	if (got == 0)
		_exit(0);
	bytes_append(&request->in, piece, (size_t)got);
}

static void receive_request(int fd, struct request *request, struct arena *arena)
{
	struct wire_head head;
	while (request->in.len < sizeof head)
		receive(fd, request);
	memcpy(&head, request->in.ptr, sizeof head);
	while (request->in.len - sizeof head < head.body_bytes || request->fds.len < 1)
		receive(fd, request);
	struct packed from = { .rest = str_slice(bytes_str(&request->in), sizeof head,
						 request->in.len),
			       .arena = arena };
	request->blob = blob_from_fd(*ARRAY_AT(&request->fds, int, 0), unpack_u64(&from));
	request->wish.of_models = unpack_below(&from, 2);
	request->wish.head_bytes = unpack_u64(&from);
	request->wish.out_bytes_max = unpack_u64(&from);
	request->wish.paths = unpack_strs(&from, &request->wish.n_paths);
	if (from.is_broken)
		BUG("a request that makes no sense");
	unpack_wish_index(&request->wish, arena);
}

NORETURN void unpack_loop(int fd)
{
	struct request request = { .fds = ARRAY_OF(int) };
	struct arena arena = { 0 };
	struct error err = { 0 };
	struct archive_reader *reader = archive_reader_create();
	const struct unpack_taker taker = { member, data, end, alive, &fd };
	reader_loop_confine(fd);
	receive_request(fd, &request, &arena);
	if (unpack_run(reader, &request.blob, &request.wish, &taker, &err))
		err = (struct error){ 0 };
	say_done(fd, &err);
	_exit(0);
}
