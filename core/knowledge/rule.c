// SPDX-License-Identifier: MIT
#include "core/knowledge/rule.h"

#include <string.h>

#include "core/base/array.h"
#include "core/base/near.h"
#include "core/base/text.h"

/* What may stand behind the closing parenthesis of a term. */
enum operand {
	OPERAND_NONE,       /* nothing: the term says it all */
	OPERAND_NUMBER,     /* a comparison with numbers */
	OPERAND_WORD,       /* = or != and one word */
	OPERAND_MAYBE_TEXT, /* = or != and a glob, or nothing */
};

struct subject {
	const char *word;
	enum operand operand;
	bool is_folded; /* its pattern is compared without regard to case */
};

static const struct subject subjects[TERM_SUBJECT_COUNT] = {
	[TERM_TENSOR] = { "tensor", OPERAND_NONE, false },
	[TERM_DIMS] = { "dims", OPERAND_NUMBER, false },
	[TERM_COUNT] = { "count", OPERAND_NUMBER, false },
	[TERM_HIGHEST] = { "highest", OPERAND_NUMBER, false },
	[TERM_MODULE] = { "module", OPERAND_NONE, false },
	[TERM_MODULES] = { "modules", OPERAND_NUMBER, false },
	[TERM_TOP] = { "top", OPERAND_NUMBER, false },
	[TERM_IN] = { "in", OPERAND_NUMBER, false },
	[TERM_OUT] = { "out", OPERAND_NUMBER, false },
	[TERM_ADAPTER] = { "adapter", OPERAND_NONE, false },
	[TERM_DTYPE] = { "dtype", OPERAND_WORD, false },
	[TERM_KIND] = { "kind", OPERAND_NONE, false },
	[TERM_ARCHITECTURE] = { "architecture", OPERAND_NONE, false },
	[TERM_VARIANT] = { "variant", OPERAND_NONE, false },
	[TERM_BASE] = { "base", OPERAND_NONE, false },
	[TERM_META] = { "meta", OPERAND_MAYBE_TEXT, true },
	[TERM_CONFIG] = { "config", OPERAND_MAYBE_TEXT, false },
	[TERM_TAG] = { "tag", OPERAND_NONE, true },
	[TERM_NAME] = { "name", OPERAND_NONE, true },
	[TERM_SAID] = { "said", OPERAND_NONE, false },
	[TERM_HASH] = { "hash", OPERAND_NONE, false },
};

static const struct {
	const char *sign;
	enum term_compare compare;
} comparisons[] = {
	{ "!=", COMPARE_NE }, { "<=", COMPARE_LE }, { ">=", COMPARE_GE },
	{ "=", COMPARE_EQ },  { "<", COMPARE_LT },  { ">", COMPARE_GT },
};

struct parser {
	struct str text;
	size_t at;
	struct arena *arena;
	struct error *err;
};

/* Characters, not bytes: that is what an editor counts. */
static size_t column_of(struct str text, size_t at)
{
	size_t column = 1;
	for (size_t i = 0; i < at && i < text.len; i++)
		column += ((unsigned char)text.ptr[i] & 0xc0) != 0x80;
	return column;
}

static bool mistake(const struct parser *p, size_t at, const char *why)
{
	return error_set(p->err, ERROR_FORMAT, NULL, "column %zu: %s", column_of(p->text, at), why);
}

static char peek(const struct parser *p)
{
	return p->at < p->text.len ? p->text.ptr[p->at] : '\0';
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t';
}

static void skip_spaces(struct parser *p)
{
	while (is_space(peek(p)))
		p->at++;
}

static bool accept(struct parser *p, const char *sign)
{
	struct str rest = str_slice(p->text, p->at, p->text.len);
	if (!str_has_prefix(rest, str_from(sign)))
		return false;
	p->at += strlen(sign);
	return true;
}

static bool parse_subject(struct parser *p, struct term *term)
{
	size_t from = p->at;
	while (peek(p) >= 'a' && peek(p) <= 'z')
		p->at++;
	struct str word = str_slice(p->text, from, p->at);
	for (int i = 0; i < TERM_SUBJECT_COUNT; i++) {
		if (str_equal(str_from(subjects[i].word), word)) {
			term->subject = (enum term_subject)i;
			return true;
		}
	}
	struct near near = NEAR(word);
	for (int i = 0; i < TERM_SUBJECT_COUNT; i++)
		near_offer(&near, str_from(subjects[i].word));
	if (!word.len)
		return mistake(p, from, "a term is expected, such as tensor(NAME)");
	if (!near.best.ptr)
		return mistake(p, from, "there is no such term");
	return error_set(p->err, ERROR_FORMAT, NULL,
			 "column %zu: there is no such term; did you mean \"%.*s\"?",
			 column_of(p->text, from), STR_ARG(near.best));
}

