// SPDX-License-Identifier: MIT
#include "storage/files/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <inttypes.h>
#include <locale.h>
#include <stdlib.h>

#include "storage/files/archive_source.h"
#include "storage/files/unpack_zip.h"
#include "storage/scan/names.h"

/** One archive on its way out. */
struct run {
	const struct unpack_wish *wish;
	const struct unpack_taker *taker;
	struct archive *archive;
	struct unpack_zip zip;
	struct archive_budget budget;
	uint64_t archive_bytes, written_bytes;
	uint64_t told_bytes; /* of the archive: read when somebody was told last */
	char *piece;
};

void unpack_wish_index(struct unpack_wish *wish, struct arena *arena)
{
	map_init(&wish->by_path, arena, wish->n_paths + 1);
	for (size_t i = 0; i < wish->n_paths; i++)
		*map_place(&wish->by_path, wish->paths[i]) = (void *)(uintptr_t)(i + 1);
}

bool unpack_wish_has(const struct unpack_wish *wish, const struct unpack_member *member)
{
	struct name_rules usual = { 0 };
	if (member->kind != UNPACK_FILE || member->is_encrypted)
		return false;
	return wish->of_models ? name_is_model(&usual, member->path)
			       : map_find(&wish->by_path, member->path) != NULL;
}

static bool fail_bomb(struct error *err)
{
	return error_set(err, ERROR_LIMIT, "E_BOMB", "archive expands beyond %u times its size",
			 ARCHIVE_RATIO_MAX);
}

/* Why libarchive gave no more. */
static bool fail_stop(const struct run *run, const char *why, struct error *err)
{
	if (run->budget.stop == STOP_BOMB)
		return fail_bomb(err);
	if (run->budget.stop == STOP_IO) {
		*err = run->budget.err;
		return false;
	}
	if (run->archive && archive_read_has_encrypted_entries(run->archive) > 0)
		return error_set(err, ERROR_FORMAT, "E_ZIP_CRYPT", "the archive is encrypted");
	struct str words = str_trim(str_from(why ? why : "no reason is given"));
	return str_find(words, STR("runcated")) >= 0
		       ? error_set(err, ERROR_FORMAT, "E_TRUNCATED", "file is cut off: %.*s",
				   STR_ARG(words))
		       : error_set(err, ERROR_FORMAT, "E_AR_READ", "archive is damaged: %.*s",
				   STR_ARG(words));
}

static enum unpack_kind kind_of(struct archive_entry *entry)
{
	if (archive_entry_hardlink(entry) || archive_entry_filetype(entry) == AE_IFLNK)
		return UNPACK_LINK;
	if (archive_entry_filetype(entry) == AE_IFDIR)
		return UNPACK_FOLDER;
	/* Holes are a trick: a kilobyte that says it is a terabyte. */
	return archive_entry_filetype(entry) == AE_IFREG && archive_entry_sparse_count(entry) == 0
		       ? UNPACK_FILE
		       : UNPACK_SPECIAL;
}

static struct unpack_member member_of(struct archive_entry *entry)
{
	const char *text = archive_entry_pathname(entry);
	la_int64_t size = archive_entry_size(entry);
	return (struct unpack_member){
		.path = str_from(text ? text : ""),
		.kind = kind_of(entry),
		.has_size = archive_entry_size_is_set(entry) && size >= 0,
		.size_bytes = size > 0 ? (uint64_t)size : 0,
		.is_encrypted = archive_entry_is_encrypted(entry) > 0,
	};
}

/* Whoever waits sees that it goes on, though members are passed over that nobody wants. */
static void tell_alive(void *context)
{
	enum { EVERY_BYTES = 1 << 20 };
	struct run *run = context;
	if (!run->taker->alive || run->budget.read_bytes - run->told_bytes < EVERY_BYTES)
		return;
	run->told_bytes = run->budget.read_bytes;
	run->taker->alive(run->taker->context);
}

/* What zip and 7z unpack no filter counts. */
static bool count(struct run *run, size_t len, struct error *err)
{
	enum { FREE_BYTES = 1 << 20 };
	run->written_bytes += len;
	if (run->wish->out_bytes_max)
		return run->written_bytes <= run->wish->out_bytes_max || fail_bomb(err);
	return run->written_bytes < FREE_BYTES ||
	       (run->written_bytes - FREE_BYTES) / ARCHIVE_RATIO_MAX <= run->archive_bytes ||
	       fail_bomb(err);
}

static bool give_data(struct run *run, const struct unpack_member *member, struct error *err)
{
	uint64_t wanted = run->wish->head_bytes ? run->wish->head_bytes : UINT64_MAX;
	for (uint64_t given = 0; given < wanted;) {
		size_t room = wanted - given < UNPACK_PIECE_BYTES ? (size_t)(wanted - given)
								  : UNPACK_PIECE_BYTES;
		la_ssize_t n = archive_read_data(run->archive, run->piece, room);
		if (n < 0)
			return fail_stop(run, archive_error_string(run->archive), err);
		if (n == 0)
			break;
		given += (uint64_t)n;
		if (!count(run, (size_t)n, err) ||
		    !run->taker->data(run->taker->context, (struct str){ run->piece, (size_t)n },
				      err))
			return error_context(err, "%.*s", STR_ARG(member->path));
	}
	return run->taker->end(run->taker->context, err);
}

static bool give_member(struct run *run, struct archive_entry *entry, struct error *err)
{
	struct unpack_member member = member_of(entry);
	unpack_zip_meet(&run->zip, &member);
	return run->taker->member(run->taker->context, &member, err) &&
	       (!unpack_wish_has(run->wish, &member) || give_data(run, &member, err));
}

static bool give_all(struct run *run, struct error *err)
{
	struct archive_entry *entry;
	int result;
	size_t n = 0;
	while ((result = archive_read_next_header(run->archive, &entry)) == ARCHIVE_OK ||
	       result == ARCHIVE_WARN) {
		if (++n > ARCHIVE_MEMBERS_MAX)
			return error_set(err, ERROR_LIMIT, "E_AR_MANY",
					 "archive lists more than %u members", ARCHIVE_MEMBERS_MAX);
		if (!give_member(run, entry, err))
			return false;
	}
	return result == ARCHIVE_EOF ? unpack_zip_agrees(&run->zip, err)
				     : fail_stop(run, archive_error_string(run->archive), err);
}

static bool run_file(struct run *run, const struct blob *blob, struct error *err)
{
	struct archive_source source = { .budget = &run->budget, .blob = blob };
	char *why;
	run->archive = archive_source_open(&source, &why);
	bool ok = run->archive ? give_all(run, err) : fail_stop(run, why, err);
	if (run->archive)
		archive_source_close(&source);
	free(why);
	return ok;
}

bool unpack_run(struct archive_reader *reader, const struct blob *blob,
		const struct unpack_wish *wish, const struct unpack_taker *taker, struct error *err)
{
	struct run run = { .wish = wish,
			   .taker = taker,
			   .archive_bytes = blob->size_bytes,
			   .budget = { .is_unlimited = true,
				       .out_bytes_max = wish->out_bytes_max,
				       .was_read = tell_alive,
				       .context = &run } };
	struct arena arena = { 0 };
	run.piece = arena_alloc(&arena, UNPACK_PIECE_BYTES);
	unpack_zip_read(&run.zip, blob, &arena);
	locale_t locale = archive_reader_locale(reader);
	locale_t before = locale ? uselocale(locale) : (locale_t)0;
	bool ok = run_file(&run, blob, err);
	if (before)
		uselocale(before);
	arena_finish(&arena);
	return ok;
}
