// SPDX-License-Identifier: MIT
#include "tui/app/terms.h"

/* Takes the next top-level term: up to a space outside of quotes and parentheses. */
static bool next_term(struct str *rest, struct str *term)
{
	struct str text = str_trim(*rest);
	size_t depth = 0, i = 0;
	bool is_quoted = false;
	for (; i < text.len; i++) {
		char c = text.ptr[i];
		if (c == '"')
			is_quoted = !is_quoted;
		else if (!is_quoted && c == '(')
			depth++;
		else if (!is_quoted && c == ')' && depth > 0)
			depth--;
		else if (!is_quoted && depth == 0 && c == ' ')
			break;
	}
	*term = str_slice(text, 0, i);
	*rest = str_slice(text, i, text.len);
	return term->len > 0;
}

bool terms_has(struct str query, struct str term)
{
	struct str part;
	while (next_term(&query, &part))
		if (str_equal(part, term))
			return true;
	return false;
}

static bool is_dropped(struct str term, const struct str *dropped, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_has_prefix(term, dropped[i]))
			return true;
	return false;
}

void terms_edit(struct str query, const struct str *dropped, size_t n_dropped, struct str added,
		struct bytes *out)
{
	struct bytes kept = { 0 };
	struct str term;
	bool has_or = false;
	while (next_term(&query, &term)) {
		if (is_dropped(term, dropped, n_dropped))
			continue;
		has_or = has_or || (term.ptr[0] != '(' && str_find_byte(term, '|') >= 0);
		if (kept.len)
			bytes_append_byte(&kept, ' ');
		bytes_append_str(&kept, term);
	}
	bytes_append_str(out, added);
	if (kept.len && added.len)
		bytes_append_byte(out, ' ');
	bool in_parentheses = has_or && added.len;
	bytes_append_str(out, in_parentheses ? STR("(") : STR(""));
	bytes_append_str(out, bytes_str(&kept));
	bytes_append_str(out, in_parentheses ? STR(")") : STR(""));
	bytes_finish(&kept);
}