/* Parentheses inside balance, for tags such as "rem_(re:zero)". */
static bool parse_pattern(struct parser *p, struct term *term)
{
	size_t open = p->at;
	if (!accept(p, "("))
		return mistake(p, open, "\"(\" is expected behind the term's name");
	size_t depth = 1, from = p->at;
	for (; p->at < p->text.len; p->at++) {
		depth += peek(p) == '(';
		depth -= peek(p) == ')';
		if (!depth)
			break;
	}
	if (depth)
		return mistake(p, open, "this \"(\" is never closed");
	struct str inside = str_trim(str_slice(p->text, from, p->at));
	p->at++;
	if (!inside.len)
		return mistake(p, from, "nothing between the parentheses");
	term->pattern = subjects[term->subject].is_folded ? text_fold_copy(p->arena, inside)
							  : arena_str(p->arena, inside);
	return true;
}

static bool check_pattern(const struct parser *p, size_t from, const struct term *term)
{
	if (term->subject == TERM_KIND && kind_find(term->pattern) == KIND_COUNT)
		return mistake(p, from, "there is no such kind");
	if (term->subject == TERM_ADAPTER && adapter_find(term->pattern) == ADAPTER_COUNT)
		return mistake(p, from, "there is no such adapter type");
	if (term->subject == TERM_CONFIG && str_find_byte(term->pattern, ':') <= 0)
		return mistake(p, from,
			       "FILE:PATH is expected, such as unet/config.json:in_channels");
	if (term->subject == TERM_HASH && str_find_byte(term->pattern, ':') <= 0)
		return mistake(p, from, "the hash's name is expected before it: sha256:HEX");
	bool counts = term->subject == TERM_HIGHEST || term->subject == TERM_TOP;
	if (counts && str_find_byte(term->pattern, '#') < 0)
		return mistake(p, from, "the pattern needs a # whose number is asked for");
	return true;
}

static bool parse_number(struct parser *p, uint64_t *out)
{
	size_t from = p->at;
	while (peek(p) >= '0' && peek(p) <= '9')
		p->at++;
	if (!str_to_u64(str_slice(p->text, from, p->at), out))
		return mistake(p, from, "a whole number is expected");
	return true;
}

static bool parse_dimension(struct parser *p, struct term *term)
{
	if (term->n_shape == TERM_DIMS_MAX)
		return mistake(p, p->at, "a shape has at most 8 dimensions here");
	uint64_t *dimension = &term->shape[term->n_shape++];
	if (!accept(p, "*"))
		return parse_number(p, dimension);
	*dimension = DIM_ANY;
	return true;
}

static bool parse_shape(struct parser *p, struct term *term)
{
	size_t open = p->at;
	if (!accept(p, "["))
		return true;
	if (term->subject != TERM_TENSOR)
		return mistake(p, open, "only tensor(...) takes a shape");
	term->has_shape = true;
	skip_spaces(p);
	while (!accept(p, "]")) {
		if (p->at == p->text.len)
			return mistake(p, open, "this \"[\" is never closed");
		if (term->shape_is_open)
			return mistake(p, p->at, "\"...\" ends a shape");
		if (accept(p, "..."))
			term->shape_is_open = true;
		else if (!parse_dimension(p, term))
			return false;
		skip_spaces(p);
		if (peek(p) != ']' && p->at < p->text.len && !accept(p, ","))
			return mistake(p, p->at, "\",\" or \"]\" is expected");
		skip_spaces(p);
	}
	return true;
}

static bool parse_ranges(struct parser *p, struct term *term)
{
	size_t from = p->at;
	do {
		if (term->n_ranges == TERM_CHOICES_MAX)
			return mistake(p, p->at, "at most 8 choices");
		uint64_t low, high;
		if (!parse_number(p, &low))
			return false;
		high = low;
		if (accept(p, "..") && !parse_number(p, &high))
			return false;
		if (high < low)
			return mistake(p, from, "the range ends before it begins");
		term->ranges[term->n_ranges].low = low;
		term->ranges[term->n_ranges++].high = high;
	} while (accept(p, "|"));
	bool is_plain = term->n_ranges == 1 && term->ranges[0].low == term->ranges[0].high;
	if (!is_plain && term->compare != COMPARE_EQ && term->compare != COMPARE_NE)
		return mistake(p, from, "ranges and choices go with = and != only");
	return true;
}

