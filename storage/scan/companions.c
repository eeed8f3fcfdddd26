// SPDX-License-Identifier: MIT
#include "storage/scan/companions.h"

#include <stdlib.h>

#include "core/base/map.h"
#include "core/formats/picture.h"
#include "core/formats/sidecar.h"
#include "storage/scan/names.h"

static const char *const text_suffixes[] = {
	".json",
	".civitai.info",
	".metadata.json",
	".cm-info.json",
	".swarm.json",
	".api_info.json",
	".sha256",
	".txt",
	".description.txt",
	".md",
	".html",
	".yaml",
	".yml",
	NULL,
};

static const char *const picture_suffixes[] = {
	".png", ".jpg",  ".jpeg", ".webp", ".gif",  ".avif", ".jxl",
	".jp2", ".tiff", ".bmp",  ".mp4",  ".webm", NULL,
};

/* In the order in which most programs look for them; those of other kinds are carried along unseen. */
static const char *const preview_suffixes[] = {
	".preview.png", ".preview.webp", ".preview.jpeg", ".preview.jpg", ".png",
	".webp",        ".jpeg",         ".jpg",          ".gif",         ".preview.gif",
	".thumb.jpg",   ".thumb.jpeg",   ".thumb.png",    ".thumb.webp",  NULL,
};

/* The only one that repeats the whole name of its model, extension and all. */
#define WHOLE_NAME_SUFFIX STR(".rgthree-info.json")

static const size_t nobody = SIZE_MAX;

static bool is_one_of(const char *const *list, struct str suffix)
{
	for (size_t i = 0; list[i]; i++)
		if (str_equal_nocase(suffix, str_from(list[i])))
			return true;
	return false;
}

static bool is_number(struct str text)
{
	uint64_t number;
	return str_to_u64(text, &number);
}

/** ".png", ".preview.png", ".thumb.png", ".example.0.png" */
static bool is_picture_suffix(struct str suffix)
{
	ptrdiff_t dot = str_rfind_byte(suffix, '.');
	if (dot < 0 || !is_one_of(picture_suffixes, str_slice(suffix, (size_t)dot, suffix.len)))
		return false;
	struct str role = str_slice(suffix, 0, (size_t)dot);
	if (role.len == 0 || str_equal_nocase(role, STR(".preview")) ||
	    str_equal_nocase(role, STR(".thumb")))
		return true;
	return str_cut_prefix(&role, STR(".example.")) && is_number(role);
}

static bool is_companion_suffix(struct str suffix)
{
	return is_one_of(text_suffixes, suffix) || is_picture_suffix(suffix);
}

/** What a sidecar with that suffix repeats of its model's name; STR_NULL: the model has none such. */
static struct str repeated_part(struct str model, struct str suffix)
{
	if (str_equal(suffix, STR(SIDECAR_PEFT_NAME)))
		return str_equal(name_stem(model), SIDECAR_PEFT_MODEL) ? STR("") : STR_NULL;
	return str_equal(suffix, WHOLE_NAME_SUFFIX) ? model : name_stem(model);
}

size_t companion_sidecar(struct str model, struct str name)
{
	for (size_t i = 0; sidecar_suffixes[i]; i++) {
		struct str rest = name, suffix = str_from(sidecar_suffixes[i]);
		struct str repeated = repeated_part(model, suffix);
		if (repeated.ptr && str_cut_prefix(&rest, repeated) && str_equal(rest, suffix))
			return i;
	}
	return SIZE_MAX;
}

struct str companion_sidecar_name(struct str model, size_t i, struct arena *arena)
{
	struct str suffix = str_from(sidecar_suffixes[i]);
	struct str repeated = repeated_part(model, suffix);
	return repeated.ptr ? arena_strf(arena, "%.*s%s", STR_ARG(repeated), suffix.ptr) : STR_NULL;
}

struct str companion_preview(struct str model, const struct str *names, size_t n)
{
	struct str stem = name_stem(model), best = STR_NULL;
	size_t best_place = SIZE_MAX;
	for (size_t i = 0; i < n; i++) {
		struct str suffix = names[i];
		if (!str_cut_prefix(&suffix, stem) || !picture_is_name(suffix))
			continue;
		for (size_t place = 0; preview_suffixes[place] && place < best_place; place++) {
			if (!str_equal_nocase(suffix, str_from(preview_suffixes[place])))
				continue;
			best = names[i];
			best_place = place;
		}
	}
	return best;
}

struct str companion_preview_name(struct str model, size_t i, struct arena *arena)
{
	const char *suffix = preview_suffixes[i];
	return suffix ? arena_strf(arena, "%.*s%s", STR_ARG(name_stem(model)), suffix) : STR_NULL;
}

/** Models by stem and by whole name; models of one stem are chained. */
struct owners {
	struct map by_stem, by_name; /* index + 1 of the first */
	size_t *next;                /* another model of the same stem, or `nobody` */
};

static void owners_init(struct owners *owners, const struct str *models, size_t n_models,
			struct arena *arena)
{
	map_init(&owners->by_stem, arena, n_models);
	map_init(&owners->by_name, arena, n_models);
	owners->next = ARENA_NEW_N(arena, size_t, n_models);
	for (size_t i = 0; i < n_models; i++) {
		void **stem = map_place(&owners->by_stem, name_stem(models[i]));
		owners->next[i] = (size_t)(uintptr_t)*stem - 1;
		*stem = (void *)(uintptr_t)(i + 1);
		*map_place(&owners->by_name, models[i]) = (void *)(uintptr_t)(i + 1);
	}
}

