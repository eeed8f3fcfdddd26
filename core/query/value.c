// SPDX-License-Identifier: MIT
#include "core/query/value.h"

#include <stdarg.h>
#include <stdio.h>

#include "core/base/near.h"
#include "core/base/text.h"
#include "core/formats/format.h"
#include "core/query/range.h"

enum { QUOTE_BYTES_MAX = 40 };

enum value_type {
	VALUE_WORDS, /* contains, folded */
	VALUE_RAW,   /* kept as written: whoever evaluates knows what it means */
	VALUE_BASE,
	VALUE_ARCHITECTURE,
	VALUE_VARIANT,
	VALUE_CLOSED, /* one of a table of words */
	VALUE_IS,
	VALUE_NUMBER,
	VALUE_SIZE,
	VALUE_PARAMS,
	VALUE_TIME,
};

/** The i-th word of a closed table; NULL after the last. */
typedef const char *(*word_at_fn)(size_t i);

static const char *kind_at(size_t i)
{
	return i < KIND_COUNT ? kind_word((enum kind)i) : NULL;
}

static const char *adapter_at(size_t i)
{
	return i + 1 < ADAPTER_COUNT ? adapter_word((enum adapter_type)(i + 1)) : NULL;
}

static const char *format_at(size_t i)
{
	return i < FORMAT_COUNT ? format_word((enum format)i) : NULL;
}

static const char *confidence_at(size_t i)
{
	return i < CONFIDENCE_COUNT ? confidence_word((enum confidence)i) : NULL;
}

static const char *status_at(size_t i)
{
	return i < STATUS_COUNT ? status_word((enum status)i) : NULL;
}

static const char *safety_at(size_t i)
{
	return i < SAFETY_COUNT ? safety_word((enum safety)i) : NULL;
}

static const char *prediction_at(size_t i)
{
	static const char *const words[] = { "eps", "v", "flow", "edm" };
	return i < sizeof words / sizeof *words ? words[i] : NULL;
}

static const char *is_at(size_t i)
{
	static const char *const words[IS_COUNT] = {
		[IS_FAVOURITE] = "favourite", [IS_UNTAGGED] = "untagged",
		[IS_DUPLICATE] = "duplicate", [IS_OFFLINE] = "offline",
		[IS_UNUSED] = "unused",       [IS_MISSING] = "missing",
	};
	return i < IS_COUNT ? words[i] : NULL;
}