/* Up to the next space, or between quotes. */
static bool parse_glob(struct parser *p, struct term *term)
{
	size_t from = p->at;
	bool is_quoted = accept(p, "\"");
	size_t begin = p->at;
	while (p->at < p->text.len && (is_quoted ? peek(p) != '"' : !is_space(peek(p))))
		p->at++;
	struct str glob = str_slice(p->text, begin, p->at);
	if (is_quoted && !accept(p, "\""))
		return mistake(p, from, "this quote is never closed");
	if (!is_quoted && !glob.len)
		return mistake(p, from, "a value is expected");
	term->glob = text_fold_copy(p->arena, glob);
	return true;
}

static bool parse_comparison(struct parser *p, struct term *term)
{
	size_t behind = p->at;
	skip_spaces(p);
	size_t from = p->at;
	for (size_t i = 0; i < sizeof comparisons / sizeof *comparisons; i++) {
		if (!accept(p, comparisons[i].sign))
			continue;
		term->compare = comparisons[i].compare;
		skip_spaces(p);
		break;
	}
	enum operand operand = subjects[term->subject].operand;
	if (term->compare == COMPARE_EXISTS) {
		p->at = behind;
		if (operand == OPERAND_NUMBER || operand == OPERAND_WORD)
			return mistake(p, from, "a comparison is expected, such as = 4");
		return true;
	}
	if (operand == OPERAND_NONE)
		return mistake(p, from, "this term is not compared with anything");
	if (operand == OPERAND_NUMBER)
		return parse_ranges(p, term);
	if (term->compare != COMPARE_EQ && term->compare != COMPARE_NE)
		return mistake(p, from, "texts are compared with = and != only");
	return parse_glob(p, term);
}

static bool parse_term(struct parser *p, struct term *term)
{
	term->is_negated = accept(p, "!");
	if (!parse_subject(p, term))
		return false;
	size_t pattern_at = p->at + 1;
	if (!parse_pattern(p, term) || !check_pattern(p, pattern_at, term))
		return false;
	if (!parse_shape(p, term) || !parse_comparison(p, term))
		return false;
	if (p->at < p->text.len && !is_space(peek(p)))
		return mistake(p, p->at, "a space is expected between terms");
	skip_spaces(p);
	return true;
}

/* "likely in(...) = 8": the first word may lower what the terms prove. */
static enum confidence parse_confidence(struct parser *p)
{
	static const enum confidence lower[] = { CONFIDENCE_LIKELY, CONFIDENCE_GUESS };
	for (size_t i = 0; i < sizeof lower / sizeof *lower; i++) {
		struct str rest = str_slice(p->text, p->at, p->text.len);
		struct str word = str_from(confidence_word(lower[i]));
		if (!str_cut_prefix(&rest, word) || !rest.len || !is_space(rest.ptr[0]))
			continue;
		p->at += word.len;
		skip_spaces(p);
		return lower[i];
	}
	return CONFIDENCE_CERTAIN;
}

static uint32_t subjects_of(const struct array *terms)
{
	uint32_t bits = 0;
	for (size_t i = 0; i < terms->len; i++)
		bits |= SUBJECT_BIT(ARRAY_AT(terms, struct term, i)->subject);
	return bits;
}

bool rule_parse(struct str text, struct arena *arena, struct rule *out, struct error *err)
{
	struct parser p = { .text = str_trim(text), .arena = arena, .err = err };
	struct array terms = ARRAY_OF(struct term);
	bool ok = true;

	if (!p.text.len)
		ok = mistake(&p, 0, "an empty rule would hold for everything");
	enum confidence confidence = parse_confidence(&p);
	while (ok && p.at < p.text.len)
		ok = parse_term(&p, ARRAY_PUSH(&terms, struct term));
	if (ok) {
		out->subjects = subjects_of(&terms);
		out->text = arena_str(arena, p.text);
		out->confidence = confidence;
		out->n_terms = terms.len;
		out->terms = array_to_arena(&terms, arena);
	}
	array_finish(&terms);
	return ok;
}
