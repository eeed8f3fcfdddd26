// SPDX-License-Identifier: MIT
#include "core/base/json_patch.h"

#include "core/base/json_write.h"
#include "core/base/utf8.h"

static bool fail(struct error *err, const char *why)
{
	return error_set(err, ERROR_FORMAT, "W_JSON", "%s", why);
}

static struct str between(struct str text, size_t from, const struct json *json)
{
	return str_slice(text, from, json->at);
}

/* The value after a key; its raw bytes begin where its token does. */
static bool read_value(struct json *json, struct json_member *out)
{
	size_t before = json->at;
	out->type = json_next(json);
	if (out->type == JSON_ERROR)
		return false;
	bool is_level = out->type == JSON_OBJECT || out->type == JSON_ARRAY;
	if (is_level && !json_skip(json))
		return false;
	out->value = str_trim(between(json->text, before, json));
	return true;
}

bool json_members(struct str text, struct arena *arena, struct array *out, struct error *err)
{
	struct json json;
	json_init(&json, text, JSON_DEPTH_MAX);
	enum json_token token = json_next(&json);
	if (token != JSON_OBJECT)
		return fail(err, token == JSON_ERROR ? json.error : "it is no object");
	while ((token = json_next(&json)) == JSON_KEY) {
		struct json_member member = { .key = json_text(&json, arena) };
		if (!read_value(&json, &member))
			return fail(err, json.error);
		*ARRAY_PUSH(out, struct json_member) = member;
	}
	return (token == JSON_OBJECT_END && json_next(&json) == JSON_END) || fail(err, json.error);
}

const struct json_member *json_member_find(const struct array *members, struct str key)
{
	for (size_t i = members->len; i-- > 0;) {
		const struct json_member *member = ARRAY_AT(members, struct json_member, i);
		if (str_equal(member->key, key))
			return member;
	}
	return NULL;
}

void json_member_strings(const struct json_member *array, struct arena *arena, struct array *out)
{
	struct json json;
	json_init(&json, array->value, JSON_DEPTH_MAX);
	enum json_token token = json_next(&json);
	while (token != JSON_ERROR && token != JSON_END) {
		if (token == JSON_STRING && json.depth == 1)
			*ARRAY_PUSH(out, struct str) = json_text(&json, arena);
		token = json_next(&json);
	}
}

struct str json_member_text(const struct json_member *string, struct arena *arena)
{
	struct json json;
	json_init(&json, string->value, 1);
	return json_next(&json) == JSON_STRING ? json_text(&json, arena) : STR_NULL;
}

static void escape_code(struct bytes *out, uint32_t code)
{
	if (code >= 0x10000) {
		bytes_printf(out, "\\u%04x", (unsigned)(0xd800 + ((code - 0x10000) >> 10)));
		code = 0xdc00 + (code & 0x3ff);
	}
	bytes_printf(out, "\\u%04x", (unsigned)code);
}

void json_escape(struct bytes *out, struct str text, bool is_ascii)
{
	struct bytes quoted = { 0 };
	struct json_writer json = json_writer(&quoted);
	json_string(&json, NULL, text);
	struct str rest = str_slice(bytes_str(&quoted), 1, quoted.len - 1);
	while (rest.len > 0) {
		uint32_t code;
		size_t len = utf8_next(rest, &code);
		if (len == 0)
			break;
		if (!is_ascii || code < 0x80)
			bytes_append(out, rest.ptr, len);
		else
			escape_code(out, code);
		rest = str_slice(rest, len, rest.len);
	}
	bytes_finish(&quoted);
}

/** How the text around is written. */
struct style {
	struct str lead;  /* before the first key: "\n  " */
	struct str next;  /* before the others */
	struct str colon; /* between a key and its value: ": " */
	bool is_ascii;
};

struct patching {
	struct str text;
	struct array members; /* struct json_member */
	struct style style;
	struct arena arena;
	struct bytes *out;
	size_t n_copied; /* of `text` */
};

