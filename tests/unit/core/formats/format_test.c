// SPDX-License-Identifier: MIT
#include "core/formats/format.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/array.h"

/** A file as bytes and what is to be read in it; `zeros` follow the bytes. */
struct row {
	const char *name;
	struct str bytes;
	size_t zeros;
	enum format format;
	enum status status;
	enum safety safety;
	const char *error;
	const char *note;
};

#define S(literal)                              \
	{                                       \
		"" literal, sizeof(literal) - 1 \
	}
#define U FORMAT_UNKNOWN
#define BLANKS                                                                                    \
	BLANKS_58 BLANKS_58 BLANKS_58 BLANKS_58 BLANKS_58 BLANKS_58 BLANKS_58 BLANKS_58 BLANKS_58 \
		BLANKS_58 BLANKS_58 /* 638 */
#define BLANKS_58 "                                                          "
#define TELLS SAFETY_CANNOT_TELL

static const struct row rows[] = {
	{ "zero.safetensors", S(""), 0, U, STATUS_PARTIAL, TELLS, "E_EMPTY: file is empty", NULL },
	{ "short.safetensors", S("\1\2\3\4\5"), 0, FORMAT_SAFETENSORS, STATUS_DAMAGED,
	  SAFETY_DATA_ONLY, "E_ST_SHORT: too short to be safetensors: 5 bytes, need at least 8",
	  NULL },
	{ "short.txt", S("\1\2\3\4\5"), 0, U, STATUS_UNSUPPORTED, TELLS, NULL,
	  "W_MISNAMED: this is something unknown, not a model" },
	{ "words.txt", S("just words\n"), 0, U, STATUS_UNSUPPORTED, TELLS, NULL,
	  "W_MISNAMED: this is text, not a model" },
	{ "past.safetensors", S("\x40\xe2\1\0\0\0\0\0{}"), 0, FORMAT_SAFETENSORS, STATUS_PARTIAL,
	  SAFETY_DATA_ONLY,
	  "E_ST_HDR_EOF: header says 123456 bytes but the file has only 10 (download cut off?)",
	  NULL },
	{ "ones.sft", S("\xff\xff\xff\xff\xff\xff\xff\xff{}"), 0, FORMAT_SAFETENSORS,
	  STATUS_DAMAGED, SAFETY_DATA_ONLY,
	  "E_ST_HDR_BIG: header says 18446744073709551615 bytes; the format's limit is 100000000",
	  NULL },
	{ "ok.safetensors", S("\2\0\0\0\0\0\0\0{}"), 0, FORMAT_SAFETENSORS, STATUS_OK,
	  SAFETY_DATA_ONLY, NULL, NULL },
	/* As long as to begin like a pickle: no byte behind that is an opcode. */
	{ "640.safetensors", S("\x80\2\0\0\0\0\0\0{}" BLANKS), 0, FORMAT_SAFETENSORS, STATUS_OK,
	  SAFETY_DATA_ONLY, NULL, NULL },
	{ "640", S("\x80\2\0\0\0\0\0\0{}" BLANKS), 0, FORMAT_SAFETENSORS, STATUS_OK,
	  SAFETY_DATA_ONLY, NULL, NULL },
	{ "640-cut.safetensors", S("\x80\2\0\0\0\0\0\0{}"), 0, FORMAT_SAFETENSORS, STATUS_PARTIAL,
	  SAFETY_DATA_ONLY,
	  "E_ST_HDR_EOF: header says 640 bytes but the file has only 10 (download cut off?)",
	  NULL },
	{ "640-short.safetensors", S("\x80\2\0\0"), 0, FORMAT_SAFETENSORS, STATUS_DAMAGED,
	  SAFETY_DATA_ONLY, "E_ST_SHORT: too short to be safetensors: 4 bytes, need at least 8",
	  NULL },
	{ "pickle", S("\x80\2cos\nsy{\n(tR."), 0, FORMAT_PICKLE, STATUS_OK, SAFETY_RUNS_CODE, NULL,
	  "V_RUNS_CODE: runs code when loaded: os.sy{" },
	{ "blob-without-extension", S("\2\0\0\0\0\0\0\0{}"), 0, FORMAT_SAFETENSORS, STATUS_OK,
	  SAFETY_DATA_ONLY, NULL, NULL },
	{ "wrong.CKPT", S("\2\0\0\0\0\0\0\0{}"), 0, FORMAT_SAFETENSORS, STATUS_OK, SAFETY_DATA_ONLY,
	  NULL, "W_MISNAMED: named .ckpt but contains safetensors" },
	{ "a.safetensors.part", S("\2\0\0\0\0\0\0\0{}"), 0, FORMAT_SAFETENSORS, STATUS_PARTIAL,
	  SAFETY_DATA_ONLY, NULL, "W_PARTIAL: download looks unfinished" },
	{ "not-json.safetensors", S("\5\0\0\0\0\0\0\0hello"), 0, FORMAT_SAFETENSORS, STATUS_DAMAGED,
	  SAFETY_DATA_ONLY, "E_ST_JSON: header is not valid JSON at byte 0: expected an object",
	  NULL },
	{ "page.safetensors", S("\n<!DOCTYPE html>\n<html>"), 0, U, STATUS_DAMAGED, TELLS,
	  "E_NOT_MODEL: this is a web page, not a model (login needed when downloading?)", NULL },
	{ "marked.ckpt", S("\xef\xbb\xbf\n<HTML>"), 0, U, STATUS_DAMAGED, TELLS,
	  "E_NOT_MODEL: this is a web page, not a model (login needed when downloading?)", NULL },
	{ "late.pt", S("<!-- saved from url -->\n<html>"), 0, U, STATUS_DAMAGED, TELLS,
	  "E_NOT_MODEL: this is a web page, not a model (login needed when downloading?)", NULL },
	{ "no-html.gguf", S("<head><title>Sign in"), 0, U, STATUS_DAMAGED, TELLS,
	  "E_NOT_MODEL: this is a web page, not a model (login needed when downloading?)", NULL },
	{ "lfs.safetensors",
	  S("version https://git-lfs.github.com/spec/v1\noid sha256:4d\nsize 6938\n"), 0, U,
	  STATUS_PARTIAL, TELLS,
	  "E_LFS: this is a Git LFS pointer; the real file (6938 bytes) was not downloaded", NULL },
	{ "seven.pt", S("7z\xbc\xaf\x27\x1c\0\4"), 64, FORMAT_ARCHIVE, STATUS_UNSUPPORTED, TELLS,
	  NULL, "W_WRAPPED: a compressed archive named as a checkpoint (used to dodge scanners)" },
	{ "xz.ckpt",
	  S("\xfd"
	    "7zXZ\0"),
	  64, FORMAT_ARCHIVE, STATUS_UNSUPPORTED, TELLS, NULL,
	  "W_WRAPPED: a compressed archive named as a checkpoint (used to dodge scanners)" },
	{ "good.7z", S("7z\xbc\xaf\x27\x1c\0\4"), 64, FORMAT_ARCHIVE, STATUS_OK, TELLS, NULL,
	  NULL },
	{ "picture.safetensors", S("\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), 64, U, STATUS_UNSUPPORTED,
	  TELLS, NULL, "W_MISNAMED: named .safetensors but contains a picture" },
	{ "picture.png", S("\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), 64, U, STATUS_UNSUPPORTED, TELLS, NULL,
	  "W_MISNAMED: this is a picture, not a model" },
	{ "readme.safetensors", S("This is only some text.\n"), 0, U, STATUS_UNSUPPORTED, TELLS,
	  NULL, "W_MISNAMED: named .safetensors but contains text" },
	{ "old.gguf", S("tjgg\3\0\0\0"), 64, U, STATUS_UNSUPPORTED, TELLS,
	  "E_GG_OLD: pre-GGUF format \"ggjt\"", NULL },
	{ "v9.gguf", S("GGUF\x09\0\0\0"), 16, FORMAT_GGUF, STATUS_UNSUPPORTED, SAFETY_DATA_ONLY,
	  "E_GG_VERSION: GGUF version 9 is not known", NULL },
	{ "v1.gguf", S("GGUF\1\0\0\0"), 16, FORMAT_GGUF, STATUS_UNSUPPORTED, SAFETY_DATA_ONLY,
	  "E_GG_VERSION: GGUF version 1 is not known", NULL },
	{ "v3.gguf", S("GGUF\3\0\0\0"), 16, FORMAT_GGUF, STATUS_OK, SAFETY_DATA_ONLY, NULL, NULL },
	{ "v3be.gguf", S("GGUF\0\0\0\3"), 16, FORMAT_GGUF, STATUS_OK, SAFETY_DATA_ONLY, NULL,
	  NULL },
	{ "cut.gguf", S("GGUF\3"), 0, FORMAT_GGUF, STATUS_PARTIAL, SAFETY_DATA_ONLY,
	  "E_TRUNCATED: file is cut off: 5 of at least 24 bytes present", NULL },
	{ "gguf.safetensors", S("GGUF\3\0\0\0"), 16, FORMAT_GGUF, STATUS_OK, SAFETY_DATA_ONLY, NULL,
	  "W_MISNAMED: named .safetensors but contains GGUF" },
	{ "reserved.safetensors", S(""), 5000, U, STATUS_PARTIAL, TELLS, NULL,
	  "W_PARTIAL: download looks unfinished" },
	{ "zip.ckpt", S("PK\3\4\0\0\x08\x08"), 100, FORMAT_TORCH_ZIP, STATUS_PARTIAL, TELLS,
	  "E_ZIP_END: zip directory is missing (cut off?)", NULL },
	{ "legacy.pt", S("\x80\2\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."), 0,
	  FORMAT_TORCH_LEGACY, STATUS_DAMAGED, TELLS, "E_PK_EOF: pickle ends before it is complete",
	  NULL },
	{ "bare.pkl", S("\x80\4}."), 0, FORMAT_PICKLE, STATUS_OK, SAFETY_DATA_ONLY, NULL, NULL },
	{ "evil.pt", S("cos\nsystem\n(S'echo'\ntR."), 0, FORMAT_PICKLE, STATUS_OK, SAFETY_RUNS_CODE,
	  NULL, "V_RUNS_CODE: runs code when loaded: os.system" },
	{ "evil.txt", S("cos\nsystem\n(S'echo'\ntR."), 0, FORMAT_PICKLE, STATUS_OK,
	  SAFETY_RUNS_CODE, NULL, "V_RUNS_CODE: runs code when loaded: os.system" },
	{ "words.ckpt", S("this is not a pickle\n"), 0, U, STATUS_DAMAGED, TELLS,
	  "E_PK_OPCODE: pickle is broken at byte 0 (opcode 0x74)", NULL },
	{ "noise.pth", S("\x93\x01\xff\xfe\xfd"), 0, U, STATUS_DAMAGED, TELLS,
	  "E_PK_OPCODE: pickle is broken at byte 0 (opcode 0x93)", NULL },
	{ "model.onnx", S("\x08\x07\x12\x07pytorch\x3a\0"), 0, FORMAT_ONNX, STATUS_OK,
	  SAFETY_DATA_ONLY, NULL, NULL },
	{ "onnx.pt", S("\x08\x07\x12\x07pytorch\x3a\0"), 0, FORMAT_ONNX, STATUS_OK,
	  SAFETY_DATA_ONLY, NULL, "W_MISNAMED: named .pt but contains ONNX" },
	{ "half.onnx", S("\x08\x07\x12\x07pytorch"), 0, FORMAT_ONNX, STATUS_DAMAGED,
	  SAFETY_DATA_ONLY, "E_OX_PROTO: there is no graph", NULL },
	{ "big.safetensors.aria2", S("\0\1\0\0\0\0\0\x14"), 0, U, STATUS_UNSUPPORTED, TELLS, NULL,
	  "W_MISNAMED: this is something unknown, not a model" },
	{ "noise.gguf", S("\x93\x01\xff\xfe\xfd"), 0, U, STATUS_UNSUPPORTED, TELLS, NULL,
	  "W_MISNAMED: named .gguf but contains something unknown" },
};

static void assert_note(const struct note *note, const char *wanted, const char *name)
{
	char text[512] = "";
	if (note->code.ptr) {
		strncat(text, note->code.ptr, 100);
		strcat(text, ": ");
		strncat(text, note->message.ptr, 300);
	}
	if (strcmp(text, wanted ? wanted : "") != 0)
		fail_msg("%s: \"%s\" instead of \"%s\"", name, text, wanted ? wanted : "");
}

static void reads_by_content(void **state)
{
	(void)state;
	struct format_reader *reader = format_reader_create();
	struct arena arena = { 0 };
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct bytes bytes = { 0 };
		bytes_append_str(&bytes, rows[i].bytes);
		for (size_t j = 0; j < rows[i].zeros; j++)
			bytes_append_byte(&bytes, 0);
		struct blob blob = blob_from_memory(bytes.ptr, bytes.len);
		struct reading out;
		format_read(reader, &blob, str_from(rows[i].name), &arena, &out);
		assert_note(&out.error, rows[i].error, rows[i].name);
		assert_note(&out.notes[0], rows[i].note, rows[i].name);
		assert_string_equal(status_word(out.status), status_word(rows[i].status));
		assert_string_equal(format_word(out.format), format_word(rows[i].format));
		assert_string_equal(safety_word(out.safety), safety_word(rows[i].safety));
		assert_int_equal(out.size_bytes, bytes.len);
		assert_int_equal(out.n_notes, rows[i].note ? 1 : 0);
		bytes_finish(&bytes);
	}
	arena_finish(&arena);
	format_reader_destroy(reader);
	format_reader_destroy(NULL);
}

static void words_are_found_again(void **state)
{
	(void)state;
	for (int i = 0; i < FORMAT_COUNT; i++)
		assert_int_equal(format_find(str_from(format_word((enum format)i))), i);
	for (int i = 0; i < STATUS_COUNT; i++)
		assert_int_equal(status_find(str_from(status_word((enum status)i))), i);
	for (int i = 0; i < SAFETY_COUNT; i++)
		assert_int_equal(safety_find(str_from(safety_word((enum safety)i))), i);
	assert_int_equal(format_find(STR("zip")), FORMAT_COUNT);
	assert_int_equal(status_find(STR("")), STATUS_COUNT);
}

static void codes_give_their_status(void **state)
{
	(void)state;
	assert_int_equal(status_of_code(STR("E_ST_DUP")), STATUS_DAMAGED);
	assert_int_equal(status_of_code(STR("E_TRUNCATED")), STATUS_PARTIAL);
	assert_int_equal(status_of_code(STR("E_NOT_FILE")), STATUS_UNSUPPORTED);
	assert_int_equal(status_of_code(STR("E_CHANGED")), STATUS_UNREADABLE);
	assert_int_equal(status_of_code(STR("W_IX_MISSING")), STATUS_DAMAGED);
	assert_int_equal(status_of_code(STR("W_PARTIAL")), STATUS_PARTIAL);
	assert_int_equal(status_of_code(STR("W_ST_META")), STATUS_OK);
	assert_int_equal(status_of_code(STR("V_RUNS_CODE")), STATUS_OK);
	assert_int_equal(status_of_code(STR_NULL), STATUS_OK);
}

static void notes_are_bounded_and_set_the_status(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct reading reading = { 0 };
	for (int i = 0; i < 100; i++)
		reading_note(&reading, &arena, "W_ST_META", "metadata \"%d\" is not text", i);
	assert_true(reading.n_notes < NOTES_MAX);
	assert_int_equal(reading.status, STATUS_OK);
	reading_note(&reading, &arena, "W_PARTIAL", "download looks unfinished");
	assert_int_equal(reading.status, STATUS_PARTIAL);
	reading_fail(&reading, &arena, "E_CHANGED", "file changed while being read; will retry");
	assert_int_equal(reading.status, STATUS_UNREADABLE);
	reading_note(&reading, &arena, "W_PARTIAL", "download looks unfinished");
	assert_int_equal(reading.status, STATUS_UNREADABLE);
	arena_finish(&arena);
}

static void what_cannot_be_read_is_a_reading(void **state)
{
	(void)state;
	struct format_reader *reader = format_reader_create();
	struct arena arena = { 0 };
	struct reading out;
	struct blob blob = blob_from_fd(-1, 100);
	format_read(reader, &blob, STR("a.safetensors"), &arena, &out);
	assert_note(&out.error, "E_IO: cannot read: Bad file descriptor", "a");
	assert_int_equal(out.status, STATUS_UNREADABLE);
	arena_finish(&arena);
	format_reader_destroy(reader);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_by_content),
		cmocka_unit_test(words_are_found_again),
		cmocka_unit_test(codes_give_their_status),
		cmocka_unit_test(notes_are_bounded_and_set_the_status),
		cmocka_unit_test(what_cannot_be_read_is_a_reading),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
