// SPDX-License-Identifier: MIT
#include "core/organise/keep.h"

#include <fnmatch.h>
#include <string.h>

#include "core/base/array.h"

static const struct {
	const char *word;
	bool has_text;
} types[KEEP_TYPE_COUNT] = {
	[KEEP_OLDEST] = { "oldest", false }, [KEEP_NEWEST] = { "newest", false },
	[KEEP_TAGGED] = { "tagged", false }, [KEEP_SHORTEST] = { "shortest", false },
	[KEEP_ROOT] = { "root", true },      [KEEP_PATH] = { "path", true },
};

static bool fail(struct error *err, struct str word)
{
	return error_set(err, ERROR_USAGE, NULL,
			 "\"%.*s\" tells no copy from another; there are oldest, "
			 "newest, tagged, shortest, root:NAME and path:PATH",
			 STR_ARG(word));
}

static bool parse_rule(struct str word, struct arena *arena, struct keep_rule *out,
		       struct error *err)
{
	ptrdiff_t colon = str_find_byte(word, ':');
	struct str name = colon < 0 ? word : str_slice(word, 0, (size_t)colon);
	out->text = arena_str(arena,
			      colon < 0 ? STR("") : str_slice(word, (size_t)colon + 1, word.len));
	for (size_t i = 0; i < KEEP_TYPE_COUNT; i++) {
		if (!str_equal(name, str_from(types[i].word)))
			continue;
		out->type = (enum keep_type)i;
		if (types[i].has_text != (out->text.len > 0))
			break;
		return out->type != KEEP_PATH || strchr("/*?[", out->text.ptr[0]) ||
		       error_set(err, ERROR_USAGE, NULL,
				 "\"%.*s\": paths are compared whole; begin with "
				 "/ or *",
				 STR_ARG(word));
	}
	return fail(err, word);
}

bool keep_rules_parse(struct str text, struct arena *arena, struct keep_rules *out,
		      struct error *err)
{
	struct array list = ARRAY_OF(struct keep_rule);
	struct str rest = text, word;
	bool ok = text.len > 0 || fail(err, text);
	while (ok && str_next_part(&rest, ',', &word))
		ok = parse_rule(str_trim(word), arena, ARRAY_PUSH(&list, struct keep_rule), err);
	*out = (struct keep_rules){ array_to_arena(&list, arena), list.len };
	array_finish(&list);
	return ok;
}

/* "/a" is a prefix of "/a/b" but not of "/ab": whole components count, unless a glob says more. */
static bool is_at(struct str path, struct str text)
{
	struct str rest = path;
	if (strpbrk(text.ptr, "*?["))
		return fnmatch(text.ptr, path.ptr, 0) == 0;
	return str_cut_prefix(&rest, text) &&
	       (rest.len == 0 || rest.ptr[0] == '/' || str_has_suffix(text, STR("/")));
}

/* Negative: `a` stays rather than `b`; 0: this rule does not tell. */
static int compare_by(const struct keep_rule *rule, const struct keep_copy *a,
		      const struct keep_copy *b)
{
	int older = (a->mtime_ns > b->mtime_ns) - (a->mtime_ns < b->mtime_ns);
	switch (rule->type) {
	case KEEP_OLDEST: return older;
	case KEEP_NEWEST: return -older;
	case KEEP_TAGGED: return b->is_tagged - a->is_tagged;
	case KEEP_SHORTEST: return (a->path.len > b->path.len) - (a->path.len < b->path.len);
	case KEEP_ROOT: return str_equal(b->root, rule->text) - str_equal(a->root, rule->text);
	case KEEP_PATH: return is_at(b->path, rule->text) - is_at(a->path, rule->text);
	case KEEP_TYPE_COUNT: break;
	}
	return 0;
}

static int compare(const struct keep_rules *rules, const struct keep_copy *a,
		   const struct keep_copy *b)
{
	int order = 0;
	for (size_t i = 0; order == 0 && i < rules->n; i++)
		order = compare_by(&rules->list[i], a, b);
	return order ? order : str_compare(a->path, b->path);
}

size_t keep_choose(const struct keep_rules *rules, const struct keep_copy *copies, size_t n)
{
	size_t best = 0;
	for (size_t i = 1; i < n; i++)
		if (compare(rules, &copies[i], &copies[best]) < 0)
			best = i;
	return best;
}