static size_t find_owner(const struct map *map, struct str key)
{
	return (size_t)(uintptr_t)map_find(map, key) - 1;
}

/** "STEM_3.png": pictures of a gallery. */
static size_t gallery_owner(const struct owners *owners, struct str name)
{
	struct str stem = name_stem(name);
	ptrdiff_t line = str_rfind_byte(stem, '_');
	if (line <= 0 || !is_number(str_slice(stem, (size_t)line + 1, stem.len)) ||
	    !is_picture_suffix(str_slice(name, stem.len, name.len)))
		return nobody;
	return find_owner(&owners->by_stem, str_slice(stem, 0, (size_t)line));
}

/** The first of the models that `name` belongs to; the longest stem wins. */
static size_t owner_of(const struct owners *owners, struct str name)
{
	struct str whole = name;
	if (str_cut_suffix(&whole, WHOLE_NAME_SUFFIX))
		return find_owner(&owners->by_name, whole);
	/* The one sidecar that repeats nothing. */
	if (str_equal(name, STR(SIDECAR_PEFT_NAME)) &&
	    find_owner(&owners->by_stem, SIDECAR_PEFT_MODEL) != nobody)
		return find_owner(&owners->by_stem, SIDECAR_PEFT_MODEL);
	for (size_t dot = name.len; dot-- > 1;) {
		if (name.ptr[dot] != '.' || !is_companion_suffix(str_slice(name, dot, name.len)))
			continue;
		size_t owner = find_owner(&owners->by_stem, str_slice(name, 0, dot));
		if (owner != nobody)
			return owner;
	}
	return gallery_owner(owners, name);
}

/** The other models of the same stem share it, but for the one sidecar that names one model. */
static size_t next_owner(const struct owners *owners, size_t owner, struct str name)
{
	return str_has_suffix(name, WHOLE_NAME_SUFFIX) ? nobody : owners->next[owner];
}

static size_t partial_owner(const struct owners *owners, struct str name)
{
	return name_cut_download(&name) ? find_owner(&owners->by_name, name) : nobody;
}

static int compare_names(const void *a, const void *b)
{
	return str_compare(*(const struct str *)a, *(const struct str *)b);
}

static void sort_names(struct companions *companions, struct str *names)
{
	companions->names = names;
	if (companions->n > 1)
		qsort(names, companions->n, sizeof *names, compare_names);
}

void companions_find(const struct str *models, size_t n_models, const struct str *others,
		     size_t n_others, struct arena *arena, struct companions *out)
{
	for (size_t i = 0; i < n_models; i++)
		out[i] = (struct companions){ 0 };
	if (n_models == 0 || n_others == 0)
		return;
	struct owners owners;
	owners_init(&owners, models, n_models, arena);
	size_t *first = ARENA_NEW_N(arena, size_t, n_others);
	for (size_t i = 0; i < n_others; i++) {
		size_t partial = partial_owner(&owners, others[i]);
		if (partial != nobody)
			out[partial].is_partial = true;
		first[i] = owner_of(&owners, others[i]);
		for (size_t o = first[i]; o != nobody; o = next_owner(&owners, o, others[i]))
			out[o].n++;
	}
	struct str **end = ARENA_NEW_N(arena, struct str *, n_models);
	for (size_t i = 0; i < n_models; i++)
		end[i] = ARENA_NEW_N(arena, struct str, out[i].n);
	for (size_t i = 0; i < n_others; i++)
		for (size_t o = first[i]; o != nobody; o = next_owner(&owners, o, others[i]))
			*end[o]++ = others[i];
	for (size_t i = 0; i < n_models; i++)
		sort_names(&out[i], end[i] - out[i].n);
}

struct str companion_folder_name(struct str folder, struct arena *arena)
{
	return arena_strf(arena, "%.*s.", STR_ARG(folder));
}

/** Those of the names that begin with the folder's: no other can matter to it. */
static struct str *names_like(struct str folder, const struct str *names, size_t n,
			      struct arena *arena, size_t *n_found)
{
	struct str *found = ARENA_NEW_N(arena, struct str, n + 1);
	*n_found = 0;
	for (size_t i = 0; i < n; i++)
		if (str_has_prefix(names[i], folder))
			found[(*n_found)++] = names[i];
	return found;
}

static bool is_owned(const struct companions *companions, size_t n, struct str name)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < companions[i].n; k++)
			if (companions[i].names[k].ptr == name.ptr)
				return true;
	return false;
}

void companions_find_folder(struct str folder, const struct str *models, size_t n_models,
			    const struct str *others, size_t n_others, struct arena *arena,
			    struct companions *out)
{
	size_t n_files, n_names, n_left = 0;
	struct str as_file = companion_folder_name(folder, arena);
	struct str *files = names_like(folder, models, n_models, arena, &n_files);
	struct str *names = names_like(folder, others, n_others, arena, &n_names);
	struct companions *of_files = ARENA_NEW_N(arena, struct companions, n_files + 1);
	companions_find(files, n_files, names, n_names, arena, of_files);
	for (size_t i = 0; i < n_names; i++)
		if (!is_owned(of_files, n_files, names[i]))
			names[n_left++] = names[i];
	companions_find(&as_file, 1, names, n_left, arena, out);
}
