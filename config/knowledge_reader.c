// SPDX-License-Identifier: MIT
#include "config/knowledge_reader.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/ini.h"
#include "config/knowledge_references.h"
#include "config/knowledge_values.h"
#include "core/base/near.h"
#include "core/base/text.h"

/* A section as it was opened in one file. */
struct opened {
	struct str name; /* whole, "base-model sdxl" */
	struct str id;
	enum section_word word;
	size_t index; /* in its array */
	size_t file_i;
	unsigned line;
	uint32_t seen; /* bit i: keys[i] was given */
	bool is_new;   /* no file before had it */
};

enum { SECTIONS_EXPECTED = 512 };

struct reader {
	struct knowledge *k;
	const struct knowledge_file *files;
	struct arena scratch;
	struct map sections; /* whole name -> place in `opened`, + 1 */
	struct array opened; /* struct opened; the last one is being read */
	struct references references;
	size_t file_i;
	size_t file_from; /* of `opened`: where this file begins */
	unsigned line;
};

/* Text of a file inside a message: harmless and not too long. */
static const char *shown(struct reader *r, struct str text)
{
	struct str part = str_slice(text, 0, text.len < 60 ? text.len : 60);
	struct str clean = text_clean_copy(&r->scratch, part, TEXT_UTF8);
	return arena_cstr(&r->scratch, clean);
}

static bool unknown(struct reader *r, const char *what, const struct near *near, struct error *err)
{
	const char *wanted = shown(r, near->word);
	if (!near->best.ptr)
		return error_set(err, ERROR_FORMAT, NULL, "there is no %s \"%s\"", what, wanted);
	return error_set(err, ERROR_FORMAT, NULL, "there is no %s \"%s\"; did you mean \"%.*s\"?",
			 what, wanted, STR_ARG(near->best));
}

static bool find_word(struct reader *r, struct str word, enum section_word *out, struct error *err)
{
	for (int i = SECTION_NONE + 1; i < SECTION_COUNT; i++) {
		if (str_equal(str_from(section_types[i].word), word)) {
			*out = (enum section_word)i;
			return true;
		}
	}
	struct near near = NEAR(word);
	for (int i = SECTION_NONE + 1; i < SECTION_COUNT; i++)
		near_offer(&near, str_from(section_types[i].word));
	return unknown(r, "section", &near, err);
}

static bool is_word(struct str id)
{
	for (size_t i = 0; i < id.len; i++) {
		char c = id.ptr[i];
		bool is_inner = c == '-' || c == '.' || c == '_';
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && !(is_inner && i > 0))
			return false;
	}
	return id.len > 0;
}

/* "base-model sdxl" into its word and id. */
static bool split_name(struct reader *r, struct opened *section, struct error *err)
{
	ptrdiff_t space = str_find_byte(section->name, ' ');
	size_t end = space < 0 ? section->name.len : (size_t)space;
	if (!find_word(r, str_slice(section->name, 0, end), &section->word, err))
		return false;
	const struct section_type *type = &section_types[section->word];
	section->id = str_trim(str_slice(section->name, end, section->name.len));
	if (type->has_id && !section->id.len)
		return error_set(err, ERROR_FORMAT, NULL, "an id is expected: [%s ID]", type->word);
	if (!type->has_id && section->id.len)
		return error_set(err, ERROR_FORMAT, NULL, "no id belongs here: [%s]", type->word);
	ptrdiff_t slash = type->id_ends_at_slash ? str_find_byte(section->id, '/') : -1;
	if (slash >= 0)
		section->id = str_slice(section->id, 0, (size_t)slash);
	if (type->id_is_word && !is_word(section->id))
		return error_set(
			err, ERROR_FORMAT, NULL,
			"an id has lower-case letters, digits, \"-\", \".\" and \"_\" only");
	return true;
}

static struct array *array_of(const struct reader *r, enum section_word word)
{
	return (struct array *)((char *)r->k + section_types[word].array_offset);
}

static void create(struct reader *r, struct opened *section)
{
	section->is_new = true;
	if (!section_types[section->word].has_id)
		return;
	struct array *array = array_of(r, section->word);
	section->index = array->len;
	char *element = array_push(array);
	*(struct str *)(element + section_types[section->word].id_offset) = section->id;
	references_know(&r->references, section->word, section->id);
}

