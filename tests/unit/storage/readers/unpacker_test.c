// SPDX-License-Identifier: MIT
/*
 * Unpacking in a process behind walls, and in this one. Built without sanitizers, whatever the rest is
 * built with: those need system calls of their own.
 */
#include "storage/readers/unpacker.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "core/base/array.h"

typedef int (*setting_fn)(struct archive *);

static const struct {
	const char *name;
	setting_fn format, filter;
} kinds[] = {
	{ "zip", archive_write_set_format_zip, NULL },
	{ "7z", archive_write_set_format_7zip, NULL },
	{ "tar", archive_write_set_format_pax_restricted, NULL },
	{ "tar.gz", archive_write_set_format_pax_restricted, archive_write_add_filter_gzip },
	{ "tar.bz2", archive_write_set_format_pax_restricted, archive_write_add_filter_bzip2 },
	{ "tar.xz", archive_write_set_format_pax_restricted, archive_write_add_filter_xz },
	{ "tar.zst", archive_write_set_format_pax_restricted, archive_write_add_filter_zstd },
};
enum { N_KINDS = sizeof kinds / sizeof *kinds, LONG_BYTES = 300000 };

/** What is in an archive: `len` bytes that say where they stand, or all the same. */
struct content {
	const char *path;
	size_t len;
	bool is_flat;
};

static void fill(const struct content *content, struct bytes *out)
{
	for (size_t i = 0; i < content->len; i++)
		bytes_append_byte(out, content->is_flat ? 'x' : (char)(i * 2654435761u >> 13));
}

static void put(struct archive *archive, const struct content *content)
{
	struct archive_entry *entry = archive_entry_new();
	struct bytes bytes = { 0 };
	fill(content, &bytes);
	archive_entry_set_pathname(entry, content->path);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, 0644);
	archive_entry_set_size(entry, (la_int64_t)bytes.len);
	assert_int_equal(archive_write_header(archive, entry), ARCHIVE_OK);
	assert_int_equal(archive_write_data(archive, bytes.ptr, bytes.len), bytes.len);
	archive_entry_free(entry);
	bytes_finish(&bytes);
}

/** A descriptor of it, in memory. */
static int make(size_t kind, const struct content *contents, size_t n)
{
	int fd = memfd_create(kinds[kind].name, MFD_CLOEXEC);
	struct archive *archive = archive_write_new();
	assert_true(fd >= 0);
	assert_int_equal(kinds[kind].format(archive), ARCHIVE_OK);
	if (kinds[kind].filter)
		assert_int_equal(kinds[kind].filter(archive), ARCHIVE_OK);
	assert_int_equal(archive_write_open_fd(archive, fd), ARCHIVE_OK);
	for (size_t i = 0; i < n; i++)
		put(archive, &contents[i]);
	assert_int_equal(archive_write_close(archive), ARCHIVE_OK);
	archive_write_free(archive);
	return fd;
}

/** What was told: "name:size " of all, and the bytes of those that were wanted. */
struct told {
	struct bytes names, data;
	size_t n_ends,
		n_refused_after; /* pieces that are taken before one is refused; 0: all are */
};

static bool member(void *context, const struct unpack_member *member, struct error *err)
{
	struct told *told = context;
	(void)err;
	bytes_printf(&told->names, "%.*s:%u ", STR_ARG(member->path), (unsigned)member->size_bytes);
	return true;
}

static bool data(void *context, struct str bytes, struct error *err)
{
	struct told *told = context;
	if (told->n_refused_after > 0 && --told->n_refused_after == 0)
		return error_set(err, ERROR_CANCELLED, NULL, "no more");
	bytes_append_str(&told->data, bytes);
	return true;
}

static bool end(void *context, struct error *err)
{
	(void)err;
	((struct told *)context)->n_ends++;
	return true;
}

static bool unpack(struct readers *readers, int fd, struct unpack_wish wish, struct told *told,
		   struct error *err)
{
	struct stat state;
	struct arena arena = { 0 };
	const struct unpack_taker taker = { member, data, end, NULL, told };
	assert_int_equal(fstat(fd, &state), 0);
	unpack_wish_index(&wish, &arena);
	bool ok = unpacker_run(readers, fd, (uint64_t)state.st_size, &wish, &taker, err);
	arena_finish(&arena);
	return ok;
}

