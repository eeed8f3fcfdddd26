// SPDX-License-Identifier: MIT
#include "core/query/range.h"

#include <math.h>

#define DAY_S 86400.0

enum compare {
	COMPARES_EQUAL,
	COMPARES_LESS,
	COMPARES_LESS_EQUAL,
	COMPARES_MORE,
	COMPARES_MORE_EQUAL
};

/* One end of an interval as written: a number is a point, a date the span it names, and an age
   a point in the past whose order is reversed (younger is later). */
struct bound {
	double first, last;
	bool is_span; /* `last` is the first moment that no longer belongs to it */
	bool is_age;
};

struct unit {
	char letter;
	double factor;
};

static const struct unit size_units[] = {
	{ 'k', 1024.0 },
	{ 'm', 1048576.0 },
	{ 'g', 1073741824.0 },
	{ 't', 1099511627776.0 },
};
static const struct unit params_units[] = { { 'k', 1e3 }, { 'm', 1e6 }, { 'b', 1e9 } };
static const struct unit age_units[] = {
	{ 'h', 3600.0 },     { 'd', DAY_S },       { 'w', 7 * DAY_S },
	{ 'm', 30 * DAY_S }, { 'y', 365 * DAY_S },
};

static bool cut_unit(struct str *text, const struct unit *units, size_t n, double *factor)
{
	if (text->len == 0)
		return false;
	char letter = (char)(text->ptr[text->len - 1] | 0x20);
	for (size_t i = 0; i < n; i++)
		if (letter == units[i].letter) {
			*text = str_slice(*text, 0, text->len - 1);
			*factor = units[i].factor;
			return true;
		}
	return false;
}

/* Digits with at most one point inside: no sign, no exponent, no "inf". */
static bool read_digits(struct str text, double *number)
{
	size_t points = 0;
	for (size_t i = 0; i < text.len; i++) {
		bool is_point = text.ptr[i] == '.';
		points += is_point;
		if (!is_point && (text.ptr[i] < '0' || text.ptr[i] > '9'))
			return false;
	}
	if (text.len == 0 || text.len > 30 || points > 1 || text.ptr[0] == '.' ||
	    text.ptr[text.len - 1] == '.')
		return false;
	return str_to_double(text, number);
}

/* 1GB and 1GiB say what 1G says; a B of its own counts bytes. */
static struct str without_byte(struct str text)
{
	if (text.len < 2 || (text.ptr[text.len - 1] | 0x20) != 'b')
		return text;
	text = str_slice(text, 0, text.len - 1);
	double factor;
	struct str unit = str_slice(text, 0, text.len - 1);
	bool has_i = (text.ptr[text.len - 1] | 0x20) == 'i' &&
		     cut_unit(&unit, size_units, sizeof size_units / sizeof *size_units, &factor);
	return has_i ? str_slice(text, 0, text.len - 1) : text;
}

static bool read_scaled(struct str text, const struct unit *units, size_t n, double *number)
{
	double factor = 1;
	(void)cut_unit(&text, units, n, &factor); /* a plain number has none */
	if (!read_digits(text, number))
		return false;
	*number *= factor;
	return true;
}

