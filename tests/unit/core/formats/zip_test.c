// SPDX-License-Identifier: MIT
/* Zips read by their directory: what is in them, what is wrong with them, what hides in them. */
#include "core/formats/zip_directory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/formats/reader.h"
#include "tests/unit/core/formats/reading_of.h"
#include "tests/unit/core/formats/zip_build.h"

#define S(literal)                              \
	{                                       \
		"" literal, sizeof(literal) - 1 \
	}
#define DATA SAFETY_DATA_ONLY
#define RUNS SAFETY_RUNS_CODE
#define TELLS SAFETY_CANNOT_TELL
#define GOOD S("\x80\2}q\0.")
#define EVIL                                   \
	S("\x80\2cos\nsystem\n(X\4\0\0\0echot" \
	  "R.")

struct row {
	const char *what, *file;
	struct zip_part parts[3];
	struct zip_finish finish;
	enum format format;
	enum status status;
	enum safety safety;
	const char *codes;
};

#define PKL "archive/data.pkl"
#define TORCH FORMAT_TORCH_ZIP
#define ARCHIVE FORMAT_ARCHIVE

static const struct row rows[] = {
	{ "as it should be", "a.pt", { { PKL, GOOD } }, { 0 }, TORCH, STATUS_OK, DATA, "" },
	{ "whatever the folder's name",
	  "a.ckpt",
	  { { "x/data.pkl", GOOD } },
	  { 0 },
	  TORCH,
	  STATUS_OK,
	  DATA,
	  "" },
	{ "no folder",
	  "a.zip",
	  { { "data.pkl", EVIL } },
	  { 0 },
	  TORCH,
	  STATUS_OK,
	  RUNS,
	  "V_RUNS_CODE" },
	{ "whatever the case of the name",
	  "a.pt",
	  { { "archive/DATA.PKL", EVIL } },
	  { 0 },
	  TORCH,
	  STATUS_OK,
	  RUNS,
	  "V_RUNS_CODE" },
	{ "packed", "a.pt", { { PKL, GOOD, .method = 8 } }, { 0 }, TORCH, STATUS_OK, DATA, "" },
	{ "with large numbers",
	  "a.pt",
	  { { PKL, GOOD, .is_large = true } },
	  { .has_zip64 = true, .is_saturated = true },
	  TORCH,
	  STATUS_OK,
	  DATA,
	  "" },
	{ "with a record it does not need",
	  "a.pt",
	  { { PKL, GOOD } },
	  { .has_zip64 = true },
	  TORCH,
	  STATUS_OK,
	  DATA,
	  "" },
	{ "with a comment",
	  "a.pt",
	  { { PKL, GOOD } },
	  { .comment = "hello" },
	  TORCH,
	  STATUS_OK,
	  DATA,
	  "" },

	/* read in two ways */
	{ "two names",
	  "a.pt",
	  { { PKL, EVIL, .local_name = "archive/datap.kl" } },
	  { 0 },
	  TORCH,
	  STATUS_OK,
	  RUNS,
	  "W_ZIP_AMBIG V_RUNS_CODE" },
	{ "two names of a harmless one",
	  "a.pt",
	  { { PKL, GOOD, .local_name = "archive/data.pk" } },
	  { 0 },
	  TORCH,
	  STATUS_OK,
	  TELLS,
	  "W_ZIP_AMBIG" },
	{ "flag 0x1, though not encrypted",
	  "a.pt",
	  { { PKL, EVIL, .flags = 0x1 } },
	  { 0 },
	  TORCH,
	  STATUS_OK,
	  RUNS,
	  "W_ZIP_AMBIG V_RUNS_CODE" },
	{ "flag 0x20",
	  "a.pt",
	  { { PKL, EVIL, .flags = 0x20 } },
	  { 0 },
	  TORCH,
	  STATUS_OK,
	  RUNS,
	  "W_ZIP_AMBIG V_RUNS_CODE" },
	{ "flag 0x40",
	  "a.pt",
	  { { PKL, EVIL, .flags = 0x40, .method = 8 } },
	  { 0 },
	  TORCH,
	  STATUS_OK,
	  RUNS,
	  "W_ZIP_AMBIG V_RUNS_CODE" },
	{ "two of one name",
	  "a.pt",
	  { { PKL, GOOD }, { PKL, EVIL } },
	  { 0 },
	  TORCH,
	  STATUS_OK,
	  RUNS,
	  "W_ZIP_AMBIG V_RUNS_CODE" },
	{ "two of one name but for case",
	  "a.pt",
	  { { PKL, GOOD }, { "archive/Data.pkl", GOOD } },
	  { 0 },
	  TORCH,
	  STATUS_OK,
	  TELLS,
	  "W_ZIP_AMBIG" },
	{ "more entries than counted",
	  "a.pt",
	  { { PKL, GOOD }, { "archive/x.pkl", EVIL } },
	  { .n_more = -1u },
	  TORCH,
	  STATUS_OK,
	  RUNS,
	  "W_ZIP_AMBIG V_RUNS_CODE" },
	{ "a comment that is another end",
	  "a.pt",
	  { { PKL, GOOD } },
	  { .comment = "PK\5\6xxxxxxxxxxxxxxxxxx" },
	  TORCH,
	  STATUS_OK,
	  TELLS,
	  "W_ZIP_AMBIG" },
	{ "room between entries",
	  "a.pt",
	  { { PKL, GOOD }, { "archive/version", S("3\n"), .padding = (1 << 20) + 1 } },
	  { 0 },
	  TORCH,
	  STATUS_OK,
	  TELLS,
	  "W_ZIP_AMBIG" },
	{ "entries overlap",
	  "a.pt",
	  { { PKL, GOOD }, { "archive/version", S("3\n"), .at = 1 } },
	  { 0 },
	  TORCH,
	  STATUS_OK,
	  TELLS,
	  "W_ZIP_AMBIG" },

	/* wrong */
	{ "a wrong checksum",
	  "a.pt",
	  { { PKL, GOOD, .crc_flip = 1 } },
	  { 0 },
	  TORCH,
	  STATUS_OK,
	  DATA,
	  "W_ZIP_CRC" },
	{ "a wrong checksum of a wrong pickle",
	  "a.pt",
	  { { PKL, EVIL, .crc_flip = 1 } },
	  { 0 },
	  TORCH,
	  STATUS_OK,
	  RUNS,
	  "W_ZIP_CRC V_RUNS_CODE" },
	{ "fewer entries than counted",
	  "a.pt",
	  { { PKL, GOOD } },
	  { .n_more = 1 },
	  TORCH,
	  STATUS_DAMAGED,
	  TELLS,
	  "E_ZIP_DIR" },
	{ "too many entries",
	  "a.pt",
	  { { PKL, GOOD } },
	  { .n_more = 200000, .has_zip64 = true, .is_saturated = true },
	  TORCH,
	  STATUS_DAMAGED,
	  TELLS,
	  "E_ZIP_MANY" },
	{ "a directory outside of the file",
	  "a.pt",
	  { { PKL, GOOD } },
	  { .directory_shift = 1 << 20 },
	  TORCH,
	  STATUS_DAMAGED,
	  TELLS,
	  "E_ZIP_DIR" },
	{ "records that contradict each other",
	  "a.pt",
	  { { PKL, GOOD } },
	  { .has_zip64 = true, .zip64_shift = 5 },
	  TORCH,
	  STATUS_DAMAGED,
	  TELLS,
	  "E_ZIP_64" },
	{ "another method",
	  "a.pt",
	  { { PKL, GOOD, .method = 12 } },
	  { 0 },
	  TORCH,
	  STATUS_UNSUPPORTED,
	  TELLS,
	  "E_ZIP_METHOD" },
	{ "encrypted",
	  "a.pt",
	  { { PKL, S("............\x80\2}q\0."), .flags = 1, .size_bytes = 6 } },
	  { 0 },
	  TORCH,
	  STATUS_UNSUPPORTED,
	  TELLS,
	  "E_ZIP_CRYPT W_ZIP_AMBIG" },
	{ "encrypted by AES",
	  "a.pt",
	  { { PKL, GOOD, .flags = 1, .method = 99 } },
	  { 0 },
	  TORCH,
	  STATUS_UNSUPPORTED,
	  TELLS,
	  "E_ZIP_CRYPT W_ZIP_AMBIG" },
	{ "a plain archive that is encrypted",
	  "a.zip",
	  { { "m.pkl", S("............\x80\2}q\0."), .flags = 1, .size_bytes = 6 } },
	  { 0 },
	  ARCHIVE,
	  STATUS_UNSUPPORTED,
	  TELLS,
	  "E_ZIP_CRYPT W_ZIP_AMBIG" },
	{ "more than it declares",
	  "a.pt",
	  { { PKL, EVIL, .method = 8, .size_bytes = 3 } },
	  { 0 },
	  TORCH,
	  STATUS_DAMAGED,
	  TELLS,
	  "E_BOMB" },
	{ "less than it declares",
	  "a.pt",
	  { { PKL, GOOD, .method = 8, .size_bytes = 60 } },
	  { 0 },
	  TORCH,
	  STATUS_OK,
	  DATA,
	  "" },
	{ "a thousand times its size",
	  "a.pt",
	  { { PKL, GOOD, .method = 8, .size_bytes = 200 << 20 } },
	  { 0 },
	  TORCH,
	  STATUS_DAMAGED,
	  TELLS,
	  "E_BOMB" },
	{ "a pickle beyond the limit",
	  "a.pt",
	  { { PKL, GOOD, .size_bytes = 300 << 20 } },
	  { 0 },
	  TORCH,
	  STATUS_DAMAGED,
	  TELLS,
	  "E_PK_LIMIT" },

	/* no model */
	{ "no data.pkl",
	  "a.pt",
	  { { "archive/version", S("3\n") } },
	  { 0 },
	  TORCH,
	  STATUS_UNSUPPORTED,
	  TELLS,
	  "E_PT_NOPKL" },
	{ "nothing at all",
	  "a.pth",
	  { { 0 } },
	  { 0 },
	  TORCH,
	  STATUS_UNSUPPORTED,
	  TELLS,
	  "E_PT_NOPKL" },
	{ "an archive",
	  "a.zip",
	  { { "readme.txt", S("hello\n") } },
	  { 0 },
	  ARCHIVE,
	  STATUS_OK,
	  TELLS,
	  "" },
	{ "an archive of a pickle",
	  "a.zip",
	  { { "m.pkl", EVIL } },
	  { 0 },
	  ARCHIVE,
	  STATUS_OK,
	  RUNS,
	  "V_RUNS_CODE" },

	/* other members */
	{ "a second pickle by name",
	  "a.pt",
	  { { PKL, GOOD }, { "archive/x.PICKLE", EVIL } },
	  { 0 },
	  TORCH,
	  STATUS_OK,
	  RUNS,
	  "V_RUNS_CODE" },
	{ "a second pickle by content",
	  "a.pt",
	  { { PKL, GOOD }, { "archive/x.txt", EVIL, .method = 8 } },
	  { 0 },
	  TORCH,
	  STATUS_OK,
	  RUNS,
	  "V_RUNS_CODE" },
	{ "a pickle where a storage might be",
	  "a.pt",
	  { { PKL, GOOD }, { "archive/data/0", EVIL } },
	  { 0 },
	  TORCH,
	  STATUS_OK,
	  RUNS,
	  "V_RUNS_CODE" },
	{ "a pickle that is broken by name",
	  "a.pt",
	  { { PKL, GOOD }, { "archive/x.pkl", S("\x80\2X") } },
	  { 0 },
	  TORCH,
	  STATUS_DAMAGED,
	  TELLS,
	  "E_PK_EOF" },
	{ "a text that begins like a global",
	  "a.pt",
	  { { PKL, GOOD }, { "archive/readme.py", S("class A:\n  pass\n") } },
	  { 0 },
	  TORCH,
	  STATUS_OK,
	  DATA,
	  "" },
	{ "a program",
	  "a.pt",
	  { { PKL, GOOD }, { "archive/code/a.py", S("class A:\n  pass\n") } },
	  { 0 },
	  TORCH,
	  STATUS_OK,
	  TELLS,
	  "V_MODULE" },
	{ "another byte order",
	  "a.pt",
	  { { PKL, GOOD }, { "archive/byteorder", S("big") } },
	  { 0 },
	  TORCH,
	  STATUS_OK,
	  DATA,
	  "W_PT_ENDIAN" },
	{ "the usual byte order",
	  "a.pt",
	  { { PKL, GOOD }, { "archive/byteorder", S("little") } },
	  { 0 },
	  TORCH,
	  STATUS_OK,
	  DATA,
	  "" },

	/* arrays */
	{ "numbers",
	  "a.npz",
	  { { "x.npy", S("\x93NUMPY\1\0\x1d\0{'descr':'<i4','shape':(1,)}\n\1\0\0\0") } },
	  { 0 },
	  FORMAT_UNKNOWN,
	  STATUS_OK,
	  DATA,
	  "" },
	{ "a header beyond the limit",
	  "a.npz",
	  { { "x.npy", S("\x93NUMPY\2\0\1\0\1\0{'descr':'<i4','shape':(1,)}\n") } },
	  { 0 },
	  FORMAT_UNKNOWN,
	  STATUS_DAMAGED,
	  TELLS,
	  "E_PK_LIMIT" },
	{ "objects",
	  "a.npz",
	  { { "x.npy",
	      S("\x93NUMPY\1\0\x1d\0{'descr':'|O', 'shape':(1,)}\n"
		"\x80\2cos\nsystem\n(X\1\0\0\0etR."),
	      .method = 8 } },
	  { 0 },
	  FORMAT_UNKNOWN,
	  STATUS_OK,
	  RUNS,
	  "V_RUNS_CODE" },
};

