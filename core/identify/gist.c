// SPDX-License-Identifier: MIT
#include "core/identify/gist.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/utf8.h"

enum {
	START_MAX = 64,    /* of a value that says nothing but that it is there */
	BASE64_MIN = 1024, /* shorter ones are hashes and ids */
};

/* Pictures and the like, whatever the key: no word is in them. */
static bool is_base64(struct str value)
{
	static const char others[] = "+/=-_\r\n";
	if (value.len < BASE64_MIN)
		return false;
	for (size_t i = 0; i < value.len; i++) {
		char c = value.ptr[i];
		bool is_digit =
			(c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
		if (!is_digit && !memchr(others, c, sizeof others - 1))
			return false;
	}
	return true;
}

static struct str shorten(struct str value)
{
	if (str_has_prefix(value, STR("data:image/")) || is_base64(value))
		return utf8_cut(value, START_MAX);
	return utf8_cut(value, GIST_VALUE_MAX);
}

static struct metadata shorten_pairs(const struct metadata *whole, struct arena *arena)
{
	size_t n_max = whole->n_pairs < GIST_PAIRS_MAX ? whole->n_pairs : GIST_PAIRS_MAX;
	struct metadata_pair *pairs = ARENA_NEW_N(arena, struct metadata_pair, n_max + 1);
	size_t n = 0, n_bytes = 0;
	for (size_t i = 0; i < whole->n_pairs && n < n_max; i++) {
		struct metadata_pair pair = whole->pairs[i];
		/* Their sense is in the captions. */
		pair.value = captions_has_key(pair.key) ? utf8_cut(pair.value, START_MAX)
							: shorten(pair.value);
		if (pair.key.len + pair.value.len > GIST_METADATA_MAX - n_bytes)
			continue;
		n_bytes += pair.key.len + pair.value.len;
		pairs[n++] = pair;
	}
	return (struct metadata){ pairs, n };
}

/* More frequent first; equals as they stood. */
static int compare_tags(const void *a, const void *b)
{
	const struct caption_tag *left = *(const struct caption_tag *const *)a;
	const struct caption_tag *right = *(const struct caption_tag *const *)b;
	if (left->n != right->n)
		return left->n < right->n ? 1 : -1;
	return (left > right) - (left < right);
}

/* Which tags stay, one byte each. */
static unsigned char *choose_tags(const struct captions *whole, size_t n_tags, struct arena *arena)
{
	const struct caption_tag **order =
		ARENA_NEW_N(arena, const struct caption_tag *, n_tags + 1);
	unsigned char *stays = ARENA_NEW_N(arena, unsigned char, n_tags + 1);
	size_t n_bytes = 0;
	for (size_t i = 0; i < n_tags; i++)
		order[i] = &whole->tags[i];
	qsort(order, n_tags, sizeof *order, compare_tags);
	for (size_t i = 0; i < n_tags && i < GIST_TAGS_MAX; i++) {
		n_bytes += order[i]->text.len + 1;
		if (n_bytes > GIST_TAGS_BYTES_MAX)
			break;
		stays[order[i] - whole->tags] = 1;
	}
	return stays;
}

static size_t count_bytes(const struct captions *captions)
{
	size_t n = 0;
	for (size_t i = 0; i < captions->n_tags; i++)
		n += captions->tags[i].text.len + 1;
	return n;
}

static void shorten_captions(struct captions *captions, struct arena *arena)
{
	const struct captions whole = *captions;
	size_t n_folders = whole.n_folders < GIST_FOLDERS_MAX ? whole.n_folders : GIST_FOLDERS_MAX;
	struct caption_folder *folders = ARENA_NEW_N(arena, struct caption_folder, n_folders + 1);
	struct caption_tag *tags = ARENA_NEW_N(arena, struct caption_tag, GIST_TAGS_MAX);
	const struct caption_folder *last = n_folders ? &whole.folders[n_folders - 1] : NULL;
	size_t n_tags = last ? last->first_tag + last->n_tags : 0;
	unsigned char *stays = choose_tags(&whole, n_tags, arena);
	*captions = (struct captions){ .folders = folders, .n_folders = n_folders, .tags = tags };
	for (size_t i = 0; i < n_folders; i++) {
		folders[i] = whole.folders[i];
		folders[i].name = shorten(folders[i].name);
		folders[i].first_tag = captions->n_tags;
		for (size_t k = 0; k < whole.folders[i].n_tags; k++)
			if (stays[whole.folders[i].first_tag + k])
				tags[captions->n_tags++] =
					whole.tags[whole.folders[i].first_tag + k];
		folders[i].n_tags = captions->n_tags - folders[i].first_tag;
		folders[i].is_cut = folders[i].n_tags < whole.folders[i].n_tags;
	}
}

static struct sidecar shorten_sidecar(struct sidecar sidecar, struct arena *arena)
{
	struct str *texts[] = { &sidecar.base_model, &sidecar.sha256,     &sidecar.autov2,
				&sidecar.title,      &sidecar.author,     &sidecar.description,
				&sidecar.license,    &sidecar.model_id,   &sidecar.sd_version,
				&sidecar.modelspec,  &sidecar.prediction, &sidecar.trained_on,
				&sidecar.alpha };
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		*texts[i] = shorten(*texts[i]);
	if (sidecar.n_triggers > GIST_TRIGGERS_MAX)
		sidecar.n_triggers = GIST_TRIGGERS_MAX;
	struct str *triggers = ARENA_NEW_N(arena, struct str, sidecar.n_triggers + 1);
	for (size_t i = 0; i < sidecar.n_triggers; i++)
		triggers[i] = shorten(sidecar.triggers[i]);
	sidecar.triggers = triggers;
	return sidecar;
}

void gist_take(struct gist *gist, const struct reading *reading, const struct sidecar *sidecars,
	       size_t n_sidecars, struct arena *arena)
{
	struct sidecar *kept = ARENA_NEW_N(arena, struct sidecar, n_sidecars + 1);
	*gist = (struct gist){ .reading = *reading, .sidecars = kept, .n_sidecars = n_sidecars };
	for (size_t i = 0; i < n_sidecars; i++)
		kept[i] = shorten_sidecar(sidecars[i], arena);
	gist->reading.metadata = shorten_pairs(&reading->metadata, arena);
	gist->reading.config = shorten_pairs(&reading->config, arena);
	captions_read(&reading->metadata, arena, &gist->captions);
	if (gist->captions.n_folders > GIST_FOLDERS_MAX || gist->captions.n_tags > GIST_TAGS_MAX ||
	    count_bytes(&gist->captions) > GIST_TAGS_BYTES_MAX)
		shorten_captions(&gist->captions, arena);
}
