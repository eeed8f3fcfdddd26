// SPDX-License-Identifier: MIT
#include "storage/readers/unpacker.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "core/base/array.h"
#include "core/base/pack.h"
#include "storage/readers/passing.h"
#include "storage/readers/unpack_loop.h"
#include "storage/readers/wire.h"

enum { SAYING_BYTES_MAX = 1 << 20 }; /* a path, a piece, a text: all are shorter */

/** What comes from the process, and what of it is passed on. */
struct unpacker {
	const struct unpack_wish *wish;
	const struct unpack_taker *taker;
	int fd;         /* to the process */
	int silence_ms; /* that is borne */
	struct arena arena;
	char *room;          /* SAYING_BYTES_MAX */
	struct str body;     /* of what it says: in `room` */
	bool takes_data;     /* of the last member */
	uint64_t left_bytes; /* that it may still give */
	bool is_done;
};

static bool fail_worker(struct error *err, const char *why)
{
	return error_set(err, ERROR_SYSTEM, "E_WORKER", "unpacking crashed the reader (%s)", why);
}

static bool send_request(int to, const struct unpack_wish *wish, int fd, uint64_t size_bytes)
{
	struct bytes text = { 0 };
	struct wire_head head = { 0, 1 };
	bytes_append(&text, &head, sizeof head);
	pack_u64(&text, size_bytes);
	pack_u64(&text, wish->of_models);
	pack_u64(&text, wish->head_bytes);
	pack_u64(&text, wish->out_bytes_max);
	pack_strs(&text, wish->paths, wish->n_paths);
	head.body_bytes = (uint32_t)(text.len - sizeof head);
	memcpy(text.ptr, &head, sizeof head);
	bool ok = text.len <= UNPACK_REQUEST_BYTES_MAX;
	for (size_t at = 0; ok && at < text.len;) {
		ssize_t sent = passing_send(to, text.ptr + at, text.len - at, &fd, at == 0);
		ok = sent > 0;
		at += ok ? (size_t)sent : 0;
	}
	bytes_finish(&text);
	return ok;
}