static void forget(struct told *told)
{
	bytes_finish(&told->names);
	bytes_finish(&told->data);
	*told = (struct told){ 0 };
}

static const struct content usual[] = {
	{ "a/readme.txt", 100, false },
	{ "a/one.safetensors", LONG_BYTES, false },
	{ "two.ckpt", 70000, false },
};

static void check_usual(struct readers *readers, size_t kind)
{
	const struct str wanted[] = { STR("a/one.safetensors") };
	struct error err = { 0 };
	struct told told = { 0 };
	struct bytes expected = { 0 };
	int fd = make(kind, usual, 3);
	if (!unpack(readers, fd, (struct unpack_wish){ .paths = wanted, .n_paths = 1 }, &told,
		    &err))
		fail_msg("%s: %s", kinds[kind].name, err.text);
	assert_string_equal(told.names.ptr,
			    "a/readme.txt:100 a/one.safetensors:300000 two.ckpt:70000 ");
	fill(&usual[1], &expected);
	assert_int_equal(told.n_ends, 1);
	assert_true(str_equal(bytes_str(&told.data), bytes_str(&expected)));
	forget(&told);
	/* Of what is called like a model the first bytes. */
	assert_true(unpack(readers, fd,
			   (struct unpack_wish){ .of_models = true, .head_bytes = 1000 }, &told,
			   &err));
	assert_int_equal(told.n_ends, 2);
	assert_int_equal(told.data.len, 2000);
	assert_memory_equal(told.data.ptr, expected.ptr, 1000);
	forget(&told);
	bytes_finish(&expected);
	close(fd);
}

static void every_kind_comes_out_whole(void **state)
{
	for (size_t i = 0; i < N_KINDS; i++) {
		check_usual(*state, i);
		check_usual(NULL, i);
	}
}

static void a_bomb_is_stopped(void **state)
{
	const struct content flat[] = { { "a.safetensors", 64 << 20, true } };
	const size_t tight[] = { 1, 4, 5 }; /* deflate cannot pack that tight */
	for (size_t i = 0; i < sizeof tight / sizeof *tight; i++) {
		struct error err = { 0 };
		struct told told = { 0 };
		int fd = make(tight[i], flat, 1);
		assert_false(
			unpack(*state, fd, (struct unpack_wish){ .of_models = true }, &told, &err));
		assert_int_equal(err.code, ERROR_LIMIT);
		assert_string_equal(err.slug, "E_BOMB");
		forget(&told);
		close(fd);
	}
}

static void who_takes_no_more_ends_it(void **state)
{
	struct error err = { 0 };
	struct told told = { .n_refused_after = 2 };
	int fd = make(2, usual, 3);
	assert_false(unpack(*state, fd, (struct unpack_wish){ .of_models = true }, &told, &err));
	assert_int_equal(err.code, ERROR_CANCELLED);
	assert_true(told.data.len > 0 && told.data.len < LONG_BYTES);
	assert_int_equal(told.n_ends, 0);
	forget(&told);
	close(fd);
}

/* Cut anywhere it says so, or gave all that was wanted before. */
static void what_is_cut_off_says_so(void **state)
{
	for (size_t kind = 0; kind < N_KINDS; kind++) {
		struct error err = { 0 };
		struct told told = { 0 };
		struct stat whole;
		int fd = make(kind, usual, 3);
		assert_int_equal(fstat(fd, &whole), 0);
		assert_int_equal(ftruncate(fd, whole.st_size / 2), 0);
		assert_false(
			unpack(*state, fd, (struct unpack_wish){ .of_models = true }, &told, &err));
		assert_int_equal(err.code, ERROR_FORMAT);
		assert_true(strcmp(err.slug, "E_TRUNCATED") == 0 ||
			    strcmp(err.slug, "E_AR_READ") == 0);
		forget(&told);
		close(fd);
	}
}

int main(void)
{
	struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_comes_out_whole),
		cmocka_unit_test(a_bomb_is_stopped),
		cmocka_unit_test(who_takes_no_more_ends_it),
		cmocka_unit_test(what_is_cut_off_says_so),
	};
	const struct readers_options options = { 0 };
	struct error err;
	struct readers *readers = readers_open(&options, &err);
	if (!readers)
		return 1;
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		tests[i].initial_state = readers;
	int n_failed = cmocka_run_group_tests(tests, NULL, NULL);
	readers_close(readers);
	return n_failed;
}
