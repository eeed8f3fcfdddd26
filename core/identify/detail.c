// SPDX-License-Identifier: MIT
/* A rule that held, in words: what was found, not how it was asked for. */
#include "core/base/array.h"
#include "core/base/utf8.h"
#include "core/identify/judge.h"

enum { PHRASES_MAX = 3, VALUE_MAX = 80 };

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* "….transformer_blocks.0.attn2.to_k.weight" as "attn2.to_k": two levels, the first a word. */
static struct str short_tensor(const struct view *view, struct str name)
{
	size_t levels = 0;
	for (size_t i = 0; i < view->tensors.n_roots; i++)
		if (str_cut_prefix(&name, view->tensors.roots[i]))
			break;
	(void)str_cut_suffix(&name, STR(".weight"));
	for (size_t i = name.len; i > 0; i--) {
		if (name.ptr[i - 1] != '.')
			continue;
		if (++levels >= 2 && is_letter(name.ptr[i]))
			return str_slice(name, i, name.len);
	}
	return name;
}

/* "…_transformer_blocks_0_attn2_to_k" as "attn2_to_k": what follows the last number of its own. */
static struct str short_module(struct str name)
{
	for (size_t i = name.len; i > 2; i--) {
		size_t start = i - 1;
		if (name.ptr[i - 1] != '_' || !str_is_digit(name.ptr[i - 2]))
			continue;
		while (start > 0 && str_is_digit(name.ptr[start - 1]))
			start--;
		if (start > 0 && name.ptr[start - 1] == '_')
			return str_slice(name, i, name.len);
	}
	return name;
}

/* "double_blocks.#.img_attn" as "double_blocks": what is numbered. */
static struct str numbered(struct str pattern)
{
	ptrdiff_t hash = str_find_byte(pattern, '#');
	struct str name = hash > 0 ? str_slice(pattern, 0, (size_t)hash - 1) : pattern;
	size_t from = name.len;
	while (from > 0 && (is_letter(name.ptr[from - 1]) || name.ptr[from - 1] == '_'))
		from--;
	while (from < name.len && name.ptr[from] == '_')
		from++;
	return from < name.len ? str_slice(name, from, name.len) : STR("numbers");
}

static void put(struct bytes *out, struct str text)
{
	bytes_append_str(out, text);
}

static void put_shape(struct bytes *out, const struct tensor *tensor)
{
	for (unsigned i = 0; i < tensor->rank; i++)
		bytes_printf(out, "%c%llu", i ? ',' : '[', (unsigned long long)tensor->shape[i]);
	put(out, tensor->rank ? STR("]") : STR("a scalar"));
}

static void put_tensor(struct bytes *out, const struct view *view, const struct term *term,
		       const struct witness *witness)
{
	const struct tensor *tensor = &view->table->tensors[witness->name_i];
	if (!term->has_shape && term->subject == TERM_TENSOR)
		put(out, STR("has "));
	put(out, short_tensor(view, tensor->name));
	if (term->subject == TERM_DIMS) {
		bytes_printf(out, " has %u dimensions", tensor->rank);
	} else if (term->has_shape) {
		put(out, STR(" is "));
		put_shape(out, tensor);
	}
}

static void put_width(struct bytes *out, const struct view *view, const struct term *term,
		      const struct witness *witness)
{
	put(out, view->adapter ? short_module(view->modules.names[witness->name_i])
			       : short_tensor(view, view->table->tensors[witness->name_i].name));
	bytes_printf(out, " %s %llu", term->subject == TERM_IN ? "takes" : "gives",
		     (unsigned long long)witness->number);
}

static void put_count(struct bytes *out, const struct term *term, const struct witness *witness,
		      const char *what)
{
	bytes_printf(out, "%llu %s", (unsigned long long)witness->number, what);
	if (str_equal(term->pattern, STR("*")) || str_equal(term->pattern, STR("**")))
		return;
	put(out, STR(" like "));
	put(out, term->pattern);
}

/* "transformer/config.json:_class_name is FluxTransformer2DModel" */
static void put_pair(struct bytes *out, const struct metadata_pair *pair)
{
	put(out, pair->key);
	put(out, STR(" is "));
	put(out, utf8_cut(pair->value, VALUE_MAX));
}

/* Nothing is said of what was concluded before: it has evidence of its own. */
static void put_term(struct bytes *out, const struct view *view, const struct term *term,
		     const struct witness *witness)
{
	switch (term->subject) {
	case TERM_TENSOR:
	case TERM_DIMS: put_tensor(out, view, term, witness); break;
	case TERM_DTYPE:
		put(out, short_tensor(view, view->table->tensors[witness->name_i].name));
		put(out, STR(" is "));
		put(out, term->glob);
		break;
	case TERM_IN:
	case TERM_OUT: put_width(out, view, term, witness); break;
	case TERM_COUNT: put_count(out, term, witness, "tensors"); break;
	case TERM_MODULES: put_count(out, term, witness, "modules"); break;
	case TERM_HIGHEST:
	case TERM_TOP:
		put(out, numbered(term->pattern));
		bytes_printf(out, " to %llu", (unsigned long long)witness->number);
		break;
	case TERM_MODULE:
		put(out, STR("has "));
		put(out, short_module(view->modules.names[witness->name_i]));
		break;
	case TERM_CONFIG: put_pair(out, &view->config->pairs[witness->name_i]); break;
	case TERM_META:
		put(out, term->pattern);
		if (term->glob.ptr) {
			put(out, STR(" is "));
			put(out, term->glob);
		}
		break;
	case TERM_TAG:
	case TERM_NAME:
		put(out, term->subject == TERM_TAG ? STR("tag ") : STR("name has "));
		put(out, term->pattern);
		break;
	case TERM_HASH: put(out, STR("known hash")); break;
	case TERM_ADAPTER:
		bytes_printf(out, "%zu modules of %s", view->adapter->n_modules,
			     adapter_name(view->adapter->type));
		break;
	case TERM_KIND:
	case TERM_ARCHITECTURE:
	case TERM_VARIANT:
	case TERM_BASE:
	case TERM_SAID:
	case TERM_SUBJECT_COUNT: break;
	}
}

static void put_absence(struct bytes *out, const struct view *view, const struct term *term)
{
	if (term->subject != TERM_TENSOR && term->subject != TERM_MODULE)
		return;
	if (term->subject == TERM_MODULE && str_equal(term->pattern, STR("*"))) {
		put(out, STR("text encoders only"));
		return;
	}
	put(out, STR("no "));
	put(out, term->subject == TERM_TENSOR ? short_tensor(view, term->pattern) : term->pattern);
}

struct str judge_detail(const struct view *view, const struct rule *rule, struct arena *arena)
{
	struct bytes out = { 0 };
	size_t n_phrases = 0;
	for (size_t i = 0; i < rule->n_terms && n_phrases < PHRASES_MAX; i++) {
		struct witness witness;
		size_t before = out.len;
		bool holds = judge_term(view, &rule->terms[i], &witness);
		if (before)
			put(&out, STR(", "));
		size_t start = out.len;
		if (rule->terms[i].is_negated)
			put_absence(&out, view, &rule->terms[i]);
		else if (holds)
			put_term(&out, view, &rule->terms[i], &witness);
		if (out.len == start)
			out.len = before;
		else
			n_phrases++;
	}
	struct str detail = arena_str(arena, out.len ? bytes_str(&out) : rule->text);
	bytes_finish(&out);
	return detail;
}
