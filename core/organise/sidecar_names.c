// SPDX-License-Identifier: MIT
#include "core/organise/sidecar_names.h"

#include "core/base/json.h"
#include "core/base/json_patch.h"
#include "core/base/path.h"
#include "core/base/text.h"

/** A text on its way from old names to new ones. */
struct following {
	const struct name_change *changes;
	size_t n;
	struct arena arena;
	struct bytes *out;
	struct str text;
	size_t n_copied; /* of `text` */
	bool has_changed;
};

bool sidecar_repeats_names(struct str path)
{
	return str_has_suffix_nocase(path, STR(".metadata.json"));
}

static struct str encode(struct str text, bool is_ascii, struct arena *arena)
{
	struct bytes escaped = { 0 };
	json_escape(&escaped, text, is_ascii);
	struct str copy = arena_str(arena, bytes_str(&escaped));
	bytes_finish(&escaped);
	return copy;
}

/* The root may be known to the other program under another path: a mount, a drive letter. */
static struct str follow_path(struct following *following, struct str path)
{
	for (size_t i = 0; i < following->n; i++) {
		const struct name_change *change = &following->changes[i];
		struct str above = path;
		if (str_equal(path, change->old))
			return change->new;
		if (change->n_root == 0 ||
		    !str_cut_suffix(&above,
				    str_slice(change->old, change->n_root, change->old.len)))
			continue;
		struct str below = str_slice(change->new, change->n_root, change->new.len);
		return arena_strf(&following->arena, "%.*s%.*s", STR_ARG(above), STR_ARG(below));
	}
	return STR_NULL;
}

static struct str follow_name(const struct following *following, struct str name)
{
	const struct name_change *model = following->changes;
	return str_equal(name, path_stem(model->old)) ? path_stem(model->new) : STR_NULL;
}

/* Where the old text is not as we would write it, the way back would not give it again. */
static void replace(struct following *following, struct str raw, struct str old, struct str new)
{
	struct arena *arena = &following->arena;
	size_t bad, at = (size_t)(raw.ptr - following->text.ptr);
	bool is_plain = str_equal(raw, encode(old, false, arena));
	if (!new.ptr || str_equal(old, new) || !text_is_utf8(new, &bad) ||
	    (!is_plain && !str_equal(raw, encode(old, true, arena))))
		return;
	bytes_append_str(following->out, str_slice(following->text, following->n_copied, at));
	bytes_append_str(following->out, encode(new, !is_plain, arena));
	following->n_copied = at + raw.len;
	following->has_changed = true;
}

/* The value after a key of the outermost object. */
static bool take_value(struct following *following, struct json *json)
{
	bool is_name = str_equal(json->value, STR("file_name"));
	bool is_path = str_equal(json->value, STR("file_path")) ||
		       str_equal(json->value, STR("preview_url"));
	if (!is_name && !is_path)
		return json_skip(json);
	switch (json_next(json)) {
	case JSON_STRING: {
		struct str old = json_text(json, &following->arena);
		replace(following, json->value, old,
			is_name ? follow_name(following, old) : follow_path(following, old));
		return true;
	}
	case JSON_OBJECT:
	case JSON_ARRAY: return json_skip(json);
	case JSON_NUMBER:
	case JSON_TRUE:
	case JSON_FALSE:
	case JSON_NULL: return true;
	case JSON_ERROR:
	case JSON_END:
	case JSON_OBJECT_END:
	case JSON_ARRAY_END:
	case JSON_KEY: break;
	}
	return false;
}

static bool follow(struct following *following)
{
	struct json json;
	json_init(&json, following->text, JSON_DEPTH_MAX);
	if (json_next(&json) != JSON_OBJECT)
		return false;
	for (;;) {
		enum json_token token = json_next(&json);
		if (token == JSON_OBJECT_END)
			return json_next(&json) == JSON_END;
		if (token != JSON_KEY || !take_value(following, &json))
			return false;
	}
}

bool sidecar_names_follow(struct str text, const struct name_change *changes, size_t n,
			  struct bytes *out)
{
	struct following following = { .changes = changes, .n = n, .out = out, .text = text };
	bool ok = n > 0 && follow(&following) && following.has_changed;
	bytes_append_str(out, str_slice(text, following.n_copied, text.len));
	arena_finish(&following.arena);
	return ok;
}