static size_t offset_of(const struct patching *patching, struct str inside)
{
	return (size_t)(inside.ptr - patching->text.ptr);
}

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static struct str blanks_at(struct str text, size_t at)
{
	size_t end = at;
	while (end < text.len && is_blank(text.ptr[end]))
		end++;
	return str_slice(text, at, end);
}

/* All of it is plain, and yet it knows other letters. */
static bool writes_ascii(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] >= 0x80)
			return false;
	return str_find(text, STR("\\u")) >= 0;
}

static void look_at_style(struct patching *patching)
{
	struct style *style = &patching->style;
	struct str text = patching->text;
	struct json json;
	*style = (struct style){ .colon = STR(": "), .is_ascii = writes_ascii(text) };
	json_init(&json, text, JSON_DEPTH_MAX);
	if (json_next(&json) != JSON_OBJECT)
		return;
	style->lead = style->next = blanks_at(text, json.at);
	if (patching->members.len == 0 || json_next(&json) != JSON_KEY)
		return;
	const struct json_member *first = patching->members.ptr;
	size_t after_key = offset_of(patching, json.value) + json.value.len + 1;
	style->colon = str_slice(text, after_key, offset_of(patching, first->value));
	if (patching->members.len == 1)
		return;
	size_t after_value = offset_of(patching, first->value) + first->value.len;
	after_value += blanks_at(text, after_value).len;
	style->next = blanks_at(text, after_value + 1);
}

/* A string, a number or a word of ours. */
static void put_plain(struct patching *patching, const struct json *json, enum json_token token)
{
	if (token == JSON_NUMBER) {
		bytes_append_str(patching->out, json->value);
	} else if (token == JSON_STRING) {
		bytes_append_byte(patching->out, '"');
		json_escape(patching->out, json_text(json, &patching->arena),
			    patching->style.is_ascii);
		bytes_append_byte(patching->out, '"');
	} else {
		bytes_append_str(patching->out, token == JSON_TRUE    ? STR("true")
						: token == JSON_FALSE ? STR("false")
								      : STR("null"));
	}
}

/* The elements of an array of ours, each but the first after a comma. */
static void put_elements(struct patching *patching, const struct json_member *with,
			 struct str before_first, struct str before_others)
{
	struct json json;
	enum json_token token;
	bool is_first = true;
	json_init(&json, with->value, 2);
	(void)json_next(&json); /* the array; it was read once already */
	while ((token = json_next(&json)) != JSON_ARRAY_END && token != JSON_ERROR) {
		if (!is_first)
			bytes_append_byte(patching->out, ',');
		bytes_append_str(patching->out, is_first ? before_first : before_others);
		put_plain(patching, &json, token);
		is_first = false;
	}
}

/* Where lines are indented, an element a line, one step further in. */
static void put_new_array(struct patching *patching, const struct json_member *with)
{
	struct str lead = patching->style.lead;
	ptrdiff_t line = str_rfind_byte(lead, '\n');
	struct str step = line < 0 ? STR("") : str_slice(lead, (size_t)line + 1, lead.len);
	struct str deeper = arena_strf(&patching->arena, "%.*s%.*s", STR_ARG(lead), STR_ARG(step));
	bytes_append_byte(patching->out, '[');
	if (line < 0)
		put_elements(patching, with, STR(""), patching->style.next);
	else
		put_elements(patching, with, deeper, deeper);
	bytes_append_str(patching->out, line < 0 ? STR("") : lead);
	bytes_append_byte(patching->out, ']');
}

static void put_value(struct patching *patching, const struct json_member *with)
{
	struct json json;
	if (with->type == JSON_ARRAY) {
		put_new_array(patching, with);
		return;
	}
	json_init(&json, with->value, 1);
	enum json_token token = json_next(&json);
	put_plain(patching, &json, token);
}

static void copy_up_to(struct patching *patching, size_t at)
{
	bytes_append_str(patching->out, str_slice(patching->text, patching->n_copied, at));
	patching->n_copied = at;
}

