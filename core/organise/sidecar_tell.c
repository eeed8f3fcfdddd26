// SPDX-License-Identifier: MIT
#include "core/organise/sidecar_tell.h"

#include "core/base/json_patch.h"
#include "core/base/json_write.h"
#include "core/base/text.h"

enum { MARKS_MAX = 12 };

/** Where a program keeps what people made; NULL: it has no such thing. */
struct layout {
	struct str suffix;
	const char *tags, *note, *favourite;
	const char
		*marks[MARKS_MAX + 1]; /* one of them is there, or it is another program's file */
};

static const struct layout layouts[] = {
	{ { ".metadata.json", 14 },
	  "tags",
	  "notes",
	  "favorite",
	  { "file_name", "file_path", "model_name", "base_model", "preview_url", "civitai",
	    "from_civitai", "usage_tips", "tags", "notes", "favorite" } },
	{ { ".json", 5 },
	  NULL,
	  "notes",
	  NULL,
	  { "description", "sd version", "activation text", "preferred weight", "negative text",
	    "notes", "vae", "vae_te", "sha256", "modelId", "extensions" } },
};

/* They end like the second, and are what shops and programs keep for themselves. */
static const char *const strangers[] = { "-info.json", "_info.json", ".index.json", ".swarm.json" };

static const struct layout *find_layout(struct str name)
{
	for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++)
		if (str_has_suffix_nocase(name, str_from(strangers[i])))
			return NULL;
	for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++)
		if (str_has_suffix_nocase(name, layouts[i].suffix))
			return &layouts[i];
	return NULL;
}

bool sidecar_has_words(struct str name)
{
	return find_layout(name) != NULL;
}

/** One sidecar that is being told. */
struct telling {
	const struct layout *layout;
	const struct sidecar_words *words;
	struct array members; /* struct json_member */
	struct arena *arena;
	struct json_writer says, said;
	bool has_news;
};

static bool fail_type(struct error *err, const char *key, const char *what)
{
	return error_set(err, ERROR_FORMAT, "W_JSON", "its \"%s\" is no %s", key, what);
}

static bool check_utf8(struct str text, const char *what, struct error *err)
{
	size_t bad;
	return text_is_utf8(text, &bad) ||
	       error_set(err, ERROR_FORMAT, NULL, "%s is no UTF-8, as JSON wants it", what);
}

static const struct json_member *find(const struct telling *telling, const char *key)
{
	return json_member_find(&telling->members, str_from(key));
}

/* A null says nothing, as if the key were not there. */
static bool is_there(const struct json_member *member)
{
	return member && member->type != JSON_NULL;
}

/* Programs write "ink, paper" as one as well. */
static bool has_tag(const struct array *there, struct str tag, struct arena *arena)
{
	struct str wanted = text_fold_copy(arena, tag);
	for (size_t i = 0; i < there->len; i++) {
		struct str rest = *ARRAY_AT(there, struct str, i), part;
		while (str_next_part(&rest, ',', &part))
			if (str_equal(text_fold_copy(arena, str_trim(part)), wanted))
				return true;
	}
	return false;
}

static void say_tags(struct telling *telling, const struct array *there, const struct array *new)
{
	const char *key = telling->layout->tags;
	json_array(&telling->says, key);
	for (size_t i = 0; i < new->len; i++)
		json_string(&telling->says, NULL, *ARRAY_AT(new, struct str, i));
	json_array_end(&telling->says);
	json_array(&telling->said, key);
	for (size_t i = 0; i < there->len; i++)
		json_string(&telling->said, NULL, *ARRAY_AT(there, struct str, i));
	json_array_end(&telling->said);
	telling->has_news = true;
}

static bool tell_tags(struct telling *telling, struct error *err)
{
	const char *key = telling->layout->tags;
	const struct json_member *member = key ? find(telling, key) : NULL;
	struct array there = ARRAY_OF(struct str), new = ARRAY_OF(struct str);
	bool ok = true;
	if (!key || telling->words->n_tags == 0)
		return true;
	if (is_there(member) && member->type != JSON_ARRAY)
		return fail_type(err, key, "list");
	if (is_there(member))
		json_member_strings(member, telling->arena, &there);
	for (size_t i = 0; ok && i < telling->words->n_tags; i++) {
		struct str tag = telling->words->tags[i];
		ok = check_utf8(tag, "a tag", err);
		if (ok && !has_tag(&there, tag, telling->arena))
			*ARRAY_PUSH(&new, struct str) = tag;
	}
	if (ok && new.len > 0)
		say_tags(telling, &there, &new);
	array_finish(&there);
	array_finish(&new);
	return ok;
}

