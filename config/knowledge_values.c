// SPDX-License-Identifier: MIT
#include "config/knowledge_values.h"

#include <math.h>
#include <string.h>

#include "core/base/near.h"
#include "core/base/text.h"

static const char *const reader_words[READ_COUNT] = {
	[READ_SHA256] = "sha256",       [READ_AUTOV2] = "autov2",       [READ_LEGACY8] = "legacy8",
	[READ_LABEL] = "label",         [READ_MODELSPEC] = "modelspec", [READ_TRAINER] = "trainer",
	[READ_PUBLISHED] = "published", [READ_TOKENS] = "tokens",       [READ_MERGE] = "merge",
	[READ_TAGS] = "tags",
};

static const char *reader_word(int i)
{
	return reader_words[i];
}

static const char *kind_word_of(int i)
{
	return kind_word((enum kind)i);
}

static const char *source_word_of(int i)
{
	return source_word((enum evidence_source)i);
}

static const char *confidence_word_of(int i)
{
	return confidence_word((enum confidence)i);
}

static const char *yes_no_word(int i)
{
	return i ? "yes" : "no";
}

static const char *edge_word(int i)
{
	return i ? "heavy" : "light";
}

/* Closed sets of words; the index of a word is its value. */
static const struct choice {
	const char *(*word)(int i);
	int n;
} choices[] = {
	[KEY_YES_NO] = { yes_no_word, 2 },
	[KEY_EDGE] = { edge_word, 2 },
	[KEY_KIND] = { kind_word_of, KIND_COUNT },
	[KEY_EVIDENCE] = { source_word_of, SOURCE_COUNT },
	[KEY_CONFIDENCE] = { confidence_word_of, CONFIDENCE_COUNT },
	[KEY_READER] = { reader_word, READ_COUNT },
};

static bool read_choice(enum key_type type, struct str value, int *out, struct error *err)
{
	for (int i = 0; i < choices[type].n; i++) {
		if (str_equal(str_from(choices[type].word(i)), value)) {
			*out = i;
			return true;
		}
	}
	if (choices[type].n == 2)
		return error_set(err, ERROR_FORMAT, NULL, "%s or %s is expected",
				 choices[type].word(1), choices[type].word(0));
	struct near near = NEAR(value);
	for (int i = 0; i < choices[type].n; i++)
		near_offer(&near, str_from(choices[type].word(i)));
	if (near.best.ptr)
		return error_set(err, ERROR_FORMAT, NULL, "no such word; did you mean \"%.*s\"?",
				 STR_ARG(near.best));
	return error_set(err, ERROR_FORMAT, NULL, "no such word; \"%s\" would be one",
			 choices[type].word(1));
}

/* Most words are lower-case ASCII already, and those need neither utf8proc nor a copy. */
static struct str folded(struct str text, struct arena *arena)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		if (c >= 0x80 || (c >= 'A' && c <= 'Z'))
			return text_fold_copy(arena, text);
	}
	return text;
}

/* Room for one element more: lists double whenever their length is a power of two. */
static void *grown(const void *list, size_t n, size_t element_bytes, struct arena *arena)
{
	if (n && (n & (n - 1)) != 0)
		return (void *)list;
	char *bigger = arena_alloc_n(arena, element_bytes, n ? n * 2 : 1);
	if (n)
		memcpy(bigger, list, n * element_bytes);
	return bigger;
}

static void add_text(struct texts *texts, struct str text, struct arena *arena)
{
	struct str *list = grown(texts->list, texts->n, sizeof *list, arena);
	list[texts->n++] = text;
	texts->list = list;
}

static void add_list(struct texts *texts, bool is_folded, struct str value, struct arena *arena)
{
	struct str rest = value, part;
	while (str_next_part(&rest, ';', &part)) {
		part = str_trim(part);
		if (part.len)
			add_text(texts, is_folded ? folded(part, arena) : part, arena);
	}
}

