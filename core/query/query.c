// SPDX-License-Identifier: MIT
#include "core/query/query.h"

#include "core/base/near.h"
#include "core/query/value.h"

/* Far more than a person types; both keep whoever walks the tree within his stack. */
enum { DEPTH_MAX = 64, TERMS_MAX = 500 };

struct parser {
	struct query_context context;
	size_t at;
	unsigned depth, n_terms;
};

static bool at_end(const struct parser *parser)
{
	return parser->at >= parser->context.text.len;
}

static char peek(const struct parser *parser)
{
	return at_end(parser) ? '\0' : parser->context.text.ptr[parser->at];
}

static bool is_space(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static bool ends_word(const struct parser *parser)
{
	char byte = peek(parser);
	return at_end(parser) || is_space(byte) || byte == '(' || byte == ')' || byte == '|' ||
	       byte == '"';
}

static void skip_spaces(struct parser *parser)
{
	while (!at_end(parser) && is_space(peek(parser)))
		parser->at++;
}

static struct query_node *node_new(struct parser *parser, enum query_op op)
{
	struct query_node *node = ARENA_NEW(parser->context.arena, struct query_node);
	node->op = op;
	return node;
}

static const struct query_node *node_pair(struct parser *parser, enum query_op op,
					  const struct query_node *left,
					  const struct query_node *right)
{
	struct query_node *node = node_new(parser, op);
	node->left = left;
	node->right = right;
	return node;
}

static const struct query_node *fail(struct parser *parser, size_t at, const char *text)
{
	(void)query_fail(&parser->context, at, "%s", text); /* always false */
	return NULL;
}

static bool has_mistake(const struct parser *parser)
{
	return parser->context.mistake->column > 0;
}

/* What stands between two quotes; a backslash keeps a quote or a backslash. */
static bool read_quoted(struct parser *parser, struct query_value *out)
{
	const struct query_context *context = &parser->context;
	size_t open = parser->at++;
	char *to = arena_alloc(context->arena, context->text.len - open);
	out->text = (struct str){ to, 0 };
	out->at = open;
	while (!at_end(parser) && peek(parser) != '"') {
		if (peek(parser) == '\\' && parser->at + 1 < context->text.len) {
			char next = context->text.ptr[parser->at + 1];
			parser->at += next == '"' || next == '\\';
		}
		to[out->text.len++] = peek(parser);
		parser->at++;
	}
	if (at_end(parser))
		return query_fail(context, open, "this quote is never closed");
	parser->at++;
	if (out->text.len == 0)
		return query_fail(context, open, "nothing stands between these quotes");
	char after = peek(parser);
	if (!ends_word(parser) || after == '"' || after == '(')
		return query_fail(context, parser->at, "a space is missing after the quote");
	return true;
}

static bool read_word(struct parser *parser, struct query_value *out)
{
	const struct query_context *context = &parser->context;
	out->at = parser->at;
	while (!ends_word(parser))
		parser->at++;
	out->text = str_slice(context->text, out->at, parser->at);
	if (peek(parser) == '(' || peek(parser) == '"')
		return query_fail(context, parser->at,
				  "put a space before this, or the whole word in "
				  "\"quotes\"");
	return true;
}

static bool unknown_field(struct parser *parser, struct str word)
{
	struct near near = NEAR(word);
	for (enum query_field field = FIELD_TEXT + 1; field < FIELD_COUNT; field++)
		near_offer(&near, str_from(query_field_word(field)));
	struct str quoted = query_quote(word);
	if (near.best.ptr)
		return query_fail(&parser->context, parser->at,
				  "no field \"%.*s\"; did you mean \"%.*s\"?", STR_ARG(quoted),
				  STR_ARG(near.best));
	return query_fail(&parser->context, parser->at,
			  "no field \"%.*s\"; put a word that holds a colon in \"quotes\"",
			  STR_ARG(quoted));
}

/* "field:" at the front is taken off; without a colon the leaf stays a bare word. */
static bool read_field(struct parser *parser, struct query_node *leaf)
{
	struct parser ahead = *parser;
	while (!ends_word(&ahead) && peek(&ahead) != ':')
		ahead.at++;
	if (peek(&ahead) != ':')
		return true;
	struct str word = str_slice(parser->context.text, parser->at, ahead.at);
	leaf->field = query_field_find(word);
	if (leaf->field == FIELD_COUNT)
		return unknown_field(parser, word);
	parser->at = ahead.at + 1;
	if (peek(parser) == '=') {
		leaf->match = MATCH_EXACT;
		parser->at++;
	}
	return true;
}

static const struct query_node *parse_term(struct parser *parser)
{
	const struct query_context *context = &parser->context;
	size_t start = parser->at;
	if (++parser->n_terms > TERMS_MAX)
		return fail(parser, start, "more terms than anybody needs");
	struct query_node *leaf = node_new(parser, QUERY_LEAF);
	leaf->column = query_column(context, start);
	if (peek(parser) != '"' && !read_field(parser, leaf))
		return NULL;
	struct query_value value;
	bool ok = peek(parser) == '"' ? read_quoted(parser, &value) : read_word(parser, &value);
	if (!ok)
		return NULL;
	ok = value.text.len > 0 ? query_value_read(context, &value, leaf)
				: query_value_any(context, start, leaf);
	return ok ? leaf : NULL;
}

static const struct query_node *parse_or(struct parser *parser);
static const struct query_node *parse_one(struct parser *parser);

static const struct query_node *parse_group(struct parser *parser)
{
	size_t open = parser->at++;
	const struct query_node *inside = parse_or(parser);
	if (!inside && has_mistake(parser))
		return NULL;
	if (peek(parser) != ')')
		return fail(parser, open, "this parenthesis is never closed");
	parser->at++;
	return inside ? inside : fail(parser, open, "nothing stands in these parentheses");
}

static const struct query_node *parse_not(struct parser *parser)
{
	size_t dash = parser->at++;
	if (ends_word(parser) && peek(parser) != '(' && peek(parser) != '"')
		return fail(parser, dash, "nothing stands after this \"-\"");
	const struct query_node *negated = parse_one(parser);
	return negated ? node_pair(parser, QUERY_NOT, negated, NULL) : NULL;
}

static const struct query_node *parse_one(struct parser *parser)
{
	const struct query_node *node;
	if (++parser->depth > DEPTH_MAX)
		return fail(parser, parser->at, "nested too deeply");
	if (peek(parser) == '(')
		node = parse_group(parser);
	else if (peek(parser) == '-')
		node = parse_not(parser);
	else
		node = parse_term(parser);
	parser->depth--;
	return node;
}

/* NULL without a mistake: nothing stands here, and the caller knows whether it may. */
static const struct query_node *parse_and(struct parser *parser)
{
	const struct query_node *left = NULL;
	for (;;) {
		skip_spaces(parser);
		if (at_end(parser) || peek(parser) == ')' || peek(parser) == '|')
			return left;
		const struct query_node *right = parse_one(parser);
		if (!right)
			return NULL;
		left = left ? node_pair(parser, QUERY_AND, left, right) : right;
	}
}

static const struct query_node *parse_or(struct parser *parser)
{
	const struct query_node *left = NULL;
	size_t bar = 0;
	for (;;) {
		const struct query_node *right = parse_and(parser);
		if (!right && has_mistake(parser))
			return NULL;
		if (!right && left)
			return fail(parser, bar, "nothing stands after this \"|\"");
		if (!right && peek(parser) == '|')
			return fail(parser, parser->at, "nothing stands before this \"|\"");
		left = left ? node_pair(parser, QUERY_OR, left, right) : right;
		if (peek(parser) != '|')
			return left;
		bar = parser->at++;
	}
}

const struct query_node *query_parse(struct str text, const struct knowledge *knowledge,
				     int64_t now_s, struct arena *arena,
				     struct query_mistake *mistake)
{
	struct parser parser = { .context = { text, knowledge, now_s, arena, mistake } };
	*mistake = (struct query_mistake){ 0 };
	const struct query_node *tree = parse_or(&parser);
	if (has_mistake(&parser))
		return NULL;
	if (!at_end(&parser))
		return fail(&parser, parser.at, "this parenthesis was never opened");
	return tree ? tree : node_new(&parser, QUERY_ALL);
}