static const struct field {
	const char *word;
	enum value_type type;
	word_at_fn words;
	const char *help;
} fields[FIELD_COUNT] = {
	[FIELD_TEXT] = { "", VALUE_WORDS, NULL,
			 "a bare word: name, file name, tag or trigger holds it" },
	[FIELD_BASE] = { "base", VALUE_BASE, NULL,
			 "base model, by id or alias, with its descendants: base:pony; base:=sdxl "
			 "only itself" },
	[FIELD_ARCH] = { "arch", VALUE_ARCHITECTURE, NULL, "architecture: arch:sdxl" },
	[FIELD_KIND] = { "kind", VALUE_CLOSED, kind_at, "kind: kind:lora" },
	[FIELD_VARIANT] = { "variant", VALUE_VARIANT, NULL, "variant: variant:inpaint" },
	[FIELD_TAG] = { "tag", VALUE_WORDS, NULL, "a tag holds the text: tag:style" },
	[FIELD_SET] = { "set", VALUE_WORDS, NULL, "a set that it is in: set:NAME" },
	[FIELD_ROOT] = { "root", VALUE_WORDS, NULL, "the name of its root: root:nas" },
	[FIELD_PATH] = { "path", VALUE_WORDS, NULL, "its path below the root: path:anime/" },
	[FIELD_TRIGGER] = { "trigger", VALUE_WORDS, NULL,
			    "a trigger word holds the text: trigger:ink" },
	[FIELD_TRAINED] = { "trained", VALUE_WORDS, NULL, "what it was trained on: trained:pony" },
	[FIELD_TYPE] = { "type", VALUE_CLOSED, adapter_at, "adapter type: type:locon" },
	[FIELD_FORMAT] = { "format", VALUE_CLOSED, format_at, "file format: format:gguf" },
	[FIELD_CONFIDENCE] = { "confidence", VALUE_CLOSED, confidence_at,
			       "how sure the identification is: confidence:guess" },
	[FIELD_STATUS] = { "status", VALUE_CLOSED, status_at, "state of the file: status:damaged" },
	[FIELD_SAFETY] = { "safety", VALUE_CLOSED, safety_at,
			   "what loading it does: safety:runs-code" },
	[FIELD_FIT] = { "fit", VALUE_RAW, NULL,
			"fits that checkpoint without reserve, by name, #ID or path: fit:NAME" },
	[FIELD_IS] = { "is", VALUE_IS, is_at,
		       "favourite, untagged, duplicate, offline, unused (in no set) or missing: "
		       "is:untagged" },
	[FIELD_RANK] = { "rank", VALUE_NUMBER, NULL, "rank of an adapter: rank:>=16, rank:16..64" },
	[FIELD_SIZE] = { "size", VALUE_SIZE, NULL,
			 "size of the file; K M G T are powers of 1024: size:>1G" },
	[FIELD_PARAMS] = { "params", VALUE_PARAMS, NULL,
			   "number of parameters; K M B are powers of 1000: params:<2B" },
	[FIELD_RATING] = { "rating", VALUE_NUMBER, NULL, "your rating: rating:>=4" },
	[FIELD_ADDED] = { "added", VALUE_TIME, NULL,
			  "when it was first seen, as an age or a date: added:<7d" },
	[FIELD_MODIFIED] = { "modified", VALUE_TIME, NULL,
			     "when the file was last changed: modified:2026-01.." },
	[FIELD_PREDICTION] = { "prediction", VALUE_CLOSED, prediction_at,
			       "prediction type: prediction:v" },
	[FIELD_PRECISION] = { "precision", VALUE_WORDS, NULL,
			      "type of most weights: precision:fp8" },
};

static bool is_continuation(char byte)
{
	return ((unsigned char)byte & 0xC0) == 0x80;
}

struct str query_quote(struct str word)
{
	size_t len = word.len;
	if (len > QUOTE_BYTES_MAX)
		for (len = QUOTE_BYTES_MAX; len > 0 && is_continuation(word.ptr[len]); len--)
			;
	return str_slice(word, 0, len);
}

size_t query_column(const struct query_context *context, size_t at)
{
	size_t column = 1;
	for (size_t i = 0; i < at && i < context->text.len; i++)
		column += !is_continuation(context->text.ptr[i]);
	return column;
}

bool query_fail(const struct query_context *context, size_t at, const char *format, ...)
{
	struct query_mistake *mistake = context->mistake;
	mistake->column = query_column(context, at);
	va_list arguments;
	va_start(arguments, format);
	int wanted = vsnprintf(mistake->text, sizeof mistake->text, format, arguments);
	va_end(arguments);
	if (wanted < 0)
		BUG("cannot format \"%s\"", format);
	return false;
}

const char *query_field_word(enum query_field field)
{
	return fields[field].word;
}

const char *query_field_help(enum query_field field)
{
	return fields[field].help;
}

enum query_field query_field_find(struct str word)
{
	for (enum query_field field = FIELD_TEXT + 1; field < FIELD_COUNT; field++)
		if (str_equal_nocase(word, str_from(fields[field].word)))
			return field;
	return FIELD_COUNT;
}

static bool read_words(const struct query_context *context, const struct query_value *value,
		       struct query_node *leaf)
{
	leaf->text = text_fold_copy(context->arena, value->text);
	return true;
}

static bool fail_near(const struct query_context *context, const struct query_value *value,
		      const struct query_node *leaf, const struct near *near)
{
	struct str word = query_quote(value->text);
	const char *field = fields[leaf->field].word;
	if (near->best.ptr)
		return query_fail(context, value->at, "no %s \"%.*s\"; did you mean \"%.*s\"?",
				  field, STR_ARG(word), STR_ARG(near->best));
	return query_fail(context, value->at, "no %s is called \"%.*s\"", field, STR_ARG(word));
}