static void every_row_holds(void **state)
{
	int n_bad = 0;
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct row *row = &rows[i];
		struct zip_build zip = { 0 };
		struct read_file file;
		for (size_t k = 0; k < 3 && row->parts[k].name; k++)
			zip_add(&zip, row->parts[k]);
		zip_close(&zip, row->finish);
		read_file_open(&file, row->file, bytes_str(&zip.bytes));
		const char *codes = read_file_codes(&file);
		if (file.reading.format != row->format || file.reading.status != row->status ||
		    file.reading.safety != row->safety || strcmp(codes, row->codes) != 0) {
			print_error("%s: %s %s %s \"%s\" %.*s\n", row->what,
				    format_word(file.reading.format),
				    status_word(file.reading.status),
				    safety_word(file.reading.safety), codes,
				    STR_ARG(file.reading.error.message));
			n_bad++;
		}
		read_file_close(&file);
		zip_free(&zip);
	}
	assert_int_equal(n_bad, 0);
}

static void messages_say_what_and_where(void **state)
{
	struct zip_build zip = { 0 };
	struct read_file file;
	(void)state;
	zip_add(&zip, (struct zip_part){ PKL, GOOD, .local_name = "b", .method = 12 });
	zip_close(&zip, (struct zip_finish){ 0 });
	read_file_open(&file, "a.pt", bytes_str(&zip.bytes));
	assert_string_equal(file.reading.error.message.ptr,
			    "archive/data.pkl uses compression method 12");
	assert_string_equal(
		file.reading.notes[0].message.ptr,
		"zip can be read in two ways (its two names of an entry differ); treated as unsafe");
	read_file_close(&file);
	zip_free(&zip);
}