static bool receive(struct unpacker *unpacker, void *to, size_t len, struct error *err)
{
	for (size_t done = 0; done < len;) {
		struct pollfd waiting = { .fd = unpacker->fd, .events = POLLIN };
		int n = poll(&waiting, 1, unpacker->silence_ms);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return fail_worker(err, n == 0 ? "time" : strerror(errno));
		ssize_t got = recv(unpacker->fd, (char *)to + done, len - done, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return fail_worker(err, "it ended");
		done += (size_t)got;
	}
	return true;
}

static bool take_member(struct unpacker *unpacker, struct error *err)
{
	struct packed from = { .rest = unpacker->body, .arena = &unpacker->arena };
	struct unpack_member member = { .path = unpack_str(&from) };
	member.kind = (enum unpack_kind)unpack_below(&from, UNPACK_KIND_COUNT);
	uint64_t size = unpack_u64(&from);
	member.is_encrypted = unpack_below(&from, 2);
	if (from.is_broken || from.rest.len > 0 || !member.path.ptr)
		return fail_worker(err, "its answer makes no sense");
	member.has_size = size > 0;
	member.size_bytes = size > 0 ? size - 1 : 0;
	unpacker->takes_data = unpack_wish_has(unpacker->wish, &member);
	unpacker->left_bytes = member.has_size ? member.size_bytes : UINT64_MAX;
	return unpacker->taker->member(unpacker->taker->context, &member, err);
}

static bool take_data(struct unpacker *unpacker, struct error *err)
{
	if (!unpacker->takes_data || unpacker->body.len > unpacker->left_bytes)
		return fail_worker(err, "it gives what nobody asked for");
	unpacker->left_bytes -= unpacker->body.len;
	return unpacker->taker->data(unpacker->taker->context, unpacker->body, err);
}

static bool take_end(struct unpacker *unpacker, struct error *err)
{
	if (!unpacker->takes_data)
		return fail_worker(err, "it gives what nobody asked for");
	unpacker->takes_data = false;
	return unpacker->taker->end(unpacker->taker->context, err);
}

static bool take_done(struct unpacker *unpacker, struct error *err)
{
	struct packed from = { .rest = unpacker->body, .arena = &unpacker->arena };
	uint64_t code = unpack_u64(&from);
	struct str slug = unpack_str(&from), text = unpack_str(&from);
	if (from.is_broken || (unpacker->takes_data && code == ERROR_NONE))
		return fail_worker(err, "its answer makes no sense");
	unpacker->is_done = true;
	if (code == ERROR_NONE)
		return true;
	/* Codes are static texts: only those that unpacking gives. */
	static const char *const slugs[] = { "E_BOMB",      "E_AR_MANY",   "E_AR_READ",
					     "E_TRUNCATED", "E_ZIP_CRYPT", "W_ZIP_AMBIG",
					     "E_IO" };
	error_set(err, code == ERROR_LIMIT ? ERROR_LIMIT : ERROR_FORMAT, NULL, "%.*s",
		  STR_ARG(text));
	for (size_t i = 0; i < sizeof slugs / sizeof *slugs; i++)
		if (str_equal(slug, str_from(slugs[i])))
			err->slug = slugs[i];
	return false;
}

static bool take(struct unpacker *unpacker, uint32_t word, struct error *err)
{
	if (word >= UNPACK_WORD_COUNT)
		return fail_worker(err, "its answer makes no sense");
	switch ((enum unpack_word)word) {
	case UNPACK_SAYS_MEMBER: return take_member(unpacker, err);
	case UNPACK_SAYS_DATA: return take_data(unpacker, err);
	case UNPACK_SAYS_END: return take_end(unpacker, err);
	case UNPACK_SAYS_ALIVE:
		if (unpacker->taker->alive)
			unpacker->taker->alive(unpacker->taker->context);
		return true;
	case UNPACK_SAYS_DONE: return take_done(unpacker, err);
	case UNPACK_WORD_COUNT: break;
	}
	return false;
}

static bool take_all(struct unpacker *unpacker, struct error *err)
{
	while (!unpacker->is_done) {
		struct unpack_head head;
		if (!receive(unpacker, &head, sizeof head, err))
			return false;
		if (head.bytes > SAYING_BYTES_MAX)
			return fail_worker(err, "its answer makes no sense");
		unpacker->body = (struct str){ unpacker->room, head.bytes };
		if (!receive(unpacker, unpacker->room, head.bytes, err) ||
		    !take(unpacker, head.word, err))
			return false;
	}
	return true;
}

bool unpacker_listen(int fd, int silence_ms, const struct unpack_wish *wish,
		     const struct unpack_taker *taker, struct error *err)
{
	struct unpacker unpacker = {
		.wish = wish, .taker = taker, .fd = fd, .silence_ms = silence_ms
	};
	unpacker.room = arena_alloc(&unpacker.arena, SAYING_BYTES_MAX);
	bool ok = take_all(&unpacker, err);
	arena_finish(&unpacker.arena);
	return ok;
}

static bool run_here(int fd, uint64_t size_bytes, const struct unpack_wish *wish,
		     const struct unpack_taker *taker, struct error *err)
{
	struct archive_reader *reader = archive_reader_create();
	struct blob blob = blob_from_fd(fd, size_bytes);
	bool ok = unpack_run(reader, &blob, wish, taker, err);
	archive_reader_destroy(reader);
	return ok;
}

bool unpacker_run(struct readers *readers, int fd, uint64_t size_bytes,
		  const struct unpack_wish *wish, const struct unpack_taker *taker,
		  struct error *err)
{
	struct reader_child child;
	if (!readers)
		return run_here(fd, size_bytes, wish, taker, err);
	if (!readers_spawn(readers, READER_UNPACKS, &child, err))
		return false;
	bool ok = (send_request(child.fd, wish, fd, size_bytes) ||
		   fail_worker(err, "it takes nothing")) &&
		  unpacker_listen(child.fd, readers_options(readers)->wall_ms, wish, taker, err);
	readers_bury(readers, &child);
	return ok;
}
