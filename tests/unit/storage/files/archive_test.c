// SPDX-License-Identifier: MIT
#include "storage/files/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/array.h"

/* Archives are made by libarchive, in memory. */

struct member {
	const char *path;
	const char *content; /* or NULL: `size` zeros */
	size_t size;
	unsigned type; /* AE_IF...; 0: a file */
	const char *link;
	bool is_open; /* its size is written behind it */
};

struct kind {
	const char *name;
	int (*format)(struct archive *archive);
	int (*filter)(struct archive *archive); /* or NULL */
};

static const struct kind zip = { "zip", archive_write_set_format_zip, NULL };
static const struct kind sevenzip = { "7z", archive_write_set_format_7zip, NULL };
static const struct kind pax = { "tar", archive_write_set_format_pax, NULL };
static const struct kind tar_gz = { "tar.gz", archive_write_set_format_pax,
				    archive_write_add_filter_gzip };
static const struct kind tar_zst = { "tar.zst", archive_write_set_format_pax,
				     archive_write_add_filter_zstd };

static const struct kind *const kinds[] = {
	&zip,
	&sevenzip,
	&pax,
	&tar_gz,
	&tar_zst,
	&(const struct kind){ "gnu tar", archive_write_set_format_gnutar, NULL },
	&(const struct kind){ "tar.xz", archive_write_set_format_ustar,
			      archive_write_add_filter_xz },
	&(const struct kind){ "tar.bz2", archive_write_set_format_ustar,
			      archive_write_add_filter_bzip2 },
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static la_ssize_t append(struct archive *archive, void *context, const void *bytes, size_t len)
{
	(void)archive;
	bytes_append(context, bytes, len);
	return (la_ssize_t)len;
}

static void put_data(struct archive *archive, const struct member *member)
{
	static const char zeros[1 << 16];
	if (member->content) {
		archive_write_data(archive, member->content, member->size);
		return;
	}
	for (size_t left = member->size; left > 0;) {
		size_t part = left < sizeof zeros ? left : sizeof zeros;
		assert_int_equal(archive_write_data(archive, zeros, part), part);
		left -= part;
	}
}

static void put_member(struct archive *archive, const struct member *member)
{
	struct archive_entry *entry = archive_entry_new();
	archive_entry_set_pathname(entry, member->path);
	archive_entry_set_filetype(entry, member->type ? member->type : AE_IFREG);
	archive_entry_set_perm(entry, 0644);
	archive_entry_set_mtime(entry, 1700000000, 0);
	if (member->type == AE_IFLNK)
		archive_entry_set_symlink(entry, member->link);
	else if (member->link)
		archive_entry_set_hardlink(entry, member->link);
	else if (!member->is_open)
		archive_entry_set_size(entry, (la_int64_t)member->size);
	if (archive_write_header(archive, entry) != ARCHIVE_OK)
		fail_msg("%s: %s", member->path, archive_error_string(archive));
	if (!member->link)
		put_data(archive, member);
	archive_entry_free(entry);
}

static struct bytes make_with(const struct kind *kind, const struct member *members, size_t n,
			      const char *options)
{
	struct bytes out = { 0 };
	struct archive *archive = archive_write_new();
	locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	locale_t before = uselocale(locale);
	assert_int_equal(kind->format(archive), ARCHIVE_OK);
	if (kind->filter)
		assert_int_equal(kind->filter(archive), ARCHIVE_OK);
	if (options) {
		assert_int_equal(archive_write_set_options(archive, options), ARCHIVE_OK);
		assert_int_equal(archive_write_set_passphrase(archive, "secret"), ARCHIVE_OK);
	}
	archive_write_set_bytes_in_last_block(archive, 1);
	assert_int_equal(archive_write_open(archive, &out, NULL, append, NULL), ARCHIVE_OK);
	for (size_t i = 0; i < n; i++)
		put_member(archive, &members[i]);
	assert_int_equal(archive_write_close(archive), ARCHIVE_OK);
	archive_write_free(archive);
	uselocale(before);
	freelocale(locale);
	return out;
}

#define MAKE(kind, members) make_with(kind, members, sizeof(members) / sizeof(*(members)), NULL)

static struct member member_of(const char *path, const struct bytes *bytes)
{
	return (struct member){ .path = path, .content = bytes->ptr, .size = bytes->len };
}

struct read {
	struct arena arena;
	struct reading out;
};

static void list_blob(struct read *read, struct blob blob)
{
	struct archive_reader *reader = archive_reader_create();
	*read = (struct read){ .out = { .format = FORMAT_ARCHIVE, .safety = SAFETY_CANNOT_TELL } };
	archive_list_models(reader, &blob, &read->arena, &read->out);
	archive_reader_destroy(reader);
}

static void list(struct read *read, const struct bytes *bytes)
{
	list_blob(read, blob_from_memory(bytes->ptr, bytes->len));
}

static void finish(struct read *read, struct bytes *bytes)
{
	arena_finish(&read->arena);
	bytes_finish(bytes);
}

/** @error  the code, or NULL */
static void assert_told(const struct read *read, const char *kind, const char *error,
			const char *note)
{
	const char *code = read->out.error.code.ptr;
	if (!str_equal(str_from(code), str_from(error)) || !code != !error)
		fail_msg("%s: error %s: %s", kind, code ? code : "none",
			 code ? read->out.error.message.ptr : "");
	if (note) {
		assert_int_equal(read->out.n_notes, 1);
		assert_string_equal(read->out.notes[0].code.ptr, "W_AR_MODELS");
		if (strcmp(read->out.notes[0].message.ptr, note) != 0)
			fail_msg("%s: \"%s\"", kind, read->out.notes[0].message.ptr);
	}
}

static void names_the_models_of_every_kind(void **state)
{
	static const struct member members[] = {
		{ .path = "models/", .type = AE_IFDIR },
		{ "models/readme.txt", "hi", 2, 0, NULL, false },
		{ "models/loras/one.safetensors", "123456", 6, 0, NULL, false },
		{ "models/\xe6\xa8\xa1\xe5\x9e\x8b.CKPT", "123", 3, 0, NULL, false },
		{ "__MACOSX/models/._one.safetensors", "12", 2, 0, NULL, false },
	};
	(void)state;
	for (size_t i = 0; i < KINDS; i++) {
		struct bytes bytes = MAKE(kinds[i], members);
		struct read read;
		list(&read, &bytes);
		assert_told(&read, kinds[i]->name, NULL,
			    "holds 2 models: models/loras/one.safetensors (6 bytes), "
			    "models/\xe6\xa8\xa1\xe5\x9e\x8b.CKPT (3 bytes)");
		assert_int_equal(read.out.status, STATUS_OK);
		finish(&read, &bytes);
	}
}

static void says_when_there_are_none(void **state)
{
	static const struct member members[] = { { "picture.png", "12", 2, 0, NULL, false } };
	(void)state;
	for (size_t i = 0; i < KINDS; i++) {
		struct bytes bytes = MAKE(kinds[i], members);
		struct read read;
		list(&read, &bytes);
		assert_told(&read, kinds[i]->name, NULL, "holds no models");
		finish(&read, &bytes);
	}
}

static void counts_what_it_does_not_name(void **state)
{
	struct member members[20] = { 0 };
	char paths[20][16];
	(void)state;
	for (int i = 0; i < 20; i++) {
		snprintf(paths[i], sizeof paths[i], "m%02d.pt", i);
		members[i] = (struct member){ paths[i], "1", 1, 0, NULL, false };
	}
	struct bytes bytes = MAKE(&zip, members);
	struct read read;
	list(&read, &bytes);
	assert_told(&read, "zip", NULL,
		    "holds 20 models: m00.pt (1 bytes), m01.pt (1 bytes), m02.pt (1 bytes), "
		    "m03.pt (1 bytes), m04.pt (1 bytes), m05.pt (1 bytes) and 14 more");
	finish(&read, &bytes);
}

static void looks_into_one_level_more(void **state)
{
	static const struct member inner[] = { { "deep.gguf", "1234", 4, 0, NULL, false } };
	static const struct kind *const inside[] = { &zip, &pax, &tar_gz, &tar_zst };
	static const char *const names[] = { "in.zip", "in.tar", "in.tgz", "in.tar.zst" };
	(void)state;
	for (size_t i = 0; i < 4; i++) {
		char note[100];
		struct bytes in = MAKE(inside[i], inner);
		struct member outer[] = { member_of(names[i], &in),
					  { "after.pt", "1", 1, 0, NULL, false } };
		struct bytes bytes = MAKE(&pax, outer), zipped = MAKE(&zip, outer);
		struct read read;
		snprintf(note, sizeof note,
			 "holds 2 models: %s/deep.gguf (4 bytes), "
			 "after.pt (1 bytes)",
			 names[i]);
		list(&read, &bytes);
		assert_told(&read, names[i], NULL, note);
		finish(&read, &bytes);
		list(&read, &zipped);
		assert_told(&read, names[i], NULL, note);
		finish(&read, &zipped);
		bytes_finish(&in);
	}
}

/* What is behind such a member is only found by unpacking it: a bomb need say no size. */
static void stops_where_a_size_is_missing(void **state)
{
	static const struct member inner[] = {
		{ .path = "open.pt", .content = "1234", .size = 4, .is_open = true },
		{ "more.pt", "1", 1, 0, NULL, false },
	};
	(void)state;
	struct bytes in = MAKE(&zip, inner);
	struct member outer[] = { member_of("in.zip", &in),
				  { "after.pt", "1", 1, 0, NULL, false } };
	struct bytes bytes = MAKE(&pax, outer);
	struct read read;
	list(&read, &bytes);
	assert_told(&read, "zip in tar", NULL,
		    "holds 2 models: in.zip/open.pt, after.pt (1 bytes); not read to the end");
	finish(&read, &bytes);
	list(&read, &in);
	assert_told(&read, "zip", NULL, "holds 2 models: open.pt (4 bytes), more.pt (1 bytes)");
	finish(&read, &in);
}

static void looks_no_deeper(void **state)
{
	static const struct member deepest[] = { { "deep.gguf", "1234", 4, 0, NULL, false } };
	(void)state;
	struct bytes third = MAKE(&pax, deepest);
	struct member middle[] = { member_of("third.tar", &third),
				   { "two.pt", "1", 1, 0, NULL, false } };
	struct bytes second = MAKE(&pax, middle);
	struct member outer[] = { member_of("second.tar", &second) };
	struct bytes first = MAKE(&pax, outer), closed = MAKE(&sevenzip, outer);
	struct read read;
	list(&read, &first);
	assert_told(&read, "tar", NULL,
		    "holds 1 model: second.tar/two.pt (1 bytes); "
		    "1 archives in it were not looked into");
	finish(&read, &first);
	list(&read, &closed);
	assert_told(&read, "7z", NULL, "holds no models; 1 archives in it were not looked into");
	finish(&read, &closed);
	bytes_finish(&second);
	bytes_finish(&third);
}

static void refuses_members_that_lead_elsewhere(void **state)
{
	static const struct {
		struct member member;
		const char *error;
	} rows[] = {
		{ { "../up.pt", "1", 1, 0, NULL, false },
		  "refused member \"../up.pt\": its path leads out of the archive" },
		{ { "a/../../up.pt", "1", 1, 0, NULL, false },
		  "refused member \"a/../../up.pt\": its path leads out of the archive" },
		{ { "a\\..\\up.pt", "1", 1, 0, NULL, false },
		  "refused member \"a\\..\\up.pt\": its path leads out of the archive" },
		{ { "/etc/cron.d/x.pt", "1", 1, 0, NULL, false },
		  "refused member \"/etc/cron.d/x.pt\": its path is absolute" },
		{ { "C:/x.pt", "1", 1, 0, NULL, false },
		  "refused member \"C:/x.pt\": its path is absolute" },
		{ { "link.pt", NULL, 0, AE_IFLNK, "/etc/passwd", false },
		  "refused member \"link.pt\": it is a link" },
		{ { "hard.pt", NULL, 0, 0, "first.pt", false },
		  "refused member \"hard.pt\": it is a link" },
		{ { "pipe.pt", NULL, 0, AE_IFIFO, NULL, false },
		  "refused member \"pipe.pt\": it is no regular file" },
		{ { "disk.pt", NULL, 0, AE_IFBLK, NULL, false },
		  "refused member \"disk.pt\": it is no regular file" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct member members[] = { { "first.pt", "1", 1, 0, NULL, false },
					    rows[i].member };
		struct bytes bytes = MAKE(&pax, members);
		struct read read;
		list(&read, &bytes);
		assert_told(&read, rows[i].member.path, "E_AR_PATH",
			    "holds 1 model: first.pt (1 bytes)");
		assert_string_equal(read.out.error.message.ptr, rows[i].error);
		assert_int_equal(read.out.status, STATUS_DAMAGED);
		assert_int_equal(read.out.n_notes, 1);
		finish(&read, &bytes);
	}
}

static void tells_of_encryption(void **state)
{
	static const struct member members[] = { { "a.safetensors", "123456", 6, 0, NULL, false } };
	(void)state;
	struct bytes bytes = make_with(&zip, members, 1, "zip:encryption=aes256");
	struct read read;
	list(&read, &bytes);
	assert_told(&read, "zip", "E_ZIP_CRYPT", "holds 1 model: a.safetensors (6 bytes)");
	assert_string_equal(read.out.error.message.ptr, "a.safetensors is encrypted");
	assert_int_equal(read.out.status, STATUS_UNSUPPORTED);
	finish(&read, &bytes);
}

/* Bytes that do not compress, so that what is missing is missed. */
static void fill(char *bytes, size_t len)
{
	uint32_t word = 1;
	for (size_t i = 0; i < len; i++) {
		word = word * 1664525 + 1013904223;
		bytes[i] = (char)(word >> 24);
	}
}

static void what_is_cut_off_is_told(void **state)
{
	static char noise[1 << 16];
	const struct member members[] = {
		{ "a.safetensors", noise, sizeof noise, 0, NULL, false },
		{ "b.safetensors", noise, sizeof noise, 0, NULL, false },
	};
	(void)state;
	fill(noise, sizeof noise);
	for (size_t i = 0; i < KINDS; i++) {
		struct bytes bytes = MAKE(kinds[i], members);
		for (size_t cut = 1; cut < 16; cut++) {
			struct read read;
			list_blob(&read, blob_from_memory(bytes.ptr, bytes.len * cut / 16));
			if (!read.out.error.code.ptr)
				fail_msg("%s cut at %zu/16: %s", kinds[i]->name, cut,
					 read.out.notes[0].message.ptr);
			assert_true(read.out.status == STATUS_PARTIAL ||
				    read.out.status == STATUS_DAMAGED);
			arena_finish(&read.arena);
		}
		bytes_finish(&bytes);
	}
}

static void bombs_are_stopped(void **state)
{
	static const struct member members[] = {
		{ "first.pt", "1", 1, 0, NULL, false },
		{ "huge.bin", NULL, (size_t)600 << 20, 0, NULL, false },
		{ "last.pt", "1", 1, 0, NULL, false },
	};
	(void)state;
	struct bytes bytes = MAKE(&tar_zst, members);
	struct read read;
	assert_true(bytes.len < 1 << 20);
	list(&read, &bytes);
	assert_told(&read, "tar.zst", "E_BOMB",
		    "holds 2 models: first.pt (1 bytes), "
		    "huge.bin (629145600 bytes); not read to the end");
	finish(&read, &bytes);
}

/* Noise enough that it is no bomb, and longer than anybody waits for. */
static void long_streams_are_left(void **state)
{
	static char noise[1 << 20];
	const struct member members[] = {
		{ "noise.txt", noise, sizeof noise, 0, NULL, false },
		{ "huge.bin", NULL, (size_t)300 << 20, 0, NULL, false },
		{ "last.pt", "1", 1, 0, NULL, false },
	};
	(void)state;
	fill(noise, sizeof noise);
	struct bytes bytes = MAKE(&tar_zst, members);
	struct read read;
	list(&read, &bytes);
	assert_told(&read, "tar.zst", NULL,
		    "holds 1 model: huge.bin (314572800 bytes); not read to the end");
	assert_int_equal(read.out.status, STATUS_OK);
	finish(&read, &bytes);
}

static void other_things_are_told(void **state)
{
	(void)state;
	struct read read;
	struct bytes single = { 0 };
	bytes_append(&single,
		     "\x1f\x8b\x08\0\0\0\0\0\0\x03\xcb\x48\xcd\xc9\xc9\x07\0\x86\xa6\x10\x36"
		     "\x05\0\0\0",
		     25);
	list(&read, &single);
	assert_told(&read, "gz", NULL, "one compressed file, no archive: not looked into");
	assert_int_equal(read.out.status, STATUS_UNSUPPORTED);
	finish(&read, &single);
	list_blob(&read, blob_from_fd(-1, 100));
	assert_told(&read, "nothing", "E_IO", NULL);
	arena_finish(&read.arena);
}

static void what_is_settled_is_left_alone(void **state)
{
	static const struct member members[] = { { "a.pt", "1", 1, 0, NULL, false } };
	(void)state;
	struct bytes bytes = MAKE(&sevenzip, members);
	struct archive_reader *reader = archive_reader_create();
	struct blob blob = blob_from_memory(bytes.ptr, bytes.len);
	struct arena arena = { 0 };
	struct reading out = { .format = FORMAT_ARCHIVE };
	reading_note(&out, &arena, "W_WRAPPED", "a compressed archive named as a checkpoint");
	archive_list_models(reader, &blob, &arena, &out);
	assert_int_equal(out.n_notes, 1);
	out = (struct reading){ .format = FORMAT_TORCH_ZIP };
	archive_list_models(reader, &blob, &arena, &out);
	assert_int_equal(out.n_notes, 0);
	archive_reader_destroy(reader);
	archive_reader_destroy(NULL);
	arena_finish(&arena);
	bytes_finish(&bytes);
}

/* The walls that a reader process has: any of these calls is its end. */
static void close_in(void)
{
	static const unsigned calls[] = {
		SYS_openat, SYS_newfstatat, SYS_execve, SYS_socket,
		SYS_clone,  SYS_readlinkat, SYS_statx,
	};
	enum { N = sizeof calls / sizeof *calls };
	struct sock_filter steps[2 * N + 2] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	};
	for (size_t i = 0; i < N; i++) {
		steps[1 + 2 * i] =
			(struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, calls[i], 0, 1);
		steps[2 + 2 * i] =
			(struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
	}
	steps[2 * N + 1] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	struct sock_fprog program = { 2 * N + 2, steps };
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		_exit(2);
}

static void opens_nothing(void **state)
{
	static const struct member members[] = {
		{ "models/\xe6\xa8\xa1\xe5\x9e\x8b.pt", "123", 3, 0, NULL, false },
		{ "plain.pt", "123", 3, 0, NULL, false },
	};
	(void)state;
	for (size_t i = 0; i < KINDS; i++) {
		struct bytes bytes = MAKE(kinds[i], members);
		struct blob blob = blob_from_memory(bytes.ptr, bytes.len);
		pid_t pid = fork();
		assert_true(pid >= 0);
		if (pid == 0) {
			struct archive_reader *reader = archive_reader_create();
			struct arena arena = { 0 };
			struct reading out = { .format = FORMAT_ARCHIVE };
			archive_prepare_process();
			close_in();
			archive_list_models(reader, &blob, &arena, &out);
			_exit(out.n_notes == 1 && !out.error.code.ptr ? 0 : 1);
		}
		int status = 0;
		assert_int_equal(waitpid(pid, &status, 0), pid);
		if (!WIFEXITED(status) || WEXITSTATUS(status) == 1)
			fail_msg("%s: status %x", kinds[i]->name, (unsigned)status);
		bytes_finish(&bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_the_models_of_every_kind),
		cmocka_unit_test(says_when_there_are_none),
		cmocka_unit_test(counts_what_it_does_not_name),
		cmocka_unit_test(looks_into_one_level_more),
		cmocka_unit_test(stops_where_a_size_is_missing),
		cmocka_unit_test(looks_no_deeper),
		cmocka_unit_test(refuses_members_that_lead_elsewhere),
		cmocka_unit_test(tells_of_encryption),
		cmocka_unit_test(what_is_cut_off_is_told),
		cmocka_unit_test(bombs_are_stopped),
		cmocka_unit_test(long_streams_are_left),
		cmocka_unit_test(other_things_are_told),
		cmocka_unit_test(what_is_settled_is_left_alone),
		cmocka_unit_test(opens_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
