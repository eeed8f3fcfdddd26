// SPDX-License-Identifier: MIT
#include "core/base/member.h"

#include "core/base/utf8.h"

struct str member_path(struct str name)
{
	while (str_cut_prefix(&name, STR("./")))
		;
	return name;
}

static bool has_odd_bytes(struct str path)
{
	for (size_t i = 0; i < path.len; i++)
		if ((unsigned char)path.ptr[i] < 0x20 || path.ptr[i] == 0x7f || path.ptr[i] == '\\')
			return true;
	return false;
}

static bool has_drive(struct str path)
{
	char first = path.len > 1 ? (char)(path.ptr[0] | 0x20) : 0;
	return first >= 'a' && first <= 'z' && path.ptr[1] == ':';
}

static const char *part_fault(struct str part)
{
	if (part.len == 0)
		return "its path has an empty part";
	if (str_equal(part, STR(".")) || str_equal(part, STR("..")))
		return "its path means another place than it says";
	return part.len > MEMBER_PART_BYTES_MAX ? "its name would be too long" : NULL;
}

const char *member_fault(struct str path)
{
	struct str rest = path, part;
	const char *fault = NULL;
	size_t depth = 0;
	if (path.len == 0)
		return "it has no name";
	if (path.ptr[0] == '/' || path.ptr[0] == '\\' || has_drive(path))
		return "its path is absolute";
	if (has_odd_bytes(path))
		return "its name holds control characters or backslashes";
	while (!fault && str_next_part(&rest, '/', &part)) {
		fault = part_fault(part);
		depth++;
	}
	return fault || depth <= MEMBER_DEPTH_MAX ? fault : "it lies too many folders deep";
}

static bool is_control(uint32_t code_point)
{
	return code_point < 0x20 || (code_point >= 0x7f && code_point < 0xa0);
}

static bool is_plain(uint32_t code_point)
{
	return !is_control(code_point) && code_point != '\\';
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
	if (has_drive((struct str){ name, len }))
		name[1] = '_';
	return (struct str){ name, len };
}
