// SPDX-License-Identifier: MIT
#include "core/identify/weighing.h"

enum { PICTURES_FEW = 3 }; /* up to here the tags of a set say little: most are on all pictures */

/* Of the pictures of a folder: the tag that stands for its subject is on nearly all of them. */
static bool is_near(uint64_t n_tagged, uint64_t n_images)
{
	return n_images > PICTURES_FEW && n_tagged >= n_images - n_images / 10;
}

/* "10_ohwx woman": what follows the number of repeats. */
static struct str folder_words(struct str name)
{
	ptrdiff_t underscore = str_find_byte(name, '_');
	return underscore >= 0 ? str_slice(name, (size_t)underscore + 1, name.len) : STR_NULL;
}

/* `folded` are the tags of `captions`, in their order. */
static void add_captions(const struct captions *captions, const struct str *folded,
			 const struct texts *ignore, struct text_list *list)
{
	for (size_t i = 0; i < captions->n_folders; i++)
		text_list_add(list, folder_words(captions->folders[i].name));
	for (size_t i = 0; i < captions->n_folders; i++) {
		const struct caption_folder *folder = &captions->folders[i];
		for (size_t k = 0; k < folder->n_tags; k++) {
			size_t tag_i = folder->first_tag + k;
			const struct caption_tag *tag = &captions->tags[tag_i];
			bool is_only = !folder->n_images && folder->n_tags == 1 && !folder->is_cut;
			if ((is_only || is_near(tag->n, folder->n_images)) &&
			    !fact_ignores(ignore, folded[tag_i]))
				text_list_add(list, tag->text);
		}
	}
}

static void add_phrase(struct str phrase, struct text_list *list)
{
	struct str part;
	while (str_next_part(&phrase, ',', &part))
		text_list_add(list, part);
}

static void add_from(struct weighing *w, const struct fact_source *fact, struct str place,
		     struct text_list *list)
{
	struct said said;
	if (str_equal(place, STR("meta:ss_tag_frequency"))) {
		add_captions(&w->input->gist->captions, w->view.tags.list, &fact->ignore, list);
	} else if (str_equal(place, STR("sidecar:triggers"))) {
		const struct gist *gist = w->input->gist;
		for (size_t i = 0; i < gist->n_sidecars; i++)
			for (size_t k = 0; k < gist->sidecars[i].n_triggers; k++)
				text_list_add(list, gist->sidecars[i].triggers[k]);
	} else if (said_at(w->input, place, 0, &said)) {
		add_phrase(said.text, list);
	}
}

void triggers_weigh(struct weighing *w)
{
	struct text_list list = { 0 };
	const struct fact_source *fact = knowledge_fact(w->knowledge, STR("triggers"));
	for (; fact; fact = fact->next)
		for (size_t i = 0; i < fact->from.n; i++)
			add_from(w, fact, fact->from.list[i], &list);
	w->model->triggers = text_list_copy(&list, w->arena);
	w->model->n_triggers = list.n;
}
