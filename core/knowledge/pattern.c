// SPDX-License-Identifier: MIT
#include <string.h>

#include "core/knowledge/rule.h"

struct star {
	bool is_set;
	size_t pattern_at; /* behind the star */
	size_t name_at;    /* where what follows it is tried next */
};

struct match {
	struct str pattern, name;
	bool dots_stop;
	size_t p, n;
	struct star within, across; /* the last * and the last ** */
	size_t first_number;        /* place of the first # in the pattern */
	uint64_t number;
};

/* A whole run of digits; its value saturates, since no model counts that far. */
static bool take_number(struct match *m)
{
	size_t from = m->n;
	uint64_t value = 0;
	for (; m->n < m->name.len && str_is_digit(m->name.ptr[m->n]); m->n++) {
		uint64_t digit = (uint64_t)(m->name.ptr[m->n] - '0');
		value = value > (UINT64_MAX - digit) / 10 ? UINT64_MAX : value * 10 + digit;
	}
	if (m->p == m->first_number)
		m->number = value;
	m->p++;
	return m->n > from;
}

static void take_star(struct match *m)
{
	bool is_double = m->p + 1 < m->pattern.len && m->pattern.ptr[m->p + 1] == '*';
	m->p += is_double ? 2 : 1;
	struct star star = { true, m->p, m->n };
	if (is_double || !m->dots_stop) {
		m->across = star;
		m->within.is_set = false;
	} else {
		m->within = star;
	}
}

/* One step of the pattern; false when the name does not follow. */
static bool take(struct match *m)
{
	if (m->p == m->pattern.len)
		return false;
	char wanted = m->pattern.ptr[m->p];
	if (wanted == '*') {
		take_star(m);
		return true;
	}
	if (wanted == '#')
		return take_number(m);
	if (m->n == m->name.len || m->name.ptr[m->n] != wanted)
		return false;
	m->p++;
	m->n++;
	return true;
}

/* The last ** swallows whatever cannot begin what stands behind it. */
static bool skip_to_literal(struct match *m)
{
	struct star *star = &m->across;
	if (star->pattern_at == m->pattern.len)
		return true;
	char wanted = m->pattern.ptr[star->pattern_at];
	if (wanted == '*' || wanted == '#')
		return true;
	struct str rest = str_slice(m->name, star->name_at, m->name.len);
	ptrdiff_t at = str_find_byte(rest, wanted);
	if (at < 0)
		return false;
	star->name_at += (size_t)at;
	return true;
}

/* Lets the last * swallow one byte more, else the last **. Earlier stars need not be asked: what
 * stands between two stars was found at its first place already. */
static bool retry(struct match *m)
{
	struct star *star = &m->within;
	if (star->is_set && star->name_at < m->name.len && m->name.ptr[star->name_at] == '.')
		star->is_set = false;
	if (!star->is_set)
		star = &m->across;
	if (!star->is_set || star->name_at >= m->name.len)
		return false;
	if (star == &m->across)
		m->within.is_set = false;
	star->name_at++;
	if (star == &m->across && !skip_to_literal(m))
		return false;
	m->p = star->pattern_at;
	m->n = star->name_at;
	return true;
}

/* What stands behind the last * and # must end the name: most names fail here. */
static bool ends_alike(struct str pattern, struct str name)
{
	size_t p = pattern.len, n = name.len;
	while (p > 0 && pattern.ptr[p - 1] != '*' && pattern.ptr[p - 1] != '#')
		if (n == 0 || pattern.ptr[--p] != name.ptr[--n])
			return false;
	return true;
}

bool pattern_match(struct str pattern, struct str name, bool dots_stop, uint64_t *number)
{
	if (!ends_alike(pattern, name))
		return false;
	ptrdiff_t hash = str_find_byte(pattern, '#');
	struct match m = {
		.pattern = pattern,
		.name = name,
		.dots_stop = dots_stop,
		.first_number = hash < 0 ? pattern.len : (size_t)hash,
	};
	while (m.p < pattern.len || m.n < name.len)
		if (!take(&m) && !retry(&m))
			return false;
	if (number && hash >= 0)
		*number = m.number;
	return true;
}