static bool open_section(struct reader *r, struct str name, struct error *err)
{
	struct opened section = { .name = name, .file_i = r->file_i, .line = r->line };
	if (!split_name(r, &section, err))
		return false;
	void **place = map_place(&r->sections, name);
	if (*place) {
		const struct opened *before =
			ARRAY_AT(&r->opened, struct opened, (uintptr_t)*place - 1);
		if (before->file_i == r->file_i)
			return error_set(err, ERROR_FORMAT, NULL, "it stands in line %u already",
					 before->line);
		section.index = before->index;
	} else {
		create(r, &section);
	}
	*ARRAY_PUSH(&r->opened, struct opened) = section;
	*place = (void *)(uintptr_t)r->opened.len;
	return true;
}

static const struct key *find_key(struct reader *r, const struct section_type *type,
				  struct str name, struct error *err)
{
	for (size_t i = 0; i < type->n_keys; i++)
		if (str_equal(str_from(type->keys[i].name), name))
			return &type->keys[i];
	struct near near = NEAR(name);
	for (size_t i = 0; i < type->n_keys; i++)
		near_offer(&near, str_from(type->keys[i].name));
	unknown(r, "key", &near, err);
	return NULL;
}

static void refer_values(struct reader *r, const struct key *key, struct str value,
			 const struct place *place)
{
	char separator = key->type == KEY_LINES ? ' ' : ';';
	struct str rest = value, part;
	while (str_next_part(&rest, separator, &part))
		references_add(&r->references, key->names, str_trim(part), place);
}

static void refer_terms(struct reader *r, const struct rule *rule, const struct place *place)
{
	static const enum section_word named[TERM_SUBJECT_COUNT] = {
		[TERM_ARCHITECTURE] = SECTION_ARCHITECTURE,
		[TERM_BASE] = SECTION_BASE_MODEL,
		[TERM_SAID] = SECTION_BASE_MODEL,
		[TERM_VARIANT] = SECTION_VARIANT,
	};
	for (size_t i = 0; i < rule->n_terms; i++)
		if (named[rule->terms[i].subject])
			references_add(&r->references, named[rule->terms[i].subject],
				       rule->terms[i].pattern, place);
}

static void refer(struct reader *r, const struct opened *section, const struct key *key,
		  struct str value, const void *field)
{
	struct place place = {
		.file = r->files[r->file_i].name,
		.file_i = r->file_i,
		.line = r->line,
		.section = section->name,
		.id = section->id,
		.key = key->name,
	};
	const struct rules *rules = field;
	if (key->names)
		refer_values(r, key, value, &place);
	else if (key->type == KEY_RULES && value.len)
		refer_terms(r, &rules->rules[rules->n_rules - 1], &place);
}

static bool read_key(struct reader *r, const struct key *key, bool adds, struct str value,
		     struct error *err)
{
	struct opened *section = ARRAY_AT(&r->opened, struct opened, r->opened.len - 1);
	const struct section_type *type = &section_types[section->word];
	uint32_t bit = (uint32_t)1 << (key - type->keys);
	bool is_again = section->seen & bit;
	bool repeats =
		key->type == KEY_RULES || key->type == KEY_LINES || key->type == KEY_MODULE_RULES;
	if (adds && !value_can_add(key->type))
		return error_set(err, ERROR_FORMAT, NULL,
				 "it has one value: \"+\" cannot add to it");
	if (is_again && !adds && !repeats)
		return error_set(err, ERROR_FORMAT, NULL, "given twice in this section");
	section->seen |= bit;

	char *target = (char *)r->k;
	if (type->has_id)
		target = array_at(array_of(r, section->word), section->index);
	void *field = target + key->offset;
	enum value_mode mode = adds || is_again ? VALUE_ADDS : VALUE_REPLACES;
	if (!value_read(key->type, mode, value, field, &r->k->arena, err))
		return false;
	refer(r, section, key, value, field);
	return true;
}

/* An ini_fn. */
static bool take(void *context, struct str section, struct str key, struct str value, unsigned line,
		 struct error *err)
{
	struct reader *r = context;
	r->line = line;
	if (!key.len)
		return open_section(r, section, err) ||
		       error_context(err, "[%s]", shown(r, section));
	if (r->opened.len == r->file_from)
		return error_set(err, ERROR_FORMAT, NULL,
				 "a section is expected before the first key");
	bool adds = str_cut_suffix(&key, STR("+"));
	key = str_trim(key);
	const struct opened *opened = ARRAY_AT(&r->opened, struct opened, r->opened.len - 1);
	const struct key *known = find_key(r, &section_types[opened->word], key, err);
	return (known && read_key(r, known, adds, value, err)) ||
	       error_context(err, "[%s] %s", shown(r, section), shown(r, key));
}

