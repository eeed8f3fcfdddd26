// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stdio.h>

#include "core/formats/format.h"

enum {
	NOTES_OF_ONE_CODE_MAX = 4, /* two thousand tensors of an unknown type are one story */
	QUOTE_MAX = 200,
};

static const struct str formats[FORMAT_COUNT] = {
	[FORMAT_UNKNOWN] = { "unknown", 7 },     [FORMAT_SAFETENSORS] = { "safetensors", 11 },
	[FORMAT_TORCH_ZIP] = { "torch-zip", 9 }, [FORMAT_TORCH_LEGACY] = { "torch-legacy", 12 },
	[FORMAT_TORCH_TAR] = { "torch-tar", 9 }, [FORMAT_PICKLE] = { "pickle", 6 },
	[FORMAT_GGUF] = { "gguf", 4 },           [FORMAT_DIFFUSERS] = { "diffusers", 9 },
	[FORMAT_ONNX] = { "onnx", 4 },           [FORMAT_ARCHIVE] = { "archive", 7 },
};

static const struct str statuses[STATUS_COUNT] = {
	[STATUS_OK] = { "ok", 2 },
	[STATUS_PARTIAL] = { "partial", 7 },
	[STATUS_UNSUPPORTED] = { "unsupported", 11 },
	[STATUS_UNREADABLE] = { "unreadable", 10 },
	[STATUS_DAMAGED] = { "damaged", 7 },
};

static const struct str safeties[SAFETY_COUNT] = {
	[SAFETY_DATA_ONLY] = { "data-only", 9 },
	[SAFETY_RUNS_CODE] = { "runs-code", 9 },
	[SAFETY_CANNOT_TELL] = { "cannot-tell", 11 },
};

static int find_word(const struct str *words, int n, struct str word)
{
	int i = 0;
	while (i < n && !str_equal(words[i], word))
		i++;
	return i;
}

const char *format_word(enum format format)
{
	return formats[format].ptr;
}

const char *status_word(enum status status)
{
	return statuses[status].ptr;
}

const char *safety_word(enum safety safety)
{
	return safeties[safety].ptr;
}

enum format format_find(struct str word)
{
	return (enum format)find_word(formats, FORMAT_COUNT, word);
}

enum status status_find(struct str word)
{
	return (enum status)find_word(statuses, STATUS_COUNT, word);
}

enum safety safety_find(struct str word)
{
	return (enum safety)find_word(safeties, SAFETY_COUNT, word);
}

enum status status_of_code(struct str code)
{
	static const struct {
		const char *code;
		enum status status;
	} named[] = {
		{ "E_EMPTY", STATUS_PARTIAL },
		{ "E_TRUNCATED", STATUS_PARTIAL },
		{ "E_ST_HDR_EOF", STATUS_PARTIAL },
		{ "E_ZIP_END", STATUS_PARTIAL },
		{ "E_LFS", STATUS_PARTIAL },
		{ "W_PARTIAL", STATUS_PARTIAL },
		{ "E_NOT_FILE", STATUS_UNSUPPORTED },
		{ "E_GG_OLD", STATUS_UNSUPPORTED },
		{ "E_GG_VERSION", STATUS_UNSUPPORTED },
		{ "E_PT_NOPKL", STATUS_UNSUPPORTED },
		{ "E_ZIP_CRYPT", STATUS_UNSUPPORTED },
		{ "E_ZIP_METHOD", STATUS_UNSUPPORTED },
		{ "W_WRAPPED", STATUS_UNSUPPORTED },
		{ "E_IO", STATUS_UNREADABLE },
		{ "E_CHANGED", STATUS_UNREADABLE },
		{ "E_WORKER", STATUS_UNREADABLE },
		{ "W_IX_MISSING", STATUS_DAMAGED },
	};
	for (size_t i = 0; i < sizeof named / sizeof *named; i++)
		if (str_equal(str_from(named[i].code), code))
			return named[i].status;
	return str_has_prefix(code, STR("E_")) ? STATUS_DAMAGED : STATUS_OK;
}

struct str metadata_find(const struct metadata *metadata, struct str key)
{
	for (size_t i = 0; i < metadata->n_pairs; i++)
		if (str_equal(metadata->pairs[i].key, key))
			return metadata->pairs[i].value;
	return STR_NULL;
}

struct str reading_quote(struct str name)
{
	return str_slice(name, 0, QUOTE_MAX);
}

static PRINTF(3, 0) struct note
	make_note(struct arena *arena, const char *code, const char *format, va_list args)
{
	char text[1024];
	int len = vsnprintf(text, sizeof text, format, args);
	if (len < 0)
		len = 0;
	if ((size_t)len >= sizeof text)
		len = sizeof text - 1;
	return (struct note){ str_from(code), arena_str(arena, (struct str){ text, (size_t)len }) };
}

static bool is_told_enough(const struct reading *reading, struct str code)
{
	size_t n_same = 0;
	for (size_t i = 0; i < reading->n_notes; i++)
		n_same += str_equal(reading->notes[i].code, code);
	return reading->n_notes == NOTES_MAX || n_same == NOTES_OF_ONE_CODE_MAX;
}

void reading_note(struct reading *reading, struct arena *arena, const char *code,
		  const char *format, ...)
{
	if (is_told_enough(reading, str_from(code)))
		return;
	va_list args;
	va_start(args, format);
	reading->notes[reading->n_notes++] = make_note(arena, code, format, args);
	va_end(args);
	if (reading->status == STATUS_OK)
		reading->status = status_of_code(str_from(code));
}

void reading_fail(struct reading *reading, struct arena *arena, const char *code,
		  const char *format, ...)
{
	va_list args;
	va_start(args, format);
	reading->error = make_note(arena, code, format, args);
	va_end(args);
	reading->status = status_of_code(reading->error.code);
}