/* Something was put before the zip, and the directory's place was not corrected: some readers follow
 * it, others correct it. Both readings are made. */
static void both_places_of_a_shifted_directory_are_read(void **state)
{
	struct zip_build good = { 0 }, evil = { 0 };
	struct read_file file;
	(void)state;
	zip_add(&good, (struct zip_part){ PKL, S("\x80\2}q\0.                                ") });
	uint64_t good_at = good.bytes.len, evil_at = good_at + good.directory.len;
	zip_add(&evil, (struct zip_part){ PKL, EVIL });
	uint64_t shift = evil.bytes.len + good.directory.len;
	zip_free(&evil);
	zip_add(&evil, (struct zip_part){ PKL, EVIL, .at = evil_at - shift });
	/* The record leads to the first directory, while it stands behind the second. */
	bytes_append_str(&good.bytes, bytes_str(&good.directory));
	bytes_append_str(&good.bytes, bytes_str(&evil.bytes));
	bytes_clear(&good.directory);
	bytes_append_str(&good.directory, bytes_str(&evil.directory));
	zip_close(&good, (struct zip_finish){ .directory_shift =
						      (int64_t)good_at - (int64_t)good.bytes.len });
	read_file_open(&file, "a.pt", bytes_str(&good.bytes));
	assert_int_equal(file.reading.safety, SAFETY_RUNS_CODE);
	assert_string_equal(read_file_codes(&file), "W_ZIP_AMBIG V_RUNS_CODE");
	read_file_close(&file);
	zip_free(&good);
	zip_free(&evil);
}

