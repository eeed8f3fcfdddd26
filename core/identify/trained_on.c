// SPDX-License-Identifier: MIT
#include "core/identify/merge.h"
#include "core/identify/weighing.h"

enum { AUTOV2_DIGITS = 10, SHA256_DIGITS = 64 };

static bool is_hex(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')))
			return false;
	}
	return text.len > 0;
}

static struct str lower(struct str text, struct arena *arena)
{
	struct str copy = arena_str(arena, text);
	char *bytes = (char *)copy.ptr; /* ours, just copied */
	for (size_t i = 0; i < copy.len; i++)
		if (bytes[i] >= 'A' && bytes[i] <= 'Z')
			bytes[i] = (char)(bytes[i] - 'A' + 'a');
	return copy;
}

/* Trainers write the path they were given, of whatever system. */
static struct str last_component(struct str path)
{
	for (size_t i = path.len; i > 0; i--)
		if (path.ptr[i - 1] == '/' || path.ptr[i - 1] == '\\')
			return str_slice(path, i, path.len);
	return path;
}

static struct str fact(const struct weighing *w, struct str name)
{
	struct said said;
	return said_fact(w->knowledge, w->input, name, &said, NULL) ? said.text : STR_NULL;
}

/* "e3b0c442…" is the digest of nothing: a placeholder of repackers. */
static struct str hash_fact(const struct weighing *w, struct str name, size_t digits)
{
	struct str hash = fact(w, name);
	(void)str_cut_prefix(&hash, STR("0x"));
	if (hash.len < digits || !is_hex(hash) || str_has_prefix(hash, STR("e3b0c44298")))
		return STR_NULL;
	return lower(hash, w->arena);
}

static void read_merged_from(struct weighing *w)
{
	struct merge_parts parts;
	struct text_list list = { 0 };
	merge_read(fact(w, STR("merged_from")), w->arena, &parts);
	for (size_t i = 0; i < parts.n; i++)
		text_list_add(&list, merge_part_name(&parts.list[i]));
	w->model->merged_from = text_list_copy(&list, w->arena);
	w->model->n_merged_from = list.n;
}

void trained_on_weigh(struct weighing *w)
{
	struct trained_on *on = &w->model->trained_on;
	on->name = last_component(fact(w, STR("trained_on.name")));
	on->sha256 = hash_fact(w, STR("trained_on.sha256"), SHA256_DIGITS);
	on->autov2 = hash_fact(w, STR("trained_on.autov2"), AUTOV2_DIGITS);
	if (!on->autov2.ptr)
		on->autov2 = on->sha256;
	if (on->autov2.ptr)
		on->autov2 = str_slice(on->autov2, 0, AUTOV2_DIGITS);
	on->model_id = fact(w, STR("trained_on.model_id"));
	read_merged_from(w);
}
