// SPDX-License-Identifier: MIT
#include "tests/unit/core/formats/reading_of.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

static const char *describe(struct read_file *file)
{
	const struct reading *reading = &file->reading;
	return arena_printf(&file->arena, "%s %s %s %.*s | %s | %s | %s | %s",
			    format_word(reading->format), status_word(reading->status),
			    safety_word(reading->safety), STR_ARG(reading->error.message),
			    read_file_codes(file), read_file_globals(file), read_file_tensors(file),
			    read_file_metadata(file));
}

static void read_descriptor(struct read_file *file, const char *name, struct str bytes)
{
	int fd = memfd_create("file", 0);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes.ptr, bytes.len), bytes.len);
	struct blob blob = blob_from_fd(fd, bytes.len);
	format_read(file->reader, &blob, str_from(name), &file->arena, &file->reading);
	close(fd);
}

void read_file_open(struct read_file *file, const char *name, struct str bytes)
{
	struct read_file other = { .reader = format_reader_create() };
	*file = (struct read_file){ .reader = format_reader_create() };
	char *exact = malloc(bytes.len ? bytes.len : 1);
	assert_non_null(exact);
	memcpy(exact, bytes.ptr, bytes.len);
	struct blob blob = blob_from_memory(exact, bytes.len);
	format_read(file->reader, &blob, str_from(name), &file->arena, &file->reading);
	read_descriptor(&other, name, bytes);
	assert_string_equal(describe(file), describe(&other));
	read_file_close(&other);
	free(exact);
}

void read_file_close(struct read_file *file)
{
	format_reader_destroy(file->reader);
	arena_finish(&file->arena);
}

/** Joins with blanks what is not there yet. */
static void add_word(struct bytes *out, struct str word)
{
	struct str rest = bytes_str(out), part;
	while (out->len && str_next_part(&rest, ' ', &part))
		if (str_equal(part, word))
			return;
	if (out->len)
		bytes_append_byte(out, ' ');
	bytes_append_str(out, word);
}

static const char *keep(struct read_file *file, struct bytes *out)
{
	const char *text = out->len ? arena_cstr(&file->arena, bytes_str(out)) : "";
	bytes_finish(out);
	return text;
}

const char *read_file_codes(struct read_file *file)
{
	struct bytes out = { 0 };
	if (file->reading.error.code.ptr)
		add_word(&out, file->reading.error.code);
	for (size_t i = 0; i < file->reading.n_notes; i++)
		add_word(&out, file->reading.notes[i].code);
	return keep(file, &out);
}

const char *read_file_globals(struct read_file *file)
{
	struct bytes out = { 0 };
	for (size_t i = 0; i < file->reading.n_globals; i++)
		add_word(&out, file->reading.globals[i]);
	return keep(file, &out);
}

static const char *dtype_name(uint8_t dtype)
{
	static const char *const words[] = {
		"BOOL", "U8",  "I8",   "U16", "I16", "U32", "I32",     "U64",
		"I64",  "F16", "BF16", "F32", "F64", "C64", "F8_E5M2", "F8_E4M3",
	};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (dtype_find(str_from(words[i])) == dtype)
			return words[i];
	return "?";
}

const char *read_file_tensors(struct read_file *file)
{
	struct bytes out = { 0 };
	for (size_t i = 0; i < file->reading.table.n_tensors; i++) {
		const struct tensor *tensor = &file->reading.table.tensors[i];
		bytes_printf(&out, "%s%.*s:%s[", i ? " " : "", STR_ARG(tensor->name),
			     dtype_name(tensor->dtype));
		for (unsigned k = 0; k < tensor->rank; k++)
			bytes_printf(&out, "%s%llu", k ? "," : "",
				     (unsigned long long)tensor->shape[k]);
		bytes_append_byte(&out, ']');
	}
	return keep(file, &out);
}

const char *read_file_metadata(struct read_file *file)
{
	struct bytes out = { 0 };
	for (size_t i = 0; i < file->reading.metadata.n_pairs; i++)
		bytes_printf(&out, "%s%.*s=%.*s", i ? " " : "",
			     STR_ARG(file->reading.metadata.pairs[i].key),
			     STR_ARG(file->reading.metadata.pairs[i].value));
	return keep(file, &out);
}
