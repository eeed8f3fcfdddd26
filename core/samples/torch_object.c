// SPDX-License-Identifier: MIT
#include "core/samples/torch_object.h"

#include "core/samples/parts.h"

struct object {
	struct pickler *pickler;
	const struct key_row *rows;
	size_t n_rows;
	const struct spec *extra;
};

static void put_rows(const struct object *object, bool is_ordered)
{
	pickler_dict(object->pickler, is_ordered);
	for (size_t i = 0; i < object->n_rows; i++) {
		pickler_text(object->pickler, object->rows[i].name);
		pickler_tensor(object->pickler, &object->rows[i]);
	}
	pickler_dict_filled(object->pickler);
}

static void put_extra(const struct object *object)
{
	const struct spec *member = object->extra ? object->extra->first : NULL;

	for (; member; member = member->next) {
		pickler_text(object->pickler, member->key);
		pickler_spec(object->pickler, member);
	}
}

static void put_ordered(const struct object *object)
{
	put_rows(object, true);
}

static void put_dict(const struct object *object)
{
	put_rows(object, false);
}

static void put_state_dict(const struct object *object)
{
	pickler_dict(object->pickler, false);
	pickler_text(object->pickler, STR("state_dict"));
	put_rows(object, false);
	put_extra(object);
	pickler_dict_filled(object->pickler);
}

/* "a/b.c": the part before the first slash, and what follows it. */
static struct str first_part(struct str name, struct str *rest)
{
	struct str part = STR("");

	*rest = name;
	(void)str_next_part(rest, '/', &part);
	return part;
}

static bool is_first_of_part(const struct object *object, size_t row_i)
{
	struct str rest, part = first_part(object->rows[row_i].name, &rest);

	for (size_t i = 0; i < row_i; i++) {
		if (str_equal(first_part(object->rows[i].name, &rest), part))
			return false;
	}
	return true;
}

/* The rows that begin with `prefix`, as an OrderedDict under the rest of their names. */
static void put_below(const struct object *object, struct str prefix)
{
	pickler_dict(object->pickler, true);
	for (size_t i = 0; i < object->n_rows; i++) {
		struct str name = object->rows[i].name;
		if (!str_cut_prefix(&name, prefix))
			continue;
		pickler_text(object->pickler, name);
		pickler_tensor(object->pickler, &object->rows[i]);
	}
	pickler_dict_filled(object->pickler);
}

static struct str with_slash(const struct object *object, struct str part)
{
	return arena_strf(object->pickler->arena, "%.*s/", STR_ARG(part));
}

static void put_nested(const struct object *object)
{
	struct str rest;

	pickler_dict(object->pickler, false);
	for (size_t i = 0; i < object->n_rows; i++) {
		struct str part = first_part(object->rows[i].name, &rest);
		if (!is_first_of_part(object, i))
			continue;
		pickler_text(object->pickler, part);
		put_below(object, with_slash(object, part));
	}
	pickler_dict_filled(object->pickler);
}

/* A1111: {width: [state dict, state dict]} under numbers. */
static void put_hypernetwork(const struct object *object)
{
	struct str rest;

	pickler_dict(object->pickler, false);
	for (size_t i = 0; i < object->n_rows; i++) {
		struct str part = first_part(object->rows[i].name, &rest);
		int64_t width = 0;
		if (!is_first_of_part(object, i) || !str_to_i64(part, &width))
			continue;
		pickler_number(object->pickler, width);
		pickler_list(object->pickler);
		struct str prefix = with_slash(object, part);
		put_below(object, arena_strf(object->pickler->arena, "%.*s0/", STR_ARG(prefix)));
		put_below(object, arena_strf(object->pickler->arena, "%.*s1/", STR_ARG(prefix)));
		pickler_list_filled(object->pickler);
	}
	put_extra(object);
	pickler_dict_filled(object->pickler);
}

static void put_text(const struct object *object, const char *key, struct str text)
{
	pickler_text(object->pickler, str_from(key));
	if (text.ptr)
		pickler_text(object->pickler, text);
	else
		pickler_op(object->pickler, 'N');
}

/* A1111: textual inversion. */
static void put_embedding(const struct object *object)
{
	struct pickler *pickler = object->pickler;

	pickler_dict(pickler, false);
	pickler_text(pickler, STR("string_to_token"));
	pickler_dict(pickler, false);
	pickler_text(pickler, STR("*"));
	pickler_number(pickler, 265);
	pickler_dict_filled(pickler);
	pickler_text(pickler, STR("string_to_param"));
	put_rows(object, false);
	put_text(object, "name", spec_text(object->extra, "name", STR("embedding")));
	pickler_text(pickler, STR("step"));
	pickler_number(pickler, (int64_t)spec_number(object->extra, "step", 4999));
	put_text(object, "sd_checkpoint", spec_text(object->extra, "hash", STR_NULL));
	put_text(object, "sd_checkpoint_name", spec_text(object->extra, "model", STR_NULL));
	pickler_dict_filled(pickler);
}

static const struct {
	const char *word;
	void (*put)(const struct object *object);
} objects[] = {
	{ "ordered", put_ordered },       { "dict", put_dict },
	{ "state_dict", put_state_dict }, { "nested", put_nested },
	{ "embedding", put_embedding },   { "hypernetwork", put_hypernetwork },
};

bool torch_object_append(const struct container_input *input, struct pickler *pickler,
			 struct error *err)
{
	struct str word = spec_text(input->entry, "object", STR("ordered"));
	struct array rows = ARRAY_OF(struct key_row);
	bool ok = parts_build(input->entry, input->keys, input->arena, &rows, err);
	size_t i = 0, n = sizeof(objects) / sizeof(objects[0]);

	while (i < n && !str_equal(word, str_from(objects[i].word)))
		i++;
	if (ok && i == n)
		ok = error_set(err, ERROR_FORMAT, NULL, "no object \"%.*s\"", STR_ARG(word));
	if (ok) {
		const struct object object = {
			pickler,
			rows.ptr,
			rows.len,
			spec_find(input->entry, "extra"),
		};
		pickler_begin(pickler);
		objects[i].put(&object);
		pickler_end(pickler);
	}
	array_finish(&rows);
	return ok;
}