static bool is_leap(uint64_t year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static unsigned days_in_month(uint64_t year, uint64_t month)
{
	static const unsigned char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	return days[month - 1] + (month == 2 && is_leap(year));
}

/* Seconds since 1970 at the beginning of a day; month 13 is January of the next year. */
static double day_start(uint64_t year, uint64_t month, uint64_t day)
{
	uint64_t before = year - 1;
	double days = (double)(before * 365 + before / 4 - before / 100 + before / 400) - 719162.0;
	for (uint64_t m = 1; m < month; m++)
		days += days_in_month(year, m);
	return (days + (double)(day - 1)) * DAY_S;
}

/* "2026", "2026-01", "2026-01-31": the span of that year, month or day. */
static bool read_date(struct str text, struct bound *out)
{
	uint64_t part[3] = { 0, 0, 0 };
	static const size_t lengths[3] = { 4, 2, 2 };
	struct str rest = text, piece;
	size_t n = 0;
	while (n < 3 && str_next_part(&rest, '-', &piece)) {
		if (piece.len != lengths[n] || !str_to_u64(piece, &part[n]) || part[n] == 0)
			return false;
		n++;
	}
	if (rest.ptr || part[1] > 12 || (n == 3 && part[2] > days_in_month(part[0], part[1])))
		return false;
	uint64_t month = n > 1 ? part[1] : 1, day = n > 2 ? part[2] : 1;
	out->is_span = true;
	out->first = day_start(part[0], month, day);
	if (n == 1)
		out->last = day_start(part[0] + 1, 1, 1);
	else
		out->last = n == 2 ? day_start(part[0], month + 1, 1) : out->first + DAY_S;
	return true;
}

static bool read_age(struct str text, int64_t now_s, struct bound *out)
{
	double factor, number;
	if (!cut_unit(&text, age_units, sizeof age_units / sizeof *age_units, &factor) ||
	    !read_digits(text, &number))
		return false;
	out->is_age = true;
	out->first = out->last = (double)now_s - number * factor;
	return true;
}

static bool read_point(enum range_type type, struct str text, struct bound *out)
{
	bool ok = false;
	switch (type) {
	case RANGE_NUMBER: ok = read_scaled(text, NULL, 0, &out->first); break;
	case RANGE_SIZE:
		ok = read_scaled(without_byte(text), size_units,
				 sizeof size_units / sizeof *size_units, &out->first);
		break;
	case RANGE_PARAMS:
		ok = read_scaled(text, params_units, sizeof params_units / sizeof *params_units,
				 &out->first);
		break;
	case RANGE_TIME: BUG("a time is no point");
	}
	out->last = out->first;
	return ok;
}

static const char *what_is_wanted(enum range_type type)
{
	switch (type) {
	case RANGE_NUMBER: return "a number like 16";
	case RANGE_SIZE: return "a size like 500M or 2G";
	case RANGE_PARAMS: return "a count like 900M or 2B";
	case RANGE_TIME: return "an age like <7d (h d w m y) or a date like 2026-01-31";
	}
	BUG("range type %d", (int)type);
}

static bool read_bound(const struct query_context *context, enum range_type type, struct str text,
		       size_t at, struct bound *out)
{
	*out = (struct bound){ 0 };
	bool ok = type == RANGE_TIME ? read_date(text, out) || read_age(text, context->now_s, out)
				     : read_point(type, text, out);
	if (ok)
		return true;
	struct str quoted = query_quote(text);
	return query_fail(context, at, "\"%.*s\" is not %s", STR_ARG(quoted), what_is_wanted(type));
}

static enum compare cut_compare(struct str *text)
{
	if (str_cut_prefix(text, STR(">=")))
		return COMPARES_MORE_EQUAL;
	if (str_cut_prefix(text, STR("<=")))
		return COMPARES_LESS_EQUAL;
	if (str_cut_prefix(text, STR(">")))
		return COMPARES_MORE;
	if (str_cut_prefix(text, STR("<")))
		return COMPARES_LESS;
	(void)str_cut_prefix(text, STR("=")); /* "=16" is "16" */
	return COMPARES_EQUAL;
}

/* More than a week old is earlier than a week ago. */
static enum compare reverse(enum compare compare)
{
	switch (compare) {
	case COMPARES_EQUAL: return COMPARES_EQUAL;
	case COMPARES_LESS: return COMPARES_MORE;
	case COMPARES_LESS_EQUAL: return COMPARES_MORE_EQUAL;
	case COMPARES_MORE: return COMPARES_LESS;
	case COMPARES_MORE_EQUAL: return COMPARES_LESS_EQUAL;
	}
	BUG("comparison %d", (int)compare);
}

static void set_compare(struct query_node *leaf, enum compare compare, const struct bound *bound)
{
	leaf->low = -INFINITY;
	leaf->high = INFINITY;
	switch (bound->is_age ? reverse(compare) : compare) {
	case COMPARES_EQUAL:
		leaf->low = bound->first;
		leaf->high = bound->last;
		leaf->high_open = bound->is_span;
		break;
	case COMPARES_LESS:
		leaf->high = bound->first;
		leaf->high_open = true;
		break;
	case COMPARES_LESS_EQUAL:
		leaf->high = bound->last;
		leaf->high_open = bound->is_span;
		break;
	case COMPARES_MORE:
		leaf->low = bound->last;
		leaf->low_open = !bound->is_span;
		break;
	case COMPARES_MORE_EQUAL: leaf->low = bound->first; break;
	}
}

/* "A..B", both ends included, either of them open. */
static bool read_range(const struct query_context *context, enum range_type type,
		       const struct query_value *value, size_t dots, struct query_node *leaf)
{
	struct str from = str_slice(value->text, 0, dots);
	struct str to = str_slice(value->text, dots + 2, value->text.len);
	struct bound low = { .first = -INFINITY }, high = { .last = INFINITY };
	if (from.len == 0 && to.len == 0)
		return query_fail(context, value->at, "a range needs at least one end");
	if (from.len > 0 && !read_bound(context, type, from, value->at, &low))
		return false;
	if (to.len > 0 && !read_bound(context, type, to, value->at + dots + 2, &high))
		return false;
	if (from.len > 0 && to.len > 0 && low.is_age != high.is_age)
		return query_fail(context, value->at,
				  "a range is of ages or of dates, not of both");
	if (low.is_age || high.is_age) {
		/* From one day to one week old: between a week ago and a day ago. */
		leaf->low = to.len > 0 ? high.first : -INFINITY;
		leaf->high = from.len > 0 ? low.first : INFINITY;
	} else {
		leaf->low = low.first;
		leaf->high = high.last;
		leaf->high_open = high.is_span;
	}
	if (leaf->low > leaf->high)
		return query_fail(context, value->at, "this range runs backwards");
	return true;
}

bool range_read(const struct query_context *context, enum range_type type,
		const struct query_value *value, struct query_node *leaf)
{
	ptrdiff_t dots = str_find(value->text, STR(".."));
	if (dots >= 0)
		return read_range(context, type, value, (size_t)dots, leaf);
	struct str text = value->text;
	enum compare compare = cut_compare(&text);
	size_t at = value->at + (value->text.len - text.len);
	struct bound bound;
	if (!read_bound(context, type, text, at, &bound))
		return false;
	if (bound.is_age && compare == COMPARES_EQUAL)
		return query_fail(context, at,
				  "an age needs < or > before it: <%.*s is younger, "
				  ">%.*s older",
				  STR_ARG(query_quote(text)), STR_ARG(query_quote(text)));
	set_compare(leaf, compare, &bound);
	return true;
}
