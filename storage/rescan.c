// SPDX-License-Identifier: MIT
#include "storage/rescan.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include "core/base/path.h"
#include "core/formats/shards.h"
#include "storage/scan/listing.h"
#include "storage/scan/names.h"

/** What a folder was found to be. */
enum { FOLDER_NOT_SEEN, FOLDER_PLAIN, FOLDER_OTHER };

/** The folders that were looked at. */
struct looking {
	struct store *store;
	struct arena scratch;
	struct name_rules rules;
	struct map folders; /* of one root: path -> what it was found to be */
	struct listing listing;
	bool has_links; /* to anything of the library: they may lead nowhere now */
};

/* One other file may be a sidecar, or make the whole folder something else. */
static bool holds_models_alone(struct looking *looking, struct str folder)
{
	struct error err;
	int fd = open(arena_cstr(&looking->scratch, folder),
		      O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	bool ok = fd >= 0 && listing_read(&looking->listing, fd, &err);
	for (size_t i = 0; ok && i < looking->listing.names.len; i++) {
		const struct listed *listed = ARRAY_AT(&looking->listing.names, struct listed, i);
		ok = listed->type == DT_DIR ||
		     (listed->type == DT_REG && name_is_model(&looking->rules, listed->name));
	}
	if (fd >= 0)
		close(fd);
	return ok;
}

/* What lies in a folder that is a model is none, and some folders are passed by. */
static bool is_walked(struct looking *looking, const struct root *root, struct str folder)
{
	struct str below;
	for (; path_is_below(folder, root->path, &below) && below.len > 0;
	     folder = path_folder(folder)) {
		struct db_value place[] = { db_int(root->id), db_blob(below) };
		if (name_is_skipped_folder(below) ||
		    db_first_int(looking->store->index, SQL_SEEN_FIND, place, 2, 0) != 0)
			return false;
	}
	return true;
}

static bool is_plain(struct looking *looking, const struct root *root, struct str folder)
{
	void **found = map_place(&looking->folders, folder);
	if ((uintptr_t)*found == FOLDER_NOT_SEEN)
		*found = (void *)(uintptr_t)(is_walked(looking, root, folder) &&
							     holds_models_alone(looking, folder)
						     ? FOLDER_PLAIN
						     : FOLDER_OTHER);
	return (uintptr_t)*found == FOLDER_PLAIN;
}

static bool has_news(struct looking *looking, const struct root *root,
		     const struct journal_step *step)
{
	struct shard_name shard;
	struct str rest;
	return !step->is_known || looking->has_links || looking->rules.n_ignore > 0 ||
	       shard_name_parse(str_after_last(step->step.new, '/'), &shard) ||
	       (path_is_below(step->step.new, root->path, &rest) &&
		!is_plain(looking, root, path_folder(step->step.new)));
}

static bool is_wanted(struct looking *looking, const struct root *root,
		      const struct journal_step *steps, size_t n_steps)
{
	struct str rest;
	map_init(&looking->folders, &looking->scratch, 64);
	for (size_t i = 0; i < n_steps; i++) {
		const struct plan_step *step = &steps[i].step;
		if ((path_is_below(step->old, root->path, &rest) ||
		     path_is_below(step->new, root->path, &rest)) &&
		    has_news(looking, root, &steps[i]))
			return true;
	}
	return false;
}

void rescan_roots(struct store *store, const struct roots *roots, const struct journal_step *steps,
		  size_t n_steps, struct arena *arena, const struct str **paths, size_t *n_paths)
{
	const struct library_options *options = store->options;
	struct looking looking = {
		.store = store,
		.rules = { .extensions = options->extensions,
			   .n_extensions = options->n_extensions,
			   .n_ignore = options->n_ignore },
		.has_links = db_first_int(store->index, SQL_ANY_LINK, NULL, 0, 1) != 0,
	};
	struct str *wanted = ARENA_NEW_N(arena, struct str, roots->n + 1);
	*n_paths = 0;
	for (size_t i = 0; i < roots->n; i++)
		if (is_wanted(&looking, &roots->list[i], steps, n_steps))
			wanted[(*n_paths)++] = arena_str(arena, roots->list[i].path);
	*paths = wanted;
	listing_finish(&looking.listing);
	arena_finish(&looking.scratch);
}