static bool read_base(const struct query_context *context, const struct query_value *value,
		      struct query_node *leaf)
{
	struct error err;
	const struct base_model *base = knowledge_base_typed(context->knowledge, value->text, &err);
	if (!base)
		return query_fail(context, value->at, "%s", err.text);
	leaf->text = base->id;
	return true;
}

static bool read_architecture(const struct query_context *context, const struct query_value *value,
			      struct query_node *leaf)
{
	const struct array *all = &context->knowledge->architectures;
	struct near near = NEAR(value->text);
	for (size_t i = 0; i < all->len; i++) {
		const struct architecture *architecture = ARRAY_AT(all, struct architecture, i);
		if (str_equal_nocase(architecture->id, value->text)) {
			leaf->text = architecture->id;
			return true;
		}
		near_offer(&near, architecture->id);
	}
	return fail_near(context, value, leaf, &near);
}

/* Variants are data: named by the knowledge, or by a base model that stands for one. */
static bool read_variant(const struct query_context *context, const struct query_value *value,
			 struct query_node *leaf)
{
	const struct array *variants = &context->knowledge->variants;
	const struct array *bases = &context->knowledge->base_models;
	struct near near = NEAR(value->text);
	for (size_t i = 0; i < variants->len + bases->len; i++) {
		struct str word =
			i < variants->len
				? ARRAY_AT(variants, struct variant, i)->id
				: ARRAY_AT(bases, struct base_model, i - variants->len)->variant;
		if (word.ptr && str_equal_nocase(word, value->text)) {
			leaf->text = word;
			return true;
		}
		near_offer(&near, word);
	}
	return fail_near(context, value, leaf, &near);
}

static bool read_closed(const struct query_context *context, const struct query_value *value,
			struct query_node *leaf)
{
	word_at_fn words = fields[leaf->field].words;
	struct near near = NEAR(value->text);
	for (size_t i = 0; words(i); i++) {
		struct str word = str_from(words(i));
		if (str_equal_nocase(word, value->text)) {
			leaf->text = word;
			leaf->is = leaf->field == FIELD_IS ? (enum query_is)i : leaf->is;
			return true;
		}
		near_offer(&near, word);
	}
	return fail_near(context, value, leaf, &near);
}

bool query_value_read(const struct query_context *context, const struct query_value *value,
		      struct query_node *leaf)
{
	switch (fields[leaf->field].type) {
	case VALUE_WORDS: return read_words(context, value, leaf);
	case VALUE_RAW: leaf->text = arena_str(context->arena, value->text); return true;
	case VALUE_BASE: return read_base(context, value, leaf);
	case VALUE_ARCHITECTURE: return read_architecture(context, value, leaf);
	case VALUE_VARIANT: return read_variant(context, value, leaf);
	case VALUE_CLOSED:
	case VALUE_IS: return read_closed(context, value, leaf);
	case VALUE_NUMBER: return range_read(context, RANGE_NUMBER, value, leaf);
	case VALUE_SIZE: return range_read(context, RANGE_SIZE, value, leaf);
	case VALUE_PARAMS: return range_read(context, RANGE_PARAMS, value, leaf);
	case VALUE_TIME: return range_read(context, RANGE_TIME, value, leaf);
	}
	BUG("field %d has no type", (int)leaf->field);
}

bool query_value_any(const struct query_context *context, size_t at, struct query_node *leaf)
{
	const struct field *field = &fields[leaf->field];
	if (leaf->match == MATCH_EXACT)
		return query_fail(context, at, "nothing stands after \"%s:=\"", field->word);
	if (field->type == VALUE_RAW)
		return query_fail(context, at, "\"%s:\" needs the name of a checkpoint",
				  field->word);
	if (field->type == VALUE_IS)
		return query_fail(context, at,
				  "\"is:\" needs favourite, untagged, duplicate, offline, "
				  "unused or missing");
	leaf->match = MATCH_ANY;
	return true;
}
