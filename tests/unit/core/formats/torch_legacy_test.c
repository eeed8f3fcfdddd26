// SPDX-License-Identifier: MIT
/* What PyTorch wrote before 1.6, and before 0.1.10. */
#include "core/formats/format.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/core/formats/reading_of.h"

#define S(literal)                              \
	{                                       \
		"" literal, sizeof(literal) - 1 \
	}
#define MAGIC "\x80\2\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."
#define PROTOCOL "\x80\2M\xe9\3."
#define SYSTEM(little) "\x80\2}(X\15\0\0\0little_endian" little "u."
#define HEAD MAGIC PROTOCOL SYSTEM("\x88")
#define ID(key, view) "(S'storage'\nctorch\nFloatStorage\nS'" key "'\nS'cpu'\nI6\n" view "t"
#define TENSOR(id, at, n) \
	"ctorch._utils\n_rebuild_tensor_v2\n(" id "QI" #at "\n(I" #n "\nt(I1\ntI00\nNtR"
#define A "S'a'\n" TENSOR(ID("7", "N"), 0, 6)
#define OBJECT "(" A "d."
#define KEYS "(S'7'\nl."
#define DATA "\6\0\0\0\0\0\0\0------------------------"
#define EVIL "cos\nsystem\n(S'x'\ntR."

struct row {
	const char *what;
	struct str bytes;
	enum format format;
	enum status status;
	enum safety safety;
	const char *codes, *tensors;
};

#define LEGACY FORMAT_TORCH_LEGACY
#define OK STATUS_OK
#define DAMAGED STATUS_DAMAGED
#define HARMLESS SAFETY_DATA_ONLY
#define RUNS SAFETY_RUNS_CODE
#define TELLS SAFETY_CANNOT_TELL