/* STR_NULL: that says it already. */
static struct str join_notes(struct str there, struct str note, struct arena *arena)
{
	if (note.len == 0 || str_find(there, note) >= 0)
		return STR_NULL;
	if (there.len == 0 || str_find(note, there) >= 0)
		return note;
	return arena_strf(arena, "%.*s\n\n%.*s", STR_ARG(there), STR_ARG(note));
}

static bool tell_note(struct telling *telling, struct error *err)
{
	const char *key = telling->layout->note;
	const struct json_member *member = find(telling, key);
	struct str there = STR(""), note = str_trim(telling->words->note);
	if (note.len == 0)
		return true;
	if (is_there(member) && member->type != JSON_STRING)
		return fail_type(err, key, "text");
	if (!check_utf8(note, "the note", err))
		return false;
	if (is_there(member))
		there = str_trim(json_member_text(member, telling->arena));
	struct str joined = join_notes(there, note, telling->arena);
	if (!joined.ptr)
		return true;
	json_string(&telling->says, key, joined);
	json_string(&telling->said, key, there);
	telling->has_news = true;
	return true;
}

static bool tell_favourite(struct telling *telling, struct error *err)
{
	const char *key = telling->layout->favourite;
	const struct json_member *member = key ? find(telling, key) : NULL;
	if (!key || !telling->words->is_favourite || (member && member->type == JSON_TRUE))
		return true;
	if (is_there(member) && member->type != JSON_FALSE)
		return fail_type(err, key, "yes or no");
	json_bool(&telling->says, key, true);
	json_bool(&telling->said, key, false);
	telling->has_news = true;
	return true;
}

static bool is_of_layout(const struct telling *telling)
{
	for (size_t i = 0; telling->layout->marks[i]; i++)
		if (find(telling, telling->layout->marks[i]))
			return true;
	return false;
}

static bool tell_all(struct telling *telling, struct error *err)
{
	json_object(&telling->says, NULL);
	json_object(&telling->said, NULL);
	if (is_of_layout(telling) &&
	    (!tell_tags(telling, err) || !tell_note(telling, err) || !tell_favourite(telling, err)))
		return false;
	json_object_end(&telling->says);
	json_object_end(&telling->said);
	return true;
}

static bool read_members(struct telling *telling, struct str text, struct error *err)
{
	return json_members(text, telling->arena, &telling->members, err) ||
	       error_context(err, "it is no JSON");
}

/* What was written without a failure can be written: a key that is there twice comes out here. */
static bool try_it(struct str text, struct str says, struct error *err)
{
	struct bytes ignored = { 0 };
	bool ok = json_patch(text, says, &ignored, err);
	bytes_finish(&ignored);
	return ok;
}

bool sidecar_tell(struct str name, struct str text, const struct sidecar_words *words,
		  struct arena *arena, struct sidecar_telling *out, struct error *err)
{
	struct bytes says = { 0 }, said = { 0 };
	struct telling telling = {
		.layout = find_layout(name),
		.words = words,
		.members = ARRAY_OF(struct json_member),
		.arena = arena,
		.says = json_writer(&says),
		.said = json_writer(&said),
	};
	*out = (struct sidecar_telling){ 0 };
	bool ok = !telling.layout || (read_members(&telling, text, err) && tell_all(&telling, err));
	if (ok && telling.has_news && try_it(text, bytes_str(&says), err)) {
		out->says = arena_str(arena, bytes_str(&says));
		out->said = arena_str(arena, bytes_str(&said));
	}
	ok = ok && (out->says.ptr || !telling.has_news);
	array_finish(&telling.members);
	bytes_finish(&says);
	bytes_finish(&said);
	return ok;
}

static bool is_list_of_texts(const struct json_member *member)
{
	struct json json;
	enum json_token token;
	json_init(&json, member->value, 1);
	if (json_next(&json) != JSON_ARRAY)
		return false;
	while ((token = json_next(&json)) == JSON_STRING)
		;
	return token == JSON_ARRAY_END;
}

static bool is_key(struct str key, const char *wanted)
{
	return wanted && str_equal(key, str_from(wanted));
}

static bool may_be_member(const struct layout *layout, const struct json_member *member)
{
	if (is_key(member->key, layout->tags))
		return is_list_of_texts(member);
	if (is_key(member->key, layout->note))
		return member->type == JSON_STRING;
	return is_key(member->key, layout->favourite) && member->type == JSON_TRUE;
}

bool sidecar_may_say(struct str name, struct str says)
{
	const struct layout *layout = find_layout(name);
	struct array members = ARRAY_OF(struct json_member);
	struct arena arena = { 0 };
	struct error ignored;
	bool ok = layout && json_members(says, &arena, &members, &ignored);
	for (size_t i = 0; ok && i < members.len; i++)
		ok = may_be_member(layout, ARRAY_AT(&members, struct json_member, i));
	array_finish(&members);
	arena_finish(&arena);
	return ok;
}
