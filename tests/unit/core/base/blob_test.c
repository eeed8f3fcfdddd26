// SPDX-License-Identifier: MIT
#include "core/base/blob.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/hash.h"

static void reads_exactly_or_says_why(void **state)
{
	(void)state;
	struct blob blob = blob_from_memory("0123456789", 10);
	char to[16];
	struct error err;
	assert_true(blob_read_at(&blob, 3, to, 4, &err));
	assert_memory_equal(to, "3456", 4);
	assert_true(blob_read_at(&blob, 10, to, 0, &err));
	assert_false(blob_read_at(&blob, 8, to, 3, &err));
	assert_string_equal(err.slug, "E_TRUNCATED");
	assert_false(blob_read_at(&blob, UINT64_MAX, to, 2, &err));
	struct blob window = blob_window(&blob, 2, 4);
	assert_true(blob_read_at(&window, 1, to, 3, &err));
	assert_memory_equal(to, "345", 3);
	assert_false(blob_read_at(&window, 1, to, 4, &err));
}

static void reads_descriptors(void **state)
{
	(void)state;
	FILE *file = tmpfile();
	assert_non_null(file);
	static char bytes[300000], to[300000];
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (char)(i * 7 + i / 251);
	assert_int_equal(write(fileno(file), bytes, sizeof bytes), sizeof bytes);
	struct blob blob = blob_from_fd(fileno(file), sizeof bytes);
	struct error err;
	blob_reads_little(&blob);
	blob_will_read(&blob, 0, 8);
	blob_will_read(&blob, sizeof bytes, 8); /* only advice, also where nothing is */
	assert_true(blob_read_at(&blob, 1, to, sizeof to - 1, &err));
	assert_memory_equal(to, bytes + 1, sizeof to - 1);
	struct blob window = blob_window(&blob, 1000, 500);
	window = blob_window(&window, 10, 20);
	assert_true(blob_read_at(&window, 5, to, 15, &err));
	assert_memory_equal(to, bytes + 1015, 15);
	assert_false(blob_read_at(&window, 5, to, 16, &err));
	/* The file shrank since its size was asked for. */
	blob.size_bytes += 100;
	assert_false(blob_read_at(&blob, 0, to, 10 + sizeof bytes, &err));
	assert_int_equal(err.code, ERROR_FORMAT);
	assert_string_equal(err.slug, "E_TRUNCATED");
	fclose(file);
}

static void tells_what_the_system_said(void **state)
{
	(void)state;
	struct blob blob = blob_from_fd(-1, 10);
	char to[4];
	struct error err;
	assert_false(blob_read_at(&blob, 0, to, 4, &err));
	assert_int_equal(err.code, ERROR_SYSTEM);
	assert_int_equal(err.sys, EBADF);
	assert_string_equal(err.slug, "E_IO");
	assert_string_equal(err.text, "cannot read: Bad file descriptor");
	assert_false(error_context(&err, "scanning %s", "x"));
	assert_string_equal(err.text, "scanning x: cannot read: Bad file descriptor");
}

static void long_errors_are_cut_not_overrun(void **state)
{
	(void)state;
	struct error err;
	char words[600];
	memset(words, 'w', sizeof words - 1);
	words[sizeof words - 1] = '\0';
	assert_false(error_set(&err, ERROR_USAGE, NULL, "%s", words));
	assert_int_equal(strlen(err.text), sizeof err.text - 1);
	assert_false(error_context(&err, "%s", words));
	assert_false(error_system(&err, ENOENT, "%s", words));
	assert_int_equal(strlen(err.text), sizeof err.text - 1);
}

static void hashes_as_a_stream(void **state)
{
	(void)state;
	char hex[SHA256_HEX + 1];
	struct sha256 *sha = sha256_create();
	sha256_add(sha, "a", 1);
	sha256_add(sha, NULL, 0);
	sha256_add(sha, "bc", 2);
	sha256_hex(sha, hex);
	assert_string_equal(hex,
			    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	sha256_destroy(sha256_create());
	sha256_destroy(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_exactly_or_says_why),
		cmocka_unit_test(reads_descriptors),
		cmocka_unit_test(tells_what_the_system_said),
		cmocka_unit_test(long_errors_are_cut_not_overrun),
		cmocka_unit_test(hashes_as_a_stream),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