static const struct row rows[] = {
	{ "as it should be", S(HEAD OBJECT KEYS DATA), LEGACY, OK, HARMLESS, "", "a:F32[6]" },
	{ "two storages",
	  S(HEAD "(" A "S'b'\n" TENSOR(ID("8", "N"), 2, 4) "d.(S'8'\nS'7'\nl." DATA DATA), LEGACY,
	  OK, HARMLESS, "", "a:F32[6] b:F32[4]" },
	{ "one storage for two", S(HEAD "(" A "S'b'\n" TENSOR(ID("7", "N"), 2, 4) "d." KEYS DATA),
	  LEGACY, OK, HARMLESS, "", "a:F32[6] b:F32[4]" },
	{ "a view", S(HEAD "(S'a'\n" TENSOR(ID("7", "(S'v'\nI2\nI4\nt"), 0, 4) "d." KEYS DATA),
	  LEGACY, OK, HARMLESS, "", "a:F32[4]" },
	{ "past the end of a view",
	  S(HEAD "(S'a'\n" TENSOR(ID("7", "(S'v'\nI2\nI4\nt"), 0, 5) "d." KEYS DATA), LEGACY,
	  DAMAGED, HARMLESS, "E_PT_SPAN", "a:F32[5]" },
	{ "nothing in it", S(HEAD "(d.(l."), LEGACY, OK, HARMLESS, "", "" },
	{ "in a later protocol",
	  S("\x80\4\x95\15\0\0\0\0\0\0\0\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19." PROTOCOL
		    SYSTEM("\x88") OBJECT KEYS DATA),
	  LEGACY, OK, HARMLESS, "", "a:F32[6]" },
	{ "the other byte order", S(MAGIC PROTOCOL SYSTEM("\x89") OBJECT KEYS DATA), LEGACY, OK,
	  HARMLESS, "W_PT_ENDIAN", "a:F32[6]" },

	{ "another number for the magic",
	  S("\x80\2\x8a\2\1\1." PROTOCOL SYSTEM("\x88") OBJECT KEYS DATA), LEGACY, DAMAGED,
	  HARMLESS, "E_PT_MAGIC", "a:F32[6]" },
	{ "another protocol", S(MAGIC "\x80\2M\xea\3." SYSTEM("\x88") OBJECT KEYS DATA), LEGACY,
	  DAMAGED, HARMLESS, "E_PT_MAGIC", "a:F32[6]" },
	{ "a magic number that is computed",
	  S("\x80\2c__builtin__\neval\n(S'0x1950a86a20f9469cfc6c'\ntR." PROTOCOL SYSTEM("\x88")
		    OBJECT KEYS DATA),
	  LEGACY, OK, RUNS, "V_RUNS_CODE", "a:F32[6]" },
	{ "a call in the protocol", S(MAGIC EVIL SYSTEM("\x88") OBJECT KEYS DATA), LEGACY, DAMAGED,
	  RUNS, "E_PT_MAGIC V_RUNS_CODE", "a:F32[6]" },
	{ "a call in the keys", S(HEAD OBJECT EVIL DATA), LEGACY, DAMAGED, RUNS,
	  "E_PT_LEGACY V_RUNS_CODE", "a:F32[6]" },
	{ "a call behind the storages", S(HEAD OBJECT KEYS DATA "\x80\2" EVIL), LEGACY, OK, RUNS,
	  "W_PK_MORE V_RUNS_CODE", "a:F32[6]" },
	{ "noise behind the storages", S(HEAD OBJECT KEYS DATA "noise"), LEGACY, OK, HARMLESS, "",
	  "a:F32[6]" },

	{ "cut in a storage", S(HEAD OBJECT KEYS "\6\0\0\0\0\0\0\0---"), LEGACY, STATUS_PARTIAL,
	  HARMLESS, "E_TRUNCATED", "a:F32[6]" },
	{ "cut before a storage", S(HEAD OBJECT KEYS "\6\0\0"), LEGACY, STATUS_PARTIAL, HARMLESS,
	  "E_TRUNCATED", "a:F32[6]" },
	{ "cut before the keys", S(HEAD OBJECT), LEGACY, DAMAGED, TELLS, "E_PK_EOF", "" },
	{ "cut in the object", S(HEAD "(S'a'\n"), LEGACY, DAMAGED, TELLS, "E_PK_EOF", "" },
	{ "a key that no one named", S(HEAD OBJECT "(S'9'\nl." DATA), LEGACY, DAMAGED, HARMLESS,
	  "E_PT_LEGACY", "a:F32[6]" },
	{ "a storage that is not listed", S(HEAD OBJECT "(l."), LEGACY, DAMAGED, HARMLESS,
	  "E_PT_STORAGE", "a:F32[6]" },
	{ "another length", S(HEAD OBJECT KEYS "\7\0\0\0\0\0\0\0------------------------"), LEGACY,
	  DAMAGED, HARMLESS, "E_PT_LEGACY", "a:F32[6]" },
};

static void check_rows(const struct row *list, size_t n, const char *name)
{
	int n_bad = 0;
	for (size_t i = 0; i < n; i++) {
		struct read_file file;
		read_file_open(&file, name, list[i].bytes);
		const char *codes = read_file_codes(&file), *tensors = read_file_tensors(&file);
		if (file.reading.format != list[i].format ||
		    file.reading.status != list[i].status ||
		    file.reading.safety != list[i].safety || strcmp(codes, list[i].codes) != 0 ||
		    strcmp(tensors, list[i].tensors) != 0) {
			print_error("%s: %s %s %s \"%s\" \"%s\"\n", list[i].what,
				    format_word(file.reading.format),
				    status_word(file.reading.status),
				    safety_word(file.reading.safety), codes, tensors);
			n_bad++;
		}
		read_file_close(&file);
	}
	assert_int_equal(n_bad, 0);
}

static void every_row_holds(void **state)
{
	(void)state;
	check_rows(rows, sizeof rows / sizeof *rows, "a.pth");
}