/* A section that no file before had must say what it takes. */
static bool check_required(const struct reader *r, const struct opened *section, struct error *err)
{
	const struct section_type *type = &section_types[section->word];
	for (size_t i = 0; section->is_new && i < type->n_keys; i++) {
		const struct key *key = &type->keys[i];
		if (!key->is_required || section->seen & ((uint32_t)1 << i))
			continue;
		struct place place = {
			.file = r->files[section->file_i].name,
			.line = section->line,
			.section = section->name,
			.key = key->name,
		};
		error_set(err, ERROR_FORMAT, NULL, "a new %s needs it", type->name);
		return place_context(&place, err);
	}
	return true;
}

static bool read_file(struct reader *r, size_t file_i, struct error *err)
{
	r->file_i = file_i;
	r->file_from = r->opened.len;
	struct str text = arena_str(&r->k->arena, r->files[file_i].text);
	if (!ini_parse_text(text, r->files[file_i].name, take, r, err))
		return false;
	for (size_t i = r->file_from; i < r->opened.len; i++)
		if (!check_required(r, ARRAY_AT(&r->opened, struct opened, i), err))
			return false;
	return true;
}

/* What came after the shipped elements is tried before them. */
static void put_first(struct array *array, size_t n_shipped)
{
	size_t bytes = array->element_bytes, n_new = array->len - n_shipped;
	if (!n_new || !n_shipped)
		return;
	struct array turned = { .element_bytes = bytes };
	array_reserve(&turned, array->len);
	for (size_t i = 0; i < array->len; i++)
		memcpy(array_push(&turned), array_at(array, (i + n_shipped) % array->len), bytes);
	array_finish(array);
	*array = turned;
}

static int longer_first(const void *a, const void *b)
{
	const struct str *x = a, *y = b;
	return x->len == y->len ? str_compare(*x, *y) : x->len < y->len ? 1 : -1;
}

static void sort_longest_first(struct texts *texts, struct arena *arena)
{
	if (!texts->n)
		return;
	struct str *sorted = ARENA_NEW_N(arena, struct str, texts->n);
	memcpy(sorted, texts->list, texts->n * sizeof *sorted);
	qsort(sorted, texts->n, sizeof *sorted, longer_first);
	texts->list = sorted;
}

/* FNV-1a, 64 bits: stored with every conclusion, so it must not change between versions. */
static uint64_t hash_bytes(uint64_t hash, struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		hash = (hash ^ (unsigned char)text.ptr[i]) * UINT64_C(1099511628211);
	return hash;
}

static void set_version(struct reader *r, size_t n_files)
{
	uint64_t hash = UINT64_C(14695981039346656037);
	for (size_t i = 0; i < n_files; i++)
		hash = hash_bytes(hash, r->files[i].text);
	snprintf(r->k->version, sizeof r->k->version, "%016" PRIx64, hash);
}

static bool read_all(struct reader *r, size_t n_files, size_t n_shipped, size_t *broken,
		     struct error *err)
{
	struct knowledge *k = r->k;
	size_t n_kinds = 0, n_architectures = 0;
	for (*broken = 0; *broken < n_files; ++*broken) {
		if (!read_file(r, *broken, err))
			return false;
		if (*broken + 1 == n_shipped) {
			n_kinds = k->kinds.len;
			n_architectures = k->architectures.len;
		}
	}
	*broken = n_files ? n_files - 1 : 0;
	put_first(&k->kinds, n_kinds);
	put_first(&k->architectures, n_architectures);
	sort_longest_first(&k->denoiser_roots, &k->arena);
	sort_longest_first(&k->adapter_roots, &k->arena);
	sort_longest_first(&k->text_encoder_roots, &k->arena);
	if (!references_check(&r->references, k, broken, err))
		return false;
	if (!knowledge_finish(k, err)) {
		references_blame(&r->references, k, broken, err);
		return false;
	}
	set_version(r, n_files);
	return true;
}

struct knowledge *knowledge_read(const struct knowledge_file *files, size_t n_files,
				 size_t n_shipped, size_t *broken, struct error *err)
{
	struct reader r = { .k = knowledge_create(), .files = files };
	arena_init(&r.scratch);
	r.opened = ARRAY_OF(struct opened);
	map_init(&r.sections, &r.scratch, SECTIONS_EXPECTED);
	references_init(&r.references, &r.scratch);
	struct knowledge *k = r.k;
	if (!read_all(&r, n_files, n_shipped, broken, err)) {
		knowledge_destroy(k);
		k = NULL;
	}
	references_finish(&r.references);
	array_finish(&r.opened);
	arena_finish(&r.scratch);
	return k;
}