/* Of a download that stopped the pickle is there, and tells what it will be. */
/* The front decides what it is; the end decides as well what it may do. */
static void a_zip_behind_something_else_is_read_too(void **state)
{
	static const struct {
		const char *file;
		struct str front, pickle;
		enum format format;
		enum safety safety;
		const char *codes;
	} cases[] = {
		{ "a.pt", S("\x80\2}."), GOOD, FORMAT_PICKLE, TELLS, "W_ZIP_AMBIG" },
		{ "a.pt", S("\x80\2}."), EVIL, FORMAT_PICKLE, RUNS, "W_ZIP_AMBIG V_RUNS_CODE" },
		{ "a.ckpt", S("\2\0\0\0\0\0\0\0{}"), EVIL, FORMAT_SAFETENSORS, RUNS,
		  "E_ST_TAIL W_ZIP_AMBIG V_RUNS_CODE W_MISNAMED" },
		{ "a.safetensors", S("\2\0\0\0\0\0\0\0{}"), GOOD, FORMAT_SAFETENSORS, TELLS,
		  "E_ST_TAIL W_ZIP_AMBIG" },
		{ "a.gguf", S("GGUF\3\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), EVIL, FORMAT_GGUF,
		  RUNS, "W_ZIP_AMBIG V_RUNS_CODE" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct zip_build zip = { 0 };
		struct bytes whole = { 0 };
		struct read_file file;
		zip_add(&zip, (struct zip_part){ PKL, cases[i].pickle });
		zip_close(&zip, (struct zip_finish){ 0 });
		bytes_append_str(&whole, cases[i].front);
		bytes_append_str(&whole, bytes_str(&zip.bytes));
		read_file_open(&file, cases[i].file, bytes_str(&whole));
		assert_int_equal(file.reading.format, cases[i].format);
		assert_int_equal(file.reading.safety, cases[i].safety);
		assert_string_equal(read_file_codes(&file), cases[i].codes);
		read_file_close(&file);
		bytes_finish(&whole);
		zip_free(&zip);
	}
}

static void a_cut_zip_still_tells_what_it_is(void **state)
{
	static const struct {
		struct str pickle;
		enum safety safety;
		size_t n_tensors;
	} cases[] = {
		{ S("(S'a'\nctorch._utils\n_rebuild_tensor_v2\n((S'storage'\nctorch\nFloatStorage\nS'0'\n"
		    "S'cpu'\nI6\ntQI0\n(I6\nt(I1\ntI00\nNtRd."),
		  SAFETY_CANNOT_TELL, 1 },
		{ EVIL, SAFETY_RUNS_CODE, 0 },
	};
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct zip_build zip = { 0 };
		struct read_file file;
		zip_add(&zip, (struct zip_part){ PKL, cases[i].pickle });
		zip_add(&zip, (struct zip_part){ "archive/data/0", S("------------") });
		read_file_open(&file, "a.ckpt", bytes_str(&zip.bytes));
		assert_string_equal(file.reading.error.code.ptr, "E_ZIP_END");
		assert_int_equal(file.reading.status, STATUS_PARTIAL);
		assert_int_equal(file.reading.safety, cases[i].safety);
		assert_int_equal(file.reading.table.n_tensors, cases[i].n_tensors);
		read_file_close(&file);
		zip_free(&zip);
	}
}

static void names_and_numbers_of_entries(void **state)
{
	struct zip_build zip = { 0 };
	(void)state;
	zip_add(&zip, (struct zip_part){ "a", GOOD });
	zip_add(&zip, (struct zip_part){ "b", GOOD, .method = 8, .is_large = true });
	zip_close(&zip, (struct zip_finish){ 0 });
	struct format_job job = { .reader = NULL };
	struct reading out = { 0 };
	struct arena arena = { 0 };
	struct blob blob = blob_from_memory(zip.bytes.ptr, zip.bytes.len);
	job.blob = &blob;
	job.arena = &arena;
	job.out = &out;
	struct zip_directory directory;
	assert_true(zip_directory_read(&job, &arena, &directory));
	assert_int_equal(directory.n_entries, 2);
	assert_null(directory.ambiguity);
	assert_true(str_equal(directory.entries[1].name, STR("b")));
	assert_int_equal(directory.entries[0].at, 0);
	assert_int_equal(directory.entries[0].packed_bytes, 6);
	assert_int_equal(directory.entries[1].at, 30 + 1 + 3 + 6);
	assert_int_equal(directory.entries[1].size_bytes, 6);
	assert_int_equal(directory.entries[1].method, ZIP_DEFLATED);
	arena_finish(&arena);
	zip_free(&zip);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_holds),
		cmocka_unit_test(messages_say_what_and_where),
		cmocka_unit_test(both_places_of_a_shifted_directory_are_read),
		cmocka_unit_test(a_zip_behind_something_else_is_read_too),
		cmocka_unit_test(a_cut_zip_still_tells_what_it_is),
		cmocka_unit_test(names_and_numbers_of_entries),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
