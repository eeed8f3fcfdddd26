// SPDX-License-Identifier: MIT
#include "core/base/member.h"

#include "core/base/utf8.h"

static bool is_control(uint32_t code_point)
{
	return code_point < 0x20 || (code_point >= 0x7f && code_point < 0xa0);
}

static bool is_plain(uint32_t code_point)
{
	return !is_control(code_point) && code_point != '\\';
}

static const char *part_fault(struct str part)
{
	if (part.len == 0)
		return "a part of its path is empty";
	if (str_equal(part, STR(".")) || str_equal(part, STR("..")))
		return "its path leads elsewhere";
	if (part.len > MEMBER_PART_BYTES_MAX)
		return "a part of its path is too long";
	for (struct str rest = part; rest.len > 0;) {
		uint32_t code_point;
		size_t n = utf8_next(rest, &code_point);
		if (n == 0)
			return "its path is not UTF-8";
		if (!is_plain(code_point))
			return "its path has a backslash or a control character";
		rest = str_slice(rest, n, rest.len);
	}
	return NULL;
}

static bool has_drive(struct str path)
{
	char first = path.len > 1 ? path.ptr[0] : ' ';
	return path.len > 1 && path.ptr[1] == ':' &&
	       ((first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z'));
}

const char *member_fault(struct str path)
{
	struct str rest = path, part;
	const char *fault = NULL;
	size_t depth = 0;
	if (path.len == 0)
		return "it has no name";
	if (path.ptr[0] == '/' || has_drive(path))
		return "its path begins at the top of a disk";
	while (!fault && str_next_part(&rest, '/', &part)) {
		fault = part_fault(part);
		depth++;
	}
	return fault ? fault : depth > MEMBER_DEPTH_MAX ? "its path is too deep" : NULL;
}

struct str member_name(struct str path, struct arena *arena)
{
	char *name = arena_cstr(arena, path);
	size_t len = 0;
	for (struct str rest = path; rest.len > 0;) {
		uint32_t code_point;
		size_t n = utf8_next(rest, &code_point);
		bool is_good = n > 0 && is_plain(code_point);
		n = n > 0 ? n : 1;
		for (size_t i = 0; is_good && i < n; i++)
			name[len++] = rest.ptr[i];
		if (!is_good)
			name[len++] = '_';
		rest = str_slice(rest, n, rest.len);
	}
	if (has_drive((struct str){name, len}))
		name[1] = '_';
	return (struct str){name, len};
}