static void the_message_counts_what_is_missing(void **state)
{
	static const struct str cut = S(HEAD OBJECT KEYS "\6\0\0\0\0\0\0\0---");
	struct read_file file;
	char wanted[100];
	(void)state;
	read_file_open(&file, "a.pth", cut);
	snprintf(wanted, sizeof wanted, "file is cut off: %zu of %zu bytes present", cut.len,
		 cut.len + 21);
	assert_string_equal(file.reading.error.message.ptr, wanted);
	assert_int_equal(file.reading.table.tensors[0].offset_bytes, cut.len - 3);
	read_file_close(&file);
}

/** The status of a file of 100 storages, one of whose headers may lie; `behind` comes after them. */
static enum status status_of_many(size_t liar, struct str behind)
{
	enum { STORAGES = 100 };
	static const char zeroes[24] = "";
	struct bytes file = { 0 };
	struct read_file read;
	char part[200];
	bytes_append_str(&file, (struct str)S(HEAD "("));
	for (int i = 0; i < STORAGES; i++) {
		snprintf(part, sizeof part,
			 "S't%d'\nctorch._utils\n_rebuild_tensor_v2\n((S'storage'\nctorch\n"
			 "FloatStorage\nS'%d'\nS'cpu'\nI6\nNtQI0\n(I6\nt(I1\ntI00\nNtR",
			 i, i);
		bytes_append_str(&file, str_from(part));
	}
	bytes_append_str(&file, (struct str)S("d.("));
	for (int i = 0; i < STORAGES; i++) {
		snprintf(part, sizeof part, "S'%d'\n", i);
		bytes_append_str(&file, str_from(part));
	}
	bytes_append_str(&file, (struct str)S("l."));
	for (size_t i = 0; i < STORAGES; i++) {
		bytes_append_byte(&file, i == liar ? 7 : 6);
		bytes_append(&file, zeroes, 7);
		bytes_append(&file, zeroes, sizeof zeroes);
	}
	bytes_append_str(&file, behind);
	read_file_open(&read, "a.pth", bytes_str(&file));
	enum status status = read.reading.status;
	read_file_close(&read);
	bytes_finish(&file);
	return status;
}

/* Files of thousands of storages are gigabytes long: their headers are not all sought. */
static void of_many_headers_a_few_are_tried_where_the_table_ends_with_the_file(void **state)
{
	(void)state;
	assert_int_equal(status_of_many(SIZE_MAX, STR("")), STATUS_OK);
	assert_int_equal(status_of_many(0, STR("")), STATUS_DAMAGED);
	assert_int_equal(status_of_many(6, STR("")), STATUS_DAMAGED);
	assert_int_equal(status_of_many(99, STR("")), STATUS_DAMAGED);
	assert_int_equal(status_of_many(7, STR("")), STATUS_OK);
	assert_int_equal(status_of_many(SIZE_MAX, STR("noise")), STATUS_OK);
	assert_int_equal(status_of_many(7, STR("noise")), STATUS_DAMAGED);
}

/* Tars. */

struct tar_part {
	const char *name;
	struct str data;
};

static void add_to_tar(struct bytes *tar, const struct tar_part *part)
{
	char header[512] = "";
	unsigned sum = 8 * ' ';
	snprintf(header, 100, "%s", part->name);
	snprintf(header + 124, 12, "%011zo", part->data.len);
	header[156] = '0';
	memcpy(header + 257, "ustar  ", 8);
	for (size_t i = 0; i < sizeof header; i++)
		sum += (unsigned char)header[i];
	snprintf(header + 148, 8, "%06o", sum);
	bytes_append(tar, header, sizeof header);
	bytes_append_str(tar, part->data);
	while (tar->len % 512)
		bytes_append_byte(tar, 0);
}

#define STORAGES \
	"I1\n.(S'5'\nS'cpu'\nctorch\nFloatStorage\nt.\6\0\0\0\0\0\0\0------------------------(l."
