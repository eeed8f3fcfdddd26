// SPDX-License-Identifier: MIT
#include "core/knowledge/module_rule.h"

#include <string.h>

size_t module_rule_mask(struct str name, char *masked, struct str *numbers)
{
	size_t n = 0;
	for (size_t i = 0; i < name.len; i++) {
		bool is_number = str_is_digit(name.ptr[i]) || name.ptr[i] == '#';
		*masked++ = is_number ? '#' : name.ptr[i];
		if (!is_number)
			continue;
		size_t from = i;
		while (i + 1 < name.len && str_is_digit(name.ptr[i + 1]))
			i++;
		if (n == MODULE_NUMBERS_MAX)
			return n + 1;
		numbers[n++] = str_slice(name, from, i + 1);
	}
	return n;
}

/* "attn.to_q=in", "qkv=3in" */
static bool read_inputs(struct module_part *part, struct error *err)
{
	ptrdiff_t sign = str_find_byte(part->name, '=');
	if (sign < 0)
		return true;
	struct str size = str_slice(part->name, (size_t)sign + 1, part->name.len);
	uint64_t times = 1;
	if (!str_cut_suffix(&size, STR("in")) ||
	    (size.len && (!str_to_u64(size, &times) || !times || times > 1000)))
		return error_set(err, ERROR_FORMAT, NULL,
				 "a part is as tall as the inputs: \"=in\" or \"=3in\"");
	part->name = str_slice(part->name, 0, (size_t)sign);
	part->inputs = (unsigned)times;
	return true;
}

static size_t count_numbers(struct str name)
{
	size_t n = 0;
	for (size_t i = 0; i < name.len; i++)
		n += name.ptr[i] == '#';
	return n;
}

static bool check_name(const struct module_rule *rule, struct str name, struct error *err)
{
	struct str numbers[MODULE_NUMBERS_MAX];
	char masked[256];
	if (!name.len || str_find_byte(name, ' ') >= 0)
		return error_set(err, ERROR_FORMAT, NULL,
				 "a module's name is expected on both sides");
	if (name.len > sizeof masked ||
	    module_rule_mask(name, masked, numbers) > MODULE_NUMBERS_MAX)
		return error_set(err, ERROR_FORMAT, NULL,
				 "the name is too long or has over %d numbers", MODULE_NUMBERS_MAX);
	if (count_numbers(name) != count_numbers(rule->whole))
		return error_set(err, ERROR_FORMAT, NULL, "both sides have the same #");
	return true;
}

static bool add_part(struct module_rule *rule, struct str before, struct str text, struct str after,
		     struct arena *arena, struct error *err)
{
	if (rule->n_parts == MODULE_PARTS_MAX)
		return error_set(err, ERROR_FORMAT, NULL, "at most %d parts", MODULE_PARTS_MAX);
	struct module_part *part = &rule->parts[rule->n_parts++];
	part->name = str_trim(text);
	if (!read_inputs(part, err))
		return false;
	if (before.len || after.len)
		part->name = arena_strf(arena, "%.*s%.*s%.*s", STR_ARG(before), STR_ARG(part->name),
					STR_ARG(after));
	return check_name(rule, part->name, err);
}

static bool read_parts(struct module_rule *rule, struct str text, struct arena *arena,
		       struct error *err)
{
	ptrdiff_t from = str_find_byte(text, '{'), to = str_find_byte(text, '}');
	if (from < 0 && to < 0)
		return add_part(rule, STR_NULL, text, STR_NULL, arena, err);
	if (from < 0 || to < from)
		return error_set(err, ERROR_FORMAT, NULL, "the parts stand in { and }");
	struct str before = str_slice(text, 0, (size_t)from), part;
	struct str after = str_slice(text, (size_t)to + 1, text.len);
	struct str rest = str_slice(text, (size_t)from + 1, (size_t)to);
	while (str_next_part(&rest, '|', &part))
		if (!add_part(rule, before, part, after, arena, err))
			return false;
	return true;
}

bool module_rule_parse(struct str text, struct arena *arena, struct module_rule *out,
		       struct error *err)
{
	ptrdiff_t sign = str_find(text, STR(" = "));
	*out = (struct module_rule){ 0 };
	if (sign < 0)
		return error_set(err, ERROR_FORMAT, NULL, "NAME = OTHER NAME is expected");
	out->whole = str_trim(str_slice(text, 0, (size_t)sign));
	if (!check_name(out, out->whole, err) ||
	    !read_parts(out, str_trim(str_slice(text, (size_t)sign + 3, text.len)), arena, err))
		return false;
	out->is_piece = true;
	for (size_t i = 0; i < out->n_parts; i++)
		out->is_piece &= out->parts[i].inputs > 0;
	return true;
}