static bool add_rule(struct rules *rules, struct str value, struct arena *arena, struct error *err)
{
	struct rule *list = grown(rules->rules, rules->n_rules, sizeof *list, arena);
	rules->rules = list;
	if (!rule_parse(value, arena, &list[rules->n_rules], err))
		return false;
	rules->n_rules++;
	return true;
}

static bool add_module_rule(struct module_rules *rules, struct str value, struct arena *arena,
			    struct error *err)
{
	struct module_rule *list = grown(rules->rules, rules->n_rules, sizeof *list, arena);
	rules->rules = list;
	if (!module_rule_parse(value, arena, &list[rules->n_rules], err))
		return false;
	rules->n_rules++;
	return true;
}

static bool read_number(struct str value, double *out, struct error *err)
{
	double number;
	if (!str_to_double(value, &number) || !isfinite(number) || number < 0)
		return error_set(err, ERROR_FORMAT, NULL, "a number is expected, such as 1.5");
	*out = number;
	return true;
}

static bool read_count(struct str value, unsigned *out, struct error *err)
{
	uint64_t number;
	if (!str_to_u64(value, &number) || number > 1000000)
		return error_set(err, ERROR_FORMAT, NULL,
				 "a whole number up to a million is expected");
	*out = (unsigned)number;
	return true;
}

static bool read_dtype(struct str value, enum dtype *out, struct error *err)
{
	*out = dtype_find(value);
	return *out != DTYPE_UNKNOWN ||
	       error_set(err, ERROR_FORMAT, NULL, "a type of tensors is expected, such as U8");
}

static bool store_choice(enum key_type type, struct str value, void *field, struct error *err)
{
	int i;
	if (!read_choice(type, value, &i, err))
		return false;
	if (type == KEY_YES_NO || type == KEY_EDGE)
		*(bool *)field = i;
	else if (type == KEY_KIND)
		*(enum kind *)field = (enum kind)i;
	else if (type == KEY_EVIDENCE)
		*(enum evidence_source *)field = (enum evidence_source)i;
	else if (type == KEY_CONFIDENCE)
		*(enum confidence *)field = (enum confidence)i;
	else
		*(enum source_reader *)field = (enum source_reader)i;
	return true;
}

bool value_can_add(enum key_type type)
{
	return type == KEY_LIST || type == KEY_FOLDED || type == KEY_LINES || type == KEY_RULES ||
	       type == KEY_MODULE_RULES;
}

bool value_read(enum key_type type, enum value_mode mode, struct str value, void *field,
		struct arena *arena, struct error *err)
{
	if (mode == VALUE_REPLACES && type == KEY_RULES)
		*(struct rules *)field = (struct rules){ 0 };
	else if (mode == VALUE_REPLACES && type == KEY_MODULE_RULES)
		*(struct module_rules *)field = (struct module_rules){ 0 };
	else if (mode == VALUE_REPLACES && value_can_add(type))
		*(struct texts *)field = (struct texts){ 0 };
	switch (type) {
	case KEY_TEXT: *(struct str *)field = value.len ? value : STR_NULL; return true;
	case KEY_LIST:
	case KEY_FOLDED: add_list(field, type == KEY_FOLDED, value, arena); return true;
	case KEY_LINES:
		if (value.len)
			add_text(field, value, arena);
		return true;
	case KEY_RULES: return !value.len || add_rule(field, value, arena, err);
	case KEY_MODULE_RULES: return !value.len || add_module_rule(field, value, arena, err);
	case KEY_NUMBER: return read_number(value, field, err);
	case KEY_COUNT: return read_count(value, field, err);
	case KEY_DTYPE: return read_dtype(value, field, err);
	case KEY_YES_NO:
	case KEY_EDGE:
	case KEY_KIND:
	case KEY_EVIDENCE:
	case KEY_CONFIDENCE:
	case KEY_READER: return store_choice(type, value, field, err);
	}
	return false;
}