/* Behind the last element, as far from it as the second is from the first. */
static bool extend_array(struct patching *patching, const struct json_member *there,
			 const struct json_member *with)
{
	struct json json;
	enum json_token token;
	struct str lead = blanks_at(there->value, 1), next = STR_NULL;
	size_t n = 0, end = 0;
	json_init(&json, there->value, JSON_DEPTH_MAX);
	(void)json_next(&json); /* the array; it was read once already */
	while ((token = json_next(&json)) != JSON_ARRAY_END) {
		if ((token == JSON_OBJECT || token == JSON_ARRAY) && !json_skip(&json))
			return false;
		if (n++ == 0)
			next = blanks_at(there->value,
					 json.at + blanks_at(there->value, json.at).len + 1);
		end = json.at;
	}
	if (n == 0)
		return false;
	copy_up_to(patching, offset_of(patching, there->value) + end);
	bytes_append_byte(patching->out, ',');
	/* Of one alone it is not told, but for a line of its own. */
	if (n == 1)
		next = str_find_byte(lead, '\n') >= 0 ? lead : STR(" ");
	put_elements(patching, with, next, next);
	return true;
}

static void change(struct patching *patching, const struct json_member *there,
		   const struct json_member *with)
{
	if (with->type == JSON_ARRAY && there->type == JSON_ARRAY &&
	    extend_array(patching, there, with))
		return;
	copy_up_to(patching, offset_of(patching, there->value));
	put_value(patching, with);
	patching->n_copied += there->value.len;
}

static void add(struct patching *patching, const struct json_member *with, bool is_first)
{
	const struct style *style = &patching->style;
	if (!is_first)
		bytes_append_byte(patching->out, ',');
	bytes_append_str(patching->out, is_first ? style->lead : style->next);
	bytes_append_byte(patching->out, '"');
	json_escape(patching->out, with->key, style->is_ascii);
	bytes_append_byte(patching->out, '"');
	bytes_append_str(patching->out, style->colon);
	put_value(patching, with);
}

static void patch(struct patching *patching, const struct array *with)
{
	size_t n = patching->members.len;
	for (size_t i = 0; i < n; i++) {
		const struct json_member *there =
			ARRAY_AT(&patching->members, struct json_member, i);
		const struct json_member *wish = json_member_find(with, there->key);
		if (wish)
			change(patching, there, wish);
	}
	if (n > 0) {
		const struct json_member *last =
			ARRAY_AT(&patching->members, struct json_member, n - 1);
		copy_up_to(patching, offset_of(patching, last->value) + last->value.len);
	} else {
		copy_up_to(patching, (size_t)str_find_byte(patching->text, '{') + 1);
	}
	for (size_t i = 0; i < with->len; i++) {
		const struct json_member *wish = ARRAY_AT(with, struct json_member, i);
		if (!json_member_find(&patching->members, wish->key))
			add(patching, wish, n++ == 0);
	}
	copy_up_to(patching, patching->text.len);
}

/* Which of two is meant? */
static bool check_once(const struct array *members, const struct array *with, struct error *err)
{
	for (size_t i = 0; i < members->len; i++) {
		const struct json_member *member = ARRAY_AT(members, struct json_member, i);
		if (json_member_find(with, member->key) &&
		    json_member_find(members, member->key) != member)
			return error_set(err, ERROR_FORMAT, "W_JSON", "it says \"%.*s\" twice",
					 STR_ARG(member->key));
	}
	return true;
}

bool json_patch(struct str text, struct str with, struct bytes *out, struct error *err)
{
	struct patching patching = { .text = text,
				     .members = ARRAY_OF(struct json_member),
				     .out = out };
	struct array wishes = ARRAY_OF(struct json_member);
	bool ok = json_members(text, &patching.arena, &patching.members, err) &&
		  json_members(with, &patching.arena, &wishes, err) &&
		  check_once(&patching.members, &wishes, err);
	if (ok) {
		look_at_style(&patching);
		patch(&patching, &wishes);
	}
	array_finish(&patching.members);
	array_finish(&wishes);
	arena_finish(&patching.arena);
	return ok;
}