#define TENSORS                                                                               \
	"I1\n.(I9\nS'5'\nctorch\nFloatTensor\nt.\2\0\0\0xxxx\2\0\0\0\0\0\0\0\3\0\0\0\0\0\0\0" \
	"\3\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define MAIN "(S'w'\nP9\nd."

static const struct {
	const char *what, *name;
	struct tar_part parts[4];
	enum format format;
	enum status status;
	enum safety safety;
	const char *codes, *tensors;
} tars[] = {
	{ "as it should be",
	  "a.pt",
	  { { "sys_info", S("(d.") },
	    { "pickle", S(MAIN) },
	    { "storages", S(STORAGES) },
	    { "tensors", S(TENSORS) } },
	  FORMAT_TORCH_TAR,
	  OK,
	  HARMLESS,
	  "V_OLD_TAR",
	  "w:F32[2,3]" },
	{ "a call in the object",
	  "a.pt",
	  { { "pickle", S(EVIL) }, { "storages", S(STORAGES) }, { "tensors", S(TENSORS) } },
	  FORMAT_TORCH_TAR,
	  OK,
	  RUNS,
	  "V_OLD_TAR V_RUNS_CODE",
	  "" },
	{ "a call between the storages",
	  "a.pt",
	  { { "pickle", S(MAIN) },
	    { "storages", S("I1\n.(cos\nsystem\n(S'x'\ntRNNt.") },
	    { "tensors", S(TENSORS) } },
	  FORMAT_TORCH_TAR,
	  OK,
	  RUNS,
	  "V_OLD_TAR V_RUNS_CODE",
	  "" },
	{ "a call between the tensors",
	  "a.pt",
	  { { "pickle", S(MAIN) },
	    { "storages", S(STORAGES) },
	    { "tensors", S("I1\n.(cos\nsystem\n(S'x'\ntRNNt.") } },
	  FORMAT_TORCH_TAR,
	  OK,
	  RUNS,
	  "V_OLD_TAR V_RUNS_CODE",
	  "" },
	{ "a call in another member",
	  "a.pt",
	  { { "pickle", S(MAIN) },
	    { "storages", S(STORAGES) },
	    { "tensors", S(TENSORS) },
	    { "sys_info", S(EVIL) } },
	  FORMAT_TORCH_TAR,
	  OK,
	  RUNS,
	  "V_OLD_TAR V_RUNS_CODE",
	  "w:F32[2,3]" },
	{ "an archive", "a.tar", { { "readme", S("hello") } }, FORMAT_ARCHIVE, OK, TELLS, "", "" },
	{ "an archive named as a checkpoint",
	  "a.ckpt",
	  { { "readme", S("hello") } },
	  FORMAT_ARCHIVE,
	  STATUS_UNSUPPORTED,
	  TELLS,
	  "W_WRAPPED",
	  "" },
	{ "a pickle in an archive",
	  "a.tar",
	  { { "x", S("\x80\2" EVIL) } },
	  FORMAT_ARCHIVE,
	  OK,
	  RUNS,
	  "V_RUNS_CODE",
	  "" },
};

static void every_tar_holds(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof tars / sizeof *tars; i++) {
		struct bytes bytes = { 0 };
		for (size_t k = 0; k < 4 && tars[i].parts[k].name; k++)
			add_to_tar(&bytes, &tars[i].parts[k]);
		for (int k = 0; k < 1024; k++)
			bytes_append_byte(&bytes, 0);
		struct row row = {
			tars[i].what,   bytes_str(&bytes), tars[i].format,  tars[i].status,
			tars[i].safety, tars[i].codes,     tars[i].tensors,
		};
		check_rows(&row, 1, tars[i].name);
		bytes_finish(&bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_holds),
		cmocka_unit_test(the_message_counts_what_is_missing),
		cmocka_unit_test(
			of_many_headers_a_few_are_tried_where_the_table_ends_with_the_file),
		cmocka_unit_test(every_tar_holds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
