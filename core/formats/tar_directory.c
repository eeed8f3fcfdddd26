// SPDX-License-Identifier: MIT
#include "core/formats/tar_directory.h"

#include <string.h>

#include "core/base/array.h"

enum {
	BLOCK = 512,
	NAME_AT = 0,
	NAME_LEN = 100,
	SIZE_AT = 124,
	SIZE_LEN = 12,
	SUM_AT = 148,
	SUM_LEN = 8,
	TYPE_AT = 156,
};

static const unsigned char *byte_at(const char *header, size_t i)
{
	return (const unsigned char *)header + i;
}

/** Octal digits, or bytes of a large number behind a set top bit; false for neither. */
static bool read_number(const char *header, size_t at, size_t len, uint64_t *out)
{
	*out = 0;
	bool is_binary = *byte_at(header, at) == 0x80;
	for (size_t i = is_binary ? len - sizeof *out : 0; is_binary && i < len; i++)
		*out = *out << 8 | *byte_at(header, at + i);
	if (is_binary)
		return true;
	struct str digits = { header + at, strnlen(header + at, len) };
	digits = str_trim(digits);
	for (size_t i = 0; i < digits.len; i++) {
		if (digits.ptr[i] < '0' || digits.ptr[i] > '7')
			return false;
		*out = *out << 3 | (uint64_t)(digits.ptr[i] - '0');
	}
	return digits.len > 0;
}

/** The checksum counts its own bytes as blanks. */
static bool is_header(const char *header)
{
	uint64_t wanted, sum = 0;
	for (size_t i = 0; i < BLOCK; i++)
		sum += i >= SUM_AT && i < SUM_AT + SUM_LEN ? ' ' : *byte_at(header, i);
	return read_number(header, SUM_AT, SUM_LEN, &wanted) && wanted == sum;
}

static struct str name_of(const char *header)
{
	struct str name = { header + NAME_AT, strnlen(header + NAME_AT, NAME_LEN) };
	str_cut_prefix(&name, STR("./"));
	return name;
}

static bool is_regular(char type)
{
	return type == '0' || type == '\0' || type == '7';
}

void tar_directory_read(const struct blob *blob, struct arena *arena, struct tar_directory *out)
{
	char header[BLOCK];
	struct error err;
	struct array members = ARRAY_OF(struct tar_member);
	uint64_t at = 0, size_bytes;
	while (members.len < TAR_MEMBERS_MAX &&
	       blob_read_at(blob, at, header, sizeof header, &err) && is_header(header) &&
	       read_number(header, SIZE_AT, SIZE_LEN, &size_bytes)) {
		uint64_t rest = blob->size_bytes - at - BLOCK;
		if (is_regular(header[TYPE_AT]))
			*ARRAY_PUSH(&members, struct tar_member) = (struct tar_member){
				arena_str(arena, name_of(header)),
				at + BLOCK,
				size_bytes < rest ? size_bytes : rest,
			};
		if (size_bytes > rest)
			break;
		at += BLOCK + (size_bytes + BLOCK - 1) / BLOCK * BLOCK;
	}
	*out = (struct tar_directory){ array_to_arena(&members, arena), members.len };
	array_finish(&members);
}

const struct tar_member *tar_find(const struct tar_directory *directory, struct str name)
{
	for (size_t i = 0; i < directory->n_members; i++)
		if (str_equal(directory->members[i].name, name))
			return &directory->members[i];
	return NULL;
}
